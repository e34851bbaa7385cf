"""Test the archive on a real disk that has no room left."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
import tempfile

from homeassistant.core import HomeAssistant
from PIL import Image
import pytest
from sqlalchemy import func, select, text

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.errors import Trouble
from custom_components.hikvision_anpr.archive.export import (
    FORMATS,
    Format,
    export_passages,
)
from custom_components.hikvision_anpr.archive.export_zip import Recordings
from custom_components.hikvision_anpr.archive.journal import Journal
from custom_components.hikvision_anpr.archive.keeping import keep_rows
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.picture_files import PictureFiles
from custom_components.hikvision_anpr.archive.record import row_of
from custom_components.hikvision_anpr.archive.schema import PASSAGES
from custom_components.hikvision_anpr.archive.wording import Wording
from custom_components.hikvision_anpr.archive.writer import PassageWriter
from tests.small_disk import SmallDisk, mounted

from .passages import passage


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Return a small disk."""
    with mounted(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def database(disk: SmallDisk) -> Iterator[Database]:
    """Return a database on it."""
    database = Database(f"sqlite:///{disk.folder}/archive.db")
    yield database
    database.close()


class Intake:
    """Put passages into the archive, and count them."""

    def __init__(self, database: Database, folder: Path) -> None:
        """Begin with none."""
        self.journal = Journal(folder / "archive.journal")
        self.troubles: list[Trouble | None] = []
        self.writer = PassageWriter(database, self.journal, self.troubles.append)
        self.number = 0
        self._database = database

    def put(self, many: int) -> None:
        """Put so many more, and wait until they are dealt with."""
        for _ in range(many):
            self.number += 1
            self.writer.put(passage(self.number, f"A{self.number}"))
        in_writer(self._database, lambda: None)

    def retry(self) -> None:
        """Try again what waits."""
        self.writer.retry()
        in_writer(self._database, lambda: None)


@pytest.fixture
def intake(database: Database, disk: SmallDisk) -> Intake:
    """Return the intake of an archive that was opened with room to spare."""
    intake = Intake(database, disk.folder)
    intake.retry()
    return intake


def in_writer[T](database: Database, work: Callable[[], T]) -> T:
    """Do something in the writer's thread, after what it was given before."""
    return database.run_in_writer(work).result(30)


def kept(database: Database) -> int:
    """Return how many passages are found."""
    every = select(func.count()).select_from(PASSAGES)
    return database.submit(lambda c: c.scalar(every) or 0).result(30)


def test_passages_wait_and_go_in(
    database: Database, disk: SmallDisk, intake: Intake
) -> None:
    """Take passages into the journal, say so once, find the old, and lose none."""
    intake.put(100)
    disk.fill()
    for _ in range(8):
        intake.put(500)
        intake.retry()
    assert intake.troubles == ["full"]
    found = in_writer(database, lambda: list(intake.journal.rows()))
    assert {row["plate"] for row in found} == {f"A{n}" for n in range(101, 4101)}
    assert kept(database) == 100
    disk.free()
    intake.retry()
    assert (kept(database), intake.troubles) == (intake.number, ["full", None])
    assert not in_writer(database, lambda: list(intake.journal.rows()))
    check = text("PRAGMA integrity_check")
    assert database.submit(lambda c: c.scalar(check)).result(30) == "ok"


def test_restart_on_a_full_disk(
    database: Database, disk: SmallDisk, intake: Intake
) -> None:
    """Take passages into the journal also when the disk was full at the start."""
    intake.put(100)
    in_writer(database, database._dispose)  # noqa: SLF001
    disk.fill()
    intake.retry()
    intake.put(3000)
    assert intake.troubles == ["full"]
    assert len(in_writer(database, lambda: list(intake.journal.rows()))) == 3000
    disk.free()
    intake.retry()
    assert (kept(database), intake.troubles) == (3100, ["full", None])


def test_beyond_the_reserve(
    database: Database, disk: SmallDisk, intake: Intake
) -> None:
    """Keep in memory what not even the journal has room for, and tear nothing."""
    disk.fill()
    for _ in range(20):
        intake.put(1000)
        disk.fill()
    assert len(in_writer(database, lambda: list(intake.journal.rows()))) < intake.number
    assert not intake.writer.lost
    disk.free()
    intake.retry()
    assert kept(database) == intake.number


async def test_pictures(hass: HomeAssistant, disk: SmallDisk) -> None:
    """Leave nothing of a picture that finds no room, and show it small all the same."""
    await hass.async_add_executor_job(show_pictures, disk)


def show_pictures(disk: SmallDisk) -> None:
    """Keep pictures as long as there is room, and again once there is."""
    picture = BytesIO()
    Image.effect_noise((1200, 900), 90).save(picture, "JPEG", quality=95)
    files = PictureFiles(folder=disk.folder / "pictures")
    at = datetime(2026, 11, 25, tzinfo=UTC)
    name = files.write("1", "scene", "camera", at, picture.getvalue())
    disk.fill()
    with pytest.raises(OSError, match="space"):
        files.write("2", "scene", "camera", at, picture.getvalue())
    small = files.read(name, thumbnail=True)
    with Image.open(BytesIO(small)) as image:
        assert image.width == 320
    there = [path for path in files.folder.rglob("*") if path.is_file()]
    assert there == [files.folder / name]
    disk.free()
    files.write("2", "scene", "camera", at, picture.getvalue())
    assert files.read(name, thumbnail=True) == small


@pytest.mark.parametrize("written_as", FORMATS)
def test_exports(
    database: Database,
    disk: SmallDisk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    written_as: Format,
) -> None:
    """Leave nothing of a file that finds no room, here or in the system's folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    rows = [row_of(passage(number, f"A{number}")) for number in range(2000)]
    database.submit(lambda c: keep_rows(c, rows)).result(30)
    before = set(tmp_path.rglob("*"))
    disk.fill()
    path = disk.folder / "out"

    def export() -> int:
        return (
            database.submit(
                lambda c: export_passages(
                    c,
                    PassageQuery(),
                    written_as,
                    path,
                    PictureFiles(folder=disk.folder),
                    Wording(zone=UTC),
                    lambda _: None,
                    Recordings(),
                )
            )
            .result(30)
            .passages
        )

    with pytest.raises(OSError, match="space"):
        export()
    assert set(tmp_path.rglob("*")) - before == {disk.folder / "filler"}
    disk.free()
    assert (export(), path.exists()) == (2000, True)
