"""Test that passages reach the database, whatever happens to it."""

from collections.abc import Callable, Iterator
from pathlib import Path
import sqlite3
from time import monotonic, sleep
from unittest.mock import patch

import pytest

from custom_components.hikvision_anpr.archive import engine, writer as writer_module
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.errors import (
    ArchiveUnavailableError,
    Trouble,
)
from custom_components.hikvision_anpr.archive.journal import Journal
from custom_components.hikvision_anpr.archive.keeping import keep_rows
from custom_components.hikvision_anpr.archive.record import row_of
from custom_components.hikvision_anpr.archive.writer import PassageWriter

from .passages import passage


@pytest.fixture
def database(database_file: Path) -> Iterator[Database]:
    """Return the embedded database."""
    database = Database(f"sqlite:///{database_file}")
    yield database
    database.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for a lock."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)


@pytest.fixture
def troubles() -> list[Trouble | None]:
    """Return what the writer said of its troubles."""
    return []


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Return an empty journal."""
    return Journal(tmp_path / "archive.journal")


@pytest.fixture
def writer(
    database: Database, journal: Journal, troubles: list[Trouble | None]
) -> PassageWriter:
    """Return a writer to the database."""
    return PassageWriter(database, journal, troubles.append)


def in_writer[T](database: Database, work: Callable[[], T]) -> T:
    """Do something in the writer's thread, after what it was given before."""
    return database.run_in_writer(work).result(10)


def settled(database: Database) -> None:
    """Wait until the writer's thread has done what it was given."""
    in_writer(database, lambda: None)


def plates(file: Path) -> list[str]:
    """Return the plates in a database, in their order."""
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT plate FROM passages ORDER BY captured_at")
        return [row[0] for row in rows]


def test_written_in_batches(
    writer: PassageWriter, database: Database, database_file: Path
) -> None:
    """Write what was put, and take an update for the same passage."""
    for number in range(2500):
        writer.put(passage(number, f"A{number}"))
    writer.put(passage(0, "B0"))
    settled(database)
    written = plates(database_file)
    assert len(written) == 2500
    assert written[0] == "B0"


def test_few_batches_under_load(
    writer: PassageWriter, database: Database, database_file: Path
) -> None:
    """Let passages that come one by one gather, and keep the first at once."""
    with (
        patch.object(writer_module, "PAUSE_SECONDS", 0.5),
        patch.object(writer_module, "keep_rows", wraps=keep_rows) as keep,
    ):
        writer.put(passage(0, "A0"))
        settled(database)
        assert plates(database_file) == ["A0"]
        for number in range(1, 100):
            writer.put(passage(number, f"A{number}"))
            sleep(0.001)
        settled(database)
    assert len(plates(database_file)) == 100
    assert keep.call_count <= 3


def test_settled_without_a_pause(
    writer: PassageWriter, database: Database, database_file: Path
) -> None:
    """Write at once what somebody asks for, and pause again afterwards."""
    assert writer.settle() is None
    with patch.object(writer_module, "PAUSE_SECONDS", 60):
        writer.put(passage(0, "A0"))
        settled(database)
        assert writer.settle() is None
        for number in range(1, 4):
            writer.put(passage(number, f"A{number}"))
            waits = writer.settle()
            assert waits is not None
            waits.result(10)
            assert len(plates(database_file)) == number + 1
    with patch.object(writer_module, "PAUSE_SECONDS", 0.2):
        started = monotonic()
        writer.put(passage(9, "A9"))
        settled(database)
        assert monotonic() - started > 0.1


def damage(file: Path) -> None:
    """Write nonsense over a database."""
    file.write_bytes(b"nonsense " * 1000)


