"""Test that what a camera posts to Home Assistant becomes a passage."""

from datetime import timedelta
import json
from unittest.mock import patch

from homeassistant.components.diagnostics import REDACTED
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import (
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.hikvision_anpr.intake import catch_up, mailbox
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, ENTRANCE

from .listening import Dialog, ours
from .outages import catch_up_with
from .waiting import expect_events, wait_until


async def test_same_read_by_both_ways_is_one(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Announce a vehicle once, and keep on when the stream is down."""
    await dialog.set_up_device("both")
    coordinator = init_integration.runtime_data
    await camera.wait_for_stream()
    async with expect_events(hass, EVENT_PASSAGE, 2) as events:
        for plate in ("FIRST11", "SECOND22"):
            await camera.vehicle_passes(plate)
            await camera.drain()
    await wait_until(coordinator, lambda: coordinator.listening.counts.reads == 2)
    assert [event.data["plate"] for event in events] == ["FIRST11", "SECOND22"]
    assert coordinator.arming.counts.reads == 2
    assert coordinator.data[1].passage.reads == 1
    assert coordinator.data[1].passages_today == 2


async def test_listener_takes_over_from_the_stream(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Stay available while one of two ways is open."""
    await dialog.set_up_device("both")
    coordinator = init_integration.runtime_data
    await camera.wait_for_stream()
    await wait_until(coordinator, lambda: coordinator.slot_watch.state == "ours")
    camera.device.streams.slots = 0
    camera.drop_streams()
    await camera.wait_for_no_stream()
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes("AB123CD")
    assert events[0].data["source"] == "listening"
    assert coordinator.connected


async def test_reload_and_unload(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Receive again after a reload; what comes while the entry is away waits for it."""
    await dialog.set_up_device()
    assert await hass.config_entries.async_reload(init_integration.entry_id)
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("FIRST11")
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    assert init_integration.state is ConfigEntryState.NOT_LOADED
    await camera.vehicle_passes("SECOND22")
    await camera.drain()
    assert ours(camera, init_integration).in_use
    async with expect_events(hass, EVENT_PASSAGE) as events:
        assert await hass.config_entries.async_setup(init_integration.entry_id)
    assert [event.data["plate"] for event in events] == ["SECOND22"]


async def test_bug_report_keeps_the_path_secret(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Tell what was posted, and neither path nor what else the slot held."""
    await dialog.set_up_device()
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes()
    told = await async_get_config_entry_diagnostics(hass, init_integration)
    assert told["listening"]["reads"] == 1
    assert told["listening"]["slot"] == "ours"
    assert told["entry"]["connection"]["listening"]["saved"] == REDACTED
    assert init_integration.data[CONF_WEBHOOK_ID] not in json.dumps(told)


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW, ENTRANCE])
@pytest.mark.parametrize(
    "fault",
    [
        Fault.POST_AS_IN_GUIDE,
        Fault.POST_TIGHT,
        Fault.POST_WITHOUT_FILENAME,
        Fault.POST_UNTYPED,
        Fault.POST_BARE,
        Fault.POST_JSON,
        Fault.POST_PJPEG,
        Fault.POST_OCTET_STREAM,
        Fault.POST_REORDERED,
        Fault.POST_ANSWER_LOST,
        Fault.QUOTED_BOUNDARY,
        Fault.PICTURES_REVERSED,
        Fault.PICTURES_BY_CONTENT_ID,
        Fault.LF_ONLY,
        Fault.BOUNDARY_IN_PICTURE,
    ],
)
async def test_odd_posts_lose_no_read(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    fault: Fault,
) -> None:
    """Take each vehicle once, with its pictures, however it is posted."""
    await dialog.set_up_device()
    coordinator = init_integration.runtime_data
    camera.faults.on(fault)
    async with expect_events(hass, EVENT_PASSAGE, 2) as events:
        await camera.vehicle_passes("FIRST11")
        passed = await camera.vehicle_passes("SECOND22")
        await camera.drain()
        await camera.listening.upload_late()
    plates = [event.data["plate"] for event in events]
    assert sorted(plates) == ["FIRST11", "SECOND22"]
    if fault not in {Fault.POST_BARE, Fault.POST_REORDERED}:
        kinds = {picture.kind for picture in passed.jpegs}
        await wait_until(
            coordinator, lambda: coordinator.data[1].pictures.keys() == kinds
        )
    assert coordinator.listening.counts.parts_given_up == 0


async def test_post_that_was_refused_is_taken_later(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Let the device keep what finds no place, and take it as what it is: late."""
    await dialog.set_up_device()
    assert ours(camera, init_integration).resends
    with patch.object(mailbox, "MOST_WAITING", 0):
        await camera.vehicle_passes("AB123CD")
        await camera.drain()
    assert len(camera.listening.waiting) == 1
    async with expect_events(hass, EVENT_PASSAGE_RECOVERED) as events:
        await camera.listening.upload_late()
    assert events[0].data["plate"] == "AB123CD"
    assert events[0].data["source"] == "listening"
    assert events[0].data["live"] is False
    assert camera.listening.waiting == []


async def test_outage_that_nobody_noticed(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Find at the next verification what a device lost, behind what came since."""
    await dialog.set_up_device()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    slot = ours(camera, init_integration)
    camera.listening.post_to(slot.whole_url, slot=slot.number, resends=False)
    await catch_up_with(hass, init_integration)

    with patch.object(mailbox, "MOST_WAITING", 0):
        await camera.vehicle_passes("MISSED1")
        await camera.drain()
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("LIVE1")
    with patch.object(catch_up, "FRESH", timedelta(seconds=-4)):
        coordinator.way_opened("listening")
    async with expect_events(hass, EVENT_PASSAGE_RECOVERED) as events:
        await catch_up_with(hass, init_integration)
    assert [event.data["plate"] for event in events] == ["MISSED1"]
    assert coordinator.data[1].passage.as_dict()["plate"] == "LIVE1"
