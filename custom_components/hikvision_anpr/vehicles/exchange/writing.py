"""Write vehicles into a file that other programs, or a device, can read."""

from collections.abc import Iterable, Sequence
import csv
from datetime import datetime, timedelta
from io import BytesIO, StringIO
import json
from typing import Final, Literal

from homeassistant.util import dt as dt_util
from openpyxl import Workbook

from ...archive.spreadsheet import BYTE_ORDER_MARK, safe_cell
from ..vehicle import Vehicle
from ..week import week_as_dict
from .columns import COLUMNS

type Format = Literal["csv", "xlsx", "device"]

FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "device")
_DEVICE_HEADING: Final = (
    "No.",
    "Plate",
    "Group (0 = block list, 1 = allow list)",
    "Start date",
    "End date",
    "Card ID",
)
_ALWAYS: Final = ("1970-01-01", "2099-12-30")


def write_vehicles(vehicles: Iterable[Vehicle], written_as: Format) -> bytes:
    """Return a file of vehicles, by plate.

    `device` is the list that devices take (reference 5.1): vehicles on the allow and
    the block list alone, with what a device can hold of them.
    """
    ordered = sorted(vehicles, key=lambda vehicle: vehicle.normalized)
    match written_as:
        case "csv":
            return _csv([COLUMNS, *map(_row, ordered)])
        case "xlsx":
            return _xlsx([COLUMNS, *map(_row, ordered)])
        case "device":
            listed = [one for one in ordered if one.list != "none"]
            rows = [_device_row(number, one) for number, one in enumerate(listed, 1)]
            return _csv([_DEVICE_HEADING, *rows])


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a text file with a byte order mark, which spreadsheets and devices want."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook whose cells are all texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Vehicles")
    for row in rows:
        sheet.append(list(row))
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _row(vehicle: Vehicle) -> list[str]:
    """Return a vehicle in the order of the columns."""
    week = week_as_dict(vehicle.week)
    cells = (
        vehicle.plate,
        vehicle.list,
        vehicle.name,
        vehicle.owner,
        vehicle.group,
        vehicle.card_id,
        vehicle.color,
        vehicle.note,
        "; ".join(vehicle.areas),
        _time(vehicle.valid_from),
        _time(vehicle.valid_to),
        json.dumps(week) if week else "",
        "" if vehicle.uses is None else str(vehicle.uses),
    )
    return [safe_cell(cell or "") for cell in cells]


def _device_row(number: int, vehicle: Vehicle) -> list[str]:
    """Return a vehicle as a device's own list has it, days without times."""
    start, end = _ALWAYS
    if vehicle.valid_from:
        start = dt_util.as_local(vehicle.valid_from).date().isoformat()
    if vehicle.valid_to:
        last = dt_util.as_local(vehicle.valid_to - timedelta(seconds=1))
        end = last.date().isoformat()
    code = "1" if vehicle.list == "allow" else "0"
    card = safe_cell(vehicle.card_id or "")
    return [str(number), vehicle.normalized, code, start, end, card]


def _time(moment: datetime | None) -> str:
    """Return a time in the zone of the home."""
    return dt_util.as_local(moment).isoformat() if moment else ""
