"""Read and write spreadsheets, the old kind (BIFF, xls) and the new one (xlsx)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Final, Literal
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
import xlrd
import xlwt

type WorkbookKind = Literal["xls", "xlsx"]
type Row = Sequence[object]
"""What a row holds: texts, numbers, days and times, None for a blank cell."""

MOST_COLUMNS: Final = 100
MOST_XLS_ROWS: Final = 65_536
"""How many rows an xls file can hold at all."""

MOST_UNPACKED: Final = 128 * 1024 * 1024
"""How many bytes an xlsx file may unpack to: a few thousand can hold as many."""

_MARKS: Final[tuple[tuple[bytes, WorkbookKind], ...]] = (
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"PK\x03\x04", "xlsx"),
)


class WorkbookError(Exception):
    """Report a file that is no workbook, though it begins like one."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold the name of a sheet and its rows, which are read as they are asked for.

    The rows raise WorkbookError.
    """

    name: str
    rows: Iterable[Row]


def workbook_kind(data: bytes) -> WorkbookKind | None:
    """Tell which kind of workbook a file is, whatever its name; None for another."""
    return next((kind for mark, kind in _MARKS if data.startswith(mark)), None)


def read_workbook(
    data: bytes, kind: WorkbookKind, most_unpacked: int = MOST_UNPACKED
) -> Sheet:
    """Return the first sheet of a workbook. Raises WorkbookError.

    Takes its time with large files: not for the event loop.
    """
    return _read_xls(data) if kind == "xls" else _read_xlsx(data, most_unpacked)


def write_workbook(kind: WorkbookKind, name: str, rows: Iterable[Row]) -> bytes:
    """Return a workbook with one sheet; texts stay texts, whatever they look like.

    Raises WorkbookError where there are more rows than an xls file holds.
    """
    return _write_xls(name, rows) if kind == "xls" else _write_xlsx(name, rows)


def cell_text(value: object) -> str:
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


@contextmanager
def _fault_of_the_file() -> Iterator[None]:
    """Raise WorkbookError for anything: a broken file makes a library fail in any way."""
    try:
        yield
    except Exception as error:
        raise WorkbookError from error


def _read_xls(data: bytes) -> Sheet:
    """Return the first sheet of an old workbook."""
    with _fault_of_the_file():
        book = xlrd.open_workbook(file_contents=data, on_demand=True)
        sheet = book.sheet_by_index(0)
    return Sheet(sheet.name, _xls_rows(sheet, book.datemode))


def _xls_rows(sheet: xlrd.sheet.Sheet, datemode: Literal[0, 1]) -> Iterator[Row]:
    """Yield the rows of an old workbook."""
    with _fault_of_the_file():
        for number in range(sheet.nrows):
            yield [
                xlrd.xldate_as_datetime(float(cell.value), datemode)
                if cell.ctype == xlrd.XL_CELL_DATE
                else cell.value
                for cell in sheet.row(number)
            ]


def _read_xlsx(data: bytes, most_unpacked: int) -> Sheet:
    """Return the first sheet of a new workbook."""
    with _fault_of_the_file():
        _check_size(data, most_unpacked)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    return Sheet(sheet.title, _xlsx_rows(rows))


def _check_size(data: bytes, most_unpacked: int) -> None:
    """Raise WorkbookError for a file that says that it unpacks to more."""
    with ZipFile(BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > most_unpacked:
            raise WorkbookError


def _xlsx_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows of a new workbook, whose cells are unpacked and parsed only now."""
    with _fault_of_the_file():
        yield from rows


def _write_xls(name: str, rows: Iterable[Row]) -> bytes:
    """Return an old workbook."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(name)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(rows):
        if number >= MOST_XLS_ROWS:
            raise WorkbookError
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(number, column, value, day)
            elif value not in {None, ""}:
                sheet.write(number, column, value)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _write_xlsx(name: str, rows: Iterable[Row]) -> bytes:
    """Return a new workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(list(row))
    data = BytesIO()
    book.save(data)
    return data.getvalue()
