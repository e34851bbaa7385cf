"""Test what the logbook tells."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import EVENT_OVERSTAY, EVENT_PASSAGE
from custom_components.hikvision_anpr.logbook import async_describe_events

PASSAGE = {"plate": "AB123CD", "vehicle_name": None, "list": "none", "decision": "none"}


def told(hass: HomeAssistant, event_type: str, **data: object) -> dict[str, str]:
    """Return the entry of an event."""
    described: dict[str, Callable[[Event[Any]], dict[str, str]]] = {}

    def take(
        domain: str, name: str, describe: Callable[[Event[Any]], dict[str, str]]
    ) -> None:
        described[name] = describe

    async_describe_events(hass, take)
    return described[event_type](Event(event_type, dict(data)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "read AB123CD"),
        ({"plate": None}, "read a vehicle without a readable plate"),
        (
            {"vehicle_name": "Van", "list": "allow", "decision": "open"},
            "read AB123CD (Van), on the allow list, may pass",
        ),
        (
            {"list": "block", "decision": "deny"},
            "read AB123CD, on the block list, may not pass",
        ),
        (
            {"decision": "deny", "reasons": ["not_listed"]},
            "read AB123CD, may not pass, on no list",
        ),
        (
            {
                "decision": "deny",
                "reasons": ["outside_hours", "not_listed", "wrong_direction"],
            },
            "read AB123CD, may not pass, it came outside its hours and it drove away",
        ),
        (
            {"list": "allow", "reasons": ["allowed", "cool_down"]},
            "read AB123CD, on the allow list, it was already let through a moment before",
        ),
        (
            {"list": "allow", "reasons": ["allowed", "barrier_unknown"]},
            "read AB123CD, on the allow list, nothing was sent, as the camera was too "
            "busy to say whether it has a barrier",
        ),
    ],
)
async def test_passages(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    changes: dict[str, object],
    message: str,
) -> None:
    """Tell who passed which camera, and what was decided."""
    followed = init_integration.runtime_data.channels.followed[1]
    data = PASSAGE | changes | {"device_id": followed.device_id}
    entry = told(hass, EVENT_PASSAGE, **data)
    assert entry == {"name": init_integration.title, "message": message}


async def test_passage_of_a_device_that_is_gone(hass: HomeAssistant) -> None:
    """Tell of it all the same."""
    entry = told(hass, EVENT_PASSAGE, **PASSAGE, device_id="gone")
    assert entry["name"] == "Hikvision ANPR"


async def test_overstay(hass: HomeAssistant) -> None:
    """Tell who stays too long, and where."""
    entry = told(hass, EVENT_OVERSTAY, area="Yard", plate="AB123CD", vehicle_name="Van")
    assert entry == {
        "name": "Yard",
        "message": "AB123CD (Van) stays longer than is allowed",
    }
