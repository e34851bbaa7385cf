"""Insert and update rows of passages in the database."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    String,
    case,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.dml import Insert

from ..intake.folding import fold_plate
from .record import Row, RowValue, normalized_of
from .schema import PASSAGES, PLATE_LENGTH, PLATES

# The fewest variables of a statement that the databases allow is far above this.
_AT_ONCE: Final = 500
_LARGEST: Final = 2**31 - 1
_KINDS: Final = {column.name: column.type for column in PASSAGES.c}
_NEVER_CHANGED: Final = frozenset({"id", "passage_id", "plate_id", "corrected_plate"})


def keep_rows(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert or update rows by passage_id; the last of several for one counts.

    A correction stays whatever the device says later.
    """
    latest = {row["passage_id"]: row for row in rows}
    normalized = {key: normalized_of(row) for key, row in latest.items()}
    ids = number_plates(connection, filter(None, normalized.values()))
    values = [
        fit_row(row)
        | {"plate_id": ids[plate] if (plate := _cut(normalized[key])) else None}
        for key, row in latest.items()
    ]
    if values:
        connection.execute(_upsert(connection.dialect.name), values)


def number_plates(connection: Connection, plates: Iterable[str]) -> dict[str, int]:
    """Return the numbers of normalized plates; new ones are given one."""
    wanted = sorted({plate[:PLATE_LENGTH] for plate in plates})
    known = _numbers(connection, wanted)
    new = [plate for plate in wanted if plate not in known]
    if not new:
        return known
    connection.execute(
        insert(PLATES),
        [{"plate": plate, "folded": fold_plate(plate)} for plate in new],
    )
    return known | _numbers(connection, new)


def _numbers(connection: Connection, plates: Sequence[str]) -> dict[str, int]:
    """Return the numbers of those plates that have one."""
    numbers: dict[str, int] = {}
    for start in range(0, len(plates), _AT_ONCE):
        some = plates[start : start + _AT_ONCE]
        found = connection.execute(lookup(connection.dialect.name, some))
        numbers.update({row.plate: row.id for row in found})
    return numbers


def lookup(dialect: str, plates: Sequence[str]) -> Select[tuple[str, int]]:
    """Return what reads the numbers of plates.

    Of a long list PostgreSQL would look up each plate in its index of parts, which takes
    seconds; what is joined is looked up in that of whole plates.
    """
    statement = select(PLATES.c.plate, PLATES.c.id)
    if dialect != "postgresql":
        return statement.where(PLATES.c.plate.in_(plates))
    asked = func.unnest(literal(list(plates), postgresql.ARRAY(String)))
    return statement.where(PLATES.c.plate == asked.column_valued("asked"))


def _cut(plate: str | None) -> str | None:
    """Return a plate at the length under which it is numbered."""
    return plate[:PLATE_LENGTH] if plate else None


def fit_row(row: Row) -> dict[str, RowValue]:
    """Return a row whose values fit their columns; only nonsense does not."""
    return {name: _fit_value(name, value) for name, value in row.items()}


def _fit_value(name: str, value: RowValue) -> RowValue:
    """Return a value that every database takes."""
    kind = _KINDS[name]
    if isinstance(value, str):
        clean = value.encode(errors="replace").decode().replace("\0", "")
        return clean[: getattr(kind, "length", None)]
    if isinstance(value, int) and not isinstance(kind, BigInteger):
        return max(-_LARGEST, min(value, _LARGEST))
    return value


@cache
def _upsert(dialect: str) -> Insert:
    """Return the statement that inserts a passage or updates it."""
    if dialect == "mysql":
        statement = mysql.insert(PASSAGES)
        return statement.on_duplicate_key_update(_changes(statement.inserted))
    if dialect == "postgresql":
        other = postgresql.insert(PASSAGES)
        return other.on_conflict_do_update(
            index_elements=["passage_id"], set_=_changes(other.excluded)
        )
    embedded = sqlite.insert(PASSAGES)
    return embedded.on_conflict_do_update(
        index_elements=["passage_id"], set_=_changes(embedded.excluded)
    )


def _changes(new: ReadOnlyColumnCollection[str, Any]) -> dict[str, Any]:
    """Return what a known passage takes over from a new row."""
    changes: dict[str, Any] = {
        column.name: new[column.name]
        for column in PASSAGES.c
        if column.name not in _NEVER_CHANGED | {"area"}
    }
    changes["plate_id"] = case(
        (PASSAGES.c.corrected_plate.is_(None), new["plate_id"]),
        else_=PASSAGES.c.plate_id,
    )
    return changes
