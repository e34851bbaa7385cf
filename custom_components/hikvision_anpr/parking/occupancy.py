"""Calculate the occupancy over time from visits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Connection,
    ScalarSelect,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
)

from ..archive.errors import SearchError
from ..archive.record import milliseconds, moment_of
from .schema import VISITS

MOST_STAYS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Hold from when to when somebody counted as inside; no end while that goes on.

    Times are milliseconds since 1970.
    """

    area: str
    begin: int
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Hold how many are inside from a time on."""

    at: datetime
    count: int


def occupancy(
    connection: Connection, areas: Iterable[str], start: datetime, end: datetime
) -> dict[str, list[Step]]:
    """Return the steps of each area, the first one at the start.

    Without areas, those that have visits. Raises SearchError for a range that ends
    before it begins, and for one with more than MOST_STAYS visits.
    """
    if start >= end:
        raise SearchError("time_range_reversed")
    named = tuple(areas)
    begin, over = milliseconds(start)[0], milliseconds(end)[0]
    stays = _stays(connection, named, begin, over)
    if len(stays) > MOST_STAYS:
        raise SearchError("too_many_visits")
    by_area: defaultdict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        by_area[stay.area].append(stay)
    names = named or sorted(by_area)
    return {name: steps_of(by_area[name], begin, over) for name in names}


def steps_of(stays: Iterable[Stay], start: int, end: int) -> list[Step]:
    """Return how many stays went on at the start, and after each change until the end."""
    changes: defaultdict[int, int] = defaultdict(int, {start: 0})
    for stay in stays:
        if stay.begin >= end or (stay.end is not None and stay.end <= start):
            continue
        changes[max(start, stay.begin)] += 1
        if stay.end is not None and stay.end < end:
            changes[stay.end] -= 1
    steps: list[Step] = []
    count = 0
    for since, change in sorted(changes.items()):
        count += change
        at = moment_of(since)
        if at and (change or not steps):
            steps.append(Step(at=at, count=count))
    return steps


def _stays(
    connection: Connection, areas: tuple[str, ...], start: int, end: int
) -> list[Stay]:
    """Return the stays that touch a time, of which the entry was seen.

    A visit that a second entry ended lasted until that one, as it was counted.
    """
    columns = VISITS.c
    left = func.coalesce(columns.left_at, _entered_again())
    ended = case((columns.closed_by.is_(None), null()), else_=left).label("ended")
    statement = select(
        columns.area, columns.entered_at, columns.closed_by, ended
    ).where(
        columns.entered_at < literal(end),
        or_(
            and_(columns.left_at.is_(None), columns.entered_at.is_not(None)),
            columns.left_at > literal(start),
        ),
    )
    if areas:
        statement = statement.where(columns.area.in_(areas))
    return [
        Stay(area=row.area, begin=row.entered_at, end=row.ended)
        for row in connection.execute(statement.limit(MOST_STAYS + 1))
        if row.closed_by is None or row.ended is not None
    ]


def _entered_again() -> ScalarSelect[int]:
    """Return when the vehicle of a visit entered the same area the next time."""
    visit, later = VISITS.c, VISITS.alias().c
    return (
        select(func.min(later.entered_at))
        .where(
            later.area == visit.area,
            later.plate == visit.plate,
            later.entered_at > visit.entered_at,
        )
        .scalar_subquery()
    )
