"""Restart a device that needs it to apply a change."""

from typing import Any

from homeassistant.components.repairs import RepairsFlowResult

from ..isapi.errors import IsapiError
from ..isapi.user_check import async_check_user
from ..restart_wanted import async_restart
from .flow import DeviceRepairFlow


class RepairFlow(DeviceRepairFlow):
    """Restart the device, or take the user's word that it was restarted."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask which of the two."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["restart", "restarted"],
            description_placeholders=self._named,
        )

    async def async_step_restart(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say what a restart ends, and restart; the device must answer before."""
        error = None
        try:
            if user_input is None:
                await async_check_user(self._client())
            else:
                await async_restart(self.hass, self._entry, self._client())
                return self.async_create_entry(data={})
        except IsapiError as raised:
            if user_input is None:
                return self._give_up(raised)
            error = raised
        return self._form("restart", {}, error=error)

    async def async_step_restarted(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """End, for nothing is left to do."""
        return self.async_create_entry(data={})
