"""Describe passages and overstays in the logbook."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from homeassistant.components.logbook import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .const import DOMAIN, EVENT_OVERSTAY, EVENT_PASSAGE

type Describe = Callable[[Event], dict[str, str]]

NAME: Final = "Hikvision ANPR"
_LISTS: Final = {"allow": "on the allow list", "block": "on the block list"}
_DECISIONS: Final = {
    "open": "may pass",
    "deny": "may not pass",
}
_REASONS: Final = {
    "ambiguous_plate": "the plate fits several vehicles",
    "barrier_unknown": "nothing was sent, as the camera was too busy to say whether it "
    "has a barrier",
    "camera_opens": "the camera opens the gate itself",
    "confidence_too_low": "the read was not sure enough",
    "cool_down": "it was already let through a moment before",
    "more_reads_needed": "more reads are needed",
    "no_longer_valid": "its time is over",
    "not_yet_valid": "its time is yet to come",
    "outside_hours": "it came outside its hours",
    "register_closed": "the known vehicles are not loaded",
    "used_up": "its entries are used up",
    "wrong_area": "it may not enter this area",
    "wrong_direction": "it drove away",
}
"""What is said of why; other reasons are in what is told of the vehicle and its list."""


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]
) -> None:
    """Describe passages and overstays.

    Home Assistant's logbook takes texts as they are: it has no translations.
    """

    @callback
    def describe_passage(event: Event) -> dict[str, str]:
        """Tell who passed which camera."""
        device = dr.async_get(hass).async_get(event.data.get("device_id", ""))
        name = (device.name_by_user or device.name) if device else None
        return _entry(name, f"read {_passage(event.data)}")

    @callback
    def describe_overstay(event: Event) -> dict[str, str]:
        """Tell who stays too long, and where."""
        area = event.data.get("area") or None
        return _entry(area, f"{_vehicle(event.data)} stays longer than is allowed")

    async_describe_event(DOMAIN, EVENT_PASSAGE, describe_passage)
    async_describe_event(DOMAIN, EVENT_OVERSTAY, describe_overstay)


def _entry(name: str | None, message: str) -> dict[str, str]:
    """Return an entry of the logbook."""
    return {LOGBOOK_ENTRY_NAME: name or NAME, LOGBOOK_ENTRY_MESSAGE: message}


def _passage(passage: Mapping[str, Any]) -> str:
    """Return a passage as one would tell of it."""
    parts = (
        _vehicle(passage),
        _LISTS.get(passage.get("list", "")),
        _DECISIONS.get(passage.get("decision", "")),
        _why(passage.get("reasons") or ()),
    )
    return ", ".join(filter(None, parts))


def _why(reasons: Iterable[str]) -> str:
    """Return why it was decided so."""
    if _REASONS.keys().isdisjoint(reasons):
        return "on no list" if "not_listed" in reasons else ""
    return " and ".join(_REASONS[one] for one in reasons if one in _REASONS)


def _vehicle(data: Mapping[str, Any]) -> str:
    """Return a vehicle by its plate and its name."""
    plate = data.get("plate") or "a vehicle without a readable plate"
    name = data.get("vehicle_name")
    return f"{plate} ({name})" if name else str(plate)
