"""Insert the passages of a file that are not in the database yet."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Final

from sqlalchemy import Connection, insert, select

from ..intake.passage import normalize_plate
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


def import_rows(connection: Connection, rows: Iterable[Row]) -> int:
    """Insert the rows that are not there; return how many."""
    new = new_among(connection, rows)
    for some in batched(new, _AT_ONCE, strict=False):
        plates = [_found_under(row) for row in some]
        ids = number_plates(connection, filter(None, plates))
        values = [
            row | {"plate_id": ids[plate] if plate else None}
            for row, plate in zip(some, plates, strict=True)
        ]
        connection.execute(insert(PASSAGES), values)
    return len(new)


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
