"""Find the distinct plates that match a pattern."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
import json
from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    TextualSelect,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
)

from .plate_index import END, LAST_CHARACTER, plates_holding
from .plate_pairs import PAIR, holds_pair
from .plate_pattern import PlatePattern
from .schema import PLATES

FEW: Final = 300
MOST_GATHERED: Final = 30_000
"""Beyond so many, most passages that are looked at will fit soon."""

MOST_COMPARED: Final = 200_000
MOST_SHARING: Final = 50_000
"""Beyond so many with a piece of a plate, it is cut elsewhere."""

SAMPLE: Final = 2000


def among(
    column: ColumnElement[int], ids: list[int], dialect: str
) -> ColumnElement[bool]:
    """Return that a column is one of many numbers, which go as one parameter if they can."""
    if dialect == "sqlite":
        return column.in_(_listed(ids))
    if dialect == "postgresql":
        return column.in_(select(func.unnest(literal(ids, ARRAY(BigInteger)))))
    return column.in_(ids)


def plate_condition(pattern: PlatePattern) -> ColumnElement[bool]:
    """Return what a plate has to be like, without regard to any index."""
    column = PLATES.c.folded if pattern.folded else PLATES.c.plate
    if "*" in pattern.pieces or "?" in pattern.pieces:
        return column.like(pattern.like)
    return column == pattern.like


def compared(condition: ColumnElement[bool], dialect: str) -> ColumnElement[bool]:
    """Return a condition that is compared where one is, row by row.

    PostgreSQL would take it for rare, and rather look through all plates first.
    """
    return case((condition, 1), else_=0) > 0 if dialect == "postgresql" else condition


def candidates(connection: Connection, pattern: PlatePattern) -> list[int] | None:
    """Return the plates that fit; None where so many do that passages are compared.

    With a distance, the plates compared are those that share a piece with the one that is
    asked for, in its place, as any plate within the distance does. The token of the plate
    is found as well.
    """
    found = _plain_candidates(connection, pattern)
    if found is None or pattern.hashed is None:
        return found
    token = select(PLATES.c.id).where(PLATES.c.plate == pattern.hashed)
    return [*found, *connection.scalars(token)]


def _plain_candidates(
    connection: Connection, pattern: PlatePattern
) -> list[int] | None:
    """Return the plates that fit and can be read."""
    if pattern.distance:
        return _near(connection, pattern)
    if not pattern.is_whole and _is_common(connection, pattern):
        return None
    if not pattern.is_whole and connection.dialect.name == "sqlite":
        if (held := _held(connection, pattern)) is not None:
            return held
    most, conditions = FEW, [plate_condition(pattern)]
    if connection.dialect.name == "postgresql":
        most, conditions = _indexed_in_postgresql(pattern)
    statement = select(PLATES.c.id).where(*conditions).limit(most + 1)
    ids = list(connection.scalars(statement))
    return ids if len(ids) <= most else None


def _indexed_in_postgresql(
    pattern: PlatePattern,
) -> tuple[int, list[ColumnElement[bool]]]:
    """Return how many plates an index leads to at most, and what they are like."""
    condition = plate_condition(pattern)
    longest = _longest(pattern)
    if len(longest) > PAIR:
        return MOST_GATHERED, [condition]
    if len(longest) == PAIR and not pattern.folded:
        return MOST_GATHERED, [holds_pair(longest), compared(condition, "postgresql")]
    return FEW, [condition]


def _is_common(connection: Connection, pattern: PlatePattern) -> bool:
    """Tell from the latest plates whether about more than MOST_GATHERED fit."""
    last = connection.scalar(select(func.max(PLATES.c.id))) or 0
    latest = select(func.count()).where(
        PLATES.c.id > last - SAMPLE, plate_condition(pattern)
    )
    return (connection.scalar(latest) or 0) * last > MOST_GATHERED * SAMPLE


def _longest(pattern: PlatePattern) -> str:
    """Return the piece by which an index finds the fewest plates."""
    return max(pattern.literals, key=len)


def _held(connection: Connection, pattern: PlatePattern) -> list[int] | None:
    """Return the plates that fit, by SQLite's index; None where they are too many."""
    column = "folded" if pattern.folded else "plate"
    ids = plates_holding(connection, column, [_longest(pattern)], MOST_GATHERED)
    if ids is None or pattern.is_part:
        return ids
    fitting = select(PLATES.c.id).where(plate_condition(pattern), _numbered(ids))
    return list(connection.scalars(fitting))


