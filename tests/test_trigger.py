"""Test triggering automations on vehicles that pass."""

from typing import Any

from homeassistant.components import automation
from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.helpers.trigger import TriggerConfig
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.hikvision_anpr.const import (
    DOMAIN,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.trigger import async_get_triggers
from simulator.camera import SimulatedCamera

from .waiting import expect_events

TRIGGER = f"{DOMAIN}.passage"
PASSED: dict[str, Any] = {
    "passage_id": "01J",
    "plate": "AB-12O CD",
    "list": "allow",
    "direction": "forward",
    "lane": 1,
    "confidence": 90,
    "device_id": "gate",
}


@pytest.fixture
def calls(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what the automation did."""
    return async_mock_service(hass, "test", "automation")


async def automate(hass: HomeAssistant, *cases: dict[str, Any] | None) -> bool:
    """Make an automation on passages for each case, the options of a trigger."""
    automations = []
    for number, options in enumerate(cases):
        trigger: dict[str, Any] = {"trigger": TRIGGER}
        if options is not None:
            trigger["options"] = options
        data = {"plate": "{{ trigger.plate }}", "number": number}
        action = {"action": "test.automation", "data": data}
        automations.append({"triggers": [trigger], "actions": action})
    return await async_setup_component(
        hass, automation.DOMAIN, {automation.DOMAIN: automations}
    )


FITTING: tuple[tuple[dict[str, Any] | None, bool], ...] = (
    (None, True),
    ({}, True),
    ({"plate": "AB12OCD"}, True),
    ({"plate": "ab 120 cd"}, True),
    ({"plate": ["XY1", "AB120CD"]}, True),
    ({"plate": "ÄB12OCÉ"}, False),
    ({"plate": "ÄB12OCD"}, True),
    ({"plate": "АВ*"}, True),
    ({"plate": "AB*"}, True),
    ({"plate": "A?120CD"}, True),
    ({"plate": "*"}, True),
    ({"plate": "B*"}, False),
    ({"plate": "AB120C"}, False),
    ({"list": ["allow", "block"]}, True),
    ({"list": "none"}, False),
    ({"direction": "forward"}, True),
    ({"direction": ["reverse"]}, False),
    ({"lane": 1}, True),
    ({"lane": [2, 3]}, False),
    ({"min_confidence": 90}, True),
    ({"min_confidence": 90.5}, False),
    ({"device_id": "gate"}, True),
    ({"device_id": ["yard"]}, False),
    ({"list": "allow", "direction": "reverse"}, False),
)
"""Options of a trigger, and whether the passage fits."""


async def test_passage_that_fits(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    calls: list[ServiceCall],
    subtests: pytest.Subtests,
) -> None:
    """Act on a passage if all that is set fits, and with its facts."""
    assert await automate(hass, *(options for options, _ in FITTING))
    hass.bus.async_fire(EVENT_PASSAGE, PASSED)
    await hass.async_block_till_done()
    assert {call.data["plate"] for call in calls} == {"AB-12O CD"}
    fired = {call.data["number"] for call in calls}
    for number, (options, fires) in enumerate(FITTING):
        with subtests.test(options=options):
            assert (number in fired) is fires


@pytest.mark.parametrize(
    ("options", "fires"),
    [({}, True), ({"plate": "*"}, False), ({"min_confidence": 1}, False)],
)
async def test_passage_without_plate(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    calls: list[ServiceCall],
    options: dict[str, Any],
    fires: bool,
) -> None:
    """Take a vehicle whose plate could not be read for what it is."""
    assert await automate(hass, options)
    unreadable = {**PASSED, "plate": None, "confidence": None, "list": "none"}
    hass.bus.async_fire(EVENT_PASSAGE, unreadable)
    await hass.async_block_till_done()
    assert len(calls) == fires


async def test_camera_triggers_once_also_after_a_reload(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    calls: list[ServiceCall],
) -> None:
    """Go on when the device is reloaded, and do nothing for what came late."""
    assert await automate(hass, {"plate": ["AB123CD", "CD456EF"]})
    await hass.config_entries.async_reload(init_integration.entry_id)
    await camera.wait_for_stream()
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    async with expect_events(hass, EVENT_PASSAGE_RECOVERED):
        await camera.vehicle_passes("CD456EF", retransmitted=True)
    assert len(calls) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"plate": ""},
        {"plate": "--"},
        {"list": "guests"},
        {"direction": "up"},
        {"lane": -1},
        {"min_confidence": 101},
        {"colour": "red"},
    ],
)
async def test_bad_options_are_refused(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    calls: list[ServiceCall],
    options: dict[str, Any],
) -> None:
    """Refuse what can never fit, when the automation is saved."""
    await automate(hass, options)
    hass.bus.async_fire(EVENT_PASSAGE, PASSED)
    await hass.async_block_till_done()
    assert calls == []
    (state,) = hass.states.async_all(automation.DOMAIN)
    assert state.state == "unavailable"


async def test_reason_is_told_for_the_trace(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Say which option a passage did not fit."""
    reasons: list[str] = []
    trigger_class = (await async_get_triggers(hass))["passage"]
    config = await trigger_class.async_validate_config(
        hass, {"options": {"list": "block"}}
    )
    trigger = trigger_class(
        hass, TriggerConfig(key=TRIGGER, target=None, options=config["options"])
    )
    remove = await trigger.async_attach_runner(
        lambda *args: pytest.fail("It was triggered"),
        lambda info, context=None: reasons.append(info.reason),
    )
    hass.bus.async_fire(EVENT_PASSAGE, PASSED, context=Context())
    await hass.async_block_till_done()
    remove()
    hass.bus.async_fire(EVENT_PASSAGE, PASSED)
    await hass.async_block_till_done()
    assert reasons == ["list does not fit"]
