"""Connect to SQLite, PostgreSQL or MariaDB, each set up as the archive needs it."""

import sqlite3
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS: Final = 5
CONNECTIONS: Final = 3
_CONNECT_SECONDS: Final = 10
_SILENT_SECONDS: Final = 60
# The names that users give databases, and SQLAlchemy's with the driver.
_DRIVERS: Final = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mariadb": "mysql+pymysql",
    "mysql": "mysql+pymysql",
}
# A server that vanished without a word is noticed, or a write would never end.
_SERVER_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "postgresql": {
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": _SILENT_SECONDS * 1000,
        "keepalives_idle": _SILENT_SECONDS // 2,
        "keepalives_interval": _SILENT_SECONDS // 6,
        "keepalives_count": 3,
    },
    "mysql": {
        "charset": "utf8mb4",
        "connect_timeout": _CONNECT_SECONDS,
        "read_timeout": _SILENT_SECONDS,
        "write_timeout": _SILENT_SECONDS,
    },
}


def is_embedded(url: URL) -> bool:
    """Tell whether a database is SQLite's file rather than a server."""
    return url.get_backend_name() == "sqlite"


def backend_of(url: URL) -> str:
    """Return SQLAlchemy's name for a kind of database: MariaDB's is "mysql"."""
    return _DRIVERS.get(url.get_backend_name(), url.drivername).partition("+")[0]


def make_engine(url: URL) -> Engine:
    """Return an engine; nothing is connected yet.

    Raises ArgumentError for a database that is not supported, ImportError where the
    driver is missing.
    """
    if is_embedded(url):
        return _make_sqlite(url)
    return create_engine(
        url.set(drivername=_DRIVERS.get(url.get_backend_name(), url.drivername)),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        connect_args=_SERVER_OPTIONS.get(backend_of(url), {}),
    )


def _make_sqlite(url: URL) -> Engine:
    """Return the engine of a file."""
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(
    connection: sqlite3.Connection, _record: ConnectionPoolEntry
) -> None:
    """Set a new connection up: transactions are ours, a commit is on the disk."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA cache_size=-16384")
    connection.execute("PRAGMA mmap_size=268435456")


def _begin_sqlite(connection: Connection) -> None:
    """Begin by ourselves, so that changes of the schema are part of a transaction."""
    connection.exec_driver_sql("BEGIN")
