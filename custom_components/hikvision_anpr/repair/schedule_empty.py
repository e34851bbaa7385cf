"""Fix a camera that is never armed: fill its schedule."""

from typing import Any, override

from ..channel import ONLY_CHANNEL
from ..isapi.schedule import ALWAYS, async_get_schedule, async_set_schedule
from ..restart_wanted import async_want_restart
from .flow import ConfirmedRepairFlow


class RepairFlow(ConfirmedRepairFlow):
    """Fill the week."""

    @override
    async def _async_preview(self) -> dict[str, str]:
        """Return the times that will be set; the device must still tell its own."""
        await async_get_schedule(self._client(), ONLY_CHANNEL)
        return {"begin": "00:00", "end": "24:00"}

    @override
    async def _async_mend(self, user_input: dict[str, Any]) -> None:
        """Fill the schedule."""
        if await async_set_schedule(self._client(), ONLY_CHANNEL, ALWAYS):
            async_want_restart(self.hass, self._entry)
