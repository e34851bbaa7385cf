"""Offer to mend what the repairs show."""

from typing import Final

from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant

from .device_issues import Issue
from .repair import clock_wrong
from .repair.flow import DeviceRepairFlow

FLOWS: Final[dict[Issue, type[DeviceRepairFlow]]] = {
    "clock_wrong": clock_wrong.RepairFlow,
}


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the steps that mend an issue of a device."""
    assert data is not None
    entry = hass.config_entries.async_get_known_entry(str(data["entry_id"]))
    return next(flow for issue, flow in FLOWS.items() if issue == data["issue"])(entry)
