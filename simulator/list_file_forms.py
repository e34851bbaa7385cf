"""The forms in which cameras give and take their list as one file (reference 5.1)."""

from collections.abc import Callable, Iterable, Sequence
import csv
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO, StringIO
from typing import Final

from openpyxl import Workbook, load_workbook
import xlrd
import xlwt

HEADING: Final = (
    "No.",
    "Plate",
    "Group (0 = block list, 1 = allow list)",
    "Start date",
    "End date",
    "Card ID",
)
_SHEET: Final = "Sheet1"
_MARK: Final = "\ufeff"

type Row = Sequence[object]


class FileForm(StrEnum):
    """Name what a camera's file is; TABS is a text that is called xls."""

    CSV = "csv"
    XLS = "xls"
    XLSX = "xlsx"
    TABS = "tabs"


class OtherFormError(Exception):
    """Say that a file is none of the camera's own."""


def write(form: FileForm, rows: Iterable[Row]) -> bytes:
    """Return a list as a file."""
    return _FORMS[form].write([HEADING, *rows])


def read(form: FileForm, data: bytes) -> list[list[str]]:
    """Return the rows of a file below its heading, in the camera's own form alone.

    Raises:
        OtherFormError: It is another file.
    """
    try:
        rows = _FORMS[form].read(data)
    except Exception as error:
        raise OtherFormError from error
    if not rows or tuple(rows[0]) != HEADING:
        raise OtherFormError
    return rows[1:]


@dataclass(frozen=True, slots=True)
class _Form:
    """Hold how a form is written and read."""

    write: Callable[[Sequence[Row]], bytes]
    read: Callable[[bytes], list[list[str]]]


def _write_text(rows: Sequence[Row], delimiter: str, encoding: str) -> bytes:
    """Return a text with a byte order mark and the line ends of Windows."""
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return (_MARK + text.getvalue()).encode(encoding)


def _read_text(data: bytes, delimiter: str, encoding: str) -> list[list[str]]:
    """Return the rows of a text; without its mark and line ends it is none (trap 68)."""
    text = data.decode(encoding)
    if not text.startswith(_MARK) or text.count("\n") != text.count("\r\n"):
        raise OtherFormError
    return list(csv.reader(StringIO(text[1:], newline=""), delimiter=delimiter))


def _write_xls(rows: Sequence[Row]) -> bytes:
    """Return an old workbook, with its numbers as numbers."""
    book = xlwt.Workbook()
    sheet = book.add_sheet(_SHEET)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _read_xls(data: bytes) -> list[list[str]]:
    """Return the rows of an old workbook with the sheet's own name."""
    sheet = xlrd.open_workbook(file_contents=data).sheet_by_name(_SHEET)
    return [
        [
            str(int(cell.value))
            if cell.ctype == xlrd.XL_CELL_NUMBER
            else str(cell.value)
            for cell in [*row, *[xlrd.sheet.Cell(0, "")] * len(HEADING)][: len(HEADING)]
        ]
        for row in sheet.get_rows()
    ]


def _write_xlsx(rows: Sequence[Row]) -> bytes:
    """Return a new workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET)
    for row in rows:
        sheet.append(list(row))
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _read_xlsx(data: bytes) -> list[list[str]]:
    """Return the rows of a new workbook with the sheet's own name."""
    rows = load_workbook(BytesIO(data))[_SHEET].iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


_FORMS: Final = {
    FileForm.CSV: _Form(
        lambda rows: _write_text(rows, ",", "utf-8"),
        lambda data: _read_text(data, ",", "utf-8"),
    ),
    FileForm.TABS: _Form(
        lambda rows: _write_text(rows, "\t", "utf-16-le"),
        lambda data: _read_text(data, "\t", "utf-16-le"),
    ),
    FileForm.XLS: _Form(_write_xls, _read_xls),
    FileForm.XLSX: _Form(_write_xlsx, _read_xlsx),
}
