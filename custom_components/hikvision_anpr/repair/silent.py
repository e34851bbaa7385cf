"""Fix a camera that reports nothing: open its connection again."""

from typing import Any, override

from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..isapi.user_check import async_check_user
from .flow import ABSENT, ConfirmedRepairFlow


class RepairFlow(ConfirmedRepairFlow):
    """Reload the entry, which asks for what was missed."""

    @override
    async def _async_preview(self) -> dict[str, str]:
        """Return what was found, as the issue says it; the device must answer."""
        await async_check_user(self._client())
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        found = (issue.translation_placeholders if issue else None) or {}
        return {key: found.get(key, ABSENT) for key in ("count", "hours")}

    @override
    async def _async_mend(self, user_input: dict[str, Any]) -> None:
        """Open the ways anew."""
        self.hass.config_entries.async_schedule_reload(self._entry.entry_id)
