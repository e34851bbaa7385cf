"""Run queries: a page of results, its cursor, the count, and counts per value."""

from dataclasses import dataclass, field
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
    true,
    tuple_,
    union_all,
)

from ..intake.passage import PassageValue
from .candidates import FEW, among, candidates, compared, plate_condition
from .cursor import Cursor
from .passage_query import ANY_OF, PassageQuery
from .record import milliseconds, public_of
from .schema import PASSAGES, PLATES
from .stretches import Names, stretches

MOST_COUNTED: Final = 10_000
# From so many passages on, it is quicker to walk back in time and look at each.
_MANY: Final = 60_000
# A step of the walk takes some 0.13 us, going to the passages of a plate some 4 us.
_STEPS_AS_DEAR_AS_A_PLATE: Final = 30
_SPARSE: Final = 10
_AWAY_FROM_INDEX: Final = 0

type Conditions = list[ColumnElement[bool]]


@dataclass(slots=True, kw_only=True)
class _Way:
    """Hold how the passages of a query are found.

    `by_plate`: the plates lead to their passages; `compares`: each passage's plate is
    looked at; `stretches`: each is in order, and they are merged.
    """

    conditions: Conditions
    stretches: Conditions = field(default_factory=lambda: [true()])
    by_plate: bool = False
    compares: bool = False


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
    way = _way(connection, query, in_order=True)
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


def _page(query: PassageQuery, way: _Way) -> Select[Any]:
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
    way = _way(connection, query, in_order=False)
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


def _tables(query: PassageQuery, way: _Way) -> FromClause:
    """Return the tables that a query looks at: plates where they are compared."""
    if not way.compares and query.sort != "plate":
        return PASSAGES
    return PASSAGES.join(PLATES, PASSAGES.c.plate_id == PLATES.c.id)


def _way(connection: Connection, query: PassageQuery, *, in_order: bool) -> _Way:
    """Return how the passages of a query are found best, in their order or in any."""
    if query.plate is None:
        return _parted(connection, query, [])
    found = candidates(connection, query.plate)
    dialect = connection.dialect.name
    if found is None:
        condition = compared(plate_condition(query.plate), dialect)
        return _parted(connection, query, [condition], compares=True)
    if in_order and _are_frequent(connection, found, query):
        away = PASSAGES.c.plate_id + _AWAY_FROM_INDEX
        return _parted(
            connection, query, [compared(among(away, found, dialect), dialect)]
        )
    fits = among(PASSAGES.c.plate_id, found, dialect)
    return _Way(conditions=[*_filters(query), fits], by_plate=True)


def _parted(
    connection: Connection,
    query: PassageQuery,
    conditions: Conditions,
    *,
    compares: bool = False,
) -> _Way:
    """Return the way through the stretches of an index, or else through time."""
    names, found = stretches(connection, query)
    if query.sort == "plate" or not found:
        return _Way(conditions=[*_filters(query), *conditions], compares=compares)
    return _Way(
        conditions=[*_filters(query, but=names), *conditions],
        compares=compares,
        stretches=found,
    )


def _are_frequent(
    connection: Connection, found: list[int], query: PassageQuery
) -> bool:
    """Tell whether plates come so often that walking in time soon fills a page.

    A walk looks at some `limit * plates / number` passages, and at more of them where
    other filters let few through.
    """
    if len(found) <= FEW:
        return _have_many_passages(connection, found)
    plates = connection.scalar(select(func.max(PLATES.c.id))) or 0
    wanted = query.limit * (_SPARSE if query.any_of else 1)
    return wanted * plates < _STEPS_AS_DEAR_AS_A_PLATE * len(found) ** 2


def _have_many_passages(connection: Connection, found: list[int]) -> bool:
    """Tell whether a few plates have so many passages that time is the better way in."""
    fits = among(PASSAGES.c.plate_id, found, connection.dialect.name)
    some = select(PASSAGES.c.plate_id).where(fits).limit(_MANY + 1).subquery()
    return (connection.scalar(select(func.count()).select_from(some)) or 0) > _MANY


def _filters(query: PassageQuery, but: Names = frozenset()) -> Conditions:
    """Return the conditions besides the plate, and but some names in `any_of`."""
    columns = PASSAGES.c
    conditions: Conditions = [
        _away(columns[name], name, but).in_(values)
        for name, values in query.any_of
        if name not in but
    ]
    if query.start:
        conditions.append(columns.captured_at >= milliseconds(query.start)[0])
    if query.end:
        conditions.append(columns.captured_at < milliseconds(query.end)[0])
    if query.min_confidence is not None:
        conditions.append(columns.confidence >= query.min_confidence)
    if query.live is not None:
        conditions.append(columns.live == int(query.live))
    if query.unreadable is not None:
        unread = columns.plate_id.is_(None)
        conditions.append(unread if query.unreadable else ~unread)
    return conditions


def _away(column: ColumnElement[Any], name: str, but: Names) -> ColumnElement[Any]:
    """Return a column whose own index is no help where another one's is walked."""
    return column + "" if but and name == "list" else column


def _key(query_sort: str, by_plate: bool) -> ColumnElement[Any]:
    """Return what is sorted by; found by plate, the index of times is no help."""
    if query_sort == "plate":
        return PLATES.c.plate
    time = PASSAGES.c.captured_at
    return time + _AWAY_FROM_INDEX if by_plate else time


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
