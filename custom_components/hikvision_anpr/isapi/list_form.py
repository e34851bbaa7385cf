"""Read the file of a list in whatever form a device gives it, and write it in that form.

A device may say xls and mean a workbook of either kind or a text (reference 5.1). What
such files look like is not public, so that nothing is taken from a name. A web page is
none of them: that is how devices ask for a login.
"""

from collections.abc import Callable, Sequence
import csv
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from io import StringIO
from typing import Final

from .delimited_text import delimiter_of, marked_encoding
from .errors import BadAnswerError, ListFullError
from .workbook import (
    WorkbookError,
    WorkbookKind,
    cell_text,
    read_workbook,
    workbook_kind,
    write_workbook,
)

type Rows = Sequence[Sequence[str]]

MOST_UNPACKED: Final = 16 * 1024 * 1024
"""How many bytes a workbook of a device may unpack to: 100,000 plates are less."""

_UNMARKED: Final = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class ListForm:
    """Hold the rows of a file as texts, and how others are written just so.

    `write` raises ListFullError where the form has no room for so many.
    """

    rows: Rows
    write: Callable[[Rows], bytes]


def read_form(data: bytes) -> ListForm:
    """Read a file. Raises BadAnswerError. Takes its time: not for the event loop."""
    if kind := workbook_kind(data):
        return _workbook(data, kind)
    return _text(data)


def _workbook(data: bytes, kind: WorkbookKind) -> ListForm:
    """Read a workbook."""
    try:
        sheet = read_workbook(data, kind, MOST_UNPACKED)
        cells = [list(row) for row in sheet.rows]
    except WorkbookError as error:
        raise BadAnswerError("The device's list is a broken workbook") from error
    rows = [[cell_text(cell).strip() for cell in row] for row in cells]
    width = max(
        (place for row in rows for place, cell in enumerate(row, 1) if cell), default=0
    )
    even = [[*row, *[""] * width][:width] for row in rows]
    # The last row is no heading: it tells what kind of cell a column has.
    last = next((row for row in reversed(cells) if any(row)), [])
    kinds = [type(cell) for cell in last]
    return ListForm(even, partial(_write_workbook, kind, sheet.name, kinds))


def _write_workbook(
    kind: WorkbookKind, name: str, kinds: Sequence[type], rows: Rows
) -> bytes:
    """Write a workbook with the kinds of cells that the device's own had."""
    padded = [*kinds, *[str] * max(map(len, rows), default=0)]
    cells = [list(map(_cell, row, padded, strict=False)) for row in rows]
    try:
        return write_workbook(kind, name, cells)
    except WorkbookError as error:
        raise ListFullError("The file of the list holds no more") from error


def _cell(text: str, kind: type) -> object:
    """Return a cell of a kind; a text that says more than that stays a text."""
    try:
        if issubclass(kind, int | float) and text == str(int(text)):
            return int(text)
        if issubclass(kind, datetime | date):
            return date.fromisoformat(text)
    except ValueError:
        return text
    return text


def _text(data: bytes) -> ListForm:
    """Read a text with a delimiter. Raises BadAnswerError."""
    text, encoding = _decoded(data)
    delimiter = delimiter_of(text)
    try:
        lines = StringIO(text, newline="")
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadAnswerError("The device's list is no CSV file") from error
    end = "\r\n" if "\r\n" in text or "\n" not in text else "\n"
    return ListForm(rows, partial(_write_text, encoding, delimiter, end))


def _decoded(data: bytes) -> tuple[str, str]:
    """Return a text and its encoding. Raises BadAnswerError."""
    marked = marked_encoding(data)
    for encoding in (marked,) if marked else _UNMARKED:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise BadAnswerError("The device's list is no text")


def _write_text(encoding: str, delimiter: str, end: str, rows: Rows) -> bytes:
    """Write a text as the device's own was written."""
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)
