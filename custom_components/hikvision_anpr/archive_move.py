"""Move the archive from its file to a server."""

import asyncio
from collections.abc import Awaitable, Callable
import logging
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .archive.archive import embedded_url
from .archive.database import Database
from .archive.errors import ArchiveError
from .archive.moving import Move
from .const import CONF_MOVE_ARCHIVE, DOMAIN
from .shown_progress import ShownProgress

_LOGGER = logging.getLogger(__name__)

ISSUE: Final = "archive_move"
AGAIN_SECONDS: Final = 30.0


@callback
def async_forget_move(hass: HomeAssistant) -> None:
    """Say no more that the file may be deleted: it is used again."""
    ShownProgress(hass, ISSUE).end()


class ArchiveMove:
    """Copy what the file has beside the passages that come in; tell how far it is.

    The file stays as it is. While this goes on, nothing is deleted because of its age:
    what is not yet there would be missed, or come back.
    """

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, target: Database
    ) -> None:
        """Prepare to copy into a server's database."""
        self._hass = hass
        self._entry = entry
        self._source = Database(embedded_url(hass))
        self._move = Move(self._source, target)
        self._lock = asyncio.Lock()
        self._has_rooms = False
        self._progress = ShownProgress(hass, ISSUE)
        self._is_over = False
        self._task: asyncio.Task[None] | None = None

    @callback
    def async_start(self) -> None:
        """Begin to copy passages; what is left when the centre closes is for later."""
        told = self._told(0, 0) | {"total": "…"}
        self._progress.show("archive_moving", **told)
        self._task = self._hass.async_create_background_task(
            self._async_run(), f"{DOMAIN} move the archive"
        )

    async def async_stop(self) -> None:
        """Leave off, and close the file."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        if not self._is_over:
            self._progress.end()
        await self._hass.async_add_executor_job(self._source.close)

    def after_rooms(
        self, load: Callable[[], Awaitable[None]]
    ) -> Callable[[], Awaitable[None]]:
        """Return what loads something once it is there."""

        async def load_later() -> None:
            await self._async_copy_rooms()
            await load()

        return load_later

    async def _async_copy_rooms(self) -> None:
        """Copy vehicles and visits, once."""
        async with self._lock:
            if not self._has_rooms:
                await self._move.async_copy_rooms()
                self._has_rooms = True

    async def _async_run(self) -> None:
        """Copy until all is there, however often the server is away meanwhile."""
        while True:
            try:
                await self._async_copy()
            except ArchiveError as error:
                _LOGGER.warning(
                    "The move of the archive will continue later: %s", error
                )
            except Exception:
                _LOGGER.exception("The archive cannot be moved")
                return
            else:
                return
            await asyncio.sleep(AGAIN_SECONDS)

    async def _async_copy(self) -> None:
        """Copy all, compare the counts, and say so."""
        await self._async_copy_rooms()
        arrived = await self._move.async_copy_passages(self._tell)
        pictures = await self._move.async_copy_pictures()
        passages, all_pictures = await self._move.async_count()
        self._is_over = True
        if (arrived, pictures) != (passages, all_pictures):
            told = self._told(arrived, passages)
            self._progress.show("archive_not_moved", **told)
            return
        _LOGGER.info("Moved %s passages and %s pictures", arrived, pictures)
        self._progress.show("archive_moved", **self._told(arrived, pictures))
        options = {**self._entry.options}
        options.pop(CONF_MOVE_ARCHIVE, None)
        self._hass.config_entries.async_update_entry(self._entry, options=options)

    @callback
    def _tell(self, arrived: int, total: int) -> None:
        """Show how far it is, now and then."""
        self._progress.tell("archive_moving", **self._told(arrived, total))

    def _told(self, done: int, total: int) -> dict[str, str]:
        """Return the numbers for a text, and which file is moved."""
        file = self._source.url.database or ""
        return {"done": f"{done:,}", "total": f"{total:,}", "file": file}
