"""Write vehicles to a file for other programs or for a device."""

from collections.abc import Iterable, Iterator, Sequence
import csv
from datetime import datetime, timedelta
from io import StringIO
import json
from typing import Final, Literal

from homeassistant.util import dt as dt_util

from ...archive.file_error import FileError
from ...archive.spreadsheet import BYTE_ORDER_MARK, safe_cell
from ...isapi.workbook import MOST_XLS_ROWS, WorkbookError, write_workbook
from ..vehicle import Vehicle
from ..week import week_as_dict
from .columns import COLUMNS

type Format = Literal["csv", "xlsx", "device", "device_xls"]

FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "device", "device_xls")
TEXTS: Final[frozenset[Format]] = frozenset({"csv", "device"})
_SHEET: Final = "Vehicles"
_DEVICE_HEADING: Final = (
    "No.",
    "Plate",
    "Group (0 = block list, 1 = allow list)",
    "Start date",
    "End date",
    "Card ID",
)
_ALWAYS: Final = ("1970-01-01", "2099-12-30")


def held(vehicles: Iterable[Vehicle], written_as: Format) -> list[Vehicle]:
    """Return the vehicles that a file of a format holds."""
    if written_as in {"csv", "xlsx"}:
        return list(vehicles)
    now = dt_util.utcnow()
    return [vehicle for vehicle in vehicles if vehicle.fits_device(now)]


def write_vehicles(vehicles: Iterable[Vehicle], written_as: Format) -> bytes:
    """Return a file of vehicles, by plate.

    `device` and `device_xls` are the list that devices take (reference 5.1): vehicles on
    the allow and the block list alone that such a list can hold. Raises
    FileError where there are more than such a file holds.
    """
    ordered = sorted(held(vehicles, written_as), key=lambda vehicle: vehicle.normalized)
    match written_as:
        case "csv":
            return _csv([COLUMNS, *map(_row, ordered)])
        case "xlsx":
            return write_workbook("xlsx", _SHEET, [COLUMNS, *map(_row, ordered)])
        case "device":
            return _csv(_device_rows(ordered))
        case "device_xls":
            return _xls(_device_rows(ordered))


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a text file with a byte order mark, which spreadsheets and devices want."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _xls(rows: Iterable[Sequence[str]]) -> bytes:
    """Return an old workbook whose cells are all texts. Raises FileError."""
    try:
        return write_workbook("xls", _SHEET, rows)
    except WorkbookError as error:
        raise FileError("too_many_for_xls", most=str(MOST_XLS_ROWS - 1)) from error


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


def _device_rows(ordered: Iterable[Vehicle]) -> Iterator[Sequence[str]]:
    """Yield the rows of a device's own file."""
    yield _DEVICE_HEADING
    for number, vehicle in enumerate(ordered, 1):
        yield _device_row(number, vehicle)


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
