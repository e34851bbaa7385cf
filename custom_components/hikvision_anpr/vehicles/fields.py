"""Validate a vehicle from users, automations and WebSocket clients."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .typed_plate import typed_plate
from .vehicle import TEXTS, Vehicle
from .week import week_of

LISTS: Final = ("allow", "block", "none")
MOST_USES: Final = 1000


def moment(*, is_end: bool) -> Callable[[Any], datetime]:
    """Return what reads a time; a day alone is the whole day, in the home's zone."""

    def read(value: Any) -> datetime:
        """Return a time with its zone. Raises vol.Invalid."""
        if isinstance(value, str) and (day := dt_util.parse_date(value.strip())):
            value = day
        if isinstance(value, date) and not isinstance(value, datetime):
            last = value + timedelta(days=1) if is_end else value
            value = datetime.combine(last, time())
        return dt_util.as_utc(cv.datetime(value))

    return read


def _text(value: Any) -> str | None:
    """Return a text without blanks around it, None for an empty one."""
    return cv.string(value).strip() or None


_CHANGES: Final[dict[Any, Any]] = {
    vol.Optional("list"): vol.In(LISTS),
    vol.Optional("vehicle_name"): vol.Maybe(_text),
    vol.Optional("name"): vol.Maybe(_text),
    **{
        vol.Optional(name): vol.Maybe(_text)
        for name in ("owner", "group", "card_id", "color", "note")
    },
    vol.Optional("areas"): vol.All(cv.ensure_list, [cv.string]),
    vol.Optional("valid_from"): vol.Maybe(moment(is_end=False)),
    vol.Optional("valid_to"): vol.Maybe(moment(is_end=True)),
    vol.Optional("week"): vol.Maybe({cv.string: [{cv.string: cv.string}]}),
    vol.Optional("uses"): vol.Maybe(vol.All(vol.Coerce(int), vol.Range(0, MOST_USES))),
}
VEHICLE_FIELDS: Final[dict[Any, Any]] = {vol.Required("plate"): typed_plate, **_CHANGES}


def changed(vehicle: Vehicle, data: Mapping[str, Any]) -> Vehicle:
    """Return a vehicle with the fields that were sent; the others stay as they are.

    `name` is another word for `vehicle_name`. Raises VehicleError.
    """
    values: dict[str, Any] = {
        name: data[name]
        for name in ("plate", "list", "valid_from", "valid_to", "uses", *TEXTS)
        if name in data
    }
    if "vehicle_name" in data:
        values["name"] = data["vehicle_name"]
    if "areas" in data:
        values["areas"] = tuple(dict.fromkeys(filter(None, data["areas"])))
    if "week" in data:
        values["week"] = week_of(data["week"] or {})
    return replace(vehicle, **values)
