"""Make passages for the archive."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.keeping import keep_rows
from custom_components.hikvision_anpr.archive.record import row_of
from custom_components.hikvision_anpr.intake.passage import Passage
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

START = datetime(2026, 11, 25, 8, tzinfo=UTC)


def passage(number: int, plate: str | None, **of_read: object) -> Passage:
    """Return the passage of a number, each a second after the one before."""
    time = START + timedelta(seconds=number)
    read = PlateRead(channel=1, plate=plate, **of_read)  # type: ignore[arg-type]
    return Passage(
        passage_id=str(UUID(int=number)),
        device_id="camera",
        read=read,
        captured_at=time,
        received_at=time,
        source="arming",
        live=True,
    )


async def keep(database: Database, passages: Iterable[Passage]) -> None:
    """Put passages into a database."""
    rows = [row_of(one) for one in passages]
    await database.async_write(lambda connection: keep_rows(connection, rows))
