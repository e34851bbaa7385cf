"""Test that passages reach the database, whatever happens to it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
import sqlite3

import pytest

from custom_components.hikvision_anpr.archive import database as database_module
from custom_components.hikvision_anpr.archive.correction import correct_passage
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.deletion import (
    delete_before,
    delete_passages,
    forget_plate,
)
from custom_components.hikvision_anpr.archive.errors import (
    ArchiveUnavailableError,
    Trouble,
)
from custom_components.hikvision_anpr.archive.journal import Journal
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.record import milliseconds, row_of
from custom_components.hikvision_anpr.archive.schema import KNOWN_MISREADS, PLATES
from custom_components.hikvision_anpr.archive.search import passage_of, search
from custom_components.hikvision_anpr.archive.writer import PassageWriter

from .passages import START, keep, passage


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for a lock."""
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0)


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


async def test_strange_values(database: Database) -> None:
    """Take what a device invents."""
    odd = passage(1, "A\0\ud800" + "9" * 300, lane=10**30, region="x" * 999)
    await keep(database, [odd])
    public = await database.async_read(lambda c: passage_of(c, odd.passage_id))
    assert public is not None
    assert public["lane"] == 2**31 - 1


async def test_unavailable_is_said(database: Database, database_file: Path) -> None:
    """Raise what the trouble is for those who read and write."""
    damage(database_file)
    with pytest.raises(ArchiveUnavailableError, match="damaged"):
        await database.async_read(lambda _: None)
    with pytest.raises(ArchiveUnavailableError, match="damaged"):
        await database.async_write(lambda _: None)


async def test_correction(database: Database) -> None:
    """Find a passage under the corrected plate, keep what was read, and learn."""
    await keep(database, [passage(1, "AB12"), passage(2, "AB12")])
    for number in (1, 2):
        one = passage(number, "AB12").passage_id
        assert await database.async_write(
            partial(correct_passage, passage_id=one, plate="a8-12")
        )
    await keep(database, [passage(1, "AB12", confidence=99)])
    kept = await database.async_read(lambda c: search(c, PassageQuery()))
    assert {(one["plate"], one["plate_normalized"]) for one in kept.passages} == {
        ("AB12", "A812")
    }
    learned = await database.async_read(
        lambda c: c.execute(KNOWN_MISREADS.select()).all()
    )
    assert [tuple(row) for row in learned] == [("AB12", "A812", 2)]
    assert not await database.async_write(lambda c: correct_passage(c, "nobody", "A1"))


async def test_deletion(database: Database) -> None:
    """Delete what is asked for, and the plates that nothing has any more."""
    await keep(database, [passage(number, f"A{number % 3}") for number in range(9)])
    ids = [passage(number, None).passage_id for number in (0, 1)]
    assert await database.async_write(lambda c: delete_passages(c, [*ids, "x"])) == ids
    assert len(await database.async_write(lambda c: forget_plate(c, "A2"))) == 3
    since, _ = milliseconds(START)
    before = since + 5000
    assert (
        await database.async_write(lambda c: delete_before(c, before, "none", 1)) == 1
    )
    assert (
        await database.async_write(lambda c: delete_before(c, before, "none", 9)) == 1
    )
    left = await database.async_read(lambda c: search(c, PassageQuery()))
    assert [one["plate"] for one in left.passages] == ["A1", "A0"]
    known = await database.async_read(lambda c: list(c.scalars(PLATES.select())))
    assert len(known) == 2
