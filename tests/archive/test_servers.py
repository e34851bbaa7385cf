"""Test what servers do that a file of SQLite does not."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import URL, Connection, event, inspect, select, text

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.engine import make_engine
from custom_components.hikvision_anpr.archive.errors import (
    ArchiveUnavailableError,
    Trouble,
)
from custom_components.hikvision_anpr.archive.journal import Journal
from custom_components.hikvision_anpr.archive.keeping import lookup, number_plates
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.plate_pairs import holds_pair
from custom_components.hikvision_anpr.archive.plate_pattern import PlatePattern
from custom_components.hikvision_anpr.archive.schema import METADATA, PASSAGES, PLATES
from custom_components.hikvision_anpr.archive.search import search
from custom_components.hikvision_anpr.archive.writer import PassageWriter

from .passages import keep, passage
from .servers import SERVERS, new_database, run_on_server

SMALL_RIGHTS = {
    "postgresql": (
        "CREATE ROLE {name} LOGIN PASSWORD 'secret'",
        "GRANT CREATE, USAGE ON SCHEMA public TO {name}",
    ),
    "mariadb": (
        "CREATE USER {name}@'127.0.0.1' IDENTIFIED BY 'secret'",
        "GRANT SELECT ON {database}.* TO {name}@'127.0.0.1'",
    ),
}
CUT_OFF = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = :database AND pid <> pg_backend_pid()",
    "mariadb": "SELECT concat('KILL ', id) FROM information_schema.processlist"
    " WHERE db = :database AND id <> connection_id()",
}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    """Return the name of a server."""
    return str(request.param)


@pytest.fixture
def url(server: str) -> URL:
    """Return the URL of a database that nobody has opened yet."""
    return new_database(server)


def user_of_small_rights(server: str, url: URL) -> URL:
    """Return the URL for a user who may do less."""
    name = f"small_{uuid4().hex[:8]}"
    statements = [
        one.format(name=name, database=url.database) for one in SMALL_RIGHTS[server]
    ]
    run_on_server(url, *statements)
    return url.set(username=name)


def wrong_password(_: str, url: URL) -> URL:
    """Return the URL with a password that is not right."""
    return url.set(password="guessed")


def no_such_database(_: str, url: URL) -> URL:
    """Return the URL of a database that is not there."""
    return url.set(database="nobodys")


def nobody_there(_: str, url: URL) -> URL:
    """Return the URL of a port where no server is."""
    return url.set(port=1)


def no_right_to_make_tables(server: str, url: URL) -> URL:
    """Return the URL for a user who may make no tables."""
    small = user_of_small_rights(server, url)
    if server == "postgresql":
        run_on_server(url, f"REVOKE CREATE ON SCHEMA public FROM {small.username}")
    return small


@pytest.mark.parametrize(
    ("spoil", "trouble"),
    [
        (wrong_password, "login"),
        (no_such_database, "no_database"),
        (nobody_there, "unreachable"),
        (no_right_to_make_tables, "denied"),
    ],
)
async def test_trouble(
    server: str, url: URL, spoil: Callable[[str, URL], URL], trouble: Trouble
) -> None:
    """Say what is the matter, and do not tell the password."""
    database = Database(spoil(server, url))
    with pytest.raises(ArchiveUnavailableError) as caught:
        await database.async_read(lambda _: None)
    database.close()
    assert caught.value.trouble == trouble
    assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r} {database.url}"


async def test_read_only() -> None:
    """Say that a server takes nothing."""
    url = new_database("postgresql")
    run_on_server(
        url, f"ALTER DATABASE {url.database} SET default_transaction_read_only = on"
    )
    database = Database(url)
    with pytest.raises(ArchiveUnavailableError, match="read_only"):
        await database.async_write(lambda _: None)
    database.close()


async def test_without_the_extension(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Search without pg_trgm where it may not be created; use it once it is there."""
    url = new_database("postgresql")
    asked = PassageQuery(plate=PlatePattern.parse("b12"))
    database = Database(user_of_small_rights("postgresql", url))
    await keep(database, [passage(1, "AB123CD"), passage(2, "CD1")])
    page = await database.async_read(lambda c: search(c, asked))
    assert [one["plate"] for one in page.passages] == ["AB123CD"]
    assert "CREATE EXTENSION pg_trgm" in caplog.text
    assert "plates_by_part" not in await database.async_read(index_names)
    run_on_server(url, "CREATE EXTENSION pg_trgm")
    await database.async_write(lambda _: None)
    database.close()
    again = Database(database.url)
    assert "plates_by_part" in await again.async_read(index_names)
    again.close()


async def test_two_characters() -> None:
    """Find two characters by their own index, and put new plates into indices at once."""
    url = new_database("postgresql")
    database = Database(url)
    await keep(database, [passage(1, "AB123CD"), passage(2, "A1B2")])
    for part, expected in (("b1", ["AB123CD"]), ("b2", ["A1B2"]), ("a?b2", ["A1B2"])):
        asked = PassageQuery(plate=PlatePattern.parse(part))
        page = await database.async_read(partial(search, query=asked))
        assert [one["plate"] for one in page.passages] == expected
    assert "plates_by_pair" in await database.async_read(plan_of_a_pair)
    options = text("SELECT relname, reloptions FROM pg_class WHERE relname LIKE :name")
    found = await database.async_read(
        lambda c: c.execute(options, {"name": "plates_by_pa%"}).all()
    )
    assert sorted(map(tuple, found)) == [
        ("plates_by_pair", ["fastupdate=off"]),
        ("plates_by_part", ["fastupdate=off"]),
    ]
    database.close()


