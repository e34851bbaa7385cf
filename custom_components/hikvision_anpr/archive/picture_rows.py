"""Record in the database which pictures are stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select

from .schema import PASSAGES, PICTURES

AT_ONCE: Final = 500
_DAY: Final = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """Hold a picture: whose it is, and its file below the folder.

    `captured_at` is in milliseconds since 1970, `size` in bytes.
    """

    passage_id: str
    kind: str
    file: str
    size: int
    captured_at: int


def keep_pictures(connection: Connection, pictures: Iterable[KeptPicture]) -> None:
    """Write which pictures there are now."""
    rows = {
        (picture.passage_id, picture.kind): {
            "passage_id": picture.passage_id,
            "kind": picture.kind,
            "file": picture.file,
            "size": picture.size,
            "captured_at": picture.captured_at,
        }
        for picture in pictures
    }
    if not rows:
        return
    keys = [{"id_": passage_id, "kind_": kind} for passage_id, kind in rows]
    connection.execute(
        delete(PICTURES)
        .where(PICTURES.c.passage_id == bindparam("id_"))
        .where(PICTURES.c.kind == bindparam("kind_")),
        keys,
    )
    connection.execute(insert(PICTURES), list(rows.values()))


def file_of(connection: Connection, passage_id: str, kind: str) -> str | None:
    """Return the file of a picture; None where there is none."""
    return connection.scalar(
        select(PICTURES.c.file)
        .where(PICTURES.c.passage_id == passage_id)
        .where(PICTURES.c.kind == kind)
    )


def kinds_of(
    connection: Connection, passage_ids: Sequence[str]
) -> dict[str, list[str]]:
    """Return which pictures passages have."""
    kinds: dict[str, list[str]] = {}
    for start in range(0, len(passage_ids), AT_ONCE):
        some = passage_ids[start : start + AT_ONCE]
        statement = (
            select(PICTURES.c.passage_id, PICTURES.c.kind)
            .where(PICTURES.c.passage_id.in_(some))
            .order_by(PICTURES.c.kind)
        )
        for row in connection.execute(statement):
            kinds.setdefault(row.passage_id, []).append(row.kind)
    return kinds


def picture_days(connection: Connection, offset: int, most: int) -> list[date]:
    """Return the days that have pictures, the latest first.

    `offset` is that of the home's zone, in seconds; each day costs one look into the
    index, however many pictures it has.
    """
    days: list[date] = []
    before: int | None = None
    while len(days) < most:
        statement = select(func.max(PICTURES.c.captured_at))
        if before is not None:
            statement = statement.where(PICTURES.c.captured_at < before)
        latest = connection.scalar(statement)
        if latest is None:
            break
        day = (latest // 1000 + offset) // _DAY
        days.append(date(1970, 1, 1) + timedelta(days=day))
        before = (day * _DAY - offset) * 1000
    return days


def files_of_day(connection: Connection, day: date) -> set[str]:
    """Return the files of a day, whichever zone it is a day of."""
    midnight = (day - date(1970, 1, 1)).days * _DAY
    first, last = ((midnight + days * _DAY) * 1000 for days in (-1, 2))
    statement = select(PICTURES.c.file).where(
        PICTURES.c.captured_at >= first, PICTURES.c.captured_at < last
    )
    return set(connection.scalars(statement))


def take_out(connection: Connection, passage_ids: Iterable[str]) -> list[str]:
    """Forget the pictures of passages, and return their files."""
    files: list[str] = []
    for passage_id in passage_ids:
        condition = PICTURES.c.passage_id == passage_id
        files += connection.scalars(select(PICTURES.c.file).where(condition))
        connection.execute(delete(PICTURES).where(condition))
    return files


def take_out_orphans(connection: Connection, before: int) -> list[str]:
    """Forget pictures from before a time whose passage is gone; return their files."""
    has_passage = exists().where(PASSAGES.c.passage_id == PICTURES.c.passage_id)
    return _take_out(connection, [PICTURES.c.captured_at < before, ~has_passage])


def take_out_old(connection: Connection, before: int) -> list[str]:
    """Forget some pictures from before a time, the oldest; return their files."""
    return _take_out(connection, [PICTURES.c.captured_at < before])


def take_out_surplus(connection: Connection, most_bytes: int) -> list[str]:
    """Forget some pictures, the oldest, while all are larger; return their files."""
    surplus = total_size(connection) - most_bytes
    if surplus <= 0:
        return []
    rows = connection.execute(
        select(PICTURES.c.passage_id, PICTURES.c.size)
        .order_by(PICTURES.c.captured_at)
        .limit(AT_ONCE)
    )
    ids: dict[str, None] = {}
    for row in rows:
        if surplus <= 0:
            break
        ids[row.passage_id] = None
        surplus -= row.size
    return take_out(connection, ids)


def take_out_beyond(connection: Connection, most: int) -> list[str]:
    """Forget some pictures, the oldest, while there are more; return their files.

    A passage keeps all of its pictures or none.
    """
    surplus = (
        connection.scalar(select(func.count()).select_from(PICTURES)) or 0
    ) - most
    if surplus <= 0:
        return []
    oldest = (
        select(PICTURES.c.passage_id)
        .order_by(PICTURES.c.captured_at)
        .limit(min(surplus, AT_ONCE))
    )
    return take_out(connection, dict.fromkeys(connection.scalars(oldest)))


def total_size(connection: Connection) -> int:
    """Return how many bytes all pictures have."""
    return int(connection.scalar(select(func.sum(PICTURES.c.size))) or 0)


def _take_out(connection: Connection, conditions: Sequence[object]) -> list[str]:
    """Forget some of the pictures that fit, the oldest; return their files."""
    statement = select(PICTURES.c.passage_id).order_by(PICTURES.c.captured_at)
    for condition in conditions:
        statement = statement.where(condition)  # type: ignore[arg-type]
    found = connection.scalars(statement.limit(AT_ONCE))
    return take_out(connection, dict.fromkeys(found))
