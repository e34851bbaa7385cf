"""Test alarm inputs and outputs."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import async_update_entity
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.gate import relay, set_outputs
from custom_components.hikvision_anpr.isapi.errors import UnreachableError
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, ENTRANCE, PLAIN_CAMERA

from .waiting import until, wait_until

PATIENCE = 5


@pytest.fixture(autouse=True)
def quickly() -> Iterator[None]:
    """Try again soon to let an output go."""
    with patch.object(relay, "RELEASE_DELAYS", (0.01,)):
        yield


def find(hass: HomeAssistant, camera: SimulatedCamera, platform: str, key: str) -> str:
    """Return an entity, empty if there is none."""
    unique_id = f"{camera.profile.serial_number}-{key}"
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id) or ""


def shows(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity shows."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state.state


async def act(hass: HomeAssistant, entity_id: str, action: str) -> None:
    """Call an action of an entity."""
    await hass.services.async_call(
        entity_id.partition(".")[0], action, {"entity_id": entity_id}, blocking=True
    )


async def choose(hass: HomeAssistant, entry: MockConfigEntry, **options: Any) -> None:
    """Choose options for the channel."""
    hass.config_entries.async_update_entry(entry, options={"channels": {"1": options}})
    await hass.config_entries.async_reload(entry.entry_id)
    coordinator = entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)


async def test_switch(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Set an output, and let it go also where the device is busy at first."""
    switch = find(hass, camera, "switch", "alarm_output_2")
    assert shows(hass, switch) == "off"
    await act(hass, switch, "turn_on")
    assert camera.device.outputs == {1: False, 2: True}
    assert shows(hass, switch) == "on"
    camera.faults.on(Fault.BUSY, times=3)
    await act(hass, switch, "turn_off")
    await until(lambda: not camera.device.outputs[2])
    await until(lambda: shows(hass, switch) == "off")


