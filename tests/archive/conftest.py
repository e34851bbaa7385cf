"""Fixtures of the archive's tests: a database in a file of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custom_components.hikvision_anpr.archive.database import Database


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    """Return where the database of a test is."""
    return tmp_path / "archive.db"


@pytest.fixture
def database(database_file: Path) -> Iterator[Database]:
    """Return a database that is closed in the end."""
    database = Database(f"sqlite:///{database_file}")
    yield database
    database.close()
