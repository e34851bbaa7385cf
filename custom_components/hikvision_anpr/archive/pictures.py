"""Keep the pictures of passages within their limits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
import logging
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from sqlalchemy import Connection

from ..intake.passage import Passage
from .database import Database
from .picture_files import PictureFiles
from .picture_rows import (
    file_of,
    take_out,
    take_out_beyond,
    take_out_old,
    take_out_orphans,
    take_out_surplus,
)
from .picture_sweep import PictureSweep
from .picture_writer import PictureWriter
from .record import milliseconds

_LOGGER = logging.getLogger(__name__)

YOUNG: Final = timedelta(hours=1)
"""A picture of this age may belong to a passage that is not yet written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRules:
    """Hold where pictures are kept and for how long; 0 stands for no limit."""

    folder: Path
    days: int = 0
    most_bytes: int = 0
    most: int = 0


class Pictures:
    """Keep pictures and give them back, and delete what is too old."""

    def __init__(
        self, hass: HomeAssistant, database: Database, rules: PictureRules
    ) -> None:
        """Prepare; nothing is written yet."""
        self.files = PictureFiles(folder=rules.folder)
        self.rules = rules
        self._hass = hass
        self._database = database
        self._writer = PictureWriter(hass, database, self.files)
        self._sweep = PictureSweep(hass, database, self.files, self._writer.unnoted)

    @property
    def dropped(self) -> int:
        """Return how many pictures could not be kept."""
        return self._writer.dropped

    @callback
    def start(self, *, sweeps: bool = True) -> None:
        """Begin to write and, if it `sweeps`, to look for what was left behind."""
        if sweeps:
            self._sweep.start()
        self._writer.start()

    @callback
    def note(self) -> None:
        """Tell the database of pictures that it could not be told of yet."""
        self._writer.note()

    async def async_flush(self) -> None:
        """Wait until all that was taken is written."""
        await self._writer.async_flush()

    async def async_stop(self) -> None:
        """Write what waits, and end."""
        await self._sweep.async_stop()
        await self._writer.async_stop()

    @callback
    def take(self, passage: Passage, kind: str, data: bytes) -> None:
        """Let a picture be written; without room for it, count that it was dropped."""
        self._writer.take(passage, kind, data)

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
