"""Base of the repair flows of a device."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST
from homeassistant.core import callback
from homeassistant.helpers.translation import async_get_exception_message
import voluptuous as vol

from ..connection import async_get_client
from ..const import DOMAIN
from ..exceptions import error_key, error_placeholders
from ..isapi.client import IsapiClient
from ..isapi.errors import IsapiError, NoFreeSlotError

NOTHING: Final = vol.Schema({})
ABSENT: Final = "–"


class DeviceRepairFlow(RepairsFlow):
    """Show what will change, change it on the user's word, and say what is in the way."""

    def __init__(self, entry: ConfigEntry[Any]) -> None:
        """Belong to the entry of a device."""
        self._entry = entry

    @property
    def _host(self) -> str:
        """Return the address of the device, for texts."""
        return str(self._entry.data[CONF_HOST])

    @property
    def _named(self) -> dict[str, str]:
        """Return what every text may name."""
        return {"name": self._entry.title, "host": self._host}

    def _client(self) -> IsapiClient:
        """Return a client for the device."""
        return async_get_client(self.hass, self._entry.data)

    @callback
    def _look_again(self) -> None:
        """Let the device be looked at now, so that what else is wrong is shown."""
        if self._entry.state is ConfigEntryState.LOADED:
            self._entry.runtime_data.watch.wake()

    def _problem(self, error: IsapiError) -> str:
        """Return what went wrong at the device, as actions say it."""
        return async_get_exception_message(
            DOMAIN, error_key(error), error_placeholders(error, self._host)
        )

    def _give_up(self, error: IsapiError) -> RepairsFlowResult:
        """End, because the device does not tell how it is set up, or has no room."""
        if isinstance(error, NoFreeSlotError):
            lines = "\n".join(f"- {target}" for target in error.occupants)
            return self.async_abort(
                reason="no_free_slot",
                description_placeholders={**self._named, "occupants": lines},
            )
        return self.async_abort(
            reason="device_says",
            description_placeholders={**self._named, "problem": self._problem(error)},
        )

    def _form(
        self,
        step_id: str,
        placeholders: Mapping[str, str],
        schema: vol.Schema = NOTHING,
        error: IsapiError | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> RepairsFlowResult:
        """Show a form, with what the device said to the last attempt."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=schema,  # type: ignore[arg-type]  # one engine, by two names
            errors={"base": "device_says"} if error else dict(errors or {}),
            description_placeholders={
                **self._named,
                **placeholders,
                "problem": self._problem(error) if error else "",
            },
        )


class ConfirmedRepairFlow(DeviceRepairFlow):
    """Mend in one step: what is shown is what will be done."""

    schema: ClassVar[vol.Schema] = NOTHING

    @abstractmethod
    async def _async_preview(self) -> dict[str, str]:
        """Return what is to be shown before. Raises the errors of the client."""

    @abstractmethod
    async def _async_mend(self, user_input: dict[str, Any]) -> None:
        """Change the device. Raises the errors of the client."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Begin with what will change."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show what will change, and change it."""
        error: IsapiError | None = None
        if user_input is not None:
            try:
                await self._async_mend(user_input)
            except IsapiError as raised:
                error = raised
            else:
                self._look_again()
                return self.async_create_entry(data={})
        try:
            preview = await self._async_preview()
        except IsapiError as raised:
            return self._give_up(error or raised)
        return self._form("confirm", preview, self.schema, error)
