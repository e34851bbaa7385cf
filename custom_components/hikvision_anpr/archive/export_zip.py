"""Write passages with their pictures and recordings to a ZIP file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from io import TextIOWrapper
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy import Connection, select

from .export_pages import Pages
from .export_table import Row, write_csv
from .passage_query import MOST_ON_A_PAGE
from .picture_files import PictureFiles
from .schema import PICTURES

UNFINISHED: Final = ".part"
"""What a file is called by until it is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """Hold the clips of passages by their ids, and why there is none of the others."""

    clips: Mapping[str, Path] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


def write_zip(
    pages: Pages, path: Path, pictures: PictureFiles, recordings: Recordings
) -> Counter[str]:
    """Write a table, pictures and recordings, and what each file has to be.

    `manifest.json` holds the SHA-256 of every file, so that a change is seen, and why
    recordings are missing. Return how many files of each kind there are.
    """
    found: list[str] = []
    folder_of_table = TemporaryDirectory(
        dir=path.parent, prefix=f"{path.name}.", suffix=UNFINISHED
    )
    with folder_of_table as folder, ZipFile(path, "w") as archive:
        manifest = _Manifest(archive, missing=dict(recordings.missing))
        table = Path(folder) / "passages.csv"
        write_csv(_noting(pages.rows(), found), table, pages.wording)
        manifest.add_file(table.name, table, ZIP_DEFLATED)
        for number, passage_id in enumerate(found):
            if number % MOST_ON_A_PAGE == 0:
                pages.follow(pages.count)
            for name, data in _pictures_of(pages.connection, passage_id, pictures):
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
