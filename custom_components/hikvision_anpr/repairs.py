"""Repair flows."""

from typing import Final

from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant

from .repair import (
    clock_wrong,
    https_only,
    linkage_missing,
    restart_wanted,
    schedule_empty,
    silent,
    slot_overwritten,
    vca_mode,
)
from .repair.flow import DeviceRepairFlow

FLOWS: Final[dict[str, type[DeviceRepairFlow]]] = {
    "address_outdated": slot_overwritten.RepairFlow,
    "clock_wrong": clock_wrong.RepairFlow,
    "https_only": https_only.RepairFlow,
    "linkage_missing": linkage_missing.RepairFlow,
    "restart_wanted": restart_wanted.RepairFlow,
    "schedule_empty": schedule_empty.RepairFlow,
    "silent": silent.RepairFlow,
    "slot_overwritten": slot_overwritten.RepairFlow,
    "vca_mode": vca_mode.RepairFlow,
}


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the steps that mend an issue of a device."""
    assert data is not None
    entry = hass.config_entries.async_get_known_entry(str(data["entry_id"]))
    return FLOWS[str(data["issue"])](entry)
