"""Config flow: add a device, and change its connection."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import callback

from .area_flow import AreaFlow
from .centre import CENTRE_TITLE, is_centre
from .centre_options_flow import CentreOptionsFlow
from .connection_form import CONF_WAY, CONNECTION, LOGIN, NEW_DEVICE, connection
from .const import CENTRE_UNIQUE_ID, DOMAIN, SUBENTRY_AREA
from .device_check import Check, async_check
from .isapi.device import DeviceInfo
from .mounting_flow import MountingFlow
from .options_flow import AnprOptionsFlow
from .search_flow import SearchFlow


class AnprConfigFlow(SearchFlow, MountingFlow, domain=DOMAIN):
    """Add a device, log in anew, change its connection, follow its address."""

    VERSION = 1
    MINOR_VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow of the options, of a device or of the centre."""
        return CentreOptionsFlow() if is_centre(config_entry) else AnprOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to an entry: parking areas to the centre."""
        return {SUBENTRY_AREA: AreaFlow} if is_centre(config_entry) else {}

    async def async_step_system(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Make the centre, once."""
        await self.async_set_unique_id(CENTRE_UNIQUE_ID)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=CENTRE_TITLE, data={})

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how to reach a device, and add it, or leave the form for another way."""
        form = dict(user_input or {})
        match form.pop(CONF_WAY, None):
            case "search":
                return await self.async_step_search()
            case "several":
                return await self.async_step_several()
            case "mounting":
                return await self.async_step_mounting()
        check = Check(errors=_missing(form) if form else {})
        if form and not check.errors:
            data = connection(form)
            check = await async_check(self.hass, data, is_new=True)
            if check.device:
                return await self._async_create(check.device, data)
        return self._show("user", NEW_DEVICE, form, check)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how to reach a device from now on."""
        entry, check = self._get_reconfigure_entry(), Check()
        if user_input is not None:
            data = connection(user_input)
            check = await async_check(self.hass, data, is_new=False)
            if check.device:
                return await self._async_update(entry, check.device, data)
        shown = {**entry.data, **(user_input or {})}
        return self._show("reconfigure", CONNECTION, shown, check, name=entry.title)

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin to ask for a login that the device accepts."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for user name and password, and log in with them."""
        entry, check = self._get_reauth_entry(), Check()
        shown = {**entry.data, **(user_input or {})}
        if user_input is not None:
            data = shown | {CONF_USERNAME: user_input[CONF_USERNAME].strip()}
            check = await async_check(self.hass, data, is_new=False)
            if check.device:
                return await self._async_update(entry, check.device, data)
        return self._show("reauth_confirm", LOGIN, shown, check, name=entry.title)

    async def _async_update(
        self, entry: ConfigEntry, device: DeviceInfo, data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Change the connection of an entry, unless another device answered."""
        await self.async_set_unique_id(device.serial_number, raise_on_progress=False)
        self._abort_if_unique_id_mismatch()
        return self.async_update_reload_and_abort(entry, data_updates=data)


def _missing(form: Mapping[str, Any]) -> dict[str, str]:
    """Say what the form lacks that another way than the address would not need."""
    errors = {}
    if not form.get(CONF_HOST, "").strip():
        errors[CONF_HOST] = "invalid_host"
    if not form.get(CONF_PASSWORD):
        errors[CONF_PASSWORD] = "password_missing"
    return errors
