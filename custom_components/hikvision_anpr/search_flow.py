"""Search the network in the config flow."""

import asyncio
from collections.abc import Iterable
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from .connection_form import LOGIN, connection
from .const import DOMAIN
from .device_check import Check, async_check
from .discovered_flow import DiscoveredFlow, web_server
from .discovery import Sighting, async_search_network, sighting
from .isapi.sadp import PORT, Search
from .several_flow import ABSENT, SeveralFlow

_LOGGER = logging.getLogger(__name__)

CONF_DEVICES: Final = "devices"
NOTHING: Final = vol.Schema({})


class SearchFlow(DiscoveredFlow, SeveralFlow):
    """Search, show what is there, and add one or several devices of it."""

    _searching: asyncio.Task[Search] | None = None
    _search: Search

    async def async_step_search(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Search, and show that it takes a moment."""
        if self._searching is None:
            self._searching = self.hass.async_create_task(
                self._async_search(), f"{DOMAIN} search", eager_start=False
            )
        if not self._searching.done():
            return self.async_show_progress(
                step_id="search",
                progress_action="searching",
                progress_task=self._searching,
            )
        self._search, self._searching = self._searching.result(), None
        return self.async_show_progress_done(next_step_id=self._next_step())

    def _next_step(self) -> str:
        """Return the form that says what came of the search."""
        if self._new_ones():
            return "pick"
        return "nothing_found" if self._search.hears_all else "port_taken"

    async def async_step_pick(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the devices to add, with which login."""
        check = Check()
        if user_input is not None:
            picked = [self._new_ones()[key] for key in user_input[CONF_DEVICES]]
            login = {key: user_input[key] for key in (CONF_USERNAME, CONF_PASSWORD)}
            targets = [connection({**web_server(seen), **login}) for seen in picked]
            if len(targets) > 1:
                self._targets = targets
                return await self.async_step_adding()
            if not targets:
                check.errors[CONF_DEVICES] = "no_device_picked"
            else:
                check = await async_check(self.hass, targets[0], is_new=True)
                if check.device:
                    return await self._async_create(check.device, targets[0])
        schema = _choice(self._new_ones())
        return self._show("pick", schema, user_input or {}, check, **self._others())

    async def async_step_nothing_found(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say why nothing may have been found, and go back to the address."""
        if user_input is not None:
            return await self.async_step_user()
        networks = ", ".join(self._search.networks) or ABSENT
        placeholders = self._others() | {"networks": networks}
        return self._show("nothing_found", NOTHING, {}, Check(), **placeholders)

    async def async_step_port_taken(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that answers could not be heard, and go back to the address."""
        if user_input is not None:
            return await self.async_step_user()
        return self._show("port_taken", NOTHING, {}, Check(), port=str(PORT))

    async def _async_search(self) -> Search:
        """Search the network; the top of a background task."""
        try:
            return await async_search_network(self.hass)
        except Exception:
            _LOGGER.exception("The search for devices failed")
            return Search(devices=(), networks=(), hears_all=True)

    def _sightings(self) -> list[Sighting]:
        """Return what was found."""
        return [sighting(device) for device in self._search.devices]

    def _new_ones(self) -> dict[str, Sighting]:
        """Return the devices that can be added, by serial number."""
        return {
            seen.serial_number or seen.host: seen
            for seen in self._sightings()
            if seen.reads_plates and seen.activated is not False
            if self._known(seen) is None
        }

    def _others(self) -> dict[str, str]:
        """Return what else was found, by why it is not to be picked."""
        found = [(seen, self._known(seen)) for seen in self._sightings()]
        added = [f"{entry.title} ({seen.host})" for seen, entry in found if entry]
        rest = [seen for seen, entry in found if entry is None]
        likely = [seen for seen in rest if seen.reads_plates]
        return {
            "added": _listed(added),
            "not_activated": _listed(s.label for s in likely if s.activated is False),
            "others": _listed(s.label for s in rest if not s.reads_plates),
        }


def _listed(names: Iterable[str]) -> str:
    """Return names as the end of a sentence."""
    return ", ".join(names) or ABSENT


def _choice(devices: dict[str, Sighting]) -> vol.Schema:
    """Return the form that asks which devices to add."""
    options = [
        SelectOptionDict(value=key, label=seen.label) for key, seen in devices.items()
    ]
    selector = SelectSelector(
        SelectSelectorConfig(
            options=options, multiple=True, mode=SelectSelectorMode.LIST
        )
    )
    return vol.Schema({vol.Required(CONF_DEVICES): selector, **LOGIN.schema})
