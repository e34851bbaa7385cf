"""Bring the schema of a database up to date, one numbered step after the other.

MariaDB commits each change of the schema by itself: a step that was cut short is run
again, and must be able to go on.
"""

from collections.abc import Callable
import logging
from typing import Final

from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from .errors import NewerSchemaError
from .schema import KNOWN_MISREADS, METADATA, PASSAGES, PLATES, SCHEMA_VERSION

_LOGGER = logging.getLogger(__name__)

type Migration = Callable[[Connection], None]

_SQLITE_PLATE_SEARCH: Final = (
    "CREATE VIRTUAL TABLE plate_search USING fts5(plate, folded, content='plates',"
    " content_rowid='id', tokenize='trigram', columnsize=0)",
    "CREATE TRIGGER plates_added AFTER INSERT ON plates BEGIN"
    " INSERT INTO plate_search(rowid, plate, folded)"
    " VALUES (new.id, new.plate, new.folded); END",
    "CREATE TRIGGER plates_removed AFTER DELETE ON plates BEGIN"
    " INSERT INTO plate_search(plate_search, rowid, plate, folded)"
    " VALUES ('delete', old.id, old.plate, old.folded); END",
)
_POSTGRESQL_PLATE_SEARCH: Final = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS plates_by_part ON plates USING gin"
    " (plate gin_trgm_ops, folded gin_trgm_ops)",
)


def _make_passages(connection: Connection) -> None:
    """Make the tables of passages, and what finds a part of a plate."""
    METADATA.create_all(connection, tables=[PLATES, PASSAGES, KNOWN_MISREADS])
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE_PLATE_SEARCH:
            connection.execute(text(statement))


MIGRATIONS: Final[tuple[Migration, ...]] = (_make_passages,)


def migrate(connection: Connection) -> None:
    """Run the steps that a database has not seen, and make what is missing.

    Raises NewerSchemaError for the database of a later version.
    """
    METADATA.create_all(connection, tables=[SCHEMA_VERSION])
    found = connection.execute(select(SCHEMA_VERSION.c.version)).scalar() or 0
    if found > len(MIGRATIONS):
        raise NewerSchemaError(found, len(MIGRATIONS))
    for step in MIGRATIONS[found:]:
        step(connection)
    METADATA.create_all(connection)
    if connection.dialect.name == "mysql":
        _make_missing_indices(connection)
    if connection.dialect.name == "postgresql":
        _index_parts_of_plates(connection)
    if found < len(MIGRATIONS):
        connection.execute(delete(SCHEMA_VERSION))
        connection.execute(insert(SCHEMA_VERSION).values(version=len(MIGRATIONS)))


def _make_missing_indices(connection: Connection) -> None:
    """Make the indices of a table after whose making MariaDB was cut short."""
    for table in METADATA.sorted_tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)


def _index_parts_of_plates(connection: Connection) -> None:
    """Let PostgreSQL find parts of plates by index; without it, it compares them all.

    The extension needs a right that not every user has; at the next start it is tried
    again.
    """
    try:
        with connection.begin_nested():
            for statement in _POSTGRESQL_PLATE_SEARCH:
                connection.execute(text(statement))
    except SQLAlchemyError as error:
        _LOGGER.warning(
            "Searching for a part of a plate is slow, because the extension pg_trgm"
            " cannot be created in PostgreSQL: let an administrator run CREATE EXTENSION"
            " pg_trgm in the archive's database (%s)",
            error,
        )
