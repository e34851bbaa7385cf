"""Find the distinct plates that fit a pattern."""

from itertools import pairwise
from typing import Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    union_all,
)

from .plate_pattern import PlatePattern
from .schema import PLATES

FEW: Final = 300
MOST_COMPARED: Final = 50_000
_TRIGRAM: Final = 3

type PlateIds = list[int] | Select[tuple[int]] | CompoundSelect[tuple[int]]


def plate_condition(pattern: PlatePattern) -> ColumnElement[bool]:
    """Return what a plate has to be like, without regard to any index."""
    column = PLATES.c.folded if pattern.folded else PLATES.c.plate
    if "*" in pattern.pieces or "?" in pattern.pieces:
        return column.like(pattern.like)
    return column == pattern.like


def candidates(connection: Connection, pattern: PlatePattern) -> PlateIds | None:
    """Return the numbers of the plates that fit, or the query that finds them quickly.

    None where no index helps and more than FEW fit: then most passages that are looked
    at will fit soon. With a distance, the plates compared are bounded: they share a piece
    with the one that is asked for, as any plate within the distance does. The token of
    the plate is found as well.
    """
    found = _plain_candidates(connection, pattern)
    if found is None or pattern.hashed is None:
        return found
    token = connection.scalar(
        select(PLATES.c.id).where(PLATES.c.plate == pattern.hashed)
    )
    if token is None:
        return found
    if isinstance(found, list):
        return [*found, token]
    return union_all(found, select(literal(token)))


def _plain_candidates(
    connection: Connection, pattern: PlatePattern
) -> list[int] | Select[tuple[int]] | None:
    """Return the numbers of the plates that fit and can be read."""
    if pattern.distance:
        return _near(connection, pattern)
    statement = select(PLATES.c.id).where(plate_condition(pattern))
    if (indexed := _by_index(connection.dialect.name, statement, pattern)) is not None:
        return indexed
    ids = list(connection.scalars(statement.limit(FEW + 1)))
    return ids if len(ids) <= FEW else None


def _by_index(
    dialect: str, statement: Select[tuple[int]], pattern: PlatePattern
) -> Select[tuple[int]] | None:
    """Return the query through an index; None where there is none for the pattern."""
    if len(pattern.pieces) == 1 and pattern.literals:
        return statement
    longest = max(pattern.literals, key=len)
    if len(longest) < _TRIGRAM or dialect not in {"sqlite", "postgresql"}:
        return None
    if dialect == "postgresql":
        return statement
    column = "folded" if pattern.folded else "plate"
    return statement.where(_holds_any(column, [longest]))


def _holds_any(column: str, pieces: list[str]) -> ColumnElement[bool]:
    """Return that a plate holds one of several pieces, by SQLite's trigram index."""
    # A piece holds letters and digits alone: nothing in it is syntax.
    match = " OR ".join(f'"{piece}"' for piece in pieces)
    found = text("SELECT rowid FROM plate_search WHERE plate_search MATCH :match")
    return PLATES.c.id.in_(
        found.bindparams(match=f"{{{column}}} : ({match})").columns(
            literal_column("rowid")
        )
    )


def _near(connection: Connection, pattern: PlatePattern) -> list[int]:
    """Return the numbers of the plates within the distance."""
    wanted = "".join(pattern.pieces)
    length = _length(connection.dialect.name)
    statement = (
        select(PLATES.c.id, PLATES.c.folded)
        .where(length >= len(wanted) - pattern.distance)
        .where(length <= len(wanted) + pattern.distance)
        .limit(MOST_COMPARED)
    )
    if len(wanted) > pattern.distance:
        pieces = _split(wanted, pattern)
        statement = statement.where(_shares(connection.dialect.name, pieces))
    found = connection.execute(statement)
    return [row.id for row in found if pattern.near(row.folded)]


def _shares(dialect: str, pieces: list[str]) -> ColumnElement[bool]:
    """Return that a plate holds one of several pieces, by an index where they fit it."""
    if dialect == "sqlite" and len(min(pieces, key=len)) >= _TRIGRAM:
        return _holds_any("folded", pieces)
    return or_(*(PLATES.c.folded.like(f"%{piece}%") for piece in pieces))


def _length(dialect: str) -> ColumnElement[int]:
    """Return how many characters a plate has; MariaDB would count bytes."""
    count = func.char_length if dialect == "mysql" else func.length
    return count(PLATES.c.folded)


def _split(wanted: str, pattern: PlatePattern) -> list[str]:
    """Cut a plate into one piece more than it may have edits: one stays whole."""
    count = pattern.distance + 1
    edges = [len(wanted) * part // count for part in range(count + 1)]
    return [wanted[start:end] for start, end in pairwise(edges)]
