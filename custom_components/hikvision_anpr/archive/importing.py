"""Insert the passages of a file that are not in the database yet."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import batched
from typing import Final

from sqlalchemy import Connection, insert, select

from ..intake.passage import normalize_plate
from .database import Database
from .deletion import delete_passages
from .errors import ArchiveError
from .keeping import fit_row, number_plates
from .record import Row, RowValue
from .schema import PASSAGES, PLATE_LENGTH

_AT_ONCE: Final = 500

type _Key = tuple[RowValue, ...]


def new_among(connection: Connection, rows: Iterable[Row]) -> list[Row]:
    """Return the rows that are not there, by passage_id or by where, when and plate."""
    new: list[Row] = []
    seen: set[_Key] = set()
    for some in batched(map(fit_row, rows), _AT_ONCE, strict=False):
        seen |= _known(connection, some)
        for row in some:
            keys = {_key(row), _id_key(row)}
            if seen.isdisjoint(keys):
                new.append(row)
            seen |= keys
    return new


async def async_import_rows(database: Database, rows: Iterable[Row]) -> int:
    """Insert the rows that are not there, a few at a time; return how many.

    New passages are written in between. Raises ArchiveError, and deletes again what was
    inserted, where the database does not take them all.
    """
    added: list[str] = []
    try:
        for some in batched(rows, _AT_ONCE, strict=False):
            added += await database.async_write(partial(_import_rows, rows=some))
    except ArchiveError:
        for ids in batched(added, _AT_ONCE, strict=False):
            await database.async_write(partial(delete_passages, passage_ids=ids))
        raise
    return len(added)


def _import_rows(connection: Connection, rows: Sequence[Row]) -> list[str]:
    """Insert the rows that are not there; return their ids."""
    new = new_among(connection, rows)
    plates = [_found_under(row) for row in new]
    ids = number_plates(connection, filter(None, plates))
    values = [
        row | {"plate_id": ids[plate] if plate else None}
        for row, plate in zip(new, plates, strict=True)
    ]
    if values:
        connection.execute(insert(PASSAGES), values)
    return [str(row["passage_id"]) for row in new]


def _known(connection: Connection, rows: Sequence[Row]) -> set[_Key]:
    """Return the keys of passages that rows may be the same as."""
    columns = PASSAGES.c
    times = {row["captured_at"] for row in rows}
    same_time = select(
        columns.device_id, columns.channel, columns.plate, columns.captured_at
    ).where(columns.captured_at.in_(times))
    same_id = select(columns.passage_id).where(
        columns.passage_id.in_([row["passage_id"] for row in rows])
    )
    found = connection.execute(same_time).mappings()
    ids = connection.execute(same_id).mappings()
    return {_key(dict(row)) for row in found} | {_id_key(dict(row)) for row in ids}


def _key(row: Mapping[str, RowValue]) -> _Key:
    """Return where, when and with which plate a vehicle passed."""
    plate = normalize_plate(str(row["plate"] or ""))
    return row["device_id"], row["channel"], row["captured_at"], plate


def _id_key(row: Mapping[str, RowValue]) -> _Key:
    """Return the key that says which passage a row is."""
    return (row["passage_id"],)


def _found_under(row: Row) -> str | None:
    """Return the plate that a passage is found under; None where none was read."""
    if isinstance(corrected := row["corrected_plate"], str):
        return corrected
    return normalize_plate(str(row["plate"] or ""))[:PLATE_LENGTH] or None
