"""Test moving the barrier."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from unittest.mock import patch

from homeassistant.components.cover import (
    ATTR_CURRENT_POSITION,
    DOMAIN as COVER,
    SERVICE_CLOSE_COVER,
    SERVICE_OPEN_COVER,
    SERVICE_STOP_COVER,
    CoverEntityFeature,
)
from homeassistant.const import (
    ATTR_ASSUMED_STATE,
    ATTR_ENTITY_ID,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_component import async_update_entity
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.hikvision_anpr import barriers, cover
from custom_components.hikvision_anpr.gate import relay
from custom_components.hikvision_anpr.isapi.errors import BusyError
from simulator.barrier import BarrierInterface
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, ENTRANCE, Profile

from .outages import come_back, go_away
from .waiting import wait_until

PATIENCE = 5


@pytest.fixture
def camera_profile() -> Profile:
    """Return a model with a barrier."""
    return ENTRANCE


@pytest.fixture(autouse=True)
def quickly() -> Iterator[None]:
    """Look where the barrier is at once, and let a relay go soon."""
    with (
        patch.object(cover, "LOOK_SECONDS", (0.01, 0.01)),
        patch.object(relay, "RELEASE_DELAYS", (0.01,)),
    ):
        yield


def entity_id(hass: HomeAssistant) -> str:
    """Return the one barrier."""
    (found,) = hass.states.async_entity_ids(COVER)
    return found


async def move(hass: HomeAssistant, service: str) -> None:
    """Do what a button of the barrier does."""
    await hass.services.async_call(
        COVER, service, {ATTR_ENTITY_ID: entity_id(hass)}, blocking=True
    )


async def state_becomes(hass: HomeAssistant, state: str) -> None:
    """Wait until the barrier shows a state."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = hass.states.get(entity_id(hass))
            if found and found.state == state:
                return
            await asyncio.sleep(0.01)


def looks(camera: SimulatedCamera) -> int:
    """Return how often the camera was asked where its barrier is."""
    return sum(
        one.path.endswith("barrierGateStatus") and one.status == HTTPStatus.OK
        for one in camera.requests
    )


async def choose(hass: HomeAssistant, entry: MockConfigEntry, **chosen: object) -> None:
    """Choose what is moved."""
    hass.config_entries.async_update_entry(entry, options={"channels": {"1": chosen}})
    await hass.config_entries.async_reload(entry.entry_id)
    coordinator = entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)


