"""Test that no read is lost, and none doubled, while an entry is reloaded."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
import random
from string import ascii_uppercase, digits
from typing import Final
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.hikvision_anpr.const import (
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.intake import arming, catch_up, doors, listening
from custom_components.hikvision_anpr.intake.doors import async_get_doors
from simulator.camera import SimulatedCamera
from simulator.faults import Fault

from .listening import Dialog
from .waiting import PATIENCE, expect_events, wait_until

READS: Final = 60
BETWEEN: Final = 0.02
"""Seconds between two reads."""


@pytest.fixture(autouse=True)
def short_delays() -> Iterator[None]:
    """Reconnect and catch up quickly."""
    with (
        patch.object(arming, "FIRST_DELAY", 0.05),
        patch.object(catch_up, "SETTLE_SECONDS", 1.5),
        patch.object(catch_up, "OPENING", timedelta(seconds=1.2)),
    ):
        yield


def plates() -> list[str]:
    """Return plates of which no two look alike."""
    chance = random.Random(1)
    return [
        "".join(chance.choices(ascii_uppercase + digits, k=8)) for _ in range(READS)
    ]


async def pass_by(camera: SimulatedCamera, all_plates: list[str]) -> None:
    """Let one vehicle after the other pass."""
    for plate in all_plates:
        await camera.vehicle_passes(plate)
        await asyncio.sleep(BETWEEN)
    await camera.drain()


@pytest.mark.parametrize("intake", ["arming", "listening", "both"])
async def test_reload_loses_nothing(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    monkeypatch: pytest.MonkeyPatch,
    intake: str,
) -> None:
    """Tell of each vehicle once, live or recovered, also of those meanwhile."""
    if intake == "listening":
        # On a busy machine, posts may take longer than others are given to settle.
        monkeypatch.setattr(catch_up, "SETTLE_SECONDS", PATIENCE)
    if intake != "arming":
        await dialog.set_up_device(intake)
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    if intake != "listening":
        await camera.wait_for_stream()
    if intake != "arming":
        await wait_until(coordinator, lambda: coordinator.slot_watch.state == "ours")
    await coordinator.catch_up.close_gaps()
    live = async_capture_events(hass, EVENT_PASSAGE)
    recovered = async_capture_events(hass, EVENT_PASSAGE_RECOVERED)
    expected = plates()
    passing = asyncio.create_task(pass_by(camera, expected))
    async with asyncio.timeout(PATIENCE):
        while len(live) < READS // 4:
            await asyncio.sleep(BETWEEN)
        assert await hass.config_entries.async_reload(init_integration.entry_id)
        await passing
        while len(live) + len(recovered) < READS:
            await asyncio.sleep(BETWEEN)
    await init_integration.runtime_data.catch_up.close_gaps()
    await hass.async_block_till_done()
    told = Counter(event.data["plate"] for event in (*live, *recovered))
    assert told == Counter(expected)
    if intake == "listening":
        assert recovered == []


async def test_posts_wait_for_a_device_that_is_not_ready(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Keep what is posted while the entry cannot be set up yet."""
    await dialog.set_up_device()
    entry_id = init_integration.entry_id
    await hass.config_entries.async_unload(entry_id)
    await async_get_doors(hass).async_close(entry_id)
    camera.faults.on(Fault.BUSY)
    assert not await hass.config_entries.async_setup(entry_id)
    assert init_integration.state is ConfigEntryState.SETUP_RETRY
    await camera.vehicle_passes("AB123CD")
    await camera.drain()
    assert camera.listening.posts[-1].status == HTTPStatus.OK
    camera.faults.clear()
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await hass.config_entries.async_reload(entry_id)
    assert events[0].data["plate"] == "AB123CD"


async def test_what_waited_for_long_is_late(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Act on nothing that is old by the time that it is read."""
    await dialog.set_up_device()
    entry_id = init_integration.entry_id
    await hass.config_entries.async_unload(entry_id)
    await camera.vehicle_passes("AB123CD")
    await camera.drain()
    with patch.object(listening, "FRESH", timedelta()):
        async with expect_events(hass, EVENT_PASSAGE_RECOVERED) as events:
            await hass.config_entries.async_setup(entry_id)
    assert events[0].data["source"] == "listening"


async def test_door_closes_behind_an_entry_that_does_not_come_back(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Take nothing for an entry that was unloaded for good."""
    await dialog.set_up_device()
    receiver = init_integration.runtime_data.listening
    taken = receiver.counts.posts
    with patch.object(doors, "KEEP_SECONDS", 0):
        await hass.config_entries.async_unload(init_integration.entry_id)
    await asyncio.sleep(0)
    await hass.async_block_till_done()
    await camera.vehicle_passes()
    await camera.drain()
    assert receiver.counts.posts == taken
