"""Summarize a day by area, plate and lane."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, case, func, select

from ..archive.record import milliseconds
from ..archive.schema import PASSAGES
from .visit import Visit

type Sums = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Hold from when to when a day is, in the zone of who reads of it; no areas for all."""

    start: datetime
    end: datetime
    areas: Sequence[str] = ()

    @property
    def zone(self) -> tzinfo | None:
        """Return the zone."""
        return self.start.tzinfo

    def holds(self, moment: datetime | None) -> bool:
        """Tell whether a moment is on the day."""
        return moment is not None and self.start <= moment < self.end

    def time(self, moment: datetime) -> str:
        """Return a time in the zone, to the second."""
        return moment.astimezone(self.zone).isoformat(timespec="seconds")


def sum_visits(visits: Iterable[Visit], day: Day) -> Sums:
    """Return the sums of a day's visits, by area and by plate."""
    areas: defaultdict[str, Counter[str]] = defaultdict(Counter)
    plates: dict[str, Sums] = {}
    for visit in visits:
        entered, left = day.holds(visit.entered_at), day.holds(visit.left_at)
        sums = areas[visit.area]
        sums["entries"] += entered
        sums["exits"] += left
        sums["unmatched"] += visit.is_unmatched
        sums[f"entries_{visit.list}"] += entered
        if visit.plate is not None:
            one = plates.setdefault(visit.plate, _nothing(visit))
            _add(one, visit, day)
    return {
        "areas": {area: dict(sums) for area, sums in sorted(areas.items())},
        "plates": sorted(plates.values(), key=lambda one: str(one["plate"])),
    }


def _nothing(visit: Visit) -> Sums:
    """Return the sums of a plate that did nothing yet."""
    return {
        "plate": visit.plate,
        "vehicle_name": visit.vehicle_name,
        "list": visit.list,
        "entries": 0,
        "exits": 0,
        "first_entry": None,
        "last_exit": None,
        "seconds": 0,
    }


def _add(one: Sums, visit: Visit, day: Day) -> None:
    """Add a visit to what a plate did on a day."""
    if day.holds(visit.entered_at) and visit.entered_at:
        one["entries"] += 1
        entries = (one["first_entry"], day.time(visit.entered_at))
        one["first_entry"] = min(filter(None, entries))
    if day.holds(visit.left_at) and visit.left_at:
        one["exits"] += 1
        exits = (one["last_exit"], day.time(visit.left_at))
        one["last_exit"] = max(filter(None, exits))
        one["seconds"] += visit.seconds(visit.left_at) or 0


def sum_lanes(connection: Connection, day: Day) -> list[Sums]:
    """Return how many vehicles passed each lane on a day, and which way."""
    start, end = (milliseconds(moment)[0] for moment in (day.start, day.end))
    lane = (PASSAGES.c.device_id, PASSAGES.c.channel, PASSAGES.c.lane)
    statement = (
        select(
            *lane,
            func.count().label("passages"),
            *(
                _going(direction).label(direction)
                for direction in ("forward", "reverse")
            ),
        )
        .where(PASSAGES.c.captured_at >= start, PASSAGES.c.captured_at < end)
        .group_by(*lane)
    )
    if day.areas:
        statement = statement.where(PASSAGES.c.area.in_(day.areas))
    found: list[Sums] = [dict(row) for row in connection.execute(statement).mappings()]
    return sorted(
        found, key=lambda one: (one["device_id"], one["channel"], one["lane"] or 0)
    )


def _going(direction: str) -> Any:
    """Return how many passages of a group went one way."""
    return func.count(case((PASSAGES.c.direction == direction, 1)))
