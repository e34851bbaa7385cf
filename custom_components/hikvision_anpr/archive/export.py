"""Take passages out of the archive into a file, page by page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
import csv
from dataclasses import dataclass, field, replace
from datetime import datetime
from glob import escape
from hashlib import file_digest, sha256
from io import TextIOWrapper
import json
from pathlib import Path
from shutil import rmtree
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Final, Literal, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from openpyxl import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter
from sqlalchemy import Connection, select

from ..intake.passage import PassageValue
from .passage_query import MOST_ON_A_PAGE, PassageQuery
from .picture_files import PictureFiles
from .schema import PICTURES
from .search import search
from .spreadsheet import BYTE_ORDER_MARK, safe_cell
from .wording import Wording

type Format = Literal["csv", "xlsx", "json", "zip"]
type Row = Mapping[str, PassageValue]

FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "json", "zip")
_UNFINISHED: Final = ".part"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """Hold the clips of passages by their ids, and why there is none of the others."""

    clips: Mapping[str, Path] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Hold how much of what is in a file, and its size in bytes."""

    passages: int
    pictures: int
    recordings: int
    size: int


class Follower(Protocol):
    """Be told how far an export is, and raise to end it."""

    def __call__(self, passages: int) -> None:
        """Take how many passages are written."""


@dataclass(slots=True, kw_only=True)
class _Work:
    """Hold what is exported, and how far that is."""

    connection: Connection
    query: PassageQuery
    wording: Wording
    follow: Follower
    count: int = 0

    def rows(self) -> Iterator[dict[str, PassageValue]]:
        """Yield the passages, their times in the zone of who reads them."""
        query = replace(self.query, limit=MOST_ON_A_PAGE, cursor=None)
        while True:
            page = search(self.connection, query)
            for passage in page.passages:
                for name in ("captured_at", "received_at"):
                    moment = datetime.fromisoformat(str(passage[name]))
                    passage[name] = self.wording.time(moment)
                yield passage
                self.count += 1
            self.follow(self.count)
            if page.cursor is None:
                return
            query = replace(query, cursor=page.cursor)


def export_passages(
    connection: Connection,
    query: PassageQuery,
    written_as: Format,
    path: Path,
    pictures: PictureFiles,
    wording: Wording,
    follow: Follower,
    recordings: Recordings,
) -> Exported:
    """Write the passages of a query into a file, whole or not at all.

    Tables are in the words of `wording`, JSON has the names and codes that programs
    know. Pictures and recordings go into a ZIP alone. `follow` is told how many are written, a page at a time, and may raise to end it.
    Memory does not grow with the number of passages. Takes its time: not for the event
    loop. Raises OSError.
    """
    work = _Work(connection=connection, query=query, wording=wording, follow=follow)
    path.parent.mkdir(parents=True, exist_ok=True)
    _delete_unfinished(path)
    with NamedTemporaryFile(
        dir=path.parent, prefix=f"{path.name}.", suffix=_UNFINISHED, delete=False
    ) as file:
        part = Path(file.name)
    files: Counter[str] = Counter()
    try:
        match written_as:
            case "csv":
                _write_csv(work.rows(), part, wording)
            case "json":
                _write_json(work.rows(), part)
            case "xlsx":
                _write_xlsx(work.rows(), part, wording)
            case "zip":
                files = _write_zip(work, part, pictures, recordings)
        size = part.stat().st_size
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Exported(
        passages=work.count,
        pictures=files["pictures"],
        recordings=files["recordings"],
        size=size,
    )


def _delete_unfinished(path: Path) -> None:
    """Delete what an export left that ended with Home Assistant's process."""
    for left in path.parent.glob(f"{escape(path.name)}.*{_UNFINISHED}"):
        if left.is_dir():
            rmtree(left)
        else:
            left.unlink(missing_ok=True)


def _headings(wording: Wording) -> list[str]:
    """Return what stands above the columns."""
    return [safe_cell(wording.heading(name)) for name in COLUMNS]


