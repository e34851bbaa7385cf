"""Keep the archive of a Home Assistant open: database, journal, and who is told."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
import logging
from pathlib import Path
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..intake.passage import Passage
from ..intake.passages import Change
from .database import Database
from .errors import ArchiveError, Trouble
from .journal import Journal
from .pictures import PictureRules, Pictures
from .retention import Days, async_delete_old
from .writer import PassageWriter

_LOGGER = logging.getLogger(__name__)

RETRY_EVERY: Final = timedelta(seconds=30)
CLEAN_EVERY: Final = timedelta(hours=1)
ISSUE: Final = "archive_trouble"
PICTURE_KINDS: Final = {
    "licensePlatePicture": "plate",
    "detectionPicture": "scene",
    "vehiclePicture": "vehicle",
}
ISSUE_TEXTS: Final[dict[Trouble, str]] = {
    "full": "archive_full",
    "locked": "archive_locked",
    "read_only": "archive_read_only",
    "damaged": "archive_damaged",
    "newer": "archive_newer",
    "unreachable": "archive_unreachable",
    "login": "archive_login",
    "denied": "archive_denied",
    "no_database": "archive_no_database",
}

type PassageListener = Callable[[Passage, Change], None]


class Archive:
    """Take passages from the centre, and keep them whatever the database does."""

    def __init__(
        self, hass: HomeAssistant, days: Days, picture_rules: PictureRules
    ) -> None:
        """Use files in the configuration folder; keep passages for so many days."""
        self._hass = hass
        self._days = days
        self._folder = Path(hass.config.path(DOMAIN))
        self.database = Database(f"sqlite:///{self._folder / 'archive.db'}")
        self._writer = PassageWriter(
            self.database, Journal(self._folder / "archive.journal"), self._tell
        )
        self.pictures = Pictures(hass, self.database, picture_rules)
        self._listeners: list[PassageListener] = []
        self._stops: list[CALLBACK_TYPE] = []
        self._purge: asyncio.Task[None] | None = None

    @callback
    def async_start(self) -> None:
        """Open, write what waited when we stopped, and try again in times of trouble."""
        self._writer.retry()
        self.pictures.start()
        for work, interval in ((self._retry, RETRY_EVERY), (self._clean, CLEAN_EVERY)):
            self._stops.append(
                async_track_time_interval(
                    self._hass, work, interval, cancel_on_shutdown=True
                )
            )
        self._clean()

    async def async_stop(self) -> None:
        """Write what is still to be written, and close."""
        for stop in self._stops:
            stop()
        if self._purge:
            self._purge.cancel()
            await asyncio.wait([self._purge])
        await self.pictures.async_stop()
        await self._hass.async_add_executor_job(self.database.close)
        ir.async_delete_issue(self._hass, DOMAIN, ISSUE)

    async def async_rest(self) -> None:
        """Leave the database's file alone, for a backup; passages wait meanwhile."""
        await asyncio.wrap_future(self._writer.rest())

    async def async_go_on(self) -> None:
        """Go on after a rest."""
        await asyncio.wrap_future(self._writer.go_on())

    @callback
    def take(self, passage: Passage, change: Change) -> None:
        """Take a passage, and tell those who follow."""
        self._writer.put(passage)
        for listener in self._listeners:
            listener(passage, change)

    @callback
    def take_picture(self, passage: Passage, kind: str, data: bytes) -> None:
        """Take a picture of a passage, under the name that users know."""
        if name := PICTURE_KINDS.get(kind):
            self.pictures.take(passage, name, data)

    @callback
    def async_follow(self, listener: PassageListener) -> CALLBACK_TYPE:
        """Tell a listener of each passage that is taken; return how to stop."""
        self._listeners = [*self._listeners, listener]

        @callback
        def stop() -> None:
            self._listeners = [one for one in self._listeners if one is not listener]

        return stop

    @callback
    def _retry(self, _now: datetime) -> None:
        """Try again what waits, while there is trouble."""
        if self._writer.trouble is not None:
            self._writer.retry()

    @callback
    def _clean(self, _now: datetime | None = None) -> None:
        """Begin to delete what is too old, unless that is going on."""
        if self._purge is None or self._purge.done():
            self._purge = self._hass.async_create_background_task(
                self.async_clean(), f"{DOMAIN} delete old passages"
            )

    async def async_clean(self) -> None:
        """Delete what is too old; in times of trouble, later."""
        try:
            deleted = await async_delete_old(self.database, self._days, dt_util.utcnow)
            pictures = await self.pictures.async_clean()
        except ArchiveError as error:
            _LOGGER.debug("Old passages are deleted later: %s", error)
        except Exception:
            _LOGGER.exception("Old passages cannot be deleted")
        else:
            _LOGGER.debug("Deleted %s passages, %s pictures", deleted, pictures)

    def _tell(self, trouble: Trouble | None) -> None:
        """Pass on what the writer's thread says."""
        self._hass.loop.call_soon_threadsafe(self._show, trouble)

    @callback
    def _show(self, trouble: Trouble | None) -> None:
        """Raise a repair issue for a trouble, or take it back."""
        if trouble is None:
            ir.async_delete_issue(self._hass, DOMAIN, ISSUE)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            ISSUE,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=ISSUE_TEXTS[trouble],
            translation_placeholders={"folder": str(self._folder)},
        )
