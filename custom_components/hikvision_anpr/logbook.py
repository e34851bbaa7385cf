"""Tell in the logbook who passed, and what was decided."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.components.logbook import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .const import DOMAIN, EVENT_OVERSTAY, EVENT_PASSAGE

type Describe = Callable[[Event], dict[str, str]]

NAME: Final = "Hikvision ANPR"
_LISTS: Final = {"allow": "on the allow list", "block": "on the block list"}
_DECISIONS: Final = {"open": "the gate was opened", "deny": "the gate stayed shut"}


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
    )
    return ", ".join(filter(None, parts))


def _vehicle(data: Mapping[str, Any]) -> str:
    """Return a vehicle by its plate and its name."""
    plate = data.get("plate") or "a vehicle without a readable plate"
    name = data.get("vehicle_name")
    return f"{plate} ({name})" if name else str(plate)
