"""Read vehicles from a file, and report what is wrong with the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
import json
import re
from typing import Any, Final

from homeassistant.util import dt as dt_util
import voluptuous as vol

from ...archive.file_error import FileError
from ...archive.file_words import list_of
from ...archive.sheet import Rows, read_rows
from ...archive.spreadsheet import bare_cell
from ...intake.passage import normalize_plate
from ...isapi.list_heading import group_codes, titles_of
from ...isapi.plate_list_entry import FOR_EVER, SINCE_EVER
from ..errors import VehicleError
from ..fields import MOST_USES, moment
from ..week import week_of
from .columns import Column, columns_of

type Row = Mapping[Column, str]

HEADING_WITHIN: Final = 10
"""In how many of the first rows the heading is looked for."""

_NUMBER: Final = re.compile(r"\d{1,9}")
_LOCAL_DAY: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadVehicle:
    """Hold what a row says of a vehicle, under the names of `vehicles/fields.py`."""

    row: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Hold what is wrong with a row, and which plate it has."""

    row: int
    plate: str
    error: FileError | VehicleError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """Hold what was read out of a file, rows counted from 1 as programs show them."""

    vehicles: tuple[ReadVehicle, ...]
    problems: tuple[RowProblem, ...]


def read_vehicles(data: bytes) -> ReadFile:
    """Read a file of vehicles. Raises FileError where no row can be read.

    Takes its time with large files: not for the event loop.
    """
    rows = read_rows(data)
    start, titles = _heading(rows)
    body = rows[start:]
    columns = _with_codes(columns_of(titles), body)
    codes = _codes(titles, columns)
    vehicles: list[ReadVehicle] = []
    problems: list[RowProblem] = []
    seen: set[str] = set()
    for number, cells in enumerate(body, start + 1):
        if not any(cells):
            continue
        row = {
            column: bare_cell(cells[place]) if place < len(cells) else ""
            for column, place in columns.items()
        }
        try:
            _check_formula(cells[columns["plate"] : columns["plate"] + 1])
            vehicles.append(ReadVehicle(row=number, data=_vehicle(row, codes, seen)))
        except (FileError, VehicleError) as error:
            problem = RowProblem(row=number, plate=row["plate"], error=error)
            problems.append(problem)
    return ReadFile(vehicles=tuple(vehicles), problems=tuple(problems))


def _heading(rows: Rows) -> tuple[int, list[str]]:
    """Return where the vehicles begin, and the titles above. Raises FileError.

    Above the heading a device may write what it is.
    """
    for number, row in enumerate(rows[:HEADING_WITHIN]):
        titles = titles_of(row)
        if "plate" in columns_of(titles):
            return number + 1, titles
    raise FileError("file_without_plates")


def _with_codes(columns: dict[Column, int], body: Rows) -> dict[Column, int]:
    """Return columns in which a group of zeros and ones is a device's list."""
    if "group" not in columns or "list" in columns:
        return columns
    place = columns["group"]
    values = {row[place] for row in body if place < len(row)} - {""}
    if not values or not values <= {"0", "1"}:
        return columns
    others: dict[Column, int] = {
        name: at for name, at in columns.items() if name != "group"
    }
    return {**others, "list": place}


def _codes(titles: Sequence[str], columns: Mapping[Column, int]) -> Mapping[str, str]:
    """Return what the codes in the column of the lists mean."""
    place = columns.get("list")
    return group_codes("" if place is None else titles[place])


def _check_formula(plate: Sequence[str]) -> None:
    """Raise FileError for what a spreadsheet would calculate, which no plate is."""
    if plate and plate[0].startswith("="):
        raise FileError("plate_is_formula", value=plate[0])


def _vehicle(row: Row, codes: Mapping[str, str], seen: set[str]) -> dict[str, Any]:
    """Return what a row says. Raises FileError and VehicleError."""
    plate = normalize_plate(row["plate"])
    if not plate:
        raise VehicleError("plate_without_characters")
    if plate in seen:
        raise FileError("plate_twice", plate=row["plate"])
    seen.add(plate)
    said = {**row, "list": codes.get(row.get("list", ""), row.get("list", ""))}
    return {
        name: _value(name, text) for name, text in said.items() if _counts(name, text)
    }


def _counts(name: Column, text: str) -> bool:
    """Tell whether a cell says something: an empty list leaves it as it is."""
    return bool(text) or name not in {"list", "plate"}


def _value(name: Column, text: str) -> Any:
    """Return what a cell means. Raises FileError and VehicleError."""
    match name:
        case "list":
            if (listed := list_of(text)) is None:
                raise FileError("unknown_list", value=text)
            return listed
        case "valid_from" | "valid_to":
            return _moment(text, is_end=name == "valid_to") if text else None
        case "areas":
            return [area.strip() for area in text.split(";") if area.strip()]
        case "week":
            return _week(text) if text else None
        case "uses":
            return _uses(text) if text else None
        case _:
            return text or None


def _moment(written: str, *, is_end: bool) -> datetime | None:
    """Return a time, a day as it is written in Europe included. Raises FileError.

    None for the days by which devices say that there is no limit.
    """
    text = written
    if day := _LOCAL_DAY.fullmatch(text):
        text = f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}"
    elif dt_util.parse_date(text[:10]) and text[10:] in {" 00:00:00", "T00:00:00"}:
        text = text[:10]
    if text == (FOR_EVER if is_end else SINCE_EVER).isoformat():
        return None
    try:
        return moment(is_end=is_end)(text)
    except (vol.Invalid, ValueError) as error:
        raise FileError("unknown_time", value=written) from error


def _week(text: str) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Return a week. Raises FileError and VehicleError."""
    try:
        value = json.loads(text)
        week_of(value)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise FileError("unknown_week", value=text) from error
    written: Mapping[str, Sequence[Mapping[str, str]]] = value
    return written


def _uses(text: str) -> int:
    """Return a number of entries. Raises FileError."""
    if not _NUMBER.fullmatch(text) or (uses := int(text)) > MOST_USES:
        raise FileError("unknown_number", value=text, most=str(MOST_USES))
    return uses
