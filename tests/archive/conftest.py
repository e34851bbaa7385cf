"""Fixtures of the archive's tests: an empty database, of each kind there is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, make_url

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.schema import METADATA

from .servers import SERVERS, server_url, shared_database


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    """Return where the embedded database of a test is."""
    return tmp_path / "archive.db"


@pytest.fixture(params=["sqlite", *SERVERS])
def database_url(request: pytest.FixtureRequest, database_file: Path) -> URL:
    """Return the URL of an empty database."""
    if request.param == "sqlite":
        return make_url(f"sqlite:///{database_file}")
    server_url(request.param)
    return shared_database(request.param)


@pytest.fixture
def database(database_url: URL) -> Iterator[Database]:
    """Return a database that is emptied and closed in the end."""
    database = Database(database_url)
    yield database
    database.submit(empty).result()
    database.close()


def empty(connection: Connection) -> None:
    """Delete every row."""
    for table in reversed(METADATA.sorted_tables):
        if table.name != "schema_version":
            connection.execute(table.delete())
