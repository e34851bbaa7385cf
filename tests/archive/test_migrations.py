"""Test that the database of an earlier version becomes one of this version."""

from functools import partial
from pathlib import Path
import sqlite3

import pytest
from sqlalchemy import URL, Connection, inspect, select, text

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.deletion import forget_plate
from custom_components.hikvision_anpr.archive.migrations import VERSION
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.plate_index import make_plate_index
from custom_components.hikvision_anpr.archive.plate_pattern import PlatePattern
from custom_components.hikvision_anpr.archive.schema import (
    METADATA,
    PASSAGES,
    SCHEMA_VERSION,
)
from custom_components.hikvision_anpr.archive.search import search

from .conftest import empty
from .passages import keep, passage
from .servers import SERVERS, new_database, run_on_server

VERSION_1 = Path(__file__).with_name("version_1.sql")
INDICES = {"passages_in_time", "passages_by_plate"}


async def found(
    database: Database, part: str, *, look_alikes: bool = False
) -> list[object]:
    """Return the ids of the passages with a part of a plate."""
    asked = PassageQuery(plate=PlatePattern.parse(part, look_alikes=look_alikes))
    page = await database.async_read(partial(search, query=asked))
    return [one["passage_id"] for one in page.passages]


def index_names(connection: Connection) -> set[str | None]:
    """Return the names of the indices of passages."""
    return {one["name"] for one in inspect(connection).get_indexes(PASSAGES.name)}


def objects(connection: Connection) -> set[tuple[str, str]]:
    """Return what SQLite's file holds, and how each was made."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master")).all()
    return {(row.name, "".join((row.sql or "").split())) for row in rows}


@pytest.fixture
def old_file(database_file: Path) -> Path:
    """Return a file that version 1 made and left in the middle of its work."""
    connection = sqlite3.connect(database_file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(VERSION_1.read_text(encoding="utf-8"))
    connection.close()
    return database_file


async def test_version_1(old_file: Path, tmp_path: Path) -> None:
    """Keep what is in the file, and make of it what a new one is."""
    old, new = (
        Database(f"sqlite:///{old_file}"),
        Database(f"sqlite:///{tmp_path / 'n'}"),
    )
    for part, ids in (
        ("b1", ["p1"]),
        ("D", ["p1"]),
        ("1", ["p2", "p1"]),
        ("äx", ["p2"]),
    ):
        assert await found(old, part) == ids
    assert await old.async_read(objects) == await new.async_read(objects)
    version = select(SCHEMA_VERSION.c.version)
    assert await old.async_read(lambda c: c.scalars(version).all()) == [VERSION]
    old.close()
    new.close()


async def test_going_on_after_version_1(old_file: Path) -> None:
    """Take new passages, and forget plates that version 1 had indexed."""
    database = Database(f"sqlite:///{old_file}")
    await keep(database, [passage(1, "XB12")])
    await database.async_write(lambda c: forget_plate(c, "AB123CD"))
    assert await found(database, "b1") == [passage(1, "XB12").passage_id]
    check = "INSERT INTO plate_search(plate_search, rank) VALUES ('integrity-check', 1)"
    await database.async_write(lambda c: c.execute(text(check)) and None)
    database.close()


async def test_migration_that_was_cut_short(
    old_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leave the file as it was when a step fails, and begin anew."""
    database = Database(f"sqlite:///{old_file}")
    module = "custom_components.hikvision_anpr.archive.migrations.make_plate_index"
    with monkeypatch.context() as patch:
        patch.setattr(module, lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await found(database, "b1")
    connection = sqlite3.connect(old_file)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert "passages_by_time" in names
    assert "passages_in_time" not in names
    assert await found(database, "b1") == ["p1"]
    database.close()


@pytest.mark.parametrize("server", SERVERS)
async def test_version_1_on_a_server(server: str) -> None:
    """Change the index of times also where it was changed in part."""
    url = new_database(server)
    database = Database(url)
    await keep(database, [passage(1, "AB12")])
    database.close()
    of_table = " ON passages" if server == "mariadb" else ""
    run_on_server(
        url,
        "UPDATE schema_version SET version = 1",
        f"DROP INDEX passages_in_time{of_table}",
        "CREATE INDEX passages_by_time ON passages (captured_at, id)",
    )
    for _ in range(2):
        database = Database(url)
        assert await found(database, "b1") == [passage(1, "AB12").passage_id]
        names = await database.async_read(index_names)
        assert names >= INDICES
        assert "passages_by_time" not in names
        assert set(METADATA.tables) <= set(
            await database.async_read(lambda c: inspect(c).get_table_names())
        )
        database.close()
        run_on_server(url, "UPDATE schema_version SET version = 1")


def become_version_2(connection: Connection, of_table: str) -> None:
    """Take back what version 3 has made."""
    connection.execute(text(f"DROP INDEX passages_by_area{of_table}"))
    connection.execute(text("UPDATE schema_version SET version = 2"))


async def test_version_2(database_url: URL) -> None:
    """Make the index of areas, which version 2 did not have."""
    database = Database(database_url)
    await keep(database, [passage(1, "AB12")])
    of_table = " ON passages" if database_url.get_backend_name() == "mariadb" else ""
    await database.async_write(partial(become_version_2, of_table=of_table))
    assert "passages_by_area" not in await database.async_read(index_names)
    database.close()
    database = Database(database_url)
    assert "passages_by_area" in await database.async_read(index_names)
    assert await found(database, "b1") == [passage(1, "AB12").passage_id]
    await database.async_write(empty)
    database.close()


def become_version_3(connection: Connection) -> None:
    """Fold plates as version 3 did, which took marked letters for others."""
    connection.execute(text("UPDATE plates SET folded = plate"))
    if connection.dialect.name == "sqlite":
        make_plate_index(connection)
    connection.execute(text("UPDATE schema_version SET version = 3"))


async def test_version_3(database_url: URL) -> None:
    """Find passages by look-alikes that version 3 did not know."""
    database = Database(database_url)
    await keep(database, [passage(1, "MÜAB12"), passage(2, "XY34")])
    await database.async_write(become_version_3)
    assert not await found(database, "uab", look_alikes=True)
    database.close()
    database = Database(database_url)
    assert await found(database, "uab", look_alikes=True) == [
        passage(1, "MÜAB12").passage_id
    ]
    await database.async_write(empty)
    database.close()
