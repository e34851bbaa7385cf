"""Fix a camera that does not report its reads: add the linkage."""

from typing import Any, override

from ..channel import ONLY_CHANNEL
from ..isapi.event_trigger import async_get_methods, async_link
from ..isapi.linkage import CENTER
from ..restart_wanted import async_want_restart
from .flow import ABSENT, ConfirmedRepairFlow


class RepairFlow(ConfirmedRepairFlow):
    """Add the surveillance centre to what is told."""

    @override
    async def _async_preview(self) -> dict[str, str]:
        """Return by what reads are told now, and will be."""
        methods = await async_get_methods(self._client(), ONLY_CHANNEL)
        return {
            "before": ", ".join(methods) or ABSENT,
            "after": ", ".join(dict.fromkeys((*methods, CENTER))),
        }

    @override
    async def _async_mend(self, user_input: dict[str, Any]) -> None:
        """Add the link."""
        if await async_link(self._client(), ONLY_CHANNEL):
            async_want_restart(self.hass, self._entry)
