"""Test asking in automations what is known of a vehicle."""

from typing import Any

from homeassistant.components import automation
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.hikvision_anpr.condition import async_get_conditions
from custom_components.hikvision_anpr.const import DOMAIN

from .registry import add, ask as start

IS_LISTED = f"{DOMAIN}.is_listed"
IS_INSIDE = f"{DOMAIN}.is_inside"


@pytest.fixture
def calls(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what the automation did."""
    return async_mock_service(hass, "test", "automation")


def asking(
    options: dict[str, Any] | None, asks: str = IS_LISTED, event: str = "test"
) -> dict[str, Any]:
    """Return an automation that asks on an event."""
    condition: dict[str, Any] = {"condition": asks}
    if options is not None:
        condition["options"] = options
    return {
        "triggers": [
            {"trigger": "event", "event_type": event, "event_data": {}},
        ],
        "variables": {"read": "{{ trigger.event.data.plate }}"},
        "conditions": [condition],
        "actions": {"action": "test.automation"},
    }


async def automate(
    hass: HomeAssistant, options: dict[str, Any] | None, asks: str = IS_LISTED
) -> None:
    """Make an automation that asks."""
    await set_up(hass, asking(options, asks))


async def set_up(hass: HomeAssistant, *automations: dict[str, Any]) -> None:
    """Make automations."""
    content = {automation.DOMAIN: list(automations)}
    assert await async_setup_component(hass, automation.DOMAIN, content)
    await hass.async_block_till_done()


async def ask(hass: HomeAssistant, plate: str | None, event: str = "test") -> None:
    """Let the automation ask for a plate."""
    hass.bus.async_fire(event, {"plate": plate})
    await hass.async_block_till_done()


type Questions = tuple[tuple[dict[str, Any], str | None, bool], ...]


async def ask_all(
    hass: HomeAssistant,
    condition: str,
    questions: Questions,
    calls: list[ServiceCall],
    subtests: pytest.Subtests,
) -> None:
    """Let an automation with each of several options ask, and compare the answers."""
    automations = (
        asking({"plate": "{{ read }}", **options}, condition, f"test_{number}")
        for number, (options, _, _) in enumerate(questions)
    )
    await set_up(hass, *automations)
    for number, (options, plate, expected) in enumerate(questions):
        with subtests.test(options=options, plate=plate):
            calls.clear()
            await ask(hass, plate, f"test_{number}")
            assert bool(calls) is expected


LISTED: Questions = (
    ({}, "ab 123 cd", True),
    ({}, "A8123CD", True),
    ({}, "BL0CK", False),
    ({}, "EXPIRED", False),
    ({}, "STRANGER", False),
    ({}, None, False),
    ({"list": ["block", "none"]}, "BLOCK", True),
    ({"list": "none"}, "EXPIRED", True),
    ({"list": "none"}, "STRANGER", True),
    ({"list": "none"}, None, True),
    ({"list": "none"}, "AB123CD", False),
)


async def test_is_listed(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    calls: list[ServiceCall],
    subtests: pytest.Subtests,
) -> None:
    """Look the vehicle up as it is just now."""
    await add(hass, "AB-123-CD")
    await add(hass, "BLOCK", list="block")
    await add(hass, "EXPIRED", valid_to="2020-01-01")
    await ask_all(hass, IS_LISTED, LISTED, calls, subtests)


async def test_plate_of_the_trigger(
    hass: HomeAssistant, init_integration: MockConfigEntry, calls: list[ServiceCall]
) -> None:
    """Ask for the vehicle that passed where no plate is given."""
    await add(hass, "AB-123-CD")
    content = {
        "triggers": [{"trigger": f"{DOMAIN}.passage"}],
        "conditions": [{"condition": IS_LISTED}],
        "actions": {"action": "test.automation"},
    }
    assert await async_setup_component(hass, "automation", {automation.DOMAIN: content})
    for plate in ("STRANGER", "AB123CD"):
        hass.bus.async_fire(f"{DOMAIN}_passage", {"plate": plate})
        await hass.async_block_till_done()
    assert len(calls) == 1


async def test_broken_template(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    calls: list[ServiceCall],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Say what is wrong with a template, and do nothing."""
    await automate(hass, {"plate": "{{ 1 / 0 }}"})
    await ask(hass, "AB123CD")
    assert calls == []
    assert "division by zero" in caplog.text


async def test_centre_is_closed(
    hass: HomeAssistant, calls: list[ServiceCall], caplog: pytest.LogCaptureFixture
) -> None:
    """Say that nothing is known, and do nothing."""
    await automate(hass, {"plate": "AB123CD"})
    await ask(hass, "AB123CD")
    assert calls == []
    assert "the ANPR centre is not open" in caplog.text


@pytest.mark.parametrize("options", [{"list": "white"}, {"plate": "{{ broken"}])
async def test_wrong_options(
    hass: HomeAssistant, calls: list[ServiceCall], options: dict[str, Any]
) -> None:
    """Refuse what can never be, when the automation is saved."""
    await automate(hass, options)
    (state,) = hass.states.async_all(automation.DOMAIN)
    assert state.state == "unavailable"


async def test_conditions_are_offered(hass: HomeAssistant) -> None:
    """Offer the condition to the editor."""
    assert set(await async_get_conditions(hass)) == {"is_inside", "is_listed"}


INSIDE: Questions = (
    ({}, "ab 123 cd", True),
    ({"area": "Yard"}, "AB123CD", True),
    ({"area": "Garage"}, "AB123CD", False),
    ({}, "STRANGER", False),
    ({}, None, False),
)


async def test_is_inside(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    calls: list[ServiceCall],
    subtests: pytest.Subtests,
) -> None:
    """Tell whether a vehicle is in an area."""
    await start(hass, "start_visit", area="Yard", plate="AB-123-CD")
    await ask_all(hass, IS_INSIDE, INSIDE, calls, subtests)


async def test_nobody_knows_who_is_inside(
    hass: HomeAssistant, calls: list[ServiceCall], caplog: pytest.LogCaptureFixture
) -> None:
    """Say that nothing is known, and do nothing."""
    await automate(hass, {"plate": "AB123CD"}, IS_INSIDE)
    await ask(hass, "AB123CD")
    assert calls == []
    assert "the ANPR centre is not open" in caplog.text
