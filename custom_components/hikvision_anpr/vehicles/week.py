"""Represent the times of a week at which a vehicle may enter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
import re
from typing import Final

from .errors import VehicleError

DAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_DAY_SECONDS: Final = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRange:
    """Hold a range of a day in seconds since midnight; the end is not part of it."""

    start: int
    end: int

    def as_dict(self) -> dict[str, str]:
        """Return the range as Home Assistant's schedules write it."""
        return {"from": _clock(self.start), "to": _clock(self.end)}


type Week = Mapping[str, tuple[TimeRange, ...]]
type WeekValue = Mapping[str, Sequence[Mapping[str, str]]]


def week_of(value: WeekValue) -> Week:
    """Return a week as Home Assistant's schedules write it: ranges for each day.

    `{"monday": [{"from": "08:00", "to": "18:00"}]}`; a day ends at 24:00. A day
    without ranges is one without entry; no day at all is a vehicle without limits.
    Raises VehicleError.
    """
    if unknown := value.keys() - set(DAYS):
        raise VehicleError("unknown_day", day=min(unknown))
    return {day: _ranges(day, value[day]) for day in DAYS if day in value}


def week_as_dict(week: Week) -> dict[str, list[dict[str, str]]]:
    """Return a week as Home Assistant's schedules write it."""
    return {day: [one.as_dict() for one in ranges] for day, ranges in week.items()}


def is_open(week: Week, moment: datetime) -> bool:
    """Tell whether a moment, in the zone of the home, is within the week."""
    if not week:
        return True
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    ranges = week.get(DAYS[moment.weekday()], ())
    return any(one.start <= second < one.end for one in ranges)


def _ranges(day: str, values: Sequence[Mapping[str, str]]) -> tuple[TimeRange, ...]:
    """Return the ranges of a day, the first one first. Raises VehicleError."""
    ranges = sorted(
        (
            TimeRange(start=_seconds(one.get("from")), end=_seconds(one.get("to")))
            for one in values
        ),
        key=lambda one: one.start,
    )
    if any(one.start >= one.end for one in ranges):
        raise VehicleError("range_without_length", day=day)
    return tuple(ranges)


def _seconds(value: str | None) -> int:
    """Return a time of the day in seconds. Raises VehicleError."""
    found = _CLOCK.fullmatch(str(value))
    if found:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        total = hours * 3600 + minutes * 60 + seconds
        if minutes < 60 and seconds < 60 and total <= _DAY_SECONDS:
            return total
    raise VehicleError("no_time_of_day", value=str(value))


def _clock(second: int) -> str:
    """Return seconds since midnight as a time of the day."""
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
