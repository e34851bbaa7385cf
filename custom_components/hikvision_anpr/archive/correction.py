"""Correct a plate manually, and remember the misread."""

from sqlalchemy import Connection, insert, select, update

from ..intake.passage import normalize_plate
from .deletion import delete_unused
from .errors import SearchError
from .keeping import number_plates
from .schema import KNOWN_MISREADS, PASSAGES, PLATE_LENGTH


def correct_passage(connection: Connection, passage_id: str, plate: str) -> bool:
    """Let a passage be found under another plate; tell whether it was there.

    What the device read stays as it is. Where it read something, that is learned as a
    mis-read of the plate. Raises SearchError for a plate without letters and digits.
    """
    normalized = _checked(plate)
    condition = PASSAGES.c.passage_id == passage_id
    found = connection.execute(
        select(PASSAGES.c.plate, PASSAGES.c.plate_id).where(condition)
    ).first()
    if found is None:
        return False
    plate_id = number_plates(connection, [normalized])[normalized]
    connection.execute(
        update(PASSAGES)
        .where(condition)
        .values(corrected_plate=normalized, plate_id=plate_id)
    )
    delete_unused(connection, {found.plate_id})
    if found.plate and (read := normalize_plate(found.plate)) not in {"", normalized}:
        _learn(connection, read[:PLATE_LENGTH], normalized)
    return True


def _checked(plate: str) -> str:
    """Return a plate that can be kept, normalized. Raises SearchError."""
    normalized = normalize_plate(plate)
    if not normalized:
        raise SearchError("plate_without_characters")
    if len(normalized) > PLATE_LENGTH:
        raise SearchError("plate_too_long")
    return normalized


def _learn(connection: Connection, read: str, plate: str) -> None:
    """Count once more that a plate was read as another one."""
    known = update(KNOWN_MISREADS).where(
        KNOWN_MISREADS.c.read_plate == read, KNOWN_MISREADS.c.plate == plate
    )
    changed = connection.execute(known.values(times=KNOWN_MISREADS.c.times + 1))
    if not changed.rowcount:
        connection.execute(
            insert(KNOWN_MISREADS).values(read_plate=read, plate=plate, times=1)
        )
