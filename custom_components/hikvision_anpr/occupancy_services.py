"""Provide an action for the occupancy over time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .centre import open_car_park
from .const import DOMAIN
from .exceptions import centre_errors_told
from .parking.occupancy import Step, occupancy

SERVICE_GET_OCCUPANCY: Final = "get_occupancy"
A_DAY: Final = timedelta(days=1)

OCCUPANCY: Final[dict[Any, Any]] = {
    vol.Optional("area"): vol.All(cv.ensure_list, [cv.string]),
    vol.Optional("start"): cv.datetime,
    vol.Optional("end"): cv.datetime,
}
SCHEMA: Final[Any] = vol.Schema(OCCUPANCY)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_OCCUPANCY,
        _async_get,
        SCHEMA,
        SupportsResponse.ONLY,
    )


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Answer the steps of a time."""
    return await async_occupancy(call.hass, call.data)


async def async_occupancy(
    hass: HomeAssistant, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the steps of a time, by area; without a time, those of the last day."""
    end = dt_util.as_utc(data["end"]) if "end" in data else dt_util.utcnow()
    start = dt_util.as_utc(data["start"]) if "start" in data else end - A_DAY
    areas: list[str] = data.get("area", [])
    car_park = open_car_park(hass)
    with centre_errors_told():
        found = await car_park.async_read(lambda c: occupancy(c, areas, start, end))
    told: dict[str, Any] = {area: _told(steps) for area, steps in found.items()}
    return {"start": _local(start), "end": _local(end), "areas": told}


def _told(steps: list[Step]) -> dict[str, Any]:
    """Return the steps of an area, ready for JSON."""
    return {
        "most": max(step.count for step in steps),
        "steps": [{"at": _local(step.at), "count": step.count} for step in steps],
    }


def _local(moment: datetime) -> str:
    """Return a time in the zone of the home."""
    return dt_util.as_local(moment).isoformat(timespec="milliseconds")
