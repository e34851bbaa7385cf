"""Write passages as a table or a list: CSV, XLSX, JSON."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
import csv
import json
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from ..intake.passage import PassageValue
from .spreadsheet import BYTE_ORDER_MARK, safe_cell
from .wording import Wording

type Row = Mapping[str, PassageValue]

MOST_IN_A_WORKBOOK: Final = 1_000_000
COLUMNS: Final = (
    "captured_at",
    "plate",
    "corrected_plate",
    "vehicle_name",
    "list",
    "device_list",
    "match",
    "confidence",
    "direction",
    "area",
    "lane",
    "country",
    "region",
    "plate_color",
    "plate_type",
    "vehicle_type",
    "vehicle_color",
    "vehicle_brand",
    "decision",
    "reasons",
    "live",
    "source",
    "reads",
    "received_at",
    "device_id",
    "channel",
    "passage_id",
)


def write_csv(rows: Iterable[Row], path: Path, wording: Wording) -> None:
    """Write a text file that spreadsheets open as it is."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_headings(wording))
        writer.writerows(_cells(row, wording) for row in rows)


def write_json(rows: Iterable[Row], path: Path) -> None:
    """Write one list of passages, a line each."""
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, row in enumerate(rows):
            file.write(",\n" if number else "\n")
            json.dump(dict(row), file, ensure_ascii=False)
        file.write("\n]\n")


def write_xlsx(rows: Iterable[Row], path: Path, wording: Wording) -> None:
    """Write a workbook, on as many sheets as its programs need."""
    book = Workbook(write_only=True)
    sheets: list[WriteOnlyWorksheet] = []
    try:
        sheets.append(_add_sheet(book, wording))
        for number, row in enumerate(rows):
            if number and number % MOST_IN_A_WORKBOOK == 0:
                sheets.append(_add_sheet(book, wording))
            sheets[-1].append(_cells(row, wording))
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(book, archive).save()
    finally:
        for sheet in sheets:
            _discard(sheet)


def _headings(wording: Wording) -> list[str]:
    """Return what stands above the columns."""
    return [safe_cell(wording.heading(name)) for name in COLUMNS]


def _cells(row: Row, wording: Wording) -> list[str]:
    """Return a passage in the order of the columns."""
    return [safe_cell(wording.text(name, row[name])) for name in COLUMNS]


def _add_sheet(book: Workbook, wording: Wording) -> WriteOnlyWorksheet:
    """Return the next sheet; it is called by its number, as in every language."""
    sheet: WriteOnlyWorksheet = book.create_sheet(str(len(book.worksheets) + 1))
    sheet.append(_headings(wording))
    return sheet


def _discard(sheet: WriteOnlyWorksheet) -> None:
    """Delete what openpyxl would leave of a cut-off sheet until the process ends."""
    with suppress(Exception):
        sheet.close()
    written = sheet._writer.out  # type: ignore[attr-defined]  # noqa: SLF001
    Path(written).unlink(missing_ok=True)
