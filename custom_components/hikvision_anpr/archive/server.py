"""Parse the URL of a database server, and check whether the archive can use it."""

from typing import Final

from homeassistant.core import HomeAssistant
from sqlalchemy import URL, Connection, inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from .database import Database
from .driver import REQUIREMENTS, async_install_driver
from .engine import backend_of, make_engine
from .errors import ArchiveUnavailableError, DatabaseUrlError, trouble_of
from .schema import METADATA, PASSAGES, PLATES, SCHEMA_VERSION

_HIDDEN: Final = "***"
_OURS: Final = {SCHEMA_VERSION.name, PASSAGES.name, PLATES.name}


def parse_server_url(text: str, known: str | None = None) -> URL:
    """Read the URL of a server. Raises DatabaseUrlError where it cannot be one.

    A password that was hidden is taken from the known URL.
    """
    try:
        url = make_url(text.strip())
    except (SQLAlchemyError, ValueError) as error:
        raise DatabaseUrlError("database_url_invalid") from error
    if backend_of(url) not in REQUIREMENTS:
        raise DatabaseUrlError("database_not_supported")
    if url.host and "@" in url.host:
        raise DatabaseUrlError("database_url_password")
    if not (url.host and url.database) or {"password", "passwd"} & set(url.query):
        raise DatabaseUrlError("database_url_invalid")
    if known and url.password == _HIDDEN:
        url = url.set(password=make_url(known).password)
    return url


def shown_url(url: str) -> str:
    """Return a URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


async def async_check_server(hass: HomeAssistant, url: URL) -> None:
    """Connect, and make the tables. Raises ArchiveUnavailableError where that fails."""
    await async_install_driver(hass, url)
    await hass.async_add_executor_job(_refuse_what_others_use, url)
    database = Database(url)
    try:
        await database.async_write(lambda _: None)
    finally:
        await hass.async_add_executor_job(database.close)


def _refuse_what_others_use(url: URL) -> None:
    """Raise ArchiveUnavailableError for a database with tables that are not ours."""
    engine = None
    try:
        engine = make_engine(url)
        with engine.connect() as connection:
            if not _is_free(connection):
                raise ArchiveUnavailableError("not_empty")
    except (SQLAlchemyError, ImportError, OSError, TypeError, ValueError) as error:
        raise ArchiveUnavailableError(trouble_of(error)) from error
    finally:
        if engine is not None:
            engine.dispose()


def _is_free(connection: Connection) -> bool:
    """Tell whether a database is empty, or an archive already."""
    names = set(inspect(connection).get_table_names())
    return names <= set(METADATA.tables) or names >= _OURS
