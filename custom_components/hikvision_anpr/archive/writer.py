"""Write passages to the database in batches, and lose none while it is unavailable."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from itertools import batched
import logging
from threading import Event, Lock
from time import monotonic
from typing import Final

from ..intake.passage import Passage
from .database import Database
from .errors import ArchiveUnavailableError, Trouble
from .journal import Journal
from .keeping import keep_rows
from .record import Row, row_of

_LOGGER = logging.getLogger(__name__)

BATCH: Final = 1000
PAUSE_SECONDS: Final = 0.2
"""How soon one batch may follow another: many small ones cost more than a few."""

MOST_WAITING: Final = 20_000

type TroubleListener = Callable[[Trouble | None], None]


class PassageWriter:
    """Take passages at once and write them in the writer's thread.

    A passage is promised once it is in the database or, while that has trouble, in the
    journal. Where not even the journal can be written, passages wait in memory, so many
    and no more; `lost` counts those for which there was no room anywhere.
    """

    def __init__(
        self, database: Database, journal: Journal, on_trouble: TroubleListener
    ) -> None:
        """Write to a database; `on_trouble` is called in the writer's thread."""
        self._database = database
        self._journal = journal
        self._on_trouble = on_trouble
        self._lock = Lock()
        self._waiting: list[Row] = []
        self._is_due = False
        self._is_settled = True
        self._hurry = Event()
        self.trouble: Trouble | None = None
        self.lost = 0
        self._rests = False
        self._has_journal = True
        self._written_at = 0.0

    def put(self, passage: Passage) -> None:
        """Take a passage, new or with more in it; returns at once."""
        row = row_of(passage)
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                self.lost += 1
                return
            self._waiting.append(row)
            due, self._is_due = not self._is_due, True
            self._is_settled = False
        if due:
            self._database.run_in_writer(self._write)

    def settle(self) -> Future[None] | None:
        """Write without a pause what waits; None where nothing does."""
        with self._lock:
            if self._is_settled:
                return None
            self._hurry.set()
        return self._database.run_in_writer(self._hurry.clear)

    def retry(self) -> None:
        """Try again what waits; also at the start, for what waited when we stopped."""
        self._database.run_in_writer(self._recover)

    def rest(self) -> Future[None]:
        """Leave the database alone until `go_on`; passages go into the journal."""
        return self._database.run_in_writer(self._rest)

    def go_on(self) -> Future[None]:
        """Write to the database again, and what waited first."""
        return self._database.run_in_writer(self._go_on)

    def _rest(self) -> None:
        """Write what waits, and fold the log of the database into its file."""
        self._write()
        self._rests = True
        self._database.checkpoint()

    def _go_on(self) -> None:
        """End the rest."""
        self._rests = False
        self._recover()

    def _recover(self) -> None:
        """Write what waits in the journal, then what waits in memory.

        Trouble is over when that is done: a full disk can be read all the time.
        """
        has_room = self._journal.set_aside()
        if self._rests or (self.trouble == "full" and not has_room):
            return
        try:
            self._empty_journal()
            self._database.transact(partial(keep_rows, rows=self._first()))
        except ArchiveUnavailableError as error:
            self._tell(error.trouble)
        except Exception:
            _LOGGER.exception("The journal cannot be added to the archive")
        else:
            self._tell(None)
        self._write()

    def _write(self) -> None:
        """Write what waits in memory, a batch after the other, and not too often."""
        self._hurry.wait(max(0.0, self._written_at + PAUSE_SECONDS - monotonic()))
        while rows := self._next():
            if not self._keep(rows):
                with self._lock:
                    self._waiting[:0] = rows
                    self._is_due = False
                return
            if len(rows) < BATCH:
                break
        self._written_at = monotonic()
        with self._lock:
            self._is_settled = not self._waiting

    def _first(self) -> list[Row]:
        """Return the next batch; it still waits, and changes nothing when it comes again."""
        with self._lock:
            return self._waiting[:BATCH]

    def _next(self) -> list[Row]:
        """Take the next batch; behind the last one, `put` has to ask again."""
        with self._lock:
            rows, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            self._is_due = bool(self._waiting)
        return rows

    def _keep(self, rows: list[Row]) -> bool:
        """Write a batch to the database, else to the journal; tell whether it is safe.

        What goes into the journal stays in order: nothing passes it by.
        """
        if self.trouble is None and not self._rests and self._journal.is_empty:
            try:
                self._database.transact(partial(keep_rows, rows=rows))
            except ArchiveUnavailableError as error:
                self._tell(error.trouble)
            except Exception:
                _LOGGER.exception("Passages cannot be added to the archive")
                self._tell("unreachable")
            else:
                return True
        try:
            self.lost += len(rows) - self._journal.append(rows)
        except OSError as error:
            level = logging.WARNING if self._has_journal else logging.DEBUG
            _LOGGER.log(level, "The journal cannot be written: %s", error)
            self._has_journal = False
            return False
        self._has_journal = True
        return True

    def _empty_journal(self) -> None:
        """Move what waits in the journal into the database.

        When this is cut short, the same rows come again, and change nothing.
        """
        for rows in batched(self._journal.rows(), BATCH, strict=False):
            self._database.transact(partial(keep_rows, rows=rows))
        self._journal.clear()

    def _tell(self, trouble: Trouble | None) -> None:
        """Say when trouble begins, changes or ends."""
        if trouble != self.trouble:
            self.trouble = trouble
            self._on_trouble(trouble)