async def test_barrier_that_the_device_sees(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Open and close, each by one command, and show where the barrier is."""
    await state_becomes(hass, "closed")
    state = hass.states.get(entity_id(hass))
    assert state is not None
    assert state.attributes["device_class"] == "gate"
    assert ATTR_ASSUMED_STATE not in state.attributes
    assert ATTR_CURRENT_POSITION not in state.attributes
    features = CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE
    assert state.attributes["supported_features"] == features
    await move(hass, SERVICE_OPEN_COVER)
    await state_becomes(hass, "open")
    await move(hass, SERVICE_CLOSE_COVER)
    await state_becomes(hass, "closed")
    assert camera.barrier.commands == ["open", "close"]


async def test_accepted_is_not_moved(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show a locked barrier as closed, although its device took the command."""
    camera.barrier.locked = True
    await state_becomes(hass, "closed")
    before = looks(camera)
    await move(hass, SERVICE_OPEN_COVER)
    async with asyncio.timeout(PATIENCE):
        while looks(camera) < before + len(cover.LOOK_SECONDS):
            await asyncio.sleep(0.01)
    await state_becomes(hass, "closed")
    assert camera.barrier.commands == ["open"]


async def test_barrier_that_nobody_sees(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Claim nothing about a barrier without a signal (trap 71)."""
    camera.barrier.wired = False
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    await wait_until(
        config_entry.runtime_data, lambda: config_entry.runtime_data.connected
    )
    await move(hass, SERVICE_OPEN_COVER)
    state = hass.states.get(entity_id(hass))
    assert state is not None
    assert state.state == STATE_UNKNOWN
    assert state.attributes[ATTR_ASSUMED_STATE] is True
    assert camera.barrier.commands == ["open"]


@pytest.mark.parametrize(
    "camera_profile", [replace(ENTRANCE, barrier=BarrierInterface.ITC)]
)
async def test_older_commands(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Fall back on the older way, which can stop as well (reference 6.2)."""
    for service in (SERVICE_OPEN_COVER, SERVICE_STOP_COVER, SERVICE_CLOSE_COVER):
        await move(hass, service)
    assert camera.barrier.commands == ["open", "stop", "close"]


@pytest.mark.parametrize(
    "options",
    [{}, {"barrier": "output_1"}, {"barrier": "entity", "barrier_entity": "switch.x"}],
)
async def test_gate_opens_while_no_reads_come(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    options: dict[str, object],
) -> None:
    """Take commands while others have all the device's streams."""
    hass.states.async_set("switch.x", "off")
    calls = async_mock_service(hass, "switch", "turn_on")
    await choose(hass, init_integration, **options)
    camera.device.streams.slots = 0
    camera.drop_streams()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: not coordinator.connected)
    await hass.async_block_till_done()
    await move(hass, SERVICE_OPEN_COVER)
    opened = [*camera.barrier.commands, *calls, camera.device.outputs[1]]
    assert opened.count(False) == len(opened) - 1
    state = hass.states.get(entity_id(hass))
    assert state is not None
    assert state.state != STATE_UNAVAILABLE


@pytest.mark.parametrize("options", [{}, {"barrier": "output_1"}])
async def test_device_that_is_away(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    options: dict[str, object],
) -> None:
    """Offer no gate whose device does not answer, and offer it again at once."""
    await choose(hass, init_integration, **options)
    port = await go_away(camera, init_integration)
    await state_becomes(hass, STATE_UNAVAILABLE)
    await come_back(camera, init_integration, port)
    await state_becomes(hass, STATE_UNKNOWN if options else "closed")


async def test_entity_that_comes_and_goes(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Follow the entity that opens, and not the camera."""
    gate = entity_id(hass)
    hass.states.async_set("cover.x", "closed", {"supported_features": 3})
    await choose(hass, init_integration, barrier="entity", barrier_entity="cover.x")
    for state, shown in (
        ("open", "open"),
        (STATE_UNAVAILABLE, STATE_UNAVAILABLE),
        ("closed", "closed"),
    ):
        hass.states.async_set("cover.x", state, {"supported_features": 3})
        await hass.async_block_till_done()
        found = hass.states.get(gate)
        assert found is not None
        assert found.state == shown
    await go_away(camera, init_integration)
    await hass.async_block_till_done()
    found = hass.states.get(gate)
    assert found is not None
    assert found.state == "closed"


async def test_lost_answer_is_told_and_nothing_is_repeated(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Send a command once, whatever becomes of its answer (trap 75)."""
    camera.faults.on(Fault.BARRIER_ANSWER_LOST, times=1)
    with pytest.raises(HomeAssistantError) as raised:
        await move(hass, SERVICE_OPEN_COVER)
    assert raised.value.translation_key == "cannot_connect"
    assert camera.barrier.commands == ["open"]


async def test_error_inside_of_ok(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Believe the body, not the status of the answer (trap 69)."""
    camera.faults.on(Fault.OK_BUT_NOT_SUPPORTED, times=1)
    with pytest.raises(HomeAssistantError) as raised:
        await move(hass, SERVICE_OPEN_COVER)
    assert raised.value.translation_key == "not_supported"
    assert camera.barrier.commands == []


async def test_position_that_is_not_told_is_unknown(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show no old position while the device does not answer."""
    await state_becomes(hass, "closed")
    camera.faults.on(Fault.BUSY)
    await async_update_entity(hass, entity_id(hass))
    await state_becomes(hass, STATE_UNKNOWN)


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_camera_without_barrier_has_none(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Show no gate where there is none."""
    assert hass.states.async_entity_ids(COVER) == []


async def test_user_wants_no_barrier(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Let the gate go where the user wants none; its settings are kept."""
    await choose(hass, init_integration, barrier="none")
    (state,) = hass.states.async_all(COVER)
    assert state.state == STATE_UNAVAILABLE
    assert state.attributes["restored"] is True


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_relay_gives_a_pulse(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Open by a pulse, and let the output go also if that fails at first (trap 73)."""
    await choose(hass, init_integration, barrier="output_2", pulse_seconds=0.05)
    state = hass.states.get(entity_id(hass))
    assert state is not None
    assert state.attributes["supported_features"] == CoverEntityFeature.OPEN
    await move(hass, SERVICE_OPEN_COVER)
    assert camera.device.outputs == {1: False, 2: True}
    await move(hass, SERVICE_OPEN_COVER)
    camera.faults.on(Fault.BUSY, times=3)
    async with asyncio.timeout(PATIENCE):
        while camera.device.outputs[2]:
            await asyncio.sleep(0.01)
    assert camera.device.outputs == {1: False, 2: False}
    accepted = [
        one
        for one in camera.requests
        if one.path.endswith("2/trigger") and one.status == 200 and b"high" in one.body
    ]
    assert len(accepted) == 1


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_pulse_that_did_not_begin_is_begun_when_asked_again(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Take no opening for done because an earlier one failed."""
    await choose(hass, init_integration, barrier="output_1", pulse_seconds=60)
    camera.faults.on(Fault.BUSY, times=1)
    with pytest.raises(HomeAssistantError) as raised:
        await move(hass, SERVICE_OPEN_COVER)
    assert raised.value.translation_key == "device_busy"
    assert camera.device.outputs[1] is False
    await move(hass, SERVICE_OPEN_COVER)
    assert camera.device.outputs[1] is True


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_device_that_is_busy_during_the_setup(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Ask for the barrier again some time later, and add nothing twice."""
    config_entry.add_to_hass(hass)
    busy = BusyError("The device is busy", path="/")
    with patch.object(barriers, "async_find_barrier", side_effect=busy):
        assert await hass.config_entries.async_setup(config_entry.entry_id)
    assert hass.states.async_entity_ids(COVER) == []
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=1))
    async with asyncio.timeout(PATIENCE):
        while not hass.states.async_entity_ids(COVER):
            await asyncio.sleep(0.01)
    await hass.async_block_till_done()
    assert "unique ID" not in caplog.text
