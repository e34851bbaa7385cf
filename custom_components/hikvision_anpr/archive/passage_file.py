"""Read passages from a file, and report what is wrong with the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
import json
import re
from typing import Final

from homeassistant.util.ulid import ulid_now

from ..intake.passage import normalize_plate
from ..isapi.tables.countries import country_code
from ..isapi.tables.plates import is_unreadable
from ..isapi.tables.vehicles import direction
from .file_error import FileError
from .file_words import list_of, plain
from .passage_columns import DATE, TIME, Columns, find_columns
from .record import Row, RowValue, milliseconds
from .schema import PLATE_LENGTH
from .sheet import read_rows
from .spreadsheet import bare_cell
from .wording import Wording, meanings

IMPORTED: Final = "import"
"""The source of a passage that came out of a file."""

_EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
_AHEAD: Final = timedelta(days=1)

_OWN_ID: Final = re.compile(r"[0-9A-Za-z-]{20,64}")
_CHANNEL: Final = re.compile(r"\d{1,9}")
_DEVICE_ID: Final = re.compile(r"[0-9a-f]{32}")
_LOCAL_TIME: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(.*)")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(.*)")
_TEXTS: Final = (
    "device_list",
    "vehicle_name",
    "area",
    "region",
    "plate_color",
    "plate_type",
    "vehicle_type",
    "vehicle_color",
    "vehicle_brand",
)

type Cells = Mapping[str, str]
type Codes = Mapping[str, Mapping[str, str]]
type DeviceChannel = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """Hold how a file is to be understood.

    `named` says how columns are headed, `time_format` is one of `strptime`, and a time
    without a zone is in `zone`. `wordings` are those in which we may have written it.
    `devices` are the channels by the names of their
    devices, and `device` is the one of rows that name none.
    """

    zone: tzinfo
    named: Mapping[str, str] = field(default_factory=dict)
    time_format: str | None = None
    wordings: Sequence[Wording] = ()
    devices: Mapping[str, DeviceChannel] = field(default_factory=dict)
    device: DeviceChannel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """Hold what is wrong with a row, and which plate it has."""

    row: int
    plate: str
    error: FileError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPassages:
    """Hold what was read, rows counted from 1; `headings` says which column is what."""

    passages: tuple[Row, ...]
    problems: tuple[BadRow, ...]
    headings: Mapping[str, str]


def read_passages(data: bytes, rules: ReadingRules) -> ReadPassages:
    """Read a file of passages. Raises FileError where no row can be read.

    Takes its time with large files: not for the event loop.
    """
    rows = read_rows(data)
    start, columns = find_columns(rows, rules.named, rules.wordings)
    if rules.device is None and "device_id" not in columns:
        raise FileError("file_without_device")
    codes = meanings(rules.wordings)
    passages: list[Row] = []
    problems: list[BadRow] = []
    for number, cells in enumerate(rows[start:], start + 1):
        if not any(cells):
            continue
        row = _named(cells, columns, codes)
        try:
            passages.append(_passage(row, rules))
        except FileError as error:
            problems.append(BadRow(row=number, plate=row["plate"], error=error))
    headings = {column: rows[start - 1][place] for column, place in columns.items()}
    return ReadPassages(
        passages=tuple(passages), problems=tuple(problems), headings=headings
    )


def _named(cells: list[str], columns: Columns, codes: Codes) -> Cells:
    """Return the cells of a row by what they mean, and as what they were kept."""
    row: dict[str, str] = {}
    for column, place in columns.items():
        cell = bare_cell(cells[place]) if place < len(cells) else ""
        if known := codes.get(column):
            cell = ", ".join(known.get(part, part) for part in cell.split(", "))
        row[column] = cell
    return row


def _passage(row: Cells, rules: ReadingRules) -> Row:
    """Return the row of the archive that a row of a file is. Raises FileError."""
    read = _times(row, rules)
    read |= {name: row.get(name) or None for name in _TEXTS}
    read |= _plates(row)
    read |= _numbers(row)
    device_id, channel = _device(row, rules)
    return read | {
        "passage_id": _passage_id(row),
        "device_id": device_id,
        "channel": channel,
        "list": _list(row),
        "match": _one_of(row, "match", ("exact", "folded", "fuzzy"), None),
        "direction": direction(row.get("direction")),
        "country": country_code(row.get("country")),
        "decision": _one_of(row, "decision", ("open", "deny"), "none"),
        "reasons": json.dumps(_parts(row.get("reasons", ""))),
        "source": IMPORTED,
        "live": 0,
    }


def _times(row: Cells, rules: ReadingRules) -> Row:
    """Return the columns of when a vehicle passed, and was told. Raises FileError."""
    captured_at = received_at = _time(_time_text(row), rules)
    if not _OWN_ID.fullmatch(row.get("passage_id", "")):
        _check(captured_at, _time_text(row))
    if text := row.get("received_at"):
        received_at = _time(text, rules)
    read: Row = {}
    read["captured_at"], read["captured_offset"] = milliseconds(captured_at)
    read["received_at"], read["received_offset"] = milliseconds(received_at)
    return read


def _time_text(row: Cells) -> str:
    """Return when a vehicle passed, as it is written."""
    if text := row.get("captured_at"):
        return text
    # A workbook gives a time of day as one of some day, and a day without a time.
    return f"{row.get(DATE, '')} {row.get(TIME, '')}".strip()


def _check(moment: datetime, text: str) -> None:
    """Raise FileError for a time at which no vehicle can have passed.

    The clock of a camera of ours may have been as wrong as it was.
    """
    if not _EARLIEST <= moment <= datetime.now(UTC) + _AHEAD:
        raise FileError("time_out_of_range", value=text)


def _time(text: str, rules: ReadingRules) -> datetime:
    """Return a time with a zone. Raises FileError."""
    if not text:
        raise FileError("time_missing")
    try:
        if rules.time_format:
            moment = datetime.strptime(text, rules.time_format)
        else:
            moment = datetime.fromisoformat(_iso(text))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=rules.zone)
        milliseconds(aware)
    except (ValueError, OverflowError, re.PatternError) as error:
        raise FileError("unknown_time", value=text) from error
    return aware


def _iso(text: str) -> str:
    """Return a time as ISO 8601, whichever way round its day is written."""
    if found := _LOCAL_TIME.fullmatch(text):
        year, month, day, rest = found[3], found[2], found[1], found[4]
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day, rest = found[1], found[2], found[3], found[4]
    else:
        return text
    hour, colon, others = rest.strip(" T,").partition(":")
    # Eight o'clock is 8:00 in many files.
    return f"{year}-{month:0>2}-{day:0>2} {hour:0>2}{colon}{others}"


def _device(row: Cells, rules: ReadingRules) -> DeviceChannel:
    """Return where a vehicle passed. Raises FileError."""
    name = row.get("device_id", "")
    if not name and rules.device:
        device_id, channel = rules.device
    elif known := rules.devices.get(plain(name)):
        device_id, channel = known
    elif _DEVICE_ID.fullmatch(name):
        device_id, channel = name, 1
    elif rules.device:
        device_id, channel = rules.device
    else:
        raise FileError("unknown_device", value=name)
    number = row.get("channel", "")
    return device_id, int(number) if _CHANNEL.fullmatch(number) else channel


def _plates(row: Cells) -> Row:
    """Return what was read, and what that was corrected to. Raises FileError."""
    plate = row["plate"]
    corrected = normalize_plate(row.get("corrected_plate", "")) or None
    if max(len(plate), len(corrected or "")) > PLATE_LENGTH:
        raise FileError("plate_too_long")
    read = None if is_unreadable(plate) else plate
    return {"plate": read, "corrected_plate": corrected}


def _numbers(row: Cells) -> Row:
    """Return the numbers of a row. Raises FileError."""
    return {
        "lane": _number(row, "lane", 9999),
        "confidence": _number(row, "confidence", 100),
        "reads": _number(row, "reads", 9999) or 1,
    }


def _number(row: Cells, name: str, most: int) -> int | None:
    """Return a number, also a percentage or a part of one. Raises FileError."""
    text = row.get(name, "").rstrip(" %")
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if name == "confidence" and "." in text and 0 <= value <= 1:
        value *= 100
    if not 0 <= value <= most:
        raise FileError("unknown_number", value=text, most=str(most))
    return round(value)


def _list(row: Cells) -> str:
    """Return the list of a row. Raises FileError."""
    text = row.get("list", "")
    if not text:
        return "none"
    if (listed := list_of(text)) is None:
        raise FileError("unknown_list", value=text)
    return listed


def _one_of(row: Cells, name: str, known: tuple[str, ...], other: RowValue) -> RowValue:
    """Return a value that is known, else another."""
    return row[name] if row.get(name) in known else other


def _parts(text: str) -> list[str]:
    """Return the parts of a cell that holds several."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _passage_id(row: Cells) -> str:
    """Return the id of a passage that has one, else a new one."""
    own = row.get("passage_id", "")
    return own if _OWN_ID.fullmatch(own) else ulid_now()
