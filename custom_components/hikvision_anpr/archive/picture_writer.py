"""Write pictures to disk outside of the event loop, in batches."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
import logging
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..intake.passage import Passage
from ..single_task import SingleTask
from .database import Database
from .errors import ArchiveError
from .picture_files import PictureFiles
from .picture_rows import KeptPicture, keep_pictures
from .record import milliseconds

_LOGGER = logging.getLogger(__name__)

MOST_WAITING: Final = 32 * 1024 * 1024
"""How many bytes of pictures may wait for the disk; what comes beyond is dropped."""

ISSUE: Final = "pictures_not_kept"

PAUSE_SECONDS: Final = 0.1
"""How soon some pictures may follow others: each time costs more than a picture."""

_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """Hold a picture that is yet to be written."""

    passage: Passage
    kind: str
    data: bytes


class PictureWriter:
    """Write pictures to the disk, and into the database that they are there.

    The disk does not wait for the database, which has passages to write, or may be away.
    """

    def __init__(
        self, hass: HomeAssistant, database: Database, files: PictureFiles
    ) -> None:
        """Prepare; nothing is written yet."""
        self.dropped = 0
        self._hass = hass
        self._database = database
        self._files = files
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._bytes_waiting = 0
        self._unnoted: list[KeptPicture] = []
        self._noted = asyncio.Event()
        self._noted.set()
        self._is_in_trouble = False
        self._writing = SingleTask(hass, self._async_write, "keep pictures")
        self._noting = SingleTask(hass, self._async_note, "note pictures")

    @callback
    def start(self) -> None:
        """Begin to write."""
        self._writing.async_begin()

    async def async_flush(self) -> None:
        """Wait until all that was taken is written, and the database was told."""
        await self._waiting.join()
        self.note()
        await self._noted.wait()

    async def async_stop(self) -> None:
        """Write what waits, and end; Home Assistant may have ended the task before."""
        self._writing.async_begin()
        await self.async_flush()
        await self._writing.async_stop()
        await self._noting.async_stop()

    @callback
    def take(self, passage: Passage, kind: str, data: bytes) -> None:
        """Let a picture be written; without room for it, count that it was dropped."""
        if self._bytes_waiting + len(data) > MOST_WAITING:
            self.dropped += 1
            return
        self._put(_Waiting(passage=passage, kind=kind, data=data))

    @callback
    def note(self) -> None:
        """Tell the database of pictures that it could not be told of yet."""
        if self._unnoted:
            self._noted.clear()
            self._noting.async_begin()

    def unnoted(self) -> Iterator[str]:
        """Return the files that are there, and in no row of the database yet."""
        return (picture.file for picture in self._unnoted)

    def _put(self, one: _Waiting) -> None:
        """Put a picture behind those that wait."""
        self._bytes_waiting += len(one.data)
        self._waiting.put_nowait(one)

    async def _async_write(self) -> None:
        """Write what waits, as it comes; what was broken off waits again."""
        while True:
            some = [await self._waiting.get()]
            while len(some) < _AT_ONCE and not self._waiting.empty():
                some.append(self._waiting.get_nowait())
            try:
                await self._async_keep(some)
            except asyncio.CancelledError:
                for one in some:
                    self._put(one)
                raise
            except Exception:
                _LOGGER.exception("Pictures could not be saved")
            finally:
                for one in some:
                    self._bytes_waiting -= len(one.data)
                    self._waiting.task_done()
            if len(some) < _AT_ONCE:
                await asyncio.sleep(PAUSE_SECONDS)

    async def _async_keep(self, some: Sequence[_Waiting]) -> None:
        """Write pictures to the disk, and have it noted that they are there."""
        kept, error = await self._hass.async_add_executor_job(
            partial(_write, self._files, some)
        )
        self.dropped += len(some) - len(kept)
        self._show_trouble(error)
        self._unnoted += kept
        self.note()

    async def _async_note(self) -> None:
        """Tell the database of what is there; while it is away, later."""
        try:
            while rows := list(self._unnoted):
                await self._database.async_write(partial(keep_pictures, pictures=rows))
                del self._unnoted[: len(rows)]
        except ArchiveError as error:
            _LOGGER.debug("Pictures are noted later: %s", error)
        except Exception:
            _LOGGER.exception("Pictures could not be added to the database")
        finally:
            self._noted.set()

    def _show_trouble(self, error: OSError | None) -> None:
        """Raise a repair issue while pictures cannot be written."""
        if error is None:
            if self._is_in_trouble:
                self._is_in_trouble = False
                ir.async_delete_issue(self._hass, DOMAIN, ISSUE)
            return
        if not self._is_in_trouble:
            _LOGGER.warning("Pictures cannot be saved: %s", error)
        self._is_in_trouble = True
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            ISSUE,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=ISSUE,
            translation_placeholders={
                "folder": str(self._files.folder),
                "error": error.strerror or str(error),
            },
        )


def _write(
    files: PictureFiles, some: Sequence[_Waiting]
) -> tuple[list[KeptPicture], OSError | None]:
    """Write pictures; return those that are there, and why others are not. Blocks."""
    kept: list[KeptPicture] = []
    trouble: OSError | None = None
    for one in some:
        try:
            kept.append(_write_one(files, one))
        except OSError as error:
            trouble = error
    return kept, trouble


def _write_one(files: PictureFiles, one: _Waiting) -> KeptPicture:
    """Write a picture. Blocks; raises OSError."""
    passage = one.passage
    return KeptPicture(
        passage_id=passage.passage_id,
        kind=one.kind,
        file=files.write(
            passage.passage_id,
            one.kind,
            passage.device_id,
            passage.captured_at,
            one.data,
        ),
        size=len(one.data),
        captured_at=milliseconds(passage.captured_at)[0],
    )
