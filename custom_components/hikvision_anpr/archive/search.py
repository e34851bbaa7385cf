"""Run queries: a page of results, its cursor, the count, and counts per value."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from ..intake.passage import PassageValue
from .cursor import Cursor
from .passage_query import ANY_OF, PassageQuery
from .record import public_of
from .schema import PASSAGES, PLATES
from .search_way import AWAY_FROM_INDEX, Way, way_of

MOST_COUNTED: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold one page of passages under their public names; no cursor after the last."""

    passages: list[dict[str, PassageValue]]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Hold how many there are; where `exact` is False, there are more."""

    count: int
    exact: bool


def search(connection: Connection, query: PassageQuery) -> Page:
    """Return the page of a query."""
    way = way_of(connection, query, in_order=True)
    if query.cursor is not None:
        cursor = Cursor.decode(query.cursor, query.sort)
        dialect = connection.dialect.name
        way.conditions.append(_after(cursor, way.by_plate, dialect))
    ids = list(connection.scalars(_page(query, way)))
    found = _read(connection, ids)
    more = len(ids) > query.limit
    rows = [found[row_id] for row_id in ids[: query.limit] if row_id in found]
    return Page(
        passages=[public_of(row) for row in rows],
        cursor=_cursor(query, rows[-1]).encode() if more and rows else None,
    )


def _page(query: PassageQuery, way: Way) -> Select[Any]:
    """Return what finds the rows of a page, and one more, in the indices alone."""
    pages = [
        select(PASSAGES.c.id, _key(query.sort, way.by_plate).label("key"))
        .select_from(_tables(query, way))
        .where(*way.conditions, stretch)
        .order_by(*_order(query, _key(query.sort, way.by_plate), PASSAGES.c.id))
        .limit(query.limit + 1)
        for stretch in way.stretches
    ]
    if len(pages) == 1:
        return pages[0]
    every = union_all(*(select(page.subquery()) for page in pages)).subquery()
    order = _order(query, every.c.key, every.c.id)
    return select(every.c.id).order_by(*order).limit(query.limit + 1)


def count(connection: Connection, query: PassageQuery) -> Count:
    """Count what a query finds, up to MOST_COUNTED."""
    found = connection.scalar(
        select(func.count()).select_from(_bounded(connection, query, PASSAGES.c.id))
    )
    number = found or 0
    return Count(count=min(number, MOST_COUNTED), exact=number <= MOST_COUNTED)


def count_by(
    connection: Connection, query: PassageQuery, name: str
) -> list[tuple[str | int | None, int]]:
    """Count what a query finds for each value of one of ANY_OF, the most first.

    Of more than MOST_COUNTED passages, only so many are looked at.
    """
    if name not in ANY_OF:
        raise ValueError(name)
    bounded = _bounded(connection, query, PASSAGES.c[name].label("value"))
    number = func.count().label("number")
    counted = connection.execute(
        select(bounded.c.value, number)
        .group_by(bounded.c.value)
        .order_by(number.desc())
    )
    return [(row.value, row.number) for row in counted]


def passage_of(
    connection: Connection, passage_id: str
) -> dict[str, PassageValue] | None:
    """Return one passage under its public names; None where it is not there."""
    row_id = connection.scalar(
        select(PASSAGES.c.id).where(PASSAGES.c.passage_id == passage_id)
    )
    found = _read(connection, [row_id]) if row_id is not None else {}
    return next((public_of(row) for row in found.values()), None)


def _bounded(
    connection: Connection, query: PassageQuery, column: ColumnElement[Any]
) -> FromClause:
    """Return a column of what a query finds, of MOST_COUNTED and one."""
    way = way_of(connection, query, in_order=False)
    found = [
        select(column)
        .select_from(_tables(query, way))
        .where(*way.conditions, stretch)
        .limit(MOST_COUNTED + 1)
        for stretch in way.stretches
    ]
    if len(found) == 1:
        return found[0].subquery()
    every = union_all(*(select(some.subquery()) for some in found))
    return every.limit(MOST_COUNTED + 1).subquery()


def _tables(query: PassageQuery, way: Way) -> FromClause:
    """Return the tables that a query looks at: plates where they are compared."""
    if not way.compares and query.sort != "plate":
        return PASSAGES
    return PASSAGES.join(PLATES, PASSAGES.c.plate_id == PLATES.c.id)


def _key(query_sort: str, by_plate: bool) -> ColumnElement[Any]:
    """Return what is sorted by; found by plate, the index of times is no help."""
    if query_sort == "plate":
        return PLATES.c.plate
    time = PASSAGES.c.captured_at
    return time + AWAY_FROM_INDEX if by_plate else time


def _order(
    query: PassageQuery, *columns: ColumnElement[Any]
) -> list[ColumnElement[Any]]:
    """Return the order of a query; rows of the same key keep theirs."""
    return [
        column.desc() if query.sort == "newest" else column.asc() for column in columns
    ]


def _after(cursor: Cursor, by_plate: bool, dialect: str) -> ColumnElement[bool]:
    """Return the condition of what follows a page."""
    key, row_id = _key(cursor.sort, by_plate), PASSAGES.c.id
    if dialect == "mysql":
        return _after_in_mariadb(cursor, key, row_id)
    here = tuple_(key, row_id)
    there = tuple_(literal(cursor.key), literal(cursor.row_id))
    return here < there if cursor.sort == "newest" else here > there


def _after_in_mariadb(
    cursor: Cursor, key: ColumnElement[Any], row_id: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return the same without a tuple, for which MariaDB would walk from the start."""
    if cursor.sort == "newest":
        beyond = or_(key < cursor.key, row_id < cursor.row_id)
        return and_(key <= cursor.key, beyond)
    return and_(key >= cursor.key, or_(key > cursor.key, row_id > cursor.row_id))


def _cursor(query: PassageQuery, last: Any) -> Cursor:
    """Return the place of the last row of a page."""
    key = last["plate_normalized"] if query.sort == "plate" else last["captured_at"]
    return Cursor(sort=query.sort, key=key, row_id=last["id"])


def _read(connection: Connection, ids: list[int]) -> dict[int, Any]:
    """Return whole rows by their numbers."""
    normalized = PLATES.c.plate.label("plate_normalized")
    statement: Select[Any] = (
        select(PASSAGES, normalized)
        .select_from(PASSAGES.outerjoin(PLATES, PASSAGES.c.plate_id == PLATES.c.id))
        .where(PASSAGES.c.id.in_(ids))
    )
    return {row["id"]: row for row in connection.execute(statement).mappings()}
