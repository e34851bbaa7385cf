"""Delete passages, and forget a plate altogether."""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, exists, or_, select

from .schema import KNOWN_MISREADS, PASSAGES, PLATES

_AT_ONCE: Final = 500


def delete_passages(connection: Connection, passage_ids: Sequence[str]) -> list[str]:
    """Delete passages by their ids; return those that were there."""
    deleted: list[str] = []
    for some in batched(passage_ids, _AT_ONCE, strict=False):
        deleted += _delete(connection, PASSAGES.c.passage_id.in_(some))
    return deleted


def delete_before(connection: Connection, time: int, list_name: str, most: int) -> int:
    """Delete the oldest passages of a list from before a time, in milliseconds.

    Return how many they were, at most so many: the writer has other work in between.
    """
    oldest = (
        select(PASSAGES.c.id)
        .where(PASSAGES.c.list == list_name, PASSAGES.c.captured_at < time)
        .order_by(PASSAGES.c.captured_at)
        .limit(most)
    )
    ids = list(connection.scalars(oldest))
    return sum(
        len(_delete(connection, PASSAGES.c.id.in_(some)))
        for some in batched(ids, _AT_ONCE, strict=False)
    )


def forget_plate(connection: Connection, normalized: str) -> list[str]:
    """Delete all that is kept of a plate, under what it was read as or corrected to.

    Return the ids of its passages.
    """
    ids = list(connection.scalars(select(PASSAGES.c.passage_id).where(_of(normalized))))
    misread = or_(
        KNOWN_MISREADS.c.plate == normalized, KNOWN_MISREADS.c.read_plate == normalized
    )
    connection.execute(delete(KNOWN_MISREADS).where(misread))
    return delete_passages(connection, ids)


def _of(normalized: str) -> ColumnElement[bool]:
    """Return the condition of a plate's passages."""
    return PASSAGES.c.plate_id.in_(
        select(PLATES.c.id).where(PLATES.c.plate == normalized)
    )


def _delete(connection: Connection, condition: ColumnElement[bool]) -> list[str]:
    """Delete passages, and the plates that no other passage has; return their ids."""
    found = connection.execute(
        select(PASSAGES.c.passage_id, PASSAGES.c.plate_id).where(condition)
    ).all()
    connection.execute(delete(PASSAGES).where(condition))
    delete_unused(connection, {row.plate_id for row in found})
    return [row.passage_id for row in found]


def delete_unused(connection: Connection, plate_ids: Iterable[int | None]) -> None:
    """Delete those plates that no passage has."""
    ids = [plate_id for plate_id in plate_ids if plate_id is not None]
    used = exists().where(PASSAGES.c.plate_id == PLATES.c.id)
    connection.execute(delete(PLATES).where(PLATES.c.id.in_(ids), ~used))