def make_newer(file: Path) -> None:
    """Make a database of a later version."""
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO schema_version VALUES (99)")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "trouble"),
    [(damage, "damaged"), (make_newer, "newer"), (Path.mkdir, "unreachable")],
)
def test_unusable_database(
    writer: PassageWriter,
    database: Database,
    database_file: Path,
    journal: Journal,
    troubles: list[Trouble | None],
    spoil: Callable[[Path], None],
    trouble: Trouble,
) -> None:
    """Keep passages in the journal, and put them in once the database is back."""
    spoil(database_file)
    writer.put(passage(1, "A1"))
    settled(database)
    writer.put(passage(2, "A2"))
    settled(database)
    assert troubles == [trouble]
    waiting = in_writer(database, lambda: list(journal.rows()))
    assert [row["plate"] for row in waiting] == ["A1", "A2"]
    database_file.rmdir() if database_file.is_dir() else database_file.unlink()
    writer.retry()
    writer.put(passage(3, "A3"))
    settled(database)
    assert troubles == [trouble, None]
    assert journal.is_empty
    assert plates(database_file) == ["A1", "A2", "A3"]


def test_locked_database(
    writer: PassageWriter,
    database: Database,
    database_file: Path,
    troubles: list[Trouble | None],
) -> None:
    """Wait in the journal while somebody else holds the database."""
    writer.put(passage(1, "A1"))
    settled(database)
    other = sqlite3.connect(database_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer.put(passage(2, "A2"))
    settled(database)
    assert troubles == ["locked"]
    other.execute("ROLLBACK")
    other.close()
    writer.retry()
    settled(database)
    assert troubles == ["locked", None]
    assert plates(database_file) == ["A1", "A2"]


def test_journal_of_an_earlier_life(
    writer: PassageWriter, database: Database, database_file: Path, journal: Journal
) -> None:
    """Put in what waited when we stopped, once, also when that was cut short."""
    rows = [row_of(passage(1, "A1")), row_of(passage(2, "A2"))]
    in_writer(database, lambda: journal.append(rows))
    kept = (database_file.parent / "archive.journal").read_bytes()
    writer.retry()
    settled(database)
    (database_file.parent / "archive.journal").write_bytes(kept)
    writer.retry()
    settled(database)
    assert plates(database_file) == ["A1", "A2"]


def test_torn_and_full_journal(database: Database, tmp_path: Path) -> None:
    """Skip what a crash has torn, and take no more than fits."""
    file = tmp_path / "archive.journal"
    rows = [row_of(passage(number, f"A{number}")) for number in range(3)]
    journal = Journal(file, largest=3000)
    assert in_writer(database, lambda: journal.append(rows[:2])) == 2
    file.write_bytes(file.read_bytes()[:-20])
    assert in_writer(database, lambda: journal.append(rows[2:])) == 1
    waiting = in_writer(database, lambda: list(journal.rows()))
    assert [row["plate"] for row in waiting] == ["A0", "A2"]
    assert in_writer(database, lambda: journal.append(rows * 100)) < 300
    assert file.stat().st_size <= 3000


def test_nowhere_to_write(
    database: Database, database_file: Path, tmp_path: Path
) -> None:
    """Wait in memory where neither database nor journal can be written."""
    damage(database_file)
    blocked = tmp_path / "journal"
    blocked.mkdir()
    writer = PassageWriter(database, Journal(blocked), lambda _: None)
    writer.put(passage(1, "A1"))
    settled(database)
    database_file.unlink()
    blocked.rmdir()
    writer.put(passage(2, "A2"))
    writer.retry()
    settled(database)
    assert plates(database_file) == ["A1", "A2"]


async def test_unavailable_is_said(database: Database, database_file: Path) -> None:
    """Raise what the trouble is for those who read and write."""
    damage(database_file)
    with pytest.raises(ArchiveUnavailableError, match="damaged"):
        await database.async_read(lambda _: None)
    with pytest.raises(ArchiveUnavailableError, match="damaged"):
        await database.async_write(lambda _: None)


async def test_reading_after_the_end(database_file: Path) -> None:
    """Say that a closed database cannot be used, as one that is away."""
    database = Database(f"sqlite:///{database_file}")
    await database.async_read(lambda connection: None)
    database.close()
    with pytest.raises(ArchiveUnavailableError):
        await database.async_read(lambda connection: None)
