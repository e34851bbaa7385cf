"""Keep the pictures of passages, as long as there is room for them."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
import logging
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from sqlalchemy import Connection

from ..const import DOMAIN
from ..intake.passage import Passage
from .database import Database
from .errors import ArchiveError
from .picture_files import PictureFiles
from .picture_rows import (
    KeptPicture,
    file_of,
    keep_pictures,
    take_out,
    take_out_beyond,
    take_out_old,
    take_out_orphans,
    take_out_surplus,
)
from .picture_sweep import PictureSweep
from .record import milliseconds

_LOGGER = logging.getLogger(__name__)

MOST_WAITING: Final = 32 * 1024 * 1024
"""How many bytes of pictures may wait for the disk; what comes beyond is dropped."""

YOUNG: Final = timedelta(hours=1)
"""A picture of this age may belong to a passage that is not yet written."""

ISSUE: Final = "pictures_not_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRules:
    """Hold where pictures are kept and for how long; 0 stands for no limit."""

    folder: Path
    days: int = 0
    most_bytes: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """Hold a picture that is yet to be written."""

    passage: Passage
    kind: str
    data: bytes


class Pictures:
    """Take pictures off the event loop onto the disk, and delete what is too old."""

    def __init__(
        self, hass: HomeAssistant, database: Database, rules: PictureRules
    ) -> None:
        """Prepare; nothing is written yet."""
        self.dropped = 0
        self.files = PictureFiles(folder=rules.folder)
        self.rules = rules
        self._hass = hass
        self._database = database
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._bytes_waiting = 0
        self._unwritten: list[KeptPicture] = []
        self._is_in_trouble = False
        self._worker: asyncio.Task[None] | None = None
        self._sweep = PictureSweep(
            hass, database, self.files, lambda: (one.file for one in self._unwritten)
        )

    @callback
    def start(self, *, sweeps: bool = True) -> None:
        """Begin to write and, if it `sweeps`, to look for what was left behind."""
        if sweeps:
            self._sweep.start()
        self._worker = self._hass.async_create_background_task(
            self._async_work(), f"{DOMAIN} keep pictures"
        )

    async def async_flush(self) -> None:
        """Wait until all that was taken is written."""
        await self._waiting.join()

    async def async_stop(self) -> None:
        """Write what waits, and end."""
        await self._sweep.async_stop()
        await self.async_flush()
        if self._worker:
            self._worker.cancel()
            await asyncio.wait([self._worker])

    @callback
    def take(self, passage: Passage, kind: str, data: bytes) -> None:
        """Let a picture be written; without room for it, count that it was dropped."""
        if self._bytes_waiting + len(data) > MOST_WAITING:
            self.dropped += 1
            return
        self._bytes_waiting += len(data)
        self._waiting.put_nowait(_Waiting(passage=passage, kind=kind, data=data))

    async def async_read(
        self, passage_id: str, kind: str, *, thumbnail: bool = False
    ) -> bytes | None:
        """Return a picture; None where there is none. Raises ArchiveError."""
        file = await self._database.async_read(lambda c: file_of(c, passage_id, kind))
        if file is None:
            return None
        try:
            return await self._hass.async_add_executor_job(
                partial(self.files.read, file, thumbnail=thumbnail)
            )
        except OSError as error:
            _LOGGER.debug("A picture cannot be read: %s", error)
            return None

    async def async_delete(self, passage_ids: Iterable[str]) -> int:
        """Delete the pictures of passages; return how many. Raises ArchiveError."""
        ids = list(passage_ids)
        return await self._async_take_out(lambda c: take_out(c, ids))

    async def async_clean(self) -> int:
        """Delete what is too old, too much, or without a passage; return how many.

        Raises ArchiveError.
        """
        now = dt_util.utcnow()
        steps: list[Callable[[Connection], list[str]]] = [
            partial(take_out_orphans, before=milliseconds(now - YOUNG)[0])
        ]
        if self.rules.days:
            oldest = now - timedelta(days=self.rules.days)
            steps.append(partial(take_out_old, before=milliseconds(oldest)[0]))
        if self.rules.most_bytes:
            steps.append(partial(take_out_surplus, most_bytes=self.rules.most_bytes))
        if self.rules.most:
            steps.append(partial(take_out_beyond, most=self.rules.most))
        deleted = 0
        for step in steps:
            while some := await self._async_take_out(step):
                deleted += some
        return deleted

    async def _async_take_out(self, step: Callable[[Connection], list[str]]) -> int:
        """Forget pictures in the database, then delete their files."""
        files = await self._database.async_write(step)
        try:
            await self._hass.async_add_executor_job(self.files.delete, files)
        except OSError as error:
            _LOGGER.warning("Pictures cannot be deleted: %s", error)
        return len(files)

    async def _async_work(self) -> None:
        """Write one picture after the other."""
        while True:
            waiting = await self._waiting.get()
            try:
                await self._async_keep(waiting)
            except Exception:
                _LOGGER.exception("A picture was not kept")
            finally:
                self._bytes_waiting -= len(waiting.data)
                self._waiting.task_done()

    async def _async_keep(self, waiting: _Waiting) -> None:
        """Write a picture, and that it is there."""
        passage = waiting.passage
        try:
            file = await self._hass.async_add_executor_job(
                self.files.write,
                passage.passage_id,
                waiting.kind,
                passage.device_id,
                passage.captured_at,
                waiting.data,
            )
        except OSError as error:
            self.dropped += 1
            self._show_trouble(error)
            return
        self._show_trouble(None)
        self._unwritten.append(
            KeptPicture(
                passage_id=passage.passage_id,
                kind=waiting.kind,
                file=file,
                size=len(waiting.data),
                captured_at=milliseconds(passage.captured_at)[0],
            )
        )
        rows = list(self._unwritten)
        try:
            await self._database.async_write(lambda c: keep_pictures(c, rows))
        except ArchiveError as error:
            _LOGGER.debug("Pictures are noted later: %s", error)
        else:
            del self._unwritten[: len(rows)]

    def _show_trouble(self, error: OSError | None) -> None:
        """Raise a repair issue while pictures cannot be written."""
        if error is None:
            if self._is_in_trouble:
                self._is_in_trouble = False
                ir.async_delete_issue(self._hass, DOMAIN, ISSUE)
            return
        if not self._is_in_trouble:
            _LOGGER.warning("Pictures cannot be kept: %s", error)
        self._is_in_trouble = True
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            ISSUE,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=ISSUE,
            translation_placeholders={
                "folder": str(self.rules.folder),
                "error": error.strerror or str(error),
            },
        )
