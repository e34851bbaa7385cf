"""Test that each passage is announced once, and only while it is news."""

from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.hikvision_anpr.const import (
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, ENTRANCE

from .entities import state_of
from .waiting import expect_events, seconds_later, wait_until

PUBLIC_NAMES = {
    "passage_id",
    "device_id",
    "channel",
    "lane",
    "plate",
    "plate_normalized",
    "list",
    "device_list",
    "vehicle_name",
    "match",
    "confidence",
    "direction",
    "country",
    "region",
    "plate_color",
    "plate_type",
    "vehicle_type",
    "vehicle_color",
    "vehicle_brand",
    "captured_at",
    "received_at",
    "source",
    "live",
    "reads",
    "area",
    "decision",
    "reasons",
}


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW, ENTRANCE])
@pytest.mark.parametrize(
    ("plate", "list_name", "event_type", "listed"),
    [
        ("AB123CD", "allow", "allowed", "allow"),
        ("EF456GH", "block", "blocked", "block"),
        ("IJ789KL", None, "unlisted", "none"),
        ("MN012OP", "temporary", "unlisted", "none"),
        (None, None, "unreadable", "none"),
    ],
)
async def test_passage_has_the_type_of_its_list(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    plate: str | None,
    list_name: str | None,
    event_type: str,
    listed: str,
) -> None:
    """Test event type and verdict of a vehicle, in both dialects."""
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes(plate, list_name=list_name)
    attributes = state_of(hass, camera, "event", "passage").attributes
    assert attributes["event_type"] == event_type
    assert attributes["plate"] == plate
    assert attributes["list"] == listed
    assert events[0].data["list"] == listed


async def test_passage_carries_its_public_names(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that event entity and bus event tell the same, completely."""
    async with expect_events(hass, EVENT_PASSAGE) as events:
        passed = await camera.vehicle_passes(
            "ab-123 cd", direction="reverse", lane=2, confidence=88, country="26"
        )
    data = events[0].data
    assert set(data) == PUBLIC_NAMES
    attributes = state_of(hass, camera, "event", "passage").attributes
    assert {name: attributes[name] for name in PUBLIC_NAMES} == data
    assert data["plate"] == "ab-123 cd"
    assert data["plate_normalized"] == "AB123CD"
    assert (data["direction"], data["lane"], data["confidence"]) == ("reverse", 2, 88)
    assert data["country"] == "RO"
    assert data["source"] == "arming"
    assert data["live"] is True
    captured_at = datetime.fromisoformat(data["captured_at"])
    assert abs(captured_at - passed.captured_at) < timedelta(seconds=1)


async def test_two_reads_of_one_vehicle_are_one_passage(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that a second read at once improves the passage and fires nothing."""
    fired = async_capture_events(hass, EVENT_PASSAGE)
    async with expect_events(hass, EVENT_PASSAGE, 2):
        await camera.vehicle_passes("AB123CD", direction="forward", confidence=80)
        await camera.vehicle_passes("AB123CD", direction="reverse", confidence=99)
        await camera.vehicle_passes("ZZ999ZZ")
    assert [event.data["plate"] for event in fired] == ["AB123CD", "ZZ999ZZ"]


async def test_same_plate_fires_again_a_minute_later(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Test that a vehicle that comes again is announced again."""
    async with expect_events(hass, EVENT_PASSAGE) as first:
        await camera.vehicle_passes("AB123CD")
    with seconds_later(60):
        async with expect_events(hass, EVENT_PASSAGE) as second:
            await camera.vehicle_passes("AB123CD")
    assert first[0].data["passage_id"] != second[0].data["passage_id"]
    assert state_of(hass, camera, "sensor", "passages_today").state == "2"


@pytest.mark.parametrize(
    "late",
    [
        {"retransmitted": True},
        {"history": True},
        {"captured_at": dt_util.utcnow() - timedelta(minutes=5)},
    ],
)
async def test_late_read_is_recovered_and_acts_on_nothing(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    late: dict[str, object],
) -> None:
    """Test that what a device kept back fires no live event."""
    live = async_capture_events(hass, EVENT_PASSAGE)
    async with expect_events(hass, EVENT_PASSAGE_RECOVERED) as recovered:
        await camera.vehicle_passes("AB123CD", list_name="allow", **late)  # type: ignore[arg-type]
    assert live == []
    assert recovered[0].data["live"] is False
    assert recovered[0].data["plate"] == "AB123CD"
    assert state_of(hass, camera, "event", "passage").state == "unknown"
    assert state_of(hass, camera, "binary_sensor", "allowed_vehicle").state == "off"
    assert state_of(hass, camera, "sensor", "passages_today").state == "0"


@pytest.mark.parametrize(
    "fault",
    [
        Fault.CLOCK_OFF,
        Fault.CLOCK_WRONG_ZONE,
        Fault.CLOCK_WITHOUT_OFFSET,
        Fault.CLOCK_LOST_PLUS,
        Fault.CLOCK_ZULU,
    ],
)
@pytest.mark.parametrize("since_when", ["before", "while"])
async def test_wrong_clock_does_not_make_a_read_old(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    fault: Fault,
    since_when: str,
) -> None:
    """Test that a camera with a wrong clock reads live, whenever it went wrong."""
    if since_when == "before":
        await hass.config_entries.async_unload(init_integration.entry_id)
        await camera.wait_for_no_stream()
    camera.faults.on(fault)
    if since_when == "before":
        await hass.config_entries.async_setup(init_integration.entry_id)
        await camera.wait_for_stream()
    with seconds_later(60):
        async with expect_events(hass, EVENT_PASSAGE) as events:
            await camera.vehicle_passes("AB123CD")
    assert events[0].data["live"] is True


async def test_restart_fires_nothing(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that the last passage is still shown after a reload, and not fired."""
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD", list_name="allow")
    before = state_of(hass, camera, "event", "passage")
    fired = async_capture_events(hass, EVENT_PASSAGE)
    assert await hass.config_entries.async_reload(init_integration.entry_id)
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    assert fired == []
    assert state_of(hass, camera, "event", "passage").state == before.state
