"""Test that the gate opens for those who may enter, as a user sees it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.hikvision_anpr import barriers, cover
from custom_components.hikvision_anpr.centre import is_centre
from custom_components.hikvision_anpr.channel_state import ChannelState
from custom_components.hikvision_anpr.const import (
    DOMAIN,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.gate import readiness
from custom_components.hikvision_anpr.isapi.barrier import async_find_barrier
from custom_components.hikvision_anpr.isapi.errors import BusyError
from simulator.barrier import Barrier
from simulator.camera import SimulatedCamera
from simulator.device import TRIGGERS
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, DS_2CD4A26, ENTRANCE, Profile

from .archived import written
from .registry import add, ask
from .waiting import PATIENCE, expect_events, wait_until

HOME_DECIDES = {"gate_control": "home_assistant"}


@pytest.fixture
def camera_profile(request: pytest.FixtureRequest) -> Profile:
    """Return a model with a barrier, unless a test asks for another one."""
    profile: Profile = getattr(request, "param", ENTRANCE)
    return profile


async def decide_by(
    hass: HomeAssistant, entry: MockConfigEntry, **options: object
) -> None:
    """Set what the device's gate is decided by."""
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_reload(entry.entry_id)
    coordinator = entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)


async def looked_at(entry: MockConfigEntry) -> None:
    """Wait until the device was asked who opens its gate."""
    coordinator = entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.gates.are_found)


async def passes(
    hass: HomeAssistant, camera: SimulatedCamera, plate: str, **facts: Any
) -> dict[str, Any]:
    """Let a vehicle pass, and return what was announced of it."""
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes(plate, **facts)
    return dict(events[0].data)


def boom(camera: SimulatedCamera) -> Barrier:
    """Return the barrier of a camera that has one."""
    assert camera.device.barrier
    return camera.device.barrier


async def commands(camera: SimulatedCamera, count: int) -> list[str]:
    """Return what the barrier was told, once that was so often."""
    async with asyncio.timeout(PATIENCE):
        while len(boom(camera).commands) < count:
            await asyncio.sleep(0.01)
    return list(boom(camera).commands)


