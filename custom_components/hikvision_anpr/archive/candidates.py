"""Find the distinct plates that fit a pattern."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
import json
from typing import Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    TextualSelect,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)

from .plate_index import END, LAST_CHARACTER, plates_holding
from .plate_pattern import PlatePattern
from .schema import PLATES

FEW: Final = 300
MOST_GATHERED: Final = 30_000
"""Beyond so many, most passages that are looked at will fit soon."""

MOST_COMPARED: Final = 200_000
MOST_SHARING: Final = 50_000
"""Beyond so many with a piece of a plate, it is cut elsewhere."""

SAMPLE: Final = 2000
_TRIGRAM: Final = 3

type PlateIds = list[int] | Select[tuple[int]] | CompoundSelect[tuple[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Hold the numbers of plates, or the query that finds them, and how many they are."""

    ids: PlateIds
    number: int

    def among(self, column: ColumnElement[int], dialect: str) -> ColumnElement[bool]:
        """Return that a column is one of them."""
        if dialect == "sqlite" and isinstance(self.ids, list):
            return column.in_(_listed(self.ids))
        return column.in_(self.ids)


def plate_condition(pattern: PlatePattern) -> ColumnElement[bool]:
    """Return what a plate has to be like, without regard to any index."""
    column = PLATES.c.folded if pattern.folded else PLATES.c.plate
    if "*" in pattern.pieces or "?" in pattern.pieces:
        return column.like(pattern.like)
    return column == pattern.like


def candidates(connection: Connection, pattern: PlatePattern) -> Candidates | None:
    """Return the plates that fit; None where so many do that passages are compared.

    With a distance, the plates compared are those that share a piece with the one that is
    asked for, in its place, as any plate within the distance does. The token of the plate
    is found as well.
    """
    found = _plain_candidates(connection, pattern)
    if found is None or pattern.hashed is None:
        return found
    token = select(PLATES.c.id).where(PLATES.c.plate == pattern.hashed)
    if isinstance(found.ids, list):
        ids = [*found.ids, *connection.scalars(token)]
        return Candidates(ids=ids, number=len(ids))
    return Candidates(ids=union_all(found.ids, token), number=found.number + 1)


def _plain_candidates(
    connection: Connection, pattern: PlatePattern
) -> Candidates | None:
    """Return the plates that fit and can be read."""
    if pattern.distance:
        return _counted(_near(connection, pattern))
    statement = select(PLATES.c.id).where(plate_condition(pattern))
    dialect = connection.dialect.name
    if not pattern.is_whole:
        if _is_common(connection, pattern):
            return None
        if dialect == "sqlite" and (held := _held(connection, pattern)) is not None:
            return _counted(held)
        if dialect == "postgresql" and len(_longest(pattern)) >= _TRIGRAM:
            return _by_trigrams(connection, statement)
    ids = list(connection.scalars(statement.limit(FEW + 1)))
    return _counted(ids) if len(ids) <= FEW else None


def _is_common(connection: Connection, pattern: PlatePattern) -> bool:
    """Tell from the latest plates whether about more than MOST_GATHERED fit."""
    last = connection.scalar(select(func.max(PLATES.c.id))) or 0
    latest = select(func.count()).where(
        PLATES.c.id > last - SAMPLE, plate_condition(pattern)
    )
    return (connection.scalar(latest) or 0) * last > MOST_GATHERED * SAMPLE


def _counted(ids: list[int]) -> Candidates:
    """Return plates by their numbers."""
    return Candidates(ids=ids, number=len(ids))


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


def _by_trigrams(
    connection: Connection, statement: Select[tuple[int]]
) -> Candidates | None:
    """Return the plates of a query that PostgreSQL answers by its index, if not many."""
    some = statement.limit(MOST_GATHERED + 1).subquery()
    number = connection.scalar(select(func.count()).select_from(some)) or 0
    return Candidates(ids=statement, number=number) if number <= MOST_GATHERED else None


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
