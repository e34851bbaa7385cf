"""Test that many devices start one after the other, and none holds up the rest."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from custom_components.hikvision_anpr.intake import first_contact
from simulator import DEEPINVIEW, SMALL, SimulatedCamera
from simulator.profiles import numbered

from .entries import entry_of
from .waiting import PATIENCE, expect_events

COUNT = 8


@pytest.fixture
async def cameras(socket_enabled: None) -> AsyncIterator[list[SimulatedCamera]]:
    """Start several cameras on loopback."""
    made = [
        SimulatedCamera(numbered(DEEPINVIEW, number), pictures=SMALL)
        for number in range(1, COUNT + 1)
    ]
    for camera in made:
        await camera.start()
    yield made
    for camera in made:
        await camera.stop()


@asynccontextmanager
async def silent_devices(
    hass: HomeAssistant, cameras: Sequence[SimulatedCamera]
) -> AsyncIterator[list[MockConfigEntry]]:
    """Give the entries of devices that take connections and say nothing."""
    connected: list[asyncio.StreamWriter] = []

    async def keep(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append(writer)

    entries = []
    async with AsyncExitStack() as stack:
        for camera in cameras:
            server = await asyncio.start_server(keep, "127.0.0.1", 0)
            stack.callback(server.close)
            entry = entry_of(camera)
            entry.add_to_hass(hass)
            data = {**entry.data, CONF_PORT: server.sockets[0].getsockname()[1]}
            hass.config_entries.async_update_entry(entry, data=data)
            entries.append(entry)
        yield entries
        for writer in connected:
            writer.close()


async def follow_beginnings(
    cameras: Sequence[SimulatedCamera], most: list[int]
) -> None:
    """Note how many cameras are asked, and not yet armed, all the time."""
    while True:
        most.append(sum(bool(one.requests) > one.stream_opens for one in cameras))
        await asyncio.sleep(0)


async def poll(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("at_once", [1, 3])
async def test_only_some_are_contacted_at_once(
    hass: HomeAssistant, cameras: list[SimulatedCamera], at_once: int
) -> None:
    """Test that a device is armed before too many others are asked who they are."""
    for camera in cameras:
        entry_of(camera).add_to_hass(hass)
    most: list[int] = []
    following = asyncio.create_task(follow_beginnings(cameras, most))
    with patch.object(first_contact, "AT_ONCE", at_once):
        assert await async_setup_component(hass, DOMAIN, {})
    await poll(lambda: all(camera.open_streams == 1 for camera in cameras))
    following.cancel()
    assert max(most) == at_once
    async with expect_events(hass, EVENT_PASSAGE, COUNT):
        for camera in cameras:
            await camera.vehicle_passes()


async def test_silent_devices_hold_up_nobody(
    hass: HomeAssistant, cameras: list[SimulatedCamera]
) -> None:
    """Test that those that do not answer pass their turns on, and are tried on."""
    with (
        patch.object(first_contact, "AT_ONCE", 2),
        patch.object(first_contact, "HOLD_SECONDS", 0.1),
    ):
        async with silent_devices(hass, cameras[:3]) as silent:
            for camera in cameras[3:]:
                entry_of(camera).add_to_hass(hass)
            hass.async_create_task(async_setup_component(hass, DOMAIN, {}))
            await poll(lambda: all(one.open_streams for one in cameras[3:]))
            states = {entry.state for entry in silent}
            assert states == {ConfigEntryState.SETUP_IN_PROGRESS}
        await poll(
            lambda: {entry.state for entry in silent} == {ConfigEntryState.SETUP_RETRY}
        )
    await hass.async_block_till_done()


async def test_turns_come_back(
    hass: HomeAssistant, cameras: list[SimulatedCamera]
) -> None:
    """Test that whoever fails or goes gives its turn back at once."""
    entries = [entry_of(camera) for camera in cameras[:3]]
    await cameras[0].stop()
    cameras[1].device.streams.slots = 0
    with (
        patch.object(first_contact, "AT_ONCE", 1),
        patch.object(first_contact, "HOLD_SECONDS", 1000),
    ):
        for entry in entries:
            entry.add_to_hass(hass)
        assert await async_setup_component(hass, DOMAIN, {})
        await poll(lambda: bool(cameras[2].open_streams))
    assert [entry.state.name for entry in entries] == [
        "SETUP_RETRY",
        "LOADED",
        "LOADED",
    ]
