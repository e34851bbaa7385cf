"""Bring the schema of a database up to date, one numbered step after the other.

MariaDB commits each change of the schema by itself: a step that was cut short is run
again, and must be able to go on.
"""

from collections.abc import Callable
import logging
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from ..intake.folding import fold_plate
from .errors import NewerSchemaError
from .plate_index import make_plate_index
from .plate_pairs import make_plate_pairs
from .schema import METADATA, PASSAGES, PLATES, SCHEMA_VERSION

_LOGGER = logging.getLogger(__name__)

_AT_ONCE: Final = 10_000

type Migration = Callable[[Connection], None]

_POSTGRESQL_PLATE_SEARCH: Final = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS plates_by_part ON plates USING gin"
    " (plate gin_trgm_ops, folded gin_trgm_ops)",
    # New plates would be put on a list, which each search looks through as a whole.
    "ALTER INDEX plates_by_part SET (fastupdate = off)",
)


def _find_short_parts(connection: Connection) -> None:
    """Find plates by one or two characters, and walk in time without the passages.

    With a million passages, this takes some ten seconds.
    """
    _make_indices(connection)
    of_table = " ON passages" if connection.dialect.name == "mysql" else ""
    connection.execute(text(f"DROP INDEX IF EXISTS passages_by_time{of_table}"))
    if connection.dialect.name == "sqlite":
        make_plate_index(connection)


def _make_indices(connection: Connection) -> None:
    """Make the indices of passages that are missing; version 3 finds areas by theirs.

    With a million passages, each takes some seconds.
    """
    for index in PASSAGES.indexes:
        index.create(connection, checkfirst=True)


def _fold_again(connection: Connection) -> None:
    """Fold marked letters and the digits of other scripts, too, as version 4 does.

    With a million plates, this takes three seconds, or twenty where any has such a
    character and SQLite's index is made again.
    """
    plates = select(PLATES).execution_options(yield_per=_AT_ONCE)
    changed = [
        {"of": row.id, "folded": folded}
        for row in connection.execute(plates)
        if (folded := fold_plate(row.plate)) != row.folded
    ]
    if not changed:
        return
    connection.execute(update(PLATES).where(PLATES.c.id == bindparam("of")), changed)
    if connection.dialect.name == "sqlite":
        make_plate_index(connection)


MIGRATIONS: Final[tuple[Migration, ...]] = (
    _find_short_parts,
    _make_indices,
    _fold_again,
)
"""What makes version 2 of version 1, and so on."""

VERSION: Final = len(MIGRATIONS) + 1


def migrate(connection: Connection) -> None:
    """Run the steps that a database has not seen, and make what is missing.

    Raises NewerSchemaError for the database of a later version.
    """
    METADATA.create_all(connection, tables=[SCHEMA_VERSION])
    found = connection.execute(select(SCHEMA_VERSION.c.version)).scalar() or 0
    if found > VERSION:
        raise NewerSchemaError(found, VERSION)
    METADATA.create_all(connection)
    if found:
        _change(connection, found)
    elif connection.dialect.name == "sqlite":
        make_plate_index(connection)
    if connection.dialect.name == "mysql":
        _make_missing_indices(connection)
    if connection.dialect.name == "postgresql":
        _index_parts_of_plates(connection)
    if found < VERSION:
        connection.execute(delete(SCHEMA_VERSION))
        connection.execute(insert(SCHEMA_VERSION).values(version=VERSION))


def _change(connection: Connection, found: int) -> None:
    """Bring the tables of an earlier version up to date."""
    for step in MIGRATIONS[found - 1 :]:
        _LOGGER.warning(
            "The archive is being upgraded for this version; this may take some minutes,"
            " in which new passages wait"
        )
        step(connection)


def _make_missing_indices(connection: Connection) -> None:
    """Make the indices of a table after whose making MariaDB was cut short."""
    for table in METADATA.sorted_tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)


def _index_parts_of_plates(connection: Connection) -> None:
    """Let PostgreSQL find parts of plates by index; without one, it compares them all.

    Three characters and more need an extension, and that a right which not every user
    has; at the next start it is tried again.
    """
    make_plate_pairs(connection)
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