def _near(connection: Connection, pattern: PlatePattern) -> list[int]:
    """Return the numbers of the plates within the distance."""
    compared = _may_be_near(connection, "".join(pattern.pieces), pattern.distance)
    numbers = list(compared)
    return [numbers[place] for place in pattern.places_near(list(compared.values()))]


def _may_be_near(connection: Connection, plate: str, distance: int) -> dict[int, str]:
    """Return the plates, by number, that are to be compared, up to MOST_COMPARED.

    Of a plate in one piece more than edits, one is as it was: the first where plates
    begin, the last where they end.
    """
    cuts = sorted(_cuts(plate, distance), key=lambda cut: -len(cut[1]))
    if connection.dialect.name == "sqlite":
        for cut in cuts:
            if (found := _with_a_piece(connection, cut)) is not None:
                return found
    length = _length(connection.dialect.name)
    is_as_long = length.between(len(plate) - distance, len(plate) + distance)
    has_a_piece = [_has_a_piece(cut) for cut in cuts[:1]]
    return _folded(connection, and_(is_as_long, *has_a_piece), MOST_COMPARED)


def _with_a_piece(connection: Connection, cut: Sequence[str]) -> dict[int, str] | None:
    """Return the plates with a piece in its place by SQLite's indices, None for many."""
    first, *others = cut
    begins = PLATES.c.folded.between(first, first + LAST_CHARACTER)
    found = _folded(connection, begins, MOST_SHARING + 1)
    if len(found) > MOST_SHARING:
        return None
    pieces = [*others[:-1], others[-1] + END]
    ids = plates_holding(connection, "folded", pieces, MOST_SHARING)
    if ids is None:
        return None
    return found | _folded(connection, _numbered(ids), MOST_SHARING)


def _has_a_piece(cut: Sequence[str]) -> ColumnElement[bool]:
    """Return that a plate has a piece in its place."""
    first, *inner, last = cut
    likes = [f"{first}%", *(f"%{piece}%" for piece in inner), f"%{last}"]
    return or_(*map(PLATES.c.folded.like, likes))


def _folded(
    connection: Connection, condition: ColumnElement[bool], most: int
) -> dict[int, str]:
    """Return what is compared of plates, by their numbers, up to so many."""
    columns = (PLATES.c.id, PLATES.c.folded)
    statement = select(*columns).where(condition).limit(most)
    if connection.dialect.name != "sqlite":
        return {row.id: row.folded for row in connection.execute(statement)}
    # Row by row, most of the time would go into the making of rows.
    some = statement.subquery()
    both = select(*map(func.json_group_array, some.c))
    numbers, folded = map(json.loads, connection.execute(both).one())
    return dict(zip(numbers, folded, strict=True))


def _cuts(wanted: str, distance: int) -> Iterator[list[str]]:
    """Yield the ways to cut a plate into pieces of about the same length."""
    shortest = len(wanted) // (distance + 1)
    for edges in combinations(range(1, len(wanted)), distance):
        ends = (0, *edges, len(wanted))
        if all(end - start >= shortest for start, end in pairwise(ends)):
            yield [wanted[start:end] for start, end in pairwise(ends)]


def _length(dialect: str) -> ColumnElement[int]:
    """Return how many characters a plate has; MariaDB would count bytes."""
    count = func.char_length if dialect == "mysql" else func.length
    return count(PLATES.c.folded)


def _numbered(ids: list[int]) -> ColumnElement[bool]:
    """Return that a plate of SQLite has one of the numbers."""
    return PLATES.c.id.in_(_listed(ids))


def _listed(ids: list[int]) -> TextualSelect:
    """Return a query of numbers for SQLite, which takes them all as one parameter."""
    numbers = text("SELECT value FROM json_each(:numbers)")
    return numbers.bindparams(
        bindparam("numbers", json.dumps(ids), unique=True)
    ).columns(literal_column("value"))
