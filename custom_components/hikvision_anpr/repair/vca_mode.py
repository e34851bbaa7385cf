"""Fix a camera in another mode: let it read plates again."""

from typing import Any, Final, override

import voluptuous as vol

from ..channel import ONLY_CHANNEL
from ..isapi.vca_resource import (
    async_get_plate_mode,
    async_get_vca_mode,
    async_set_vca_mode,
)
from ..restart_wanted import async_restart, async_want_restart
from .flow import ABSENT, ConfirmedRepairFlow

CONF_RESTART: Final = "restart"


class RepairFlow(ConfirmedRepairFlow):
    """Set the mode back, after saying what it ends."""

    schema = vol.Schema({vol.Required(CONF_RESTART, default=True): bool})

    @override
    async def _async_preview(self) -> dict[str, str]:
        """Return the mode of now, and the one that will be."""
        client = self._client()
        mode = await async_get_vca_mode(client, ONLY_CHANNEL)
        return {
            "before": mode.resource if mode else ABSENT,
            "after": (await async_get_plate_mode(client, ONLY_CHANNEL)).resource,
        }

    @override
    async def _async_mend(self, user_input: dict[str, Any]) -> None:
        """Set the mode, and restart the device where it needs that."""
        client = self._client()
        mode = await async_get_plate_mode(client, ONLY_CHANNEL)
        needs_restart = await async_set_vca_mode(client, ONLY_CHANNEL, mode)
        if not needs_restart:
            return
        if user_input[CONF_RESTART]:
            await async_restart(self.hass, self._entry, client)
        else:
            async_want_restart(self.hass, self._entry)
