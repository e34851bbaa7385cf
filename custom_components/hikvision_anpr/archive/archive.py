"""Run the archive of a Home Assistant: database, journal, subscribers."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
import logging
from pathlib import Path
from typing import Final

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util
from sqlalchemy import URL, Connection, make_url

from ..const import DOMAIN
from ..intake.passage import Passage
from ..intake.passages import Change
from ..listeners import Listeners
from .database import Database
from .engine import is_embedded
from .errors import ArchiveError, Trouble
from .journal import Journal
from .pictures import PictureRules, Pictures
from .plate_hash import PlateHash
from .retention import Days, async_delete_old
from .writer import PassageWriter

_LOGGER = logging.getLogger(__name__)

RETRY_EVERY: Final = timedelta(seconds=30)
CLEAN_EVERY: Final = timedelta(hours=1)
SETTLE_SECONDS: Final = 1.0
"""A search waits no longer than this for what was announced before it."""

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
}
SERVER_ISSUE_TEXTS: Final[dict[Trouble, str]] = {
    "full": "archive_server_full",
    "read_only": "archive_server_read_only",
    "newer": "archive_server_newer",
    "login": "archive_server_login",
    "denied": "archive_server_denied",
    "no_database": "archive_server_no_database",
    "no_driver": "archive_server_no_driver",
    "unreachable": "archive_server_unreachable",
}

type PassageListener = Callable[[Passage, Change], None]


def embedded_url(hass: HomeAssistant) -> URL:
    """Return the URL of the database that is a file in the configuration folder."""
    return make_url(f"sqlite:///{hass.config.path(DOMAIN, 'archive.db')}")


class Archive:
    """Take passages from the centre, and keep them whatever the database does."""

    def __init__(
        self,
        hass: HomeAssistant,
        days: Days,
        picture_rules: PictureRules,
        server: URL | None = None,
    ) -> None:
        """Use a server, else a file in the configuration folder.

        Passages are kept for so many days, and wait in the folder in times of trouble.
        """
        self._hass = hass
        self._days = days
        self._folder = Path(hass.config.path(DOMAIN))
        self.database = Database(server or embedded_url(hass))
        self._writer = PassageWriter(
            self.database, Journal(self._folder / "archive.journal"), self._tell
        )
        self.pictures = Pictures(hass, self.database, picture_rules)
        self.deletes = True
        self.plate_hash: PlateHash | None = None
        self._listeners = Listeners[PassageListener]()
        self._stops: list[CALLBACK_TYPE] = []
        self._is_closed = False
        self._purge: asyncio.Task[None] | None = None

    def names_of(self, normalized: str) -> tuple[str, ...]:
        """Return what a plate is kept as: itself and, where strangers are, a token."""
        if self.plate_hash is None:
            return (normalized,)
        return normalized, self.plate_hash.token(normalized)

    @property
    def trouble(self) -> Trouble | None:
        """Return what keeps passages out of the database, None for nothing."""
        return self._writer.trouble

    @callback
    def async_start(self, *, deletes: bool = True) -> None:
        """Open, write what waited when we stopped, and try again in times of trouble.

        Unless it `deletes`, nothing goes because of its age or for want of room.
        """
        self.deletes = deletes
        self._stops.append(
            self._hass.bus.async_listen(
                EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_end
            )
        )
        self._writer.retry()
        self.pictures.start(sweeps=deletes)
        for work, interval in ((self._retry, RETRY_EVERY), (self._clean, CLEAN_EVERY)):
            self._stops.append(
                async_track_time_interval(
                    self._hass, work, interval, cancel_on_shutdown=True
                )
            )
        self._clean()

    async def async_stop(self) -> None:
        """Write what is still to be written, and close; once is enough."""
        if self._is_closed:
            return
        self._is_closed = True
        for stop in self._stops:
            stop()
        if self._purge:
            self._purge.cancel()
            await asyncio.wait([self._purge])
        await self.pictures.async_stop()
        await self._hass.async_add_executor_job(self.database.close)
        ir.async_delete_issue(self._hass, DOMAIN, ISSUE)

    async def _async_end(self, _event: Event) -> None:
        """Close with Home Assistant, which waits long for threads that go on."""
        await self.async_stop()

    async def async_rest(self) -> None:
        """Leave the database's file alone, for a backup; passages wait meanwhile.

        A server is no part of the backup, and is written to as always.
        """
        if is_embedded(self.database.url):
            await asyncio.wrap_future(self._writer.rest())

    async def async_go_on(self) -> None:
        """Go on after a rest."""
        await asyncio.wrap_future(self._writer.go_on())

    async def async_read[T](self, work: Callable[[Connection], T]) -> T:
        """Run work that changes nothing, and finds what was taken until now.

        A writer that has much to do is not waited for much. Raises ArchiveError.
        """
        # What an announcement sets off begins before the passage is handed over.
        await asyncio.sleep(0)
        if settled := self._writer.settle():
            await asyncio.wait([asyncio.wrap_future(settled)], timeout=SETTLE_SECONDS)
        return await self.database.async_read(work)

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
        return self._listeners.add(listener)

    @callback
    def _retry(self, _now: datetime) -> None:
        """Try again what waits, while there is trouble."""
        if self._writer.trouble is not None:
            self._writer.retry()
        self.pictures.note()

    @callback
    def _clean(self, _now: datetime | None = None) -> None:
        """Begin to delete what is too old, unless that is going on."""
        if self.deletes and (self._purge is None or self._purge.done()):
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
            translation_key=self._issue_text(trouble),
            translation_placeholders={
                "folder": str(self._folder),
                "server": self.database.url.host or "",
                "database": self.database.url.database or "",
            },
        )

    def _issue_text(self, trouble: Trouble) -> str:
        """Return the key of the text for a trouble; a server has other remedies."""
        if is_embedded(self.database.url):
            return ISSUE_TEXTS[trouble]
        return SERVER_ISSUE_TEXTS.get(trouble, "archive_server_trouble")
