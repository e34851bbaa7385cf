"""Test taking recordings of cameras that are behind a recorder."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.camera import SimulatedCamera
from simulator.footage import Span
from simulator.nvr import SimulatedNvr
from simulator.pictures import SMALL
from simulator.profiles import DEEPINVIEW, numbered
from simulator.rtsp import RtspServer

from .archived import passage
from .entries import entry_of
from .registry import ask
from .waiting import wait_until

GATE, EXIT = 1, 2
AHEAD = timedelta(minutes=7)
"""How far the recorder's clock is ahead of the camera's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Hold a camera, and the recorder that it is behind."""

    camera: SimulatedCamera
    nvr: SimulatedNvr
    gate: str
    channel: str
    exit: str
    camera_plays: RtspServer
    nvr_plays: RtspServer


async def follow(hass: HomeAssistant, device: SimulatedCamera) -> MockConfigEntry:
    """Set a device up, and wait until its stream is open."""
    entry = entry_of(device)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    coordinator = entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    return entry


def recorded(device: SimulatedCamera, *channels: int) -> None:
    """Let channels be recorded for an hour."""
    now = device.clock.now()
    hour = Span(start=now - timedelta(minutes=30), end=now + timedelta(minutes=30))
    device.device.footage.spans.update({channel: [hour] for channel in channels})


@pytest.fixture
async def site(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[Site]:
    """Follow a camera without a card both by itself and through its recorder."""
    async with AsyncExitStack() as stack:
        camera = SimulatedCamera(DEEPINVIEW, pictures=SMALL, seed=1)
        behind = SimulatedCamera(numbered(DEEPINVIEW, 2), pictures=SMALL, seed=2)
        nvr = SimulatedNvr(seed=3)
        nvr.add(GATE, camera, name="Gate")
        nvr.add(EXIT, behind, name="Exit")
        nvr.clock.drift = AHEAD
        camera.device.card_status = "unformatted"
        recorded(nvr, GATE, EXIT)
        players = [RtspServer(device=one.device, speed=40) for one in (camera, nvr)]
        for device, player in zip((camera, nvr), players, strict=True):
            await device.start()
            stack.push_async_callback(device.stop)
            await player.start(device.host)
            stack.push_async_callback(player.stop)
        own = await follow(hass, camera)
        followed = (await follow(hass, nvr)).runtime_data.channels.followed
        yield Site(
            camera=camera,
            nvr=nvr,
            gate=own.runtime_data.channels.followed[1].device_id,
            channel=followed[GATE].device_id,
            exit=followed[EXIT].device_id,
            camera_plays=players[0],
            nvr_plays=players[1],
        )


async def test_recorder_has_what_the_camera_has_not(
    hass: HomeAssistant, site: Site
) -> None:
    """Take the recording off the recorder, at the same time by the recorder's clock."""
    seen = await passage(hass, site.camera)
    assert seen["device_id"] == site.gate
    answer = await ask(
        hass, "get_recording", passage_id=seen["passage_id"], before=2, after=2
    )
    assert answer["device_id"] == site.channel
    assert (answer["complete"], answer["seconds"]) == (True, 4.0)
    begin = datetime.fromisoformat(seen["captured_at"]) - timedelta(seconds=2) + AHEAD
    assert abs(datetime.fromisoformat(answer["start"]) - begin) < timedelta(seconds=1)
    assert not site.camera_plays.played


async def test_camera_has_what_the_recorder_has_not(
    hass: HomeAssistant, site: Site
) -> None:
    """Take the recording off the camera's card where the recorder has none."""
    site.camera.device.card_status = "ok"
    recorded(site.camera, 1)
    site.nvr.device.footage.spans.clear()
    start = site.nvr.clock.now() - timedelta(minutes=1)
    answer = await ask(
        hass,
        "get_recording",
        device_id=site.channel,
        start=start,
        end=start + timedelta(seconds=2),
    )
    assert answer["device_id"] == site.gate
    begin = datetime.fromisoformat(answer["start"])
    assert abs(begin - (start - AHEAD)) < timedelta(seconds=1)


async def test_recorder_speaks_its_own_time(hass: HomeAssistant, site: Site) -> None:
    """Find it where a recorder calls its own time UTC."""
    now = site.nvr.clock.now()
    assert now.utcoffset()
    site.nvr.device.footage.local_times = True
    site.nvr.device.footage.spans[GATE] = [
        Span(start=now - timedelta(minutes=4), end=now - timedelta(minutes=2))
    ]
    start = now - timedelta(minutes=3)
    end = start + timedelta(seconds=1)
    await ask(hass, "get_recording", device_id=site.channel, start=start, end=end)
    own = start.astimezone(now.tzinfo)
    assert f"starttime={own:%Y%m%dT%H%M%SZ}" in site.nvr_plays.played[0]


async def test_no_device_has_it(hass: HomeAssistant, site: Site) -> None:
    """Tell why the device that was asked has none, once all of them were asked."""
    site.nvr.device.footage.spans.clear()
    seen = await passage(hass, site.camera)
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, "get_recording", passage_id=seen["passage_id"])
    assert raised.value.translation_key == "storage_unusable"


async def test_another_channel_was_recorded(hass: HomeAssistant, site: Site) -> None:
    """Say which channel a recorder has where it has nothing of the one asked for."""
    del site.nvr.device.footage.spans[EXIT]
    start = site.nvr.clock.now() - timedelta(minutes=1)
    with pytest.raises(HomeAssistantError) as raised:
        await ask(
            hass,
            "get_recording",
            device_id=site.exit,
            start=start,
            end=start + timedelta(seconds=2),
        )
    assert raised.value.translation_key == "recording_of_other_channel"
    assert f"of channel {GATE}" in str(raised.value)
