"""Choose where a device posts to: the web server, or a separate port."""

from dataclasses import dataclass, field
from ipaddress import ip_address
import re
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import CONF_HOST, CONF_WEBHOOK_ID
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
import voluptuous as vol
from yarl import URL

from .const import CONF_LISTENING_ADDRESS, CONF_LISTENING_PORT
from .intake.doors import Doors, async_get_doors, own_port_of
from .intake.listening_url import async_own_address, listening_url, own_port_url
from .intake.own_port import PortError

FIRST_PORT: Final = 8064
LAST_PORT: Final = 8079
"""Where a port is looked for that nobody has."""

OWN_PORT: Final = vol.Schema(
    {
        vol.Required(CONF_LISTENING_PORT): vol.All(
            NumberSelector(
                NumberSelectorConfig(
                    min=1, max=65535, step=1, mode=NumberSelectorMode.BOX
                )
            ),
            vol.Coerce(int),
        ),
        vol.Required(CONF_LISTENING_ADDRESS): TextSelector(),
    }
)
NO_PLAIN_HTTP: Final = ["own_port", "stay_with_arming"]

_HOST_NAME: Final = re.compile(r"(?!-)[A-Za-z0-9.-]{1,253}(?<!-)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Hold what a form says is wrong."""

    errors: dict[str, str]
    placeholders: dict[str, str] = field(default_factory=dict)


class ReceiverOptionsFlow(OptionsFlowWithReload):
    """Ask where a device shall post to; what comes then is the subclass's."""

    def __init__(self) -> None:
        """Begin before the first form."""
        self._options: dict[str, Any] = {}

    async def async_step_listening(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on once it is known where the device shall post to."""
        raise NotImplementedError

    async def async_step_https_only(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that devices do not trust the web server, and what can be done."""
        return self.async_show_menu(step_id="https_only", menu_options=NO_PLAIN_HTTP)

    async def async_step_no_internal_url(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that the web server's address is not known, and what can be done."""
        return self.async_show_menu(
            step_id="no_internal_url", menu_options=NO_PLAIN_HTTP
        )

    async def async_step_web_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the device post to Home Assistant's own web server."""
        self._options.pop(CONF_LISTENING_PORT, None)
        self._options.pop(CONF_LISTENING_ADDRESS, None)
        return await self.async_step_listening()

    async def async_step_own_port(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a port of its own, and under which address the device reaches it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            address = user_input[CONF_LISTENING_ADDRESS].strip().strip("[]")
            errors = self._wrong(user_input[CONF_LISTENING_PORT], address)
            if not errors:
                self._options |= {**user_input, CONF_LISTENING_ADDRESS: address}
                return await self.async_step_listening()
        return self.async_show_form(
            step_id="own_port",
            data_schema=self.add_suggested_values_to_schema(
                OWN_PORT,  # type: ignore[arg-type]  # one engine, by two names
                user_input or await self._async_suggested(),
            ),
            errors=errors,
            last_step=False,
        )

    def _wrong(self, port: int, address: str) -> dict[str, str]:
        """Return what is wrong with a port and an address, by field."""
        errors = {}
        if not _is_host(address):
            errors[CONF_LISTENING_ADDRESS] = "invalid_address"
        try:
            self._doors.check(port)
        except PortError as error:
            errors[CONF_LISTENING_PORT] = error.key
        return errors

    async def _async_suggested(self) -> dict[str, Any]:
        """Return what was chosen before, or else what will do."""
        before = {**self.config_entry.options, **self._options}
        host = self.config_entry.data[CONF_HOST]
        return {
            CONF_LISTENING_PORT: own_port_of(before) or self._usable_port(),
            CONF_LISTENING_ADDRESS: before.get(CONF_LISTENING_ADDRESS)
            or await async_own_address(self.hass, host),
        }

    def _usable_port(self) -> int:
        """Return the port of other devices, or else the first that nobody has."""
        ports = (*self._doors.ports, *range(FIRST_PORT, LAST_PORT + 1))
        usable = (port for port in ports if not self._wrong(port, "localhost"))
        return next(usable, FIRST_PORT)

    @property
    def _doors(self) -> Doors:
        """Return where all devices post to."""
        return async_get_doors(self.hass)

    @property
    def _is_same_receiver(self) -> bool:
        """Tell whether the device posts to where it did before."""
        before = self.config_entry.options
        return all(
            before.get(key) == self._options.get(key)
            for key in (CONF_LISTENING_PORT, CONF_LISTENING_ADDRESS)
        )

    def _url(self) -> URL:
        """Return where the device posts to. Raises NoListeningUrlError."""
        webhook_id = self.config_entry.data[CONF_WEBHOOK_ID]
        port = own_port_of(self._options)
        if port is None:
            return listening_url(self.hass, webhook_id)
        return own_port_url(self._options[CONF_LISTENING_ADDRESS], port, webhook_id)

    def _show(
        self,
        step: str,
        schema: vol.Schema,
        complaint: Complaint | None,
        **placeholders: str,
    ) -> ConfigFlowResult:
        """Show a form with what is wrong so far."""
        said = complaint.placeholders if complaint else {}
        return self.async_show_form(
            step_id=step,
            data_schema=schema,  # type: ignore[arg-type]  # one engine, by two names
            errors=complaint.errors if complaint else None,
            description_placeholders=placeholders | said,
            last_step=step in {"by_hand", "result"},
        )


def _is_host(text: str) -> bool:
    """Tell whether a text can be an address of the network, or a name."""
    try:
        return not ip_address(text).is_unspecified
    except ValueError:
        return bool(_HOST_NAME.fullmatch(text))
