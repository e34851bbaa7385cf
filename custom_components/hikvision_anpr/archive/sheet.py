"""Read the rows of a file, whichever program wrote it."""

import codecs
from collections.abc import Iterable, Iterator
import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import islice
from typing import Final
from zipfile import BadZipFile

from charset_normalizer import from_bytes
from charset_normalizer.utils import is_multi_byte_encoding
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
import xlrd

from .file_error import FileError

LARGEST: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 100

_XLS: Final = b"\xd0\xcf\x11\xe0"
_XLSX: Final = b"PK\x03\x04"
_DELIMITERS: Final = ",;\t|"
_FIRST_LINES: Final = 10
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

type Rows = list[list[str]]


def read_rows(data: bytes) -> Rows:
    """Return the rows of a CSV, XLSX or XLS file, of its first sheet; blank ones too.

    Encoding and delimiter of a CSV file are found out. Raises FileError. Takes its time
    with large files: not for the event loop.
    """
    if not data.strip():
        raise FileError("file_empty")
    if len(data) > LARGEST:
        raise FileError("file_too_large", limit=str(LARGEST // 1024 // 1024))
    if data.startswith(_XLSX):
        rows = _xlsx(data)
    elif data.startswith(_XLS):
        rows = _xls(data)
    else:
        rows = _csv(data)
    return _bounded(rows)


def _bounded(rows: Iterable[Iterable[str]]) -> Rows:
    """Return rows that are not too many. Raises FileError."""
    read: Rows = []
    for row in rows:
        if len(read) >= MOST_ROWS:
            raise FileError("file_too_large", limit=str(LARGEST // 1024 // 1024))
        read.append([cell.strip() for cell in row][:MOST_COLUMNS])
    return read


def _csv(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of a text file.

    Raises FileError for one that ends within a row: half a plate is another plate.
    """
    text = _text(data)
    if "\0" in text:
        raise FileError("file_not_readable")
    first = "".join(islice(StringIO(text.lstrip()), _FIRST_LINES))
    delimiter = max(_DELIMITERS, key=first.count)
    before: list[str] = []
    last: list[str] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            yield row
            before, last = last, row
    except csv.Error as error:
        raise FileError("file_not_readable") from error
    is_open = text.count('"') % 2 == 1
    if not text.endswith(("\r", "\n")) and (len(last) < len(before) or is_open):
        raise FileError("file_cut_off")


def _text(data: bytes) -> str:
    """Return a file's text, in whatever encoding it is written."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    try:
        return data.decode()
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        encoding = best.encoding if best else "cp1252"
    if not is_multi_byte_encoding(encoding):
        _refuse_mixed(data)
    return _decoded(data, encoding)


def _refuse_mixed(data: bytes) -> None:
    """Raise FileError where only some of the lines are UTF-8.

    In an encoding with one byte for a letter, hardly a line reads as UTF-8 by chance.
    """
    other, is_utf_8 = 0, False
    for number, line in enumerate(data.splitlines(), 1):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            other = other or number
        else:
            is_utf_8 = True
        if other and is_utf_8:
            raise FileError("file_mixed_encodings", row=str(other))


def _decoded(data: bytes, encoding: str) -> str:
    """Return a text in an encoding. Raises FileError."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileError("file_not_readable") from error


def _xlsx(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of a workbook."""
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_cell(value) for value in row]
    except (
        BadZipFile,
        InvalidFileException,
        KeyError,
        IndexError,
        TypeError,
        ValueError,
        OSError,
    ) as error:
        raise FileError("file_not_readable") from error


def _xls(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of an old workbook, as devices export them."""
    try:
        book = xlrd.open_workbook(file_contents=data, on_demand=True)
        sheet = book.sheet_by_index(0)
        for number in range(sheet.nrows):
            yield [
                _cell(xlrd.xldate_as_datetime(float(cell.value), book.datemode))
                if cell.ctype == xlrd.XL_CELL_DATE
                else _cell(cell.value)
                for cell in sheet.row(number)
            ]
    except Exception as error:
        # What a broken file makes of it is anything; it is the file's fault.
        raise FileError("file_not_readable") from error


def _cell(value: object) -> str:
    """Return what a cell says, as one would type it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
