"""Provide actions to read and correct visits."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .archive.errors import SearchError
from .centre import async_get_centre, open_archive, open_car_park
from .const import DOMAIN
from .exceptions import archive_error, centre_errors_told
from .intake.passage import normalize_plate
from .parking.car_park import CarPark
from .parking.visit import Movement, Visit
from .parking.visit_store import VisitQuery, find_visits
from .parking_areas import area_names
from .vehicles.typed_plate import typed_plate

SERVICE_GET_VISITS: Final = "get_visits"
SERVICE_START_VISIT: Final = "start_visit"
SERVICE_END_VISIT: Final = "end_visit"
SERVICE_CORRECT_VISIT: Final = "correct_visit"
SERVICE_SET_OCCUPANCY: Final = "set_occupancy"

MOST_VISITS: Final = 1000
MOST_INSIDE: Final = 100_000
AHEAD: Final = timedelta(minutes=1)
"""How far the clock of a user may be ahead of ours."""

_AREAS: Final = vol.All(cv.ensure_list, [cv.string])
VISITS: Final[dict[Any, Any]] = {
    vol.Optional("area"): _AREAS,
    vol.Optional("plate"): cv.string,
    vol.Optional("inside"): cv.boolean,
    vol.Optional("unmatched"): cv.boolean,
    vol.Optional("start"): cv.datetime,
    vol.Optional("end"): cv.datetime,
    vol.Optional("limit", default=100): vol.All(
        vol.Coerce(int), vol.Range(1, MOST_VISITS)
    ),
}
START: Final[dict[Any, Any]] = {
    vol.Required("area"): cv.string,
    vol.Optional("plate"): typed_plate,
    vol.Optional("entered_at"): cv.datetime,
}
END: Final[dict[Any, Any]] = {
    vol.Required("visit_id"): cv.string,
    vol.Optional("left_at"): cv.datetime,
}
CORRECT: Final[dict[Any, Any]] = {
    vol.Required("visit_id"): cv.string,
    vol.Optional("plate"): typed_plate,
    vol.Optional("entered_at"): cv.datetime,
    vol.Optional("left_at"): cv.datetime,
    vol.Optional("exit_visit_id"): cv.string,
}
SET: Final[dict[Any, Any]] = {
    vol.Required("area"): cv.string,
    vol.Required("count"): vol.All(vol.Coerce(int), vol.Range(0, MOST_INSIDE)),
}

type Data = Mapping[str, Any]
type Answer = Callable[[HomeAssistant, Data], Awaitable[dict[str, Any]]]


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what puts things right is for administrators."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_VISITS,
        _action(async_visits),
        _schema(VISITS),
        SupportsResponse.ONLY,
    )
    changes: tuple[tuple[str, Answer, dict[Any, Any]], ...] = (
        (SERVICE_START_VISIT, async_start, START),
        (SERVICE_END_VISIT, async_end, END),
        (SERVICE_CORRECT_VISIT, async_correct, CORRECT),
        (SERVICE_SET_OCCUPANCY, async_set, SET),
    )
    for name, answer, fields in changes:
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            _action(answer),
            _schema(fields),
            supports_response=SupportsResponse.OPTIONAL,
        )


def _schema(fields: dict[Any, Any]) -> Any:
    """Return a schema; Home Assistant types those as of its own engine."""
    return vol.Schema(fields)


def _action(
    answer: Answer,
) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    """Return the action that answers its call."""

    async def action(call: ServiceCall) -> ServiceResponse:
        return await answer(call.hass, call.data)

    return action


async def async_visits(hass: HomeAssistant, data: Data) -> dict[str, Any]:
    """Answer visits, the latest first."""
    query = VisitQuery(
        areas=tuple(data.get("area", ())),
        plates=_kept_as(hass, data["plate"]) if "plate" in data else (),
        inside=data.get("inside"),
        unmatched=data.get("unmatched"),
        start=_utc(data.get("start")),
        end=_utc(data.get("end")),
        limit=data["limit"],
    )
    if query.start and query.end and query.start >= query.end:
        raise archive_error(SearchError("time_range_reversed"))
    with centre_errors_told():
        visits = await open_car_park(hass).async_read(lambda c: find_visits(c, query))
    now = dt_util.utcnow()
    told: list[Any] = [visit.as_dict(now) for visit in visits]
    return {"visits": told}


async def async_start(hass: HomeAssistant, data: Data) -> dict[str, Any]:
    """Begin a visit that nobody saw."""
    now = dt_util.utcnow()
    car_park = open_car_park(hass)
    movement = Movement(
        area=_area(hass, car_park, data["area"]),
        at=_past(data.get("entered_at")) or now,
        **_vehicle(hass, data.get("plate")),
    )
    visit = car_park.async_start(movement)
    told: dict[str, Any] = visit.as_dict(now)
    return {"visit": told}


async def async_end(hass: HomeAssistant, data: Data) -> dict[str, Any]:
    """End a visit whose exit nobody saw."""
    now = dt_util.utcnow()
    car_park = open_car_park(hass)
    found = car_park.find(data["visit_id"])
    if found is None or found.closed_by is not None:
        raise _error("visit_not_found")
    left_at = _past(data.get("left_at")) or now
    _check(replace(found, left_at=left_at))
    visit = car_park.async_end(found.visit_id, left_at) or found
    told: dict[str, Any] = visit.as_dict(now)
    return {"visit": told}


async def async_correct(hass: HomeAssistant, data: Data) -> dict[str, Any]:
    """Put a visit right, or make one of an entry and an exit that stand alone."""
    car_park = open_car_park(hass)
    visit = _corrected(hass, data, _visit(car_park, data["visit_id"]))
    if "exit_visit_id" in data:
        left = _visit(car_park, data["exit_visit_id"])
        if left.entered_at or visit.left_at or left.area != visit.area:
            raise _error("visits_not_one")
        _check(replace(visit, left_at=left.left_at))
        visit = car_park.async_join(visit, left)
    else:
        _check(visit)
        car_park.async_correct(visit)
    told: dict[str, Any] = visit.as_dict(dt_util.utcnow())
    return {"visit": told}


def _corrected(hass: HomeAssistant, data: Data, visit: Visit) -> Visit:
    """Return a visit with what somebody knows better of it."""
    if "plate" in data:
        visit = replace(visit, **_vehicle(hass, data["plate"]))
    is_over = visit.closed_by is not None or "left_at" in data
    return replace(
        visit,
        entered_at=_past(data.get("entered_at")) or visit.entered_at,
        left_at=_past(data.get("left_at")) or visit.left_at,
        closed_by="hand" if is_over else None,
    )


def _check(visit: Visit) -> None:
    """Raise ServiceValidationError for a visit that ends before it begins."""
    if visit.entered_at and visit.left_at and visit.left_at < visit.entered_at:
        raise _error("visit_times_reversed")


def _visit(car_park: CarPark, visit_id: str) -> Visit:
    """Return a visit. Raises ServiceValidationError."""
    if visit := car_park.find(visit_id):
        return visit
    raise _error("visit_unknown")


def _area(hass: HomeAssistant, car_park: CarPark, name: str) -> str:
    """Return an area where somebody can be. Raises ServiceValidationError.

    Where none is set up, any name is one.
    """
    known = area_names(hass)
    if not (name and known) or name in known or car_park.inside(name):
        return name
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="area_unknown",
        translation_placeholders={"area": name, "areas": ", ".join(known)},
    )


def _vehicle(hass: HomeAssistant, plate: str | None) -> dict[str, Any]:
    """Return what a visit holds of the vehicle with a plate."""
    registry = async_get_centre(hass).vehicles
    found = registry.find(plate).vehicle if registry else None
    return {
        "plate": (normalize_plate(plate) or None) if plate else None,
        "vehicle_name": found.name if found else None,
        "list": found.list if found else "none",
    }


def _error(key: str) -> ServiceValidationError:
    """Return what tells a user why a visit stays as it is."""
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)


async def async_set(hass: HomeAssistant, data: Data) -> dict[str, Any]:
    """Let so many be inside."""
    car_park = open_car_park(hass)
    area = _area(hass, car_park, data["area"])
    changed = car_park.async_set_count(area, data["count"])
    return {"count": len(car_park.inside(area)), "changed": changed}


def _kept_as(hass: HomeAssistant, plate: str) -> tuple[str, ...]:
    """Return what a plate is kept as."""
    return open_archive(hass).names_of(normalize_plate(plate))


def _past(moment: datetime | None) -> datetime | None:
    """Return a time in UTC. Raises ServiceValidationError for one that has not come."""
    at = _utc(moment)
    if at and at > dt_util.utcnow() + AHEAD:
        raise _error("visit_in_future")
    return at


def _utc(moment: datetime | None) -> datetime | None:
    """Return a time in UTC; one without a zone is local."""
    return dt_util.as_utc(moment) if moment else None
