"""Average the confidence of reads over a period."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from .record import milliseconds
from .schema import PASSAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Hold the mean confidence in percent, and of how many passages."""

    mean: float
    count: int


def mean_confidence(
    connection: Connection, device_id: str, start: datetime, end: datetime
) -> Confidence | None:
    """Return how sure a device was between two aware times; None where it never said."""
    row = connection.execute(
        select(func.avg(PASSAGES.c.confidence), func.count(PASSAGES.c.confidence))
        .where(PASSAGES.c.device_id == device_id)
        .where(PASSAGES.c.captured_at >= milliseconds(start)[0])
        .where(PASSAGES.c.captured_at < milliseconds(end)[0])
    ).one()
    mean, count = row
    return Confidence(mean=float(mean), count=count) if count else None
