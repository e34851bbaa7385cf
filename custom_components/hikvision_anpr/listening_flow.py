"""Set up listening on a device, with confirmation of each change."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from typing import Any, Final, override

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_WEBHOOK_ID
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig
from homeassistant.util.network import is_ip_address, is_local
import voluptuous as vol
from yarl import URL

from .connection import async_get_client
from .const import CONF_INTAKE, CONF_LISTENING, CONF_PICTURES, INTAKE_ARMING
from .exceptions import error_key, error_placeholders
from .intake.device_setup import DeviceSetup, Proposal, async_propose
from .intake.doors import own_port_of
from .intake.listening_url import NoListeningUrlError, async_still_answers
from .intake.mailbox import ListeningCounts
from .isapi.client import IsapiClient
from .isapi.errors import (
    IsapiError,
    NoFreeSlotError,
    NotSupportedError,
    SlotChangedError,
)
from .isapi.http_hosts import async_test
from .receiver_flow import Complaint, ReceiverOptionsFlow

PICTURES: Final = SelectSelector(
    SelectSelectorConfig(options=["all", "small", "big"], translation_key="pictures")
)
NOTHING: Final = vol.Schema({})
ABSENT: Final = "–"
OPEN_SECONDS: Final = 5.0
"""How long a port may take to open before the device is asked to try it."""


class ListeningOptionsFlow(ReceiverOptionsFlow):
    """Let the user choose who tells the device, and show all before it is written."""

    def __init__(self) -> None:
        """Begin before the first form."""
        super().__init__()
        self._occupants: tuple[str, ...] = ()
        self._proposal: Proposal

    @override
    async def async_step_listening(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask who tells the device where to post to."""
        try:
            url = self._url()
        except NoListeningUrlError as error:
            if error.https_only:
                return await self.async_step_https_only()
            return await self.async_step_no_internal_url()
        is_set_up = await self._async_is_set_up()
        is_own_port = own_port_of(self._options) is not None
        return self.async_show_menu(
            step_id="listening",
            menu_options=[
                *(["keep"] if is_set_up else []),
                "on_device",
                "by_hand",
                "own_port",
                *(["web_server"] if is_own_port else []),
            ],
            description_placeholders=_parts(url),
        )

    async def async_step_keep(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Leave the device as it was set up before."""
        return self.async_create_entry(data=self._options)

    async def async_step_by_hand(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what the user has to type into the device's own web page."""
        complaint = None
        if user_input is not None:
            complaint = await self._async_take_back()
            if complaint is None:
                self._keep(None)
                self.hass.config_entries.async_schedule_reload(
                    self.config_entry.entry_id
                )
                return self.async_create_entry(data=self._options)
        return self._show("by_hand", NOTHING, complaint, **_parts(self._url()))

    async def async_step_on_device(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the pictures, then look for a slot of the device that is free."""
        complaint = None
        if user_input is not None:
            try:
                self._proposal = await async_propose(
                    self._client(), self._url(), user_input[CONF_PICTURES]
                )
            except NoFreeSlotError as error:
                self._occupants = error.occupants
                return await self.async_step_no_free_slot()
            except IsapiError as error:
                complaint = self._complaint(error)
            else:
                return await self.async_step_preview()
        return self._ask_for_pictures(complaint)

    async def async_step_no_free_slot(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say who has the slots of the device, and leave the choice to the user."""
        return self.async_show_menu(
            step_id="no_free_slot",
            menu_options=["on_device", "by_hand", "stay_with_arming"],
            description_placeholders={
                "occupants": "\n".join(f"- {target}" for target in self._occupants)
            },
        )

    async def async_step_stay_with_arming(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Do without listening, and leave the device as it was found."""
        if complaint := await self._async_take_back():
            return self._show("stay_with_arming", NOTHING, complaint)
        self._options[CONF_INTAKE] = INTAKE_ARMING
        return self.async_create_entry(data=self._options)

    async def async_step_preview(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what will change on the device, and change it on the user's word."""
        complaint = None
        if user_input is not None:
            try:
                await self._async_set_up()
            except SlotChangedError as error:
                return self._ask_for_pictures(self._complaint(error))
            except IsapiError as error:
                complaint = self._complaint(error)
            else:
                return await self.async_step_result()
        return self._show("preview", NOTHING, complaint, **self._preview())

    async def async_step_result(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the device try, and show what came of it."""
        if user_input is not None:
            return self.async_create_entry(data=self._options)
        said, complaint = await self._async_try()
        return self._show(
            "result",
            NOTHING,
            complaint,
            slot=self._proposal.plan.after.id,
            target=self._proposal.plan.after.target,
            said=said,
        )

    def _ask_for_pictures(self, complaint: Complaint | None) -> ConfigFlowResult:
        """Show the form that asks for the pictures, as they were chosen before."""
        setup = DeviceSetup.from_stored(self.config_entry.data)
        chosen = setup.wanted.pictures if setup else "all"
        schema = vol.Schema({vol.Required(CONF_PICTURES, default=chosen): PICTURES})
        return self._show("on_device", schema, complaint, **_parts(self._url()))

    async def _async_is_set_up(self) -> bool:
        """Tell whether the device was told where it still reaches us, or by hand."""
        data = self.config_entry.data
        if CONF_LISTENING not in data or not self._is_same_receiver:
            return False
        setup = DeviceSetup.from_stored(data)
        if setup is None or own_port_of(self._options) is not None:
            return True
        wanted = setup.wanted
        return await async_still_answers(self.hass, wanted.address, wanted.port)

    async def _async_prepare(self, intake: str) -> Complaint | None:
        """Return to arming where that is chosen; else make the secret path once."""
        if intake == INTAKE_ARMING:
            return await self._async_take_back()
        if CONF_WEBHOOK_ID not in self.config_entry.data:
            webhook_id = webhook.async_generate_id()
            self._update({**self.config_entry.data, CONF_WEBHOOK_ID: webhook_id})
        return None

    async def _async_take_back(self) -> Complaint | None:
        """Put the device back as it was, if we changed it."""
        setup = DeviceSetup.from_stored(self.config_entry.data)
        try:
            if setup:
                await setup.async_take_back(self._client())
        except IsapiError as error:
            return self._complaint(error)
        data = self.config_entry.data
        self._update({key: data[key] for key in data if key != CONF_LISTENING})
        return None

    async def _async_set_up(self) -> None:
        """Write what was shown, and open the way on our side.

        From then on the entry knows what to take back. Raises the family of
        IsapiError.
        """
        client, before = self._client(), DeviceSetup.from_stored(self.config_entry.data)
        await self._proposal.async_write(client)
        self._keep(DeviceSetup.of(self._proposal.plan, before))
        await self.hass.config_entries.async_reload(self.config_entry.entry_id)

    async def _async_try(self) -> tuple[str, Complaint | None]:
        """Let the device try; return its own words, and what is wrong."""
        if not await self._async_is_open():
            return ABSENT, Complaint(errors={"base": "port_not_opened"})
        before = self._counts()
        try:
            result = await async_test(self._client(), self._proposal.plan.after.id)
        except NotSupportedError:
            return ABSENT, Complaint(errors={"base": "test_not_supported"})
        except IsapiError as error:
            return ABSENT, self._complaint(error)
        key = self._missing(before) if result.ok else self._failure(before)
        complaint = Complaint(errors={"base": key}) if key else None
        return result.text or ABSENT, complaint

    def _keep(self, setup: DeviceSetup | None) -> None:
        """Let the entry know how it is set up, None for by hand."""
        stored = setup.as_stored() if setup else None
        self._update({**self.config_entry.data, CONF_LISTENING: stored})
        self.hass.config_entries.async_update_entry(
            self.config_entry, options=self._options
        )

    def _update(self, data: Mapping[str, Any]) -> None:
        """Change what the entry holds beside its options."""
        self.hass.config_entries.async_update_entry(self.config_entry, data=data)

    def _client(self) -> IsapiClient:
        """Return a client for the device."""
        return async_get_client(self.hass, self.config_entry.data)

    def _counts(self) -> ListeningCounts:
        """Return what has arrived so far."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return ListeningCounts()
        counts: ListeningCounts = self.config_entry.runtime_data.listening.counts
        return replace(counts)

    async def _async_is_open(self) -> bool:
        """Wait until the device can post to us; of what is not loaded nobody knows."""
        if self.config_entry.state is ConfigEntryState.LOADED:
            try:
                async with asyncio.timeout(OPEN_SECONDS):
                    await self.config_entry.runtime_data.listening.is_open.wait()
            except TimeoutError:
                return False
        return True

    def _failure(self, before: ListeningCounts) -> str:
        """Return what is wrong with a test that the device calls a failure."""
        is_known = self._counts().from_elsewhere > before.from_elsewhere
        return "test_from_elsewhere" if is_known else "test_failed"

    def _missing(self, before: ListeningCounts) -> str | None:
        """Return what is wrong with a test that the device calls a success."""
        now = self._counts()
        if now.posts > before.posts:
            return None
        if now.from_elsewhere > before.from_elsewhere:
            return "test_from_elsewhere"
        if own_port_of(self._options) is None and not self._is_in_private_network:
            return "test_not_private"
        return "test_not_received"

    @property
    def _is_in_private_network(self) -> bool:
        """Tell whether the web server takes posts of the device, as far as is known."""
        host = self.config_entry.data[CONF_HOST]
        return not is_ip_address(host) or is_local(ip_address(host))

    def _complaint(self, error: IsapiError) -> Complaint:
        """Say what went wrong at the device."""
        host = str(self.config_entry.data[CONF_HOST])
        return Complaint(
            errors={"base": error_key(error)},
            placeholders=error_placeholders(error, host),
        )

    def _preview(self) -> dict[str, str]:
        """Return the values for the text of the preview."""
        lines = [
            f"- {name}: {before or ABSENT} → {after or ABSENT}"
            for name, before, after in self._proposal.changes
        ]
        return {
            "slot": self._proposal.plan.before.id,
            "target": self._proposal.plan.after.target,
            "changes": "\n".join(lines) or ABSENT,
        }


def _parts(url: URL) -> dict[str, str]:
    """Return an address as the forms of devices ask for it, part by part."""
    return {
        "url": str(url),
        "address": url.host or "",
        "port": str(url.port),
        "path": url.raw_path,
    }
