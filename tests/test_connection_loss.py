"""Test that a device that is away is seen to be away, and comes back by itself."""

from collections.abc import Iterator
import logging
from unittest.mock import patch

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from custom_components.hikvision_anpr.coordinator import AnprCoordinator
from custom_components.hikvision_anpr.intake import arming
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.passage import Passage

from .entities import state_of
from .waiting import expect_events, wait_until


@pytest.fixture(autouse=True)
def short_delays() -> Iterator[None]:
    """Reconnect quickly."""
    with (
        patch.object(arming, "FIRST_DELAY", 0.05),
        patch.object(arming, "LONGEST_DELAY", 0.1),
    ):
        yield


async def test_entities_are_unavailable_while_the_stream_is_down(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Test states and log over an outage of several attempts."""
    coordinator = init_integration.runtime_data
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    port = camera.port
    await camera.stop()
    await wait_until(coordinator, lambda: not coordinator.connected)
    for _ in range(3):
        down = coordinator.arming.counts.streams
        await wait_until(coordinator, lambda: not coordinator.connected)
    assert state_of(hass, camera, "sensor", "last_plate").state == STATE_UNAVAILABLE
    assert state_of(hass, camera, "event", "passage").state == STATE_UNAVAILABLE
    assert state_of(hass, camera, "binary_sensor", "connected").state == "off"
    await camera.start(port=port)
    await wait_until(coordinator, lambda: coordinator.connected)
    assert coordinator.arming.counts.streams > down - 1
    assert state_of(hass, camera, "sensor", "last_plate").state == "AB123CD"
    assert state_of(hass, camera, "binary_sensor", "connected").state == "on"
    lines = [
        (record.levelno, record.getMessage())
        for record in caplog.records
        if "event stream of" in record.getMessage()
    ]
    assert [level for level, _ in lines] == [logging.WARNING, logging.INFO]
    assert "is up again" in lines[1][1]


@pytest.mark.parametrize("fault", [Fault.CUT_IN_XML, Fault.CUT_IN_PICTURE])
async def test_torn_stream_is_opened_again(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    fault: Fault,
) -> None:
    """Test that a read after a torn one arrives over a new stream."""
    coordinator = init_integration.runtime_data
    camera.faults.on(fault, times=1)
    await camera.vehicle_passes("TORN111")
    await wait_until(coordinator, lambda: coordinator.arming.counts.streams == 2)
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes("WHOLE222")
    assert events[-1].data["plate"] == "WHOLE222"


async def test_silent_stream_is_given_up(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test the watchdog: a stalled device is away, although its socket is open."""
    coordinator = init_integration.runtime_data
    with patch.object(arming, "SILENCE_SECONDS", 0.2):
        camera.faults.on(Fault.STALL)
        camera.drop_streams()
        await wait_until(coordinator, lambda: coordinator.arming.counts.streams >= 2)
        await wait_until(coordinator, lambda: not coordinator.connected)
        camera.faults.clear()
    await wait_until(coordinator, lambda: coordinator.connected)


async def test_full_slots_are_waited_for(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that a device without a free stream is tried again, slowly."""
    coordinator = init_integration.runtime_data
    camera.device.streams.slots = 0
    with patch.object(arming, "SLOTS_FULL_DELAY", 0.2):
        camera.drop_streams()
        await wait_until(coordinator, lambda: not coordinator.connected)
        camera.device.streams.slots = 1
        await wait_until(coordinator, lambda: coordinator.connected)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.GLUED_DOCUMENTS,
        Fault.GLUED_RESPONSE,
        Fault.DOUBLE_BOUNDARY,
        Fault.MISSING_FIRST_BOUNDARY,
        Fault.QUOTED_BOUNDARY,
        Fault.FORM_DATA,
        Fault.LF_ONLY,
        Fault.MISSING_LENGTH,
        Fault.LENGTH_TOO_SHORT,
        Fault.LENGTH_TOO_LONG,
        Fault.BOUNDARY_IN_PICTURE,
        Fault.PICTURES_REVERSED,
        Fault.PICTURES_BY_CONTENT_ID,
        Fault.UNESCAPED_AMPERSAND,
        Fault.GBK_BYTES,
        Fault.SLOW_BYTES,
    ],
)
async def test_odd_framing_loses_no_read(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    fault: Fault,
) -> None:
    """Test that each oddity of the field leaves reads and stream whole."""
    coordinator = init_integration.runtime_data
    camera.faults.on(fault)
    camera.drop_streams()
    await wait_until(coordinator, lambda: coordinator.arming.counts.streams == 2)
    async with expect_events(hass, EVENT_PASSAGE, 2) as events:
        await camera.vehicle_passes("FIRST11")
        last = await camera.vehicle_passes("SECOND22")
        camera.send_event("videoloss", state="inactive", count=0)
    assert [event.data["plate"] for event in events] == ["FIRST11", "SECOND22"]
    await wait_until(coordinator, lambda: shows_all(coordinator, last))
    assert coordinator.arming.counts.streams == 2


def shows_all(coordinator: AnprCoordinator, passed: Passage) -> bool:
    """Tell whether the last pictures are those of a passage.

    One of the oddities sends a picture with something behind it.
    """
    shown = coordinator.data[1].pictures
    return all(
        picture.kind in shown and shown[picture.kind].data.startswith(jpeg)
        for picture, jpeg in passed.jpegs.items()
    )


async def test_device_that_knows_subscriptions_alone(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Test that reads come over a subscription, also after an interruption."""
    camera.faults.on(Fault.ALERT_STREAM_MISSING)
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    coordinator = config_entry.runtime_data
    for plate in ("AB123CD", "CD456EF"):
        await wait_until(coordinator, lambda: coordinator.connected)
        async with expect_events(hass, EVENT_PASSAGE):
            await camera.vehicle_passes(plate)
        camera.drop_streams()
        await wait_until(coordinator, lambda: not coordinator.connected)
    counts = coordinator.arming.counts
    assert (counts.streams, counts.reads, counts.pictures) == (2, 2, 6)
    assert counts.not_understood == 0
