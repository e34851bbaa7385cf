"""Say which reads of a channel are kept, for those who must not take them again."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, select

from .record import milliseconds
from .schema import PASSAGES

MOST: Final = 2000
"""How many passages are told at most, the latest captured of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlate:
    """Hold what a passage is known by; the times are aware."""

    plate: str | None
    captured_at: datetime
    received_at: datetime


def plates_since(
    connection: Connection, device_id: str, channel: int, since: datetime
) -> list[KeptPlate]:
    """Return what is kept of a channel since an aware time of the device's clock."""
    found = connection.execute(
        select(PASSAGES.c.plate, PASSAGES.c.captured_at, PASSAGES.c.received_at)
        .where(PASSAGES.c.device_id == device_id)
        .where(PASSAGES.c.channel == channel)
        .where(PASSAGES.c.captured_at >= milliseconds(since)[0])
        .order_by(PASSAGES.c.captured_at.desc())
        .limit(MOST)
    )
    return [
        KeptPlate(
            plate=row.plate,
            captured_at=_moment(row.captured_at),
            received_at=_moment(row.received_at),
        )
        for row in found
    ]


def _moment(kept: int) -> datetime:
    """Return a time that is kept in milliseconds since 1970."""
    return datetime.fromtimestamp(kept / 1000, UTC)