def plan_of_a_pair(connection: Connection) -> str:
    """Return how PostgreSQL looks for two characters where there are many plates."""
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    statement = select(PLATES.c.id).where(holds_pair("B1"))
    query = statement.compile(connection, compile_kwargs={"literal_binds": True})
    return "\n".join(connection.scalars(text(f"EXPLAIN {query}")))


def index_names(connection: Connection) -> set[str | None]:
    """Return the names of the indices of plates."""
    return {index["name"] for index in inspect(connection).get_indexes(PLATES.name)}


async def test_opening_that_was_cut_short() -> None:
    """Make what is missing, as MariaDB commits each table by itself."""
    url = new_database("mariadb")
    made = "CREATE TABLE passages (id BIGINT PRIMARY KEY)"
    with pytest.raises(ArchiveUnavailableError):
        await _open_after(url, made)
    run_on_server(url, "DROP TABLE passages")
    await _open_after(url)
    run_on_server(url, "DROP INDEX passages_in_time ON passages")
    run_on_server(url, "DELETE FROM schema_version", "DROP TABLE visits")
    names = await _open_after(url)
    assert "passages_in_time" in names


async def _open_after(url: URL, *statements: str) -> set[str | None]:
    """Open a database after statements; return the indices of passages."""
    run_on_server(url, *statements)
    database = Database(url)
    try:
        await keep(database, [passage(1, "A1")])
        return await database.async_read(
            lambda c: {one["name"] for one in inspect(c).get_indexes(PASSAGES.name)}
        )
    finally:
        database.close()


def test_cut_off(server: str, url: URL, tmp_path: Path) -> None:
    """Go on with a new connection when the server ends the old one."""
    troubles: list[Trouble | None] = []
    database = Database(url)
    journal = Journal(tmp_path / "journal")
    writer = PassageWriter(database, journal, troubles.append)
    writer.put(passage(1, "A1"))
    database.run_in_writer(lambda: None).result()
    cut_off(server, url)
    writer.put(passage(2, "A2"))
    database.run_in_writer(lambda: None).result()
    kept = database.submit(lambda c: list(c.scalars(PLATES.select()))).result()
    database.close()
    assert len(kept) == 2
    assert troubles == []


def cut_off(server: str, url: URL) -> None:
    """End all connections to a database but one's own."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.scalars(text(CUT_OFF[server]), {"database": url.database})
        for one in found.all():
            if isinstance(one, str):
                with suppress(Exception):
                    connection.exec_driver_sql(one)
    engine.dispose()


async def test_characters(url: URL) -> None:
    """Compare plates by what is written, in every character there is."""
    written = ["ÄB1", "AB1", "ДК7", "한국12", "粤B😀1"]
    database = Database(url)
    await keep(database, [passage(n, plate) for n, plate in enumerate(written)])
    for plate in written:
        asked = PassageQuery(plate=PlatePattern.parse(f'"{plate}"'))
        page = await database.async_read(partial(search, query=asked))
        assert [one["plate"] for one in page.passages] == [plate]
    database.close()


async def test_tables(url: URL) -> None:
    """Make every table that there is."""
    database = Database(url)
    names = await database.async_read(lambda c: inspect(c).get_table_names())
    database.close()
    assert set(METADATA.tables) <= set(names)


async def test_page_far_from_the_first(url: URL) -> None:
    """Go to a page by the index, not past all pages before it."""
    database = Database(url)
    await keep(database, [passage(number, f"A{number}") for number in range(3000)])
    page = await database.async_read(partial(search, query=PassageQuery(limit=1000)))
    asked = PassageQuery(limit=10, cursor=page.cursor)

    def explain(connection: Connection) -> str:
        told: list[tuple[str, Any]] = []
        event.listen(
            connection,
            "before_cursor_execute",
            lambda *of: told.append((of[2], of[3])),
        )
        search(connection, asked)
        statement, values = told[0]
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", values)
        return str(plan.all())

    plan = await database.async_read(explain)
    database.close()
    assert "range" in plan or "Index Cond" in plan, plan


async def test_many_plates_at_once(url: URL, server: str) -> None:
    """Look up each of many plates among whole ones, not among parts of plates."""
    if server != "postgresql":
        pytest.skip("is about the index of parts that PostgreSQL alone has")
    database = Database(url)
    plates = [f"B{number * 7919 % 5_000:06}" for number in range(5_000)]
    for few, tidying in ((plates[:500], "VACUUM plates"), (plates, "ANALYZE plates")):
        await database.async_write(partial(number_plates, plates=few))
        run_on_server(url, tidying)
    plans: list[str] = []

    def explain(connection: Connection) -> None:
        statement = lookup("postgresql", plates[:500])
        compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
        # A table this small would be read as a whole.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plans.extend(connection.scalars(text(f"EXPLAIN {compiled}")))

    await database.async_read(explain)
    assert plans
    assert not [line for line in plans if "plates_by_part" in line]
    database.close()
