"""Hold the archive's database: one thread writes, a few read."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
import sqlite3
from typing import Final

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from .engine import is_embedded, make_engine
from .errors import ArchiveError, ArchiveUnavailableError, trouble_of
from .migrations import migrate

READERS: Final = 2


class Database:
    """Run work in the database: writes one after the other, reads beside them.

    It opens, and brings its schema up to date, with the first work that needs it. While
    it cannot be used, work fails with ArchiveUnavailableError, and the next work tries
    again. So does reading once it is closed.
    """

    def __init__(self, url: URL | str) -> None:
        """Prepare for a database by its URL; nothing is opened yet."""
        self.url = make_url(url)
        self._engine: Engine | None = None
        self._is_closed = False
        self._writer = ThreadPoolExecutor(1, "anpr_archive_writer")
        self._readers = ThreadPoolExecutor(READERS, "anpr_archive_reader")

    async def async_write[T](self, work: Callable[[Connection], T]) -> T:
        """Run work in a transaction of its own, in the writer's order."""
        return await asyncio.wrap_future(self.submit(work))

    async def async_read[T](self, work: Callable[[Connection], T]) -> T:
        """Run work that changes nothing, beside the writer."""
        if self._is_closed:
            raise ArchiveUnavailableError("unreachable")
        if self._engine is None:
            await asyncio.wrap_future(self._writer.submit(self._opened))
        return await asyncio.wrap_future(self._readers.submit(self._transact, work))

    def submit[T](self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue work for the writer; may be called in any thread."""
        return self._writer.submit(self._transact, work)

    def run_in_writer[T](self, work: Callable[[], T]) -> Future[T]:
        """Queue what must happen in the writer's order, outside of a transaction."""
        return self._writer.submit(work)

    def transact[T](self, work: Callable[[Connection], T]) -> T:
        """Run work in a transaction now; for the writer's own thread alone."""
        return self._transact(work)

    def checkpoint(self) -> None:
        """Fold SQLite's write-ahead log into its file; for the writer's own thread."""
        if is_embedded(self.url) and self._engine is not None:
            with self._engine.connect() as connection:
                connection.commit()
                driver = connection.connection.driver_connection
                assert isinstance(driver, sqlite3.Connection)
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Finish what is queued, then close; blocks."""
        self._is_closed = True
        self._writer.submit(self._dispose).result()
        self._writer.shutdown()
        self._readers.shutdown()

    def _transact[T](self, work: Callable[[Connection], T]) -> T:
        """Run work in a transaction; raise ArchiveUnavailableError where it cannot."""
        try:
            with self._opened().begin() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise ArchiveUnavailableError(trouble_of(error)) from error

    def _opened(self) -> Engine:
        """Return the engine, its schema up to date."""
        if self._engine is None:
            self._engine = self._open()
        return self._engine

    def _open(self) -> Engine:
        """Connect for the first time."""
        engine: Engine | None = None
        try:
            _make_folder(self.url)
            engine = make_engine(self.url)
            with engine.begin() as connection:
                migrate(connection)
        # A driver raises the last two for parts of the URL that it does not know.
        except (
            SQLAlchemyError,
            ArchiveError,
            ImportError,
            OSError,
            TypeError,
            ValueError,
        ) as error:
            if engine is not None:
                engine.dispose()
            raise ArchiveUnavailableError(trouble_of(error)) from error
        return engine

    def _dispose(self) -> None:
        """Close the connections; SQLite folds its write-ahead log in with the last."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None


def _make_folder(url: URL) -> None:
    """Make the folder of a database that is a file."""
    if is_embedded(url) and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
