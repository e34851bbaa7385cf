"""Ask a device for the plates that it read: its table of plates (reference 4.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from .client import IsapiClient
from .node import Node
from .plate_read import MAX_PLATE_CHARACTERS, PictureInfo
from .tables.countries import country_code
from .tables.plates import is_unreadable, strip_color_prefix
from .tables.vehicles import Direction, direction
from .timestamps import parse_device_time

_REQUEST: Final = "<AfterTime><picTime>{}</picTime></AfterTime>"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateRecord:
    """Hold one row of a device's table of plates.

    `plate` is as the device sent it, None where it could not be read;
    `captured_at` is device time, aware, to the second; `listed_at` is what the
    device compares with the time that it is asked for, finer where it is known;
    `pictures` are those that the device may still have; `country` is ISO 3166-1
    alpha-2.
    """

    plate: str | None
    captured_at: datetime
    listed_at: datetime
    pictures: tuple[PictureInfo, ...] = ()
    country: str | None = None
    plate_color: str | None = None
    lane: int | None = None
    direction: Direction = "unknown"


async def async_get_plates(
    client: IsapiClient, channel: int, *, after: datetime
) -> list[PlateRecord]:
    """Ask for the plates that a channel read after a time, in the device's order.

    `after` is aware and in the device's zone, which is that of the times without
    an offset as well; a row's `listed_at` asks for those that follow it. The order means nothing, rows may come twice or be older
    than asked for, and the device may leave some out; rows that make no sense are
    left out. Raises the errors of the client; NotSupportedError where there is no
    table (reference 4.1).
    """
    path = f"/ISAPI/Traffic/channels/{channel}/vehicleDetect/plates"
    digits = f"{after:%Y%m%d%H%M%S}{after.microsecond // 100:04}"
    answer = await client.post(path, _REQUEST.format(digits).encode())
    zone = after.tzinfo or UTC
    return [record for row in _rows(answer) if (record := _record(row, zone))]


def _rows(node: Node) -> Iterator[Node]:
    """Yield the rows of a table, however deep an answer wraps them."""
    if node.child("plateNumber"):
        yield node
        return
    for inner in node.nodes():
        yield from _rows(inner)


def _record(row: Node, zone: tzinfo) -> PlateRecord | None:
    """Read one row, None where it makes no sense."""
    plate = row.value("plateNumber") or ""
    named_at = parse_device_time(row.value("picName") or "", zone)
    captured_at = parse_device_time(row.value("captureTime") or "", zone) or named_at
    if captured_at is None or len(plate) > MAX_PLATE_CHARACTERS:
        return None
    # What the digits after the seconds mean is unknown (reference 4.1).
    captured_at = captured_at.replace(microsecond=0)
    return PlateRecord(
        plate=None if is_unreadable(plate) else plate,
        captured_at=captured_at,
        listed_at=named_at or captured_at,
        pictures=_pictures(row.value("picName")),
        country=country_code(row.value("country")),
        plate_color=strip_color_prefix(plate)[0],
        lane=row.integer("laneNo"),
        direction=direction(row.value("direction")),
    )


def _pictures(name: str | None) -> tuple[PictureInfo, ...]:
    """Return the plate's picture (reference 4.2); its name may have 25 digits."""
    if name is None or not (name.isascii() and name.isalnum()):
        return ()
    file_name = f"{name}.jpg"
    url = f"/doc/ui/images/plate/{file_name}"
    return (PictureInfo(kind="licensePlatePicture", file_name=file_name, url=url),)
