"""Store visits in the archive's database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from ..archive.record import milliseconds, moment_of, since_epoch
from .schema import VISITS
from .visit import Visit
from .visit_book import REMEMBERED

_HALF: Final = and_(
    VISITS.c.closed_by.is_not(None),
    or_(VISITS.c.entered_at.is_(None), VISITS.c.left_at.is_(None)),
)
_BEGAN: Final = func.coalesce(VISITS.c.entered_at, VISITS.c.left_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitQuery:
    """Hold which visits are wanted; what is None or empty does not matter.

    Visits that touch the time from `start` to `end` are wanted, also in part.
    """

    areas: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    inside: bool | None = None
    unmatched: bool | None = None
    start: datetime | None = None
    end: datetime | None = None
    limit: int = 100


def load_visits(connection: Connection) -> list[Visit]:
    """Return who is inside, and the latest visits that are over."""
    is_inside = VISITS.c.closed_by.is_(None)
    over = select(VISITS).where(~is_inside).order_by(_BEGAN.desc()).limit(REMEMBERED)
    inside = [
        _visit(row) for row in connection.execute(select(VISITS).where(is_inside))
    ]
    latest = [_visit(row) for row in connection.execute(over)]
    return [*inside, *reversed(latest)]


def keep_visits(
    connection: Connection, visits: Iterable[Visit], gone: Iterable[str] = ()
) -> None:
    """Write visits as they are now, and delete those that are no more."""
    rows = [_row(visit) for visit in visits]
    keys = [{"key": visit_id} for visit_id in gone]
    keys += [{"key": str(row["visit_id"])} for row in rows]
    if keys:
        connection.execute(
            delete(VISITS).where(VISITS.c.visit_id == bindparam("key")), keys
        )
    if rows:
        connection.execute(insert(VISITS), rows)


def find_visits(connection: Connection, query: VisitQuery) -> list[Visit]:
    """Return visits, the latest first."""
    statement = (
        select(VISITS)
        .where(*_conditions(query))
        .order_by(_BEGAN.desc(), VISITS.c.visit_id.desc())
        .limit(query.limit)
    )
    return [_visit(row) for row in connection.execute(statement)]


def forget_visits(connection: Connection, plate: str) -> int:
    """Delete the visits of a normalized plate; return how many there were."""
    return connection.execute(delete(VISITS).where(VISITS.c.plate == plate)).rowcount


def strange_plates(
    connection: Connection, before: int, after: str, most: int
) -> list[str]:
    """Return plates of strangers' visits that were over before a time, by their order."""
    statement = (
        select(VISITS.c.plate)
        .where(*_strange(before), VISITS.c.plate > after)
        .distinct()
        .order_by(VISITS.c.plate)
        .limit(most)
    )
    return [str(plate) for plate in connection.scalars(statement)]


def hide_visits(connection: Connection, before: int, tokens: Mapping[str, str]) -> None:
    """Put tokens in the place of plates in strangers' visits from before a time."""
    connection.execute(
        update(VISITS)
        .where(*_strange(before), VISITS.c.plate == bindparam("known_as"))
        .values(plate=bindparam("token")),
        [{"known_as": plate, "token": token} for plate, token in tokens.items()],
    )


def _strange(before: int) -> list[ColumnElement[bool]]:
    """Return the condition of strangers' visits that were over before a time."""
    return [
        VISITS.c.closed_by.is_not(None),
        VISITS.c.list == "none",
        VISITS.c.vehicle_name.is_(None),
        func.coalesce(VISITS.c.left_at, VISITS.c.entered_at) < before,
    ]


def _conditions(query: VisitQuery) -> list[ColumnElement[bool]]:
    """Return what a visit has to be."""
    conditions: list[ColumnElement[bool]] = []
    if query.areas:
        conditions.append(VISITS.c.area.in_(query.areas))
    if query.plates:
        conditions.append(VISITS.c.plate.in_(query.plates))
    if query.inside is not None:
        is_inside = VISITS.c.closed_by.is_(None)
        conditions.append(is_inside if query.inside else ~is_inside)
    if query.unmatched is not None:
        conditions.append(_HALF if query.unmatched else ~_HALF)
    if query.start is not None:
        last = func.coalesce(VISITS.c.left_at, VISITS.c.entered_at)
        is_inside = VISITS.c.closed_by.is_(None)
        conditions.append(or_(is_inside, last >= milliseconds(query.start)[0]))
    if query.end is not None:
        conditions.append(milliseconds(query.end)[0] > _BEGAN)
    return conditions


def _row(visit: Visit) -> dict[str, Any]:
    """Return a visit as its row."""
    return {
        "visit_id": visit.visit_id,
        "area": visit.area,
        "plate": visit.plate,
        "vehicle_name": visit.vehicle_name,
        "list": visit.list,
        "entered_at": since_epoch(visit.entered_at),
        "entry_passage_id": visit.entry_passage_id,
        "left_at": since_epoch(visit.left_at),
        "exit_passage_id": visit.exit_passage_id,
        "closed_by": visit.closed_by,
        "paired": visit.paired,
        "overstayed": int(visit.overstayed),
    }


def _visit(row: Row[Any]) -> Visit:
    """Return the visit of a row."""
    return Visit(
        visit_id=row.visit_id,
        area=row.area,
        plate=row.plate,
        vehicle_name=row.vehicle_name,
        list=row.list,
        entered_at=moment_of(row.entered_at),
        entry_passage_id=row.entry_passage_id,
        left_at=moment_of(row.left_at),
        exit_passage_id=row.exit_passage_id,
        closed_by=row.closed_by,
        paired=row.paired,
        overstayed=bool(row.overstayed),
    )
