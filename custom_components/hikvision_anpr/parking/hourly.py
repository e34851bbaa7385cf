"""Summarize the visits of each hour."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, Connection, func, select

from ..archive.record import milliseconds, moment_of
from ..intake.passage import ListName
from .occupancy import Step, occupancy
from .schema import VISITS

HOUR: Final = timedelta(hours=1)
_MILLISECONDS: Final = 3_600_000

type Counts = Mapping[ListName, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """Hold what an hour of an area adds up to; `mean` is weighted with the time."""

    start: datetime
    entries: Counts
    exits: Counts
    mean: float
    least: int
    most: int


def first_moment(connection: Connection, area: str) -> datetime | None:
    """Return when the first visit of an area began or ended, None without visits."""
    columns = VISITS.c
    moments = [
        connection.scalar(select(func.min(column)).where(columns.area == area))
        for column in (columns.entered_at, columns.left_at)
    ]
    return min(filter(None, map(moment_of, moments)), default=None)


def hours(
    connection: Connection, area: str, start: datetime, end: datetime
) -> list[Hour]:
    """Return every hour of an area between two full hours.

    Raises SearchError where the visits are too many.
    """
    steps = occupancy(connection, [area], start, end)[area]
    entries = _counts(connection, VISITS.c.entered_at, area, start, end)
    exits = _counts(connection, VISITS.c.left_at, area, start, end)
    return [
        Hour(
            start=begin,
            entries=entries[begin],
            exits=exits[begin],
            mean=sum(step.count * length / HOUR for step, length in inside),
            least=min(step.count for step, _ in inside),
            most=max(step.count for step, _ in inside),
        )
        for begin, inside in _inside(steps, start, end)
    ]


def _counts(
    connection: Connection,
    moment: Column[int],
    area: str,
    start: datetime,
    end: datetime,
) -> defaultdict[datetime, Counter[ListName]]:
    """Return how often something happened in each hour, by list."""
    hour = (moment // _MILLISECONDS).label("hour")
    statement = (
        select(hour, VISITS.c.list, func.count().label("number"))
        .where(VISITS.c.area == area)
        .where(moment >= milliseconds(start)[0], moment < milliseconds(end)[0])
        .group_by(hour, VISITS.c.list)
    )
    counts: defaultdict[datetime, Counter[ListName]] = defaultdict(Counter)
    for row in connection.execute(statement):
        begin = moment_of(int(row.hour) * _MILLISECONDS)
        assert begin
        counts[begin][row.list] += row.number
    return counts


def _inside(
    steps: Sequence[Step], start: datetime, end: datetime
) -> Iterator[tuple[datetime, list[tuple[Step, timedelta]]]]:
    """Yield each hour with what counted in it, and for how long."""
    ends = [*(step.at for step in steps[1:]), end]
    spans = list(zip(steps, ends, strict=True))
    first = 0
    while start < end:
        over = start + HOUR
        while spans[first][1] <= start:
            first += 1
        inside: list[tuple[Step, timedelta]] = []
        for step, until in spans[first:]:
            if step.at >= over:
                break
            inside.append((step, min(until, over) - max(step.at, start)))
        yield start, inside
        start = over
