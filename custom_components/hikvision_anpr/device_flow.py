"""Show the forms that add devices, and create their entries."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PASSWORD
from homeassistant.helpers import device_registry as dr
import voluptuous as vol

from .centre import is_centre
from .device_check import Check, title_of
from .isapi.device import DeviceInfo


class DeviceFlow(ConfigFlow):
    """Hold what every way to add a device needs."""

    async def _async_create(
        self, device: DeviceInfo, data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Make the entry of a device, unless it has one."""
        await self.async_set_unique_id(device.serial_number, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        title = title_of(self.hass, device, data[CONF_HOST])
        return self.async_create_entry(title=title, data=data)

    def _device_entries(self, *, include_ignore: bool = False) -> list[ConfigEntry]:
        """Return the entries of devices."""
        entries = self._async_current_entries(include_ignore=include_ignore)
        return [entry for entry in entries if not is_centre(entry)]

    def _entry_of(self, mac_address: str) -> ConfigEntry | None:
        """Return the entry of the device with a network address."""
        registry = dr.async_get(self.hass)
        connection = (dr.CONNECTION_NETWORK_MAC, mac_address)
        for entry in self._device_entries():
            if registry.async_get_device_by_connection(connection, entry.entry_id):
                return entry
        return None

    def _show(
        self,
        step: str,
        schema: vol.Schema,
        shown: Mapping[str, Any],
        check: Check,
        **placeholders: str,
    ) -> ConfigFlowResult:
        """Show a form with what is known or was typed, but never a password."""
        values = {key: shown[key] for key in shown if key != CONF_PASSWORD}
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(
                schema,  # type: ignore[arg-type]  # one engine, by two names
                values,
            ),
            errors=check.errors,
            description_placeholders=placeholders | check.placeholders,
        )
