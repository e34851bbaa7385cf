"""Read the rows of a table file, whatever program wrote it."""

from collections.abc import Iterable, Iterator
import csv
from io import StringIO
from typing import Final

from charset_normalizer import from_bytes
from charset_normalizer.utils import is_multi_byte_encoding

from ..isapi.delimited_text import delimiter_of, marked_encoding
from ..isapi.workbook import (
    MOST_COLUMNS,
    WorkbookError,
    WorkbookKind,
    cell_text,
    read_workbook,
    workbook_kind,
)
from .file_error import FileError
from .html_table import is_page, read_page

LARGEST: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 200_000

type Rows = list[list[str]]


def read_rows(data: bytes) -> Rows:
    """Return the rows of a CSV, XLSX or XLS file, of its first sheet; blank ones too.

    What it is, its bytes tell and not its name: devices and other systems also call a
    text or a web page xls. Encoding and delimiter of a text are found out. Raises
    FileError. Takes its time with large files: not for the event loop.
    """
    if not data.strip():
        raise FileError("file_empty")
    if len(data) > LARGEST:
        raise FileError("file_too_large", limit=str(LARGEST // 1024 // 1024))
    if kind := workbook_kind(data):
        return _bounded(_workbook(data, kind))
    return _bounded(read_page(data) if is_page(data) else _csv(data))


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
    before: list[str] = []
    last: list[str] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text)):
            yield row
            before, last = last, row
    except csv.Error as error:
        raise FileError("file_not_readable") from error
    is_open = text.count('"') % 2 == 1
    if not text.endswith(("\r", "\n")) and (len(last) < len(before) or is_open):
        raise FileError("file_cut_off")


def _text(data: bytes) -> str:
    """Return a file's text, in whatever encoding it is written."""
    if marked := marked_encoding(data):
        return _decoded(data, marked)
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


def _workbook(data: bytes, kind: WorkbookKind) -> Iterator[list[str]]:
    """Yield the rows of a workbook."""
    try:
        for row in read_workbook(data, kind).rows:
            yield list(map(cell_text, row))
    except WorkbookError as error:
        raise FileError("file_not_readable") from error
