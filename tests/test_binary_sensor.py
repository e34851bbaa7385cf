"""Test the binary sensors of listed vehicles."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .entities import state_of
from .waiting import expect_events, wait_until


@pytest.mark.parametrize(
    ("list_name", "key", "other"),
    [
        ("allow", "allowed_vehicle", "blocked_vehicle"),
        ("block", "blocked_vehicle", "allowed_vehicle"),
    ],
)
async def test_listed_vehicle_is_shown_for_a_while(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    list_name: str,
    key: str,
    other: str,
) -> None:
    """Test that the sensor of the list turns on and, later, off."""
    hass.config_entries.async_update_entry(
        init_integration, options={"channels": {"1": {"hold_seconds": 20}}}
    )
    assert state_of(hass, camera, "binary_sensor", key).state == "off"
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes(list_name=list_name)
    assert state_of(hass, camera, "binary_sensor", key).state == "on"
    assert state_of(hass, camera, "binary_sensor", other).state == "off"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=19))
    await hass.async_block_till_done()
    assert state_of(hass, camera, "binary_sensor", key).state == "on"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=21))
    await hass.async_block_till_done()
    assert state_of(hass, camera, "binary_sensor", key).state == "off"
    init_integration.runtime_data.async_update_listeners()
    assert state_of(hass, camera, "binary_sensor", key).state == "off"


async def test_stranger_turns_nothing_on(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that a vehicle on no list is neither allowed nor blocked."""
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes()
    assert state_of(hass, camera, "binary_sensor", "allowed_vehicle").state == "off"
    assert state_of(hass, camera, "binary_sensor", "blocked_vehicle").state == "off"


async def test_better_read_may_find_the_vehicle_on_a_list(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that an allowed vehicle is shown though its first read was poor."""
    coordinator = init_integration.runtime_data
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes("A8123CD", confidence=60)
    assert events[0].data["list"] == "none"
    await camera.vehicle_passes("AB123CD", confidence=99, list_name="allow")
    await wait_until(
        coordinator,
        lambda: (
            state_of(hass, camera, "binary_sensor", "allowed_vehicle").state == "on"
        ),
    )


async def test_a_second_vehicle_lets_the_sensor_be(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that what is on already is not written again, and stays on for longer."""
    hass.config_entries.async_update_entry(
        init_integration, options={"channels": {"1": {"hold_seconds": 20}}}
    )
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD", list_name="allow")
    before = state_of(hass, camera, "binary_sensor", "allowed_vehicle")
    reported = before.last_reported
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=15))
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("XY987ZW", list_name="allow")
    after = state_of(hass, camera, "binary_sensor", "allowed_vehicle")
    assert after.state == "on"
    assert after.last_reported == reported
