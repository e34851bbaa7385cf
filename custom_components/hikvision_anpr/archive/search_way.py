"""Choose how the passages of a query are found: by plate, by time, or by an index."""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select, true

from .candidates import FEW, among, candidates, compared, plate_condition
from .passage_query import PassageQuery
from .record import milliseconds
from .schema import PASSAGES, PLATES
from .stretches import Names, stretches

AWAY_FROM_INDEX: Final = 0
"""Added to a column, it keeps the database from walking the column's index."""

# From so many passages on, it is quicker to walk back in time and look at each.
_MANY: Final = 60_000
# A step of the walk takes some 0.13 us, going to the passages of a plate some 4 us.
_STEPS_AS_DEAR_AS_A_PLATE: Final = 30
_SPARSE: Final = 10

type Conditions = list[ColumnElement[bool]]


@dataclass(slots=True, kw_only=True)
class Way:
    """Hold how the passages of a query are found.

    `by_plate`: the plates lead to their passages; `compares`: each passage's plate is
    looked at; `stretches`: each is in order, and they are merged.
    """

    conditions: Conditions
    stretches: Conditions = field(default_factory=lambda: [true()])
    by_plate: bool = False
    compares: bool = False


def way_of(connection: Connection, query: PassageQuery, *, in_order: bool) -> Way:
    """Return how the passages of a query are found best, in their order or in any."""
    if query.plate is None:
        return _parted(connection, query, [])
    found = candidates(connection, query.plate)
    dialect = connection.dialect.name
    if found is None:
        condition = compared(plate_condition(query.plate), dialect)
        return _parted(connection, query, [condition], compares=True)
    if in_order and _are_frequent(connection, found, query):
        away = PASSAGES.c.plate_id + AWAY_FROM_INDEX
        return _parted(
            connection, query, [compared(among(away, found, dialect), dialect)]
        )
    fits = among(PASSAGES.c.plate_id, found, dialect)
    return Way(conditions=[*_filters(query), fits], by_plate=True)


def _parted(
    connection: Connection,
    query: PassageQuery,
    conditions: Conditions,
    *,
    compares: bool = False,
) -> Way:
    """Return the way through the stretches of an index, or else through time."""
    names, found = stretches(connection, query)
    if query.sort == "plate" or not found:
        return Way(conditions=[*_filters(query), *conditions], compares=compares)
    return Way(
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
