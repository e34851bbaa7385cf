"""Wait until the archive has what passed."""

from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.hikvision_anpr.archive.archive import Archive
from custom_components.hikvision_anpr.centre import async_get_centre
from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .waiting import expect_events


async def written(hass: HomeAssistant) -> Archive:
    """Wait until all that was taken is written; return the archive."""
    archive = async_get_centre(hass).archive
    assert archive
    await archive.database.async_write(lambda _: None)
    return archive


async def passage(
    hass: HomeAssistant, camera: SimulatedCamera, plate: str = "AB123CD"
) -> dict[str, Any]:
    """Let a vehicle pass, and return its passage once it is written."""
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes(plate)
    await written(hass)
    return dict(events[0].data)
