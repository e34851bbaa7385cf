"""List the stored reads of a channel, so that they are not recovered again."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, select

from ..isapi.plate_read import PlateRead
from .record import milliseconds
from .schema import PASSAGES

MOST: Final = 2000
"""How many passages are told at most, the latest captured of all."""


def reads_since(
    connection: Connection, device_id: str, channel: int, since: datetime
) -> list[tuple[PlateRead, datetime]]:
    """Return the reads of a channel since an aware time of the device's clock.

    Each with the time when it came in; both are aware, and in UTC.
    """
    found = connection.execute(
        select(PASSAGES.c.plate, PASSAGES.c.captured_at, PASSAGES.c.received_at)
        .where(PASSAGES.c.device_id == device_id)
        .where(PASSAGES.c.channel == channel)
        .where(PASSAGES.c.captured_at >= milliseconds(since)[0])
        .order_by(PASSAGES.c.captured_at.desc())
        .limit(MOST)
    )
    return [
        (
            PlateRead(plate=plate, channel=channel, captured_at=_moment(captured_at)),
            _moment(received_at),
        )
        for plate, captured_at, received_at in found
    ]


def _moment(kept: int) -> datetime:
    """Return a time that is kept in milliseconds since 1970."""
    return datetime.fromtimestamp(kept / 1000, UTC)
