"""Mend a camera that is never armed: arm it always."""

from typing import Any, override

from ..channel import ONLY_CHANNEL
from ..isapi.event_schedule import BEGIN, END, async_fill, async_is_empty
from .flow import ConfirmedRepairFlow


class RepairFlow(ConfirmedRepairFlow):
    """Fill the week."""

    @override
    async def _async_preview(self) -> dict[str, str]:
        """Return the times that will be set; the device must still tell its own."""
        await async_is_empty(self._client(), ONLY_CHANNEL)
        return {"begin": BEGIN, "end": END}

    @override
    async def _async_mend(self, user_input: dict[str, Any]) -> None:
        """Fill the schedule."""
        await async_fill(self._client(), ONLY_CHANNEL)