async def test_switch_shows_what_the_device_tells(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Follow an output that somebody else sets; keep what is known when it is busy."""
    switch = find(hass, camera, "switch", "alarm_output_1")
    camera.device.outputs[1] = True
    await async_update_entity(hass, switch)
    assert shows(hass, switch) == "on"
    camera.faults.on(Fault.BUSY)
    await async_update_entity(hass, switch)
    assert shows(hass, switch) == "on"
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, switch, "turn_on")
    assert error.value.translation_key == "device_busy"


async def test_pulse(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Set an output for a while, and show so."""
    await choose(hass, init_integration, pulse_seconds=1)
    button = find(hass, camera, "button", "pulse_output_1")
    switch = find(hass, camera, "switch", "alarm_output_1")
    await act(hass, button, "press")
    await act(hass, button, "press")
    assert camera.device.outputs[1] is True
    assert shows(hass, switch) == "on"
    await until(lambda: not camera.device.outputs[1])
    await until(lambda: shows(hass, switch) == "off")
    sent = [
        one.body
        for one in camera.requests
        if one.path.endswith("1/trigger") and one.status == 200
    ]
    assert [b"high" in body for body in sent] == [True, False]


async def test_output_of_a_gate(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Offer an output that moves the gate no second time."""
    assert find(hass, camera, "switch", "alarm_output_2")
    await choose(hass, init_integration, barrier="output_2")
    assert not find(hass, camera, "switch", "alarm_output_2")
    assert not find(hass, camera, "button", "pulse_output_2")
    assert shows(hass, find(hass, camera, "switch", "alarm_output_1")) == "off"


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_camera_with_a_barrier(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Let the user ask for what may be the relay of the barrier."""
    registry = er.async_get(hass)
    for platform, key in (("switch", "alarm_output_1"), ("button", "pulse_output_1")):
        entry = registry.async_get(find(hass, camera, platform, key))
        assert entry is not None
        assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION


@pytest.mark.parametrize("camera_profile", [PLAIN_CAMERA])
async def test_camera_without_ports(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Offer nothing that the device does not list."""
    assert not find(hass, camera, "switch", "alarm_output_1")
    assert not find(hass, camera, "binary_sensor", "alarm_input_1")


async def test_input(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Follow events at once, and ask when the device tells no end."""
    sensor = find(hass, camera, "binary_sensor", "alarm_input_1")
    other = find(hass, camera, "binary_sensor", "alarm_input_2")
    assert shows(hass, sensor) == "off"
    await camera.wait_for_stream()
    camera.device.inputs[1] = True
    camera.send_event("IO", extra={"inputIOPortID": "1"})
    await until(lambda: shows(hass, sensor) == "on")
    assert shows(hass, other) == "off"
    camera.send_event("IO", extra={"inputIOPortID": "7"})
    camera.device.inputs[1] = False
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=6))
    await until(lambda: shows(hass, sensor) == "off")


async def test_input_that_is_not_told(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Know nothing while the device is busy; off where it never tells."""
    sensor = find(hass, camera, "binary_sensor", "alarm_input_1")
    camera.faults.on(Fault.BUSY)
    await async_update_entity(hass, sensor)
    assert shows(hass, sensor) == "unknown"
    camera.faults.clear()
    camera.device.inputs.clear()
    await async_update_entity(hass, sensor)
    assert shows(hass, sensor) == "off"


def hold_switch(hass: HomeAssistant, camera: SimulatedCamera) -> str:
    """Return the switch that holds the gate open."""
    return find(hass, camera, "switch", "hold_open") or find(
        hass, camera, "switch", "1-hold_open"
    )


def forget_this_life(hass: HomeAssistant) -> None:
    """Let go of what is known in memory alone, as a process that is killed does."""
    hass.data.pop(set_outputs.SET_OUTPUTS)


def killed(entry: MockConfigEntry) -> None:
    """Stop the pulses of an entry without a word to the device."""
    entry.runtime_data.client.command = AsyncMock()


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_pulse_ends_after_home_assistant_was_killed(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Let an output go at the next start that nobody let go before."""
    await choose(hass, init_integration, barrier="output_1", pulse_seconds=600)
    await act(hass, "cover.gate_barrier", "open_cover")
    assert camera.device.outputs[1] is True
    await hass.async_block_till_done()
    killed(init_integration)
    await hass.config_entries.async_unload(init_integration.entry_id)
    forget_this_life(hass)
    assert camera.device.outputs[1] is True
    await hass.config_entries.async_setup(init_integration.entry_id)
    await until(lambda: not camera.device.outputs[1])


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_reload_does_not_cut_a_pulse_short(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Let a pulse go on while the options are changed, and end."""
    await choose(hass, init_integration, barrier="output_1", pulse_seconds=2)
    await act(hass, "cover.gate_barrier", "open_cover")
    await choose(hass, init_integration, barrier="none")
    assert camera.device.outputs[1] is True
    await until(lambda: not camera.device.outputs[1])


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_pulse_ends_when_home_assistant_stops(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Do not leave the gate open while nobody is there."""
    await choose(hass, init_integration, barrier="output_1", pulse_seconds=600)
    await act(hass, "cover.gate_barrier", "open_cover")
    assert camera.device.outputs[1] is True
    await hass.async_stop(force=True)
    assert camera.device.outputs[1] is False


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
@pytest.mark.parametrize("is_killed", [False, True])
async def test_hold_is_known_after_a_restart(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    is_killed: bool,
) -> None:
    """Show that the gate is still held, and let it go when asked."""
    await choose(hass, init_integration, barrier="output_1", pulse_seconds=0.05)
    switch = hold_switch(hass, camera)
    await act(hass, switch, "turn_on")
    await hass.async_block_till_done()
    if is_killed:
        forget_this_life(hass)
    await choose(hass, init_integration, barrier="output_1", pulse_seconds=0.01)
    assert shows(hass, switch) == "on"
    await act(hass, "cover.gate_barrier", "open_cover")
    await asyncio.sleep(0.1)
    assert camera.device.outputs[1] is True
    await act(hass, switch, "turn_off")
    await until(lambda: not camera.device.outputs[1])
    assert shows(hass, switch) == "off"


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_hold_that_failed_is_let_go(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Leave no gate open of which the switch says that it is not held."""
    await choose(hass, init_integration, barrier="output_1")
    client = init_integration.runtime_data.client
    send = client.command

    async def lose(path: str, body: bytes) -> None:
        await send(path, body)
        raise UnreachableError("The answer was lost", path=path)

    with (
        patch.object(client, "command", lose),
        pytest.raises(HomeAssistantError),
    ):
        await act(hass, hold_switch(hass, camera), "turn_on")
    await until(lambda: not camera.device.outputs[1])
    assert shows(hass, hold_switch(hass, camera)) == "off"


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_camera_that_is_removed_holds_nothing(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Let a held gate go with the camera whose switch would do it."""
    await choose(hass, init_integration, barrier="output_1")
    await act(hass, hold_switch(hass, camera), "turn_on")
    await hass.config_entries.async_remove(init_integration.entry_id)
    assert camera.device.outputs[1] is False
