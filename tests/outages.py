"""Take a camera off the network, and let it come back."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .waiting import expect_events, wait_until


async def see(hass: HomeAssistant, camera: SimulatedCamera, *plates: str) -> None:
    """Let vehicles pass while the stream is open, and wait for the news."""
    for plate in plates:
        async with expect_events(hass, EVENT_PASSAGE):
            await camera.vehicle_passes(plate)


async def go_away(camera: SimulatedCamera, entry: MockConfigEntry) -> int:
    """Take the camera off the network; return its port."""
    port, coordinator = camera.port, entry.runtime_data
    await camera.stop()
    await wait_until(coordinator, lambda: not coordinator.connected)
    return port


async def come_back(camera: SimulatedCamera, entry: MockConfigEntry, port: int) -> None:
    """Put the camera back, and wait for the stream."""
    coordinator = entry.runtime_data
    await camera.start(port=port)
    await wait_until(coordinator, lambda: coordinator.connected)


async def load(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set the entry up, and wait for the stream."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    coordinator = entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)


async def catch_up_with(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Do at once what is done some seconds after the opening."""
    await entry.runtime_data.catch_up.close_gaps()
    await hass.async_block_till_done()