def _cells(row: Row, wording: Wording) -> list[str]:
    """Return a passage in the order of the columns."""
    return [safe_cell(wording.text(name, row[name])) for name in COLUMNS]


def _write_csv(rows: Iterable[Row], path: Path, wording: Wording) -> None:
    """Write a text file that spreadsheets open as it is."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_headings(wording))
        writer.writerows(_cells(row, wording) for row in rows)


def _write_json(rows: Iterable[Row], path: Path) -> None:
    """Write one list of passages, a line each."""
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, row in enumerate(rows):
            file.write(",\n" if number else "\n")
            json.dump(dict(row), file, ensure_ascii=False)
        file.write("\n]\n")


def _write_xlsx(rows: Iterable[Row], path: Path, wording: Wording) -> None:
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


def _write_zip(
    work: _Work, path: Path, pictures: PictureFiles, recordings: Recordings
) -> Counter[str]:
    """Write a table, pictures and recordings, and what each file has to be.

    `manifest.json` holds the SHA-256 of every file, so that a change is seen, and why
    recordings are missing. Return how many files of each kind there are.
    """
    found: list[str] = []
    folder_of_table = TemporaryDirectory(
        dir=path.parent, prefix=f"{path.name}.", suffix=_UNFINISHED
    )
    with folder_of_table as folder, ZipFile(path, "w") as archive:
        manifest = _Manifest(archive, missing=dict(recordings.missing))
        table = Path(folder) / "passages.csv"
        _write_csv(_noting(work.rows(), found), table, work.wording)
        manifest.add_file(table.name, table, ZIP_DEFLATED)
        for number, passage_id in enumerate(found):
            if number % MOST_ON_A_PAGE == 0:
                work.follow(work.count)
            for name, data in _pictures_of(work.connection, passage_id, pictures):
                manifest.add(name, data)
            if clip := recordings.clips.get(passage_id):
                manifest.add_clip(passage_id, clip)
        manifest.write()
    return Counter(name.partition("/")[0] for name in manifest.sums)


@dataclass(frozen=True, slots=True)
class _Manifest:
    """Put files into a ZIP, and note what each has to be."""

    archive: ZipFile
    missing: dict[str, str]
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> None:
        """Put a picture in, which cannot be made smaller."""
        self.archive.writestr(name, data, ZIP_STORED)
        self.sums[name] = sha256(data).hexdigest()

    def add_file(self, name: str, path: Path, how: int) -> None:
        """Put a file in, however large it is."""
        with path.open("rb") as file:
            self.sums[name] = file_digest(file, "sha256").hexdigest()
        self.archive.write(path, name, how)

    def add_clip(self, passage_id: str, path: Path) -> None:
        """Put a recording in, unless it was deleted meanwhile."""
        if path.is_file():
            self.add_file(f"recordings/{passage_id}.mp4", path, ZIP_STORED)
        else:
            self.missing[passage_id] = "The file is gone."

    def write(self) -> None:
        """Put in what was noted."""
        content = {"sha256": self.sums, "recordings_missing": self.missing}
        with self.archive.open("manifest.json", "w") as inside:
            text = TextIOWrapper(inside, encoding="utf-8")
            json.dump(content, text, indent=1)
            text.flush()


def _noting(rows: Iterable[Row], found: list[str]) -> Iterator[Row]:
    """Yield passages, and note their ids."""
    for row in rows:
        found.append(str(row["passage_id"]))
        yield row


def _pictures_of(
    connection: Connection, passage_id: str, pictures: PictureFiles
) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures of a passage that are still there, with their names."""
    statement = select(PICTURES.c.kind, PICTURES.c.file).where(
        PICTURES.c.passage_id == passage_id
    )
    for row in connection.execute(statement).all():
        try:
            yield f"pictures/{passage_id}-{row.kind}.jpg", pictures.read(row.file)
        except OSError:
            continue
