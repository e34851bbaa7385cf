"""Define the errors of the archive."""

from typing import Final, Literal

from sqlalchemy.exc import DBAPIError

from .server_errors import ServerTrouble, server_trouble

type Trouble = ServerTrouble | Literal["newer", "no_driver", "not_empty", "unreachable"]

_SQLITE_TROUBLES: Final[dict[str, Trouble]] = {
    "SQLITE_FULL": "full",
    # The file for memory that is shared with other processes finds no room.
    "SQLITE_IOERR_SHMSIZE": "full",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_READONLY": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
}


class ArchiveError(Exception):
    """Anything that keeps the archive from doing what it was asked."""


class ArchiveUnavailableError(ArchiveError):
    """The database cannot be used now; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        """Keep what the trouble is."""
        super().__init__(trouble)
        self.trouble = trouble


class NewerSchemaError(ArchiveError):
    """The database was written by a later version of the integration."""

    def __init__(self, found: int, known: int) -> None:
        """Say which version was found, and which one is known."""
        super().__init__(f"schema {found} is newer than {known}")


class DatabaseUrlError(ArchiveError):
    """The URL of a database cannot be used; `key` names the text for the user."""

    def __init__(self, key: str) -> None:
        """Keep the key; the URL itself holds a password."""
        super().__init__(key)
        self.key = key


class SearchError(ArchiveError):
    """A search that cannot be understood; `key` names the text for the user."""

    def __init__(self, key: str) -> None:
        """Keep the key."""
        super().__init__(key)
        self.key = key


def trouble_of(error: Exception) -> Trouble:
    """Return what stands behind an error of the database."""
    if isinstance(error, ArchiveUnavailableError):
        return error.trouble
    if isinstance(error, NewerSchemaError):
        return "newer"
    if isinstance(error, ImportError):
        return "no_driver"
    origin = error.orig if isinstance(error, DBAPIError) else None
    name = getattr(origin, "sqlite_errorname", "")
    # Extended names begin with the plain one: SQLITE_READONLY_DBMOVED.
    plain = "_".join(name.split("_")[:2])
    embedded = _SQLITE_TROUBLES.get(name) or _SQLITE_TROUBLES.get(plain)
    return embedded or server_trouble(origin) or "unreachable"
