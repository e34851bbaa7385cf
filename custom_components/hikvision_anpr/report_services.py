"""Provide an action for the daily report."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.util import dt as dt_util
from sqlalchemy import Connection
import voluptuous as vol

from .archive.wording import Wording
from .centre import open_archive, open_car_park
from .const import DOMAIN
from .exceptions import centre_errors_told
from .parking.daily_report import Day, sum_lanes, sum_visits
from .parking.report_text import report_text
from .parking.visit_store import VisitQuery, find_visits
from .passage_wording import READER, async_language, async_options, async_wording

SERVICE_GET_DAILY_REPORT: Final = "get_daily_report"
MOST_IN_A_REPORT: Final = 100_000

REPORT: Final[dict[Any, Any]] = {
    vol.Optional("date"): cv.date,
    vol.Optional("area"): vol.All(cv.ensure_list, [cv.string]),
    **READER,
}
SCHEMA: Final[Any] = vol.Schema(REPORT)

type Data = Mapping[str, Any]


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_DAILY_REPORT,
        _async_get,
        SCHEMA,
        SupportsResponse.ONLY,
    )


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Answer the report of a day."""
    return await async_report(call.hass, call.data, call.context.user_id)


async def async_report(
    hass: HomeAssistant, data: Data, user_id: str | None
) -> dict[str, Any]:
    """Return what happened on a day, and that as a text in the user's language.

    Raises HomeAssistantError.
    """
    language = data.get("language") or await async_language(hass, user_id)
    wording = await async_wording(hass, language, data.get("time_zone"))
    day = _day(data, wording)
    report = {"date": day.start.date().isoformat(), **await _async_sums(hass, day)}
    words = await async_options(hass, language, "daily_report")
    text = report_text(report, words, wording, _devices(hass, report["lanes"]))
    return {**report, "text": text}


def _day(data: Data, wording: Wording) -> Day:
    """Return a day from its midnight to the next one."""
    date = data.get("date") or dt_util.utcnow().astimezone(wording.zone).date()
    start, end = (
        datetime.combine(day, time.min, wording.zone)
        for day in (date, date + timedelta(days=1))
    )
    return Day(start=start, end=end, areas=tuple(data.get("area", ())))


async def _async_sums(hass: HomeAssistant, day: Day) -> dict[str, Any]:
    """Return the sums of a day, what was just counted included."""
    query = VisitQuery(
        areas=tuple(day.areas), start=day.start, end=day.end, limit=MOST_IN_A_REPORT
    )

    def lanes(connection: Connection) -> list[dict[str, Any]]:
        return sum_lanes(connection, day)

    with centre_errors_told():
        visits = await open_car_park(hass).async_read(lambda c: find_visits(c, query))
        passed = await open_archive(hass).async_read(lanes)
    return {**sum_visits(visits, day), "lanes": passed}


def _devices(hass: HomeAssistant, lanes: list[dict[str, Any]]) -> dict[str, str]:
    """Return the names of the devices of lanes, by their ids."""
    registry = dr.async_get(hass)
    found = ((one["device_id"], registry.async_get(one["device_id"])) for one in lanes)
    return {
        device_id: device.name_by_user or device.name or device_id
        for device_id, device in found
        if device
    }
