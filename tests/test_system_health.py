"""Test what the page of the system's health says."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.hikvision_anpr.archive.errors import ArchiveError
from custom_components.hikvision_anpr.centre import async_get_centre
from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .registry import add
from .waiting import expect_events, wait_until


@pytest.fixture(autouse=True)
async def page(hass: HomeAssistant) -> None:
    """Have the page."""
    assert await async_setup_component(hass, "system_health", {})


async def told(hass: HomeAssistant) -> dict[str, object]:
    """Return what the page says, all of it."""
    info = await get_system_health_info(hass, DOMAIN)
    return info | {"passages": await info["passages"]}


async def test_all_is_well(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Count devices, vehicles and passages; the centre is no device."""
    await add(hass, "AB123CD")
    async with expect_events(hass, EVENT_PASSAGE, 1):
        await camera.vehicle_passes("AB123CD")
    database = async_get_centre(hass).database
    assert database
    await database.async_write(lambda _: None)
    expected = {"devices": 1, "devices_connected": 1, "vehicles": 1, "passages": 1}
    assert await told(hass) == expected


async def test_trouble(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Say that a device is away, and that the archive cannot be read."""
    await camera.stop()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: not coordinator.connected)
    database = async_get_centre(hass).database
    assert database
    with patch.object(type(database), "async_read", side_effect=ArchiveError("away")):
        info = await told(hass)
    assert info["devices_connected"] == 0
    assert info["passages"] == {"type": "failed", "error": "unreachable"}
