"""Bring the schema of a database up to date, one numbered step after the other."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, delete, insert, select, text

from .errors import NewerSchemaError
from .schema import KNOWN_MISREADS, METADATA, PASSAGES, PLATES, SCHEMA_VERSION

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
    "CREATE INDEX plates_by_part ON plates USING gin"
    " (plate gin_trgm_ops, folded gin_trgm_ops)",
)


def _make_passages(connection: Connection) -> None:
    """Make the tables of passages, and what finds a part of a plate."""
    METADATA.create_all(connection, tables=[PLATES, PASSAGES, KNOWN_MISREADS])
    statements = {
        "sqlite": _SQLITE_PLATE_SEARCH,
        "postgresql": _POSTGRESQL_PLATE_SEARCH,
    }.get(connection.dialect.name, ())
    for statement in statements:
        connection.execute(text(statement))


MIGRATIONS: Final[tuple[Migration, ...]] = (_make_passages,)


def migrate(connection: Connection) -> None:
    """Run the steps that a database has not seen, and make tables that are missing.

    Raises NewerSchemaError for the database of a later version.
    """
    METADATA.create_all(connection, tables=[SCHEMA_VERSION])
    found = connection.execute(select(SCHEMA_VERSION.c.version)).scalar() or 0
    if found > len(MIGRATIONS):
        raise NewerSchemaError(found, len(MIGRATIONS))
    for step in MIGRATIONS[found:]:
        step(connection)
    METADATA.create_all(connection)
    if found < len(MIGRATIONS):
        connection.execute(delete(SCHEMA_VERSION))
        connection.execute(insert(SCHEMA_VERSION).values(version=len(MIGRATIONS)))
