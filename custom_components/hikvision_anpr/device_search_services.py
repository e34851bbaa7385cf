"""Provide an action to search the vehicles that a device stored itself."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
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

from .channel_targets import Target, targets
from .const import DOMAIN
from .intake.cursor import OVERLAP
from .intake.gap import async_zone_of_search
from .intake.passage import normalize_plate
from .isapi.plate_search import async_search_plates
from .isapi.plates import PlateRecord

SERVICE_SEARCH_DEVICE: Final = "search_device"
LONGEST: Final = timedelta(days=31)
MOST: Final = 1000
_DAY: Final = timedelta(days=1)
_AHEAD: Final = timedelta(minutes=1)
"""How much later than now is searched: clocks are known to the second at best."""
_EXACT: Final = timedelta(seconds=2)
"""How far times of a search, which are whole seconds, are from those of events."""

SEARCH_SCHEMA: Final[Any] = vol.Schema(
    {
        vol.Required("device_id"): cv.string,
        vol.Optional("start"): cv.datetime,
        vol.Optional("end"): cv.datetime,
        vol.Optional("plate", default=""): vol.All(cv.string, normalize_plate),
        vol.Optional("limit", default=100): vol.All(
            vol.Coerce(int), vol.Range(1, MOST)
        ),
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action; it is for administrators.

    A device may keep plates for longer than Home Assistant is allowed to.
    """
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_SEARCH_DEVICE,
        _async_search,
        SEARCH_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


async def _async_search(call: ServiceCall) -> ServiceResponse:
    """Answer the vehicles that a device stored, the latest first."""
    data = call.data
    (target,) = targets(call.hass, [data["device_id"]])
    start, end = _times(target, data.get("start"), data.get("end"))
    with target.errors_told():
        found = await _async_found(target, start, end, data["plate"], data["limit"])
    return {
        "device_id": target.device_id,
        "channel": target.channel,
        "vehicles": [_told(target, record) for record in found[: data["limit"]]],
        "complete": len(found) <= data["limit"],
    }


def _times(
    target: Target, start: datetime | None, end: datetime | None
) -> tuple[datetime, datetime]:
    """Return between which aware times is searched: the last day unless others are asked.

    Raises ServiceValidationError.
    """
    ahead = target.coordinator.clock.own_drift or timedelta()
    until = dt_util.as_utc(end) if end else dt_util.utcnow() + ahead + _AHEAD
    since = dt_util.as_utc(start) if start else until - _DAY
    if not timedelta() < until - since <= LONGEST:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="search_time_wrong",
            translation_placeholders={"days": str(LONGEST.days)},
        )
    return since, until


async def _async_found(
    target: Target, start: datetime, end: datetime, part: str, limit: int
) -> list[PlateRecord]:
    """Return the vehicles, one more than the limit where there are; the latest first.

    Raises the errors of the client.
    """
    zone = await _async_zone(target)
    found: list[PlateRecord] = []
    for since, until in _days(start, end):
        records = await async_search_plates(
            target.coordinator.client,
            target.channel,
            since,
            until,
            zone=zone,
            part=part,
        )
        found += [one for one in reversed(records) if _has(one, part)]
        if len(found) > limit:
            break
    return found


def _days(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield a time day by day, from its end."""
    while start < end:
        yield max(start, end - _DAY), end
        end -= _DAY


def _has(record: PlateRecord, part: str) -> bool:
    """Tell whether a plate has a part: devices may answer others as well."""
    return part in normalize_plate(record.plate or "")


async def _async_zone(target: Target) -> tzinfo:
    """Return what the device means by the Z of its times, told by the last passage."""
    coordinator, clock = target.coordinator, target.coordinator.clock
    since = dt_util.utcnow() - _DAY
    taken = await coordinator.async_taken_before(target.channel, since) or ()
    times = [read.captured_at for read, _ in taken if read.captured_at]
    if not times:
        return dt_util.UTC
    last = max(times) - clock.events_ahead
    return await async_zone_of_search(
        coordinator.client,
        target.channel,
        (last - OVERLAP).astimezone(clock.zone),
        lambda record: abs(record.captured_at - last) <= _EXACT,
    )


def _told(target: Target, record: PlateRecord) -> dict[str, Any]:
    """Return what is known of a vehicle, its time by the device's clock."""
    zone = target.coordinator.clock.zone
    return {
        "plate": record.plate,
        "plate_normalized": normalize_plate(record.plate or "") or None,
        "captured_at": record.captured_at.astimezone(zone).isoformat(),
    }