async def test_nothing_moves_by_default(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Leave the gate to the camera until the user wants something else."""
    await add(hass, "AB123CD")
    told = await passes(hass, camera, "AB123CD")
    assert told["list"] == "allow"
    assert (told["decision"], told["reasons"]) == ("none", ["camera_decides"])
    assert await commands(camera, 0) == []


async def test_gate_opens_for_the_right_car(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Open once for a vehicle that may enter, and for nobody else."""
    await decide_by(hass, init_integration, **HOME_DECIDES)
    await add(hass, "AB123CD", vehicle_name="Van")
    await add(hass, "XY987ZZ", list="block")
    told = await passes(hass, camera, "STRANGER")
    assert (told["decision"], told["reasons"]) == ("deny", ["not_listed"])
    told = await passes(hass, camera, "XY987ZZ", list_name="allow")
    assert (told["decision"], told["reasons"]) == ("deny", ["blocked"])
    told = await passes(hass, camera, "AB123CD")
    assert (told["decision"], told["reasons"]) == ("open", ["allowed"])
    await camera.vehicle_passes("AB123CD", confidence=99)
    assert await commands(camera, 1) == ["open"]
    assert boom(camera).is_open


async def test_nothing_opens_while_the_register_is_closed(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Do not take a device's word while nobody knows whom the centre blocks."""
    await decide_by(hass, init_integration, **HOME_DECIDES)
    await looked_at(init_integration)
    await add(hass, "AB123CD", list="block")
    (centre,) = (
        entry for entry in hass.config_entries.async_entries(DOMAIN) if is_centre(entry)
    )
    assert await hass.config_entries.async_unload(centre.entry_id)
    passage = await passes(hass, camera, "AB123CD", list_name="allow")
    assert passage["decision"] == "deny"
    assert passage["reasons"] == ["register_closed"]
    assert boom(camera).commands == []


async def test_better_read_opens(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Open when a later read of the same passage is sure enough."""
    await decide_by(
        hass, init_integration, **HOME_DECIDES, channels={"1": {"min_confidence": 80}}
    )
    await add(hass, "AB123CD")
    told = await passes(hass, camera, "AB123CD", confidence=60)
    assert (told["decision"], told["reasons"]) == ("deny", ["confidence_too_low"])
    await camera.vehicle_passes("AB123CD", confidence=95)
    assert await commands(camera, 1) == ["open"]


async def test_late_read_opens_nothing(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Leave the gate alone for what the camera kept back."""
    await decide_by(hass, init_integration, **HOME_DECIDES)
    await add(hass, "AB123CD")
    async with expect_events(hass, EVENT_PASSAGE_RECOVERED) as events:
        await camera.vehicle_passes("AB123CD", retransmitted=True)
    assert (events[0].data["decision"], events[0].data["reasons"]) == ("none", ["late"])
    await passes(hass, camera, "STRANGER")
    assert await commands(camera, 0) == []


async def test_one_guest_once(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Let a guest in as often as he may come."""
    await decide_by(hass, init_integration, **HOME_DECIDES, merge_seconds=0)
    await add(hass, "AB123CD", uses=1)
    assert (await passes(hass, camera, "AB123CD"))["decision"] == "open"
    assert (await ask(hass, "get_plates"))["plates"][0]["uses"] == 0


async def test_wrong_area(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Keep a vehicle out of an area that is not its own."""
    await decide_by(
        hass, init_integration, **HOME_DECIDES, channels={"1": {"area": "Garage"}}
    )
    await add(hass, "AB123CD", areas=["Yard"])
    told = await passes(hass, camera, "AB123CD")
    assert told["decision"] == "deny"
    assert told["reasons"] == ["wrong_area", "not_listed"]


@pytest.fixture
def ready_seconds(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return how to choose the rest between two looks whether the device is ready."""
    return partial(monkeypatch.setattr, readiness, "READY_SECONDS")


def gate_answers(camera: SimulatedCamera) -> list[int]:
    """Return how the commands for the gate were answered, without a login too."""
    return [
        one.status
        for one in camera.requests
        if one.method == "PUT" and one.path.endswith("/barrierGate")
    ]


def login_checks(camera: SimulatedCamera, begun: int) -> int:
    """Return how often somebody logged in since so many requests, and did no more."""
    return sum(
        one.path.endswith("/userCheck") and one.status == 200
        for one in camera.requests[begun:]
    )


async def ready(camera: SimulatedCamera) -> None:
    """Wait until the camera was asked whether it is ready, from now on."""
    begun = len(camera.requests)
    async with asyncio.timeout(PATIENCE):
        while not login_checks(camera, begun):
            await asyncio.sleep(0.01)


async def test_command_goes_at_once(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    ready_seconds: Callable[[float], None],
) -> None:
    """Open with one request where the camera is ready, and with two where it forgot."""
    ready_seconds(0.05)
    await decide_by(hass, init_integration, **HOME_DECIDES, merge_seconds=0)
    await add(hass, "AB123CD")
    await add(hass, "CD456EF")
    await ready(camera)
    ready_seconds(3600)
    await asyncio.sleep(0.2)
    await passes(hass, camera, "AB123CD")
    assert await commands(camera, 1) == ["open"]
    assert gate_answers(camera) == [200]
    camera.guard.expire_nonces()
    await passes(hass, camera, "CD456EF")
    assert await commands(camera, 2) == ["open", "open"]
    assert gate_answers(camera) == [200, 401, 200]
    assert camera.guard.failures == 0


async def test_camera_that_decides_is_left_alone(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    ready_seconds: Callable[[float], None],
) -> None:
    """Keep nobody ready who is told nothing, until Home Assistant decides."""
    ready_seconds(0.05)
    await decide_by(hass, init_integration)
    begun = len(camera.requests)
    await asyncio.sleep(0.5)
    assert login_checks(camera, begun) == 0
    await choose(hass, "home_assistant")
    await ready(camera)


async def test_refused_command_is_shown(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    ready_seconds: Callable[[float], None],
) -> None:
    """Show that the gate did not open, send nothing again, and clear it in time."""
    ready_seconds(3600)
    await decide_by(hass, init_integration, **HOME_DECIDES, merge_seconds=0)
    await add(hass, "AB123CD")
    await add(hass, "CD456EF")
    issue = (DOMAIN, f"gate_not_opened_{init_integration.entry_id}_1")
    camera.faults.on(Fault.BUSY, times=1)
    await passes(hass, camera, "AB123CD")
    async with asyncio.timeout(PATIENCE):
        while issue not in ir.async_get(hass).issues:
            await asyncio.sleep(0.01)
    assert boom(camera).commands == []
    await passes(hass, camera, "CD456EF")
    assert await commands(camera, 1) == ["open"]
    await hass.async_block_till_done()
    assert issue not in ir.async_get(hass).issues


async def test_removed_device_leaves_no_issue(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Show nothing of a gate whose device is gone, but what others have."""
    boom(camera).control_mode = 0
    await decide_by(hass, init_integration, **HOME_DECIDES)
    await looked_at(init_integration)
    await add(hass, "AB123CD")
    issues = ir.async_get(hass).issues
    camera.faults.on(Fault.BUSY, times=1)
    await passes(hass, camera, "AB123CD")
    async with asyncio.timeout(PATIENCE):
        while (DOMAIN, f"gate_not_opened_{init_integration.entry_id}_1") not in issues:
            await asyncio.sleep(0.01)
    shown = [issue for _, issue in issues if init_integration.entry_id in issue]
    assert len(shown) == 2
    await hass.config_entries.async_remove(init_integration.entry_id)
    assert not [issue for _, issue in issues if init_integration.entry_id in issue]


async def test_camera_that_is_busy_during_the_setup(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Say that nothing was sent and why, and open as soon as the camera answers."""
    await add(hass, "AB123CD")
    busy = BusyError("The device is busy", path="/")
    with (
        patch.object(barriers, "LOOK_SECONDS", 0.01),
        patch.object(barriers, "async_find_barrier", side_effect=busy) as asked,
    ):
        await decide_by(hass, init_integration, **HOME_DECIDES)
        told = await passes(hass, camera, "AB123CD")
        assert (told["decision"], told["reasons"]) == (
            *("none", ["allowed", "barrier_unknown"]),
        )
        await written(hass)
        found = await ask(hass, "search_passages", plate="AB123CD")
        assert found["passages"][0]["reasons"] == told["reasons"]
        assert boom(camera).commands == []
        asked.side_effect = async_find_barrier
        await looked_at(init_integration)
    await camera.vehicle_passes("AB123CD", confidence=99)
    assert await commands(camera, 1) == ["open"]


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_decision_without_a_barrier(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Decide for automations that move something else."""
    await decide_by(hass, init_integration, **HOME_DECIDES)
    await add(hass, "AB123CD")
    assert (await passes(hass, camera, "AB123CD"))["decision"] == "open"


async def choose(hass: HomeAssistant, option: str) -> None:
    """Choose in Home Assistant who opens the gate."""
    (entity_id,) = hass.states.async_entity_ids("select")
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": entity_id, "option": option},
        blocking=True,
    )
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state == option


async def test_choice_counts_at_once(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Decide from the next passage on, without a reload."""
    coordinator = init_integration.runtime_data
    await add(hass, "AB123CD")
    await choose(hass, "home_assistant")
    assert (await passes(hass, camera, "AB123CD"))["decision"] == "open"
    assert init_integration.runtime_data is coordinator
    assert init_integration.options["gate_control"] == "home_assistant"


async def test_choice_for_one_of_several_channels(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Leave the other channels as they are."""
    init_integration.runtime_data.data[2] = ChannelState()
    await choose(hass, "mixed")
    assert init_integration.options["channels"] == {"1": {"gate_control": "mixed"}}


@pytest.mark.parametrize(
    ("domain", "state", "features", "action"),
    [
        ("cover", "closed", 3, "open_cover"),
        ("lock", "locked", 0, "unlock"),
        ("switch", "off", 0, "turn_on"),
        ("button", "unknown", 0, "press"),
        ("script", "off", 0, "turn_on"),
    ],
)
async def test_any_entity_opens(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    domain: str,
    state: str,
    features: int,
    action: str,
) -> None:
    """Open what the user chose, by a decision and by hand."""
    hass.states.async_set(f"{domain}.gate", state, {"supported_features": features})
    calls = async_mock_service(hass, domain, action)
    await decide_by(
        hass,
        init_integration,
        **HOME_DECIDES,
        channels={"1": {"barrier": "entity", "barrier_entity": f"{domain}.gate"}},
    )
    await add(hass, "AB123CD")
    await passes(hass, camera, "AB123CD")
    assert [call.data["entity_id"] for call in calls] == [f"{domain}.gate"]
    assert boom(camera).commands == []


async def test_gate_that_opened_is_shown_open(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Look where the barrier is after a decision as after a command by hand."""
    await decide_by(hass, init_integration, **HOME_DECIDES)
    await looked_at(init_integration)
    await add(hass, "AB123CD")
    with patch.object(cover, "LOOK_SECONDS", (0.01, 0.01)):
        await passes(hass, camera, "AB123CD")
        (gate,) = hass.states.async_all("cover")
        async with asyncio.timeout(PATIENCE):
            while hass.states.get(gate.entity_id) == gate:
                await asyncio.sleep(0.01)
    assert gate.state == "closed"
    assert hass.states.get(gate.entity_id).state == "open"  # type: ignore[union-attr]


async def test_entity_that_is_away(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show that the gate did not open."""
    await decide_by(
        hass,
        init_integration,
        **HOME_DECIDES,
        channels={"1": {"barrier": "entity", "barrier_entity": "switch.gate"}},
    )
    await add(hass, "AB123CD")
    await passes(hass, camera, "AB123CD")
    issue = (DOMAIN, f"gate_not_opened_{init_integration.entry_id}_1")
    assert issue in ir.async_get(hass).issues


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_lock(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Lock and unlock the barrier, and show what was taken."""
    (entity_id,) = hass.states.async_entity_ids("lock")
    for action, expected in (("lock", "locked"), ("unlock", "unlocked")):
        await hass.services.async_call(
            "lock", action, {"entity_id": entity_id}, blocking=True
        )
        state = hass.states.get(entity_id)
        assert state is not None
        assert state.state == expected
    assert boom(camera).commands == ["lock", "unlock"]
    camera.faults.on(Fault.BUSY, times=1)
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            "lock", "lock", {"entity_id": entity_id}, blocking=True
        )
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state == "unlocked"


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_hold_open(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Hold the output, through pulses, until it is let go."""
    await decide_by(
        hass,
        init_integration,
        **HOME_DECIDES,
        channels={"1": {"barrier": "output_1", "pulse_seconds": 0.01}},
    )
    await add(hass, "AB123CD")
    (entity_id,) = (
        one
        for one in hass.states.async_entity_ids("switch")
        if one.endswith("hold_the_gate_open")
    )
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": entity_id}, blocking=True
    )
    assert camera.device.outputs[1] is True
    await passes(hass, camera, "AB123CD")
    await asyncio.sleep(0.05)
    assert camera.device.outputs[1] is True
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": entity_id}, blocking=True
    )
    async with asyncio.timeout(PATIENCE):
        while camera.device.outputs[1]:
            await asyncio.sleep(0.01)
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state == "off"


@pytest.mark.parametrize(
    ("control_mode", "chosen", "is_shown"),
    [
        (0, "home_assistant", True),
        (2, "home_assistant", True),
        (1, "home_assistant", False),
        (0, "mixed", False),
        (0, "camera", False),
    ],
)
async def test_camera_that_opens_too(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    control_mode: int,
    chosen: str,
    is_shown: bool,
) -> None:
    """Show that the camera opens by itself where it should not, until it is changed."""
    boom(camera).control_mode = control_mode
    await decide_by(hass, init_integration, gate_control=chosen)
    await looked_at(init_integration)
    issue = (DOMAIN, f"camera_opens_too_{init_integration.entry_id}")
    assert (issue in ir.async_get(hass).issues) is is_shown
    await choose(hass, "mixed")
    assert issue not in ir.async_get(hass).issues


LISTED = replace(ENTRANCE, linked_outputs={"whiteList": 1})
RELAY = {"channels": {"1": {"barrier": "output_1"}}}


@pytest.mark.parametrize(
    ("camera_profile", "chosen", "is_shown"),
    [
        (LISTED, {"gate_control": "home_assistant"}, True),
        (LISTED, {"gate_control": "mixed"}, False),
        (LISTED, {"gate_control": "camera"}, False),
        (ENTRANCE, {"gate_control": "home_assistant"}, False),
        (DS_2CD4A26, {"gate_control": "mixed", **RELAY}, True),
        (DS_2CD4A26, {"gate_control": "home_assistant", **RELAY}, True),
        (DS_2CD4A26, {"gate_control": "home_assistant"}, False),
        (
            replace(DS_2CD4A26, outputs=2, linked_outputs={"vehicledetection": 2}),
            {"gate_control": "home_assistant", **RELAY},
            False,
        ),
    ],
    indirect=["camera_profile"],
)
async def test_output_that_opens_too(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    chosen: dict[str, Any],
    is_shown: bool,
) -> None:
    """Show an output that the camera switches by itself, where it may open the gate."""
    await decide_by(hass, init_integration, **chosen)
    await looked_at(init_integration)
    issue = (DOMAIN, f"output_opens_too_{init_integration.entry_id}")
    assert (issue in ir.async_get(hass).issues) is is_shown


@pytest.mark.parametrize("camera_profile", [LISTED], indirect=True)
async def test_output_that_is_unlinked(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Take the warning back when the device was looked at again."""
    await decide_by(hass, init_integration, **HOME_DECIDES)
    await looked_at(init_integration)
    issues = ir.async_get(hass)
    issue = (DOMAIN, f"output_opens_too_{init_integration.entry_id}")
    placeholders = issues.issues[issue].translation_placeholders
    assert placeholders
    assert placeholders["outputs"] == "1"
    await add(hass, "AB123CD", device_id=device_of(init_integration))
    await passes(hass, camera, "AB123CD")
    assert camera.device.outputs == {1: True}
    body = b"<EventTrigger><id>whiteList-1</id></EventTrigger>"
    camera.device.configuration.put(f"{TRIGGERS}/whiteList-1", body, "EventTrigger")
    await init_integration.runtime_data.watch.async_check()
    assert issue not in issues.issues


def device_of(entry: MockConfigEntry) -> str:
    """Return the camera's device."""
    device_id: str = entry.runtime_data.channels.followed[1].device_id
    return device_id
