"""Fix the connection to a device that is only reachable over HTTPS."""

from typing import Any, override

from homeassistant.const import CONF_PORT, CONF_SSL, CONF_VERIFY_SSL
import voluptuous as vol

from ..connection import async_get_client
from ..connection_form import HTTPS_PORT
from ..isapi.errors import BadAnswerError
from ..isapi.user_check import async_log_in
from .flow import ConfirmedRepairFlow


class RepairFlow(ConfirmedRepairFlow):
    """Connect over HTTPS from now on."""

    schema = vol.Schema({vol.Required(CONF_VERIFY_SSL, default=False): bool})

    @override
    async def _async_preview(self) -> dict[str, str]:
        """Return how the device is connected now, and will be."""
        return {"port": str(self._entry.data[CONF_PORT]), "https_port": str(HTTPS_PORT)}

    @override
    async def _async_mend(self, user_input: dict[str, Any]) -> None:
        """Log in over HTTPS, and stay with it if it is the same device."""
        data = {
            **self._entry.data,
            CONF_SSL: True,
            CONF_PORT: HTTPS_PORT,
            CONF_VERIFY_SSL: user_input[CONF_VERIFY_SSL],
        }
        device = await async_log_in(async_get_client(self.hass, data))
        if device.serial_number != self._entry.unique_id:
            raise BadAnswerError("Another device answers")
        self.hass.config_entries.async_update_entry(self._entry, data=data)
        self.hass.config_entries.async_schedule_reload(self._entry.entry_id)
