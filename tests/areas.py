"""Make parking areas, and let a camera see who comes and goes."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.centre import is_centre
from custom_components.hikvision_anpr.const import DOMAIN

from .waiting import wait_until

BOTH_WAYS = {"1": {"area": "Yard", "direction_role": "by_direction"}}


async def add_area(
    hass: HomeAssistant, centre: ConfigEntry, **form: Any
) -> dict[str, Any]:
    """Fill in the form of a new area."""
    flow = await hass.config_entries.subentries.async_init(
        (centre.entry_id, "area"), context={"source": "user"}
    )
    result = await hass.config_entries.subentries.async_configure(flow["flow_id"], form)
    await hass.async_block_till_done()
    return dict(result)


async def watch_yard(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigEntry:
    """Let a camera see both ways of an area with two spaces; return the centre."""
    (centre,) = filter(is_centre, hass.config_entries.async_entries(DOMAIN))
    await add_area(hass, centre, name="Yard", capacity=2, longest_stay=8)
    options = {"channels": BOTH_WAYS, "merge_seconds": 0}
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_reload(entry.entry_id)
    coordinator = entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    return centre
