"""Test what belongs to a camera that detects people and two-wheelers, too."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.camera import SimulatedCamera
from simulator.device import MIXED_SCHEDULE, MIXED_TRIGGER, VEHICLE_TRIGGER

from .registry import ask
from .repairing import go_on, mend, shown
from .test_vehicle_detection import configure, puts


async def look(entry: MockConfigEntry) -> None:
    """Look at the camera now."""
    await entry.runtime_data.watch.async_check()


async def test_linkage_and_schedule_are_those_of_the_mode(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Ask for and change what the camera acts on in its mode, and not the other."""
    await configure(hass, device_id, mode="mixed", confirm=True)
    found = await ask(hass, "get_linkage", device_id=device_id)
    assert found["center"] is False
    week = (await ask(hass, "get_schedule", device_id=device_id))["week"]
    assert not any(week.values())
    await ask(hass, "set_linkage", None, device_id=device_id, center=True)
    ranges = [{"from": "08:00", "to": "18:00"}]
    await ask(hass, "set_schedule", None, device_id=device_id, week={"monday": ranges})
    assert {MIXED_TRIGGER, MIXED_SCHEDULE} < set(puts(camera))
    assert VEHICLE_TRIGGER not in puts(camera)
    await configure(hass, device_id, mode="vehicles", confirm=True)
    week = (await ask(hass, "get_schedule", device_id=device_id))["week"]
    assert all(week.values())


async def test_silence_of_the_mode_is_mended(
    hass: HomeAssistant, init_integration: MockConfigEntry, device_id: str
) -> None:
    """Show that a camera tells nobody in its new mode, and mend it."""
    await configure(hass, device_id, mode="mixed", confirm=True)
    await look(init_integration)
    assert shown(hass, init_integration) == {"linkage_missing", "schedule_empty"}
    for issue in ("linkage_missing", "schedule_empty"):
        flow = await go_on(hass, await mend(hass, init_integration, issue), {})
        assert flow["type"] is FlowResultType.CREATE_ENTRY
    await look(init_integration)
    assert not shown(hass, init_integration)
    assert (await ask(hass, "get_linkage", device_id=device_id))["center"] is True
