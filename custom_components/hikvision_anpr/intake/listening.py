"""Process what a device posts."""

import asyncio
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial
import logging
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..isapi.listening import Delivery, parse_post, parse_query
from ..isapi.plate_read import PlateRead
from .capture import Capture
from .clock import FRESH
from .doors import async_get_doors
from .inflate import inflate
from .listener import IntakeListener
from .mailbox import ListeningCounts, Mailbox, Post
from .own_port import PortError
from .timekeeper import Timekeeper

_LOGGER = logging.getLogger(__name__)

LARGE: Final = 64 * 1024
"""From how many bytes on a body is read beside the event loop."""

RETRY_SECONDS: Final = 30.0
"""How soon a port is tried again that somebody else has."""

STOP_SECONDS: Final = 10.0
"""How long reading what waits may take when the entry is unloaded."""


class Listening:
    """Read the posts of one device, wherever they were received.

    They are answered at once and read afterwards, one by one: a device that waits
    too long for its answer sends again (reference 3.4).
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        timekeeper: Timekeeper,
        listener: IntakeListener,
    ) -> None:
        """Prepare to listen to the device of an entry."""
        self.is_open = asyncio.Event()
        self._hass = hass
        self._entry = entry
        self._timekeeper = timekeeper
        self._listener = listener
        self._mailbox = Mailbox(entry.data[CONF_HOST])
        self._end = object()
        self._ended = asyncio.Event()
        self._ended.set()
        self._capture: Capture | None = None

    def record(self, capture: Capture | None) -> None:
        """Let a capture record what is posted from now on; None ends that."""
        self._capture = capture

    @property
    def counts(self) -> ListeningCounts:
        """Return what was posted since the door was opened."""
        return self._mailbox.counts

    async def async_open(self) -> None:
        """Let the device post to us. Raises PortError."""
        self._mailbox = await async_get_doors(self._hass).async_open(self._entry)
        self.is_open.set()

    async def run(self) -> None:
        """Read what was received, until stopped or cancelled."""
        self._ended.clear()
        try:
            await self._open_at_last()
            while (post := await self._mailbox.next()) is not self._end:
                if isinstance(post, Post):
                    await self._take(post)
        finally:
            self._ended.set()

    async def async_stop(self) -> None:
        """Read what was answered so far; what comes then waits for the next to run."""
        if not self.is_open.is_set():
            return
        async_get_doors(self._hass).leave(self._entry.entry_id)
        self._mailbox.mark(self._end)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._ended.wait()
        except TimeoutError:
            _LOGGER.warning("Some posts of %s wait to be read", self._entry.title)

    async def _open_at_last(self) -> None:
        """Open the door, again and again while somebody else has its port."""
        while not self.is_open.is_set():
            try:
                await self.async_open()
            except PortError as error:
                self._listener.way_closed("listening", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _take(self, post: Post) -> None:
        """Read a post and hand on what it brought; a bad one does not end the rest."""
        if self._capture:
            self._capture.post(post)
        try:
            delivery = await self._read(post)
            await self._hand_on(delivery, post.received_at)
        except Exception:
            _LOGGER.exception("A post of the device could not be processed")
        finally:
            self._mailbox.release(post)

    async def _read(self, post: Post) -> Delivery:
        """Read a post, a large or packed one beside the event loop."""
        parse = partial(_parse, post, self._timekeeper.clock.zone)
        if len(post.body) < LARGE and not post.encoding:
            return parse()
        return await self._hass.async_add_executor_job(parse)

    async def _hand_on(self, delivery: Delivery, received_at: datetime) -> None:
        """Give what a post brought to the listener: first reads, then pictures."""
        self._count(delivery)
        for message in delivery.messages:
            if isinstance(message, PlateRead):
                await self._timekeeper.check_capture(message.captured_at, received_at)
                read = self._as_of_now(message, received_at)
                self._listener.read_arrived(read, received_at, "listening")
            else:
                await self._timekeeper.check_event(message, received_at)
                self._listener.event_arrived(message)
        for picture in delivery.pictures:
            self._listener.picture_arrived(picture)

    def _as_of_now(self, read: PlateRead, received_at: datetime) -> PlateRead:
        """Return a read as late if it waited for us: what is old must not look new."""
        now = dt_util.utcnow()
        is_fresh = self._timekeeper.clock.is_fresh(read.captured_at, now)
        if is_fresh and now - received_at <= FRESH:
            return read
        return replace(read, retransmitted=True)

    def _count(self, delivery: Delivery) -> None:
        """Count what a post brought."""
        reads = sum(isinstance(message, PlateRead) for message in delivery.messages)
        self.counts.reads += reads
        self.counts.other_events += len(delivery.messages) - reads
        self.counts.pictures += len(delivery.pictures)
        self.counts.pictures_without_read += delivery.pictures_without_read
        self.counts.not_understood += delivery.not_understood
        self.counts.parts_given_up += delivery.parts_given_up + delivery.refused


def _parse(post: Post, default_zone: tzinfo) -> Delivery:
    """Read the values of a post out of its address, or else its body."""
    body = inflate(post.body, post.encoding)
    if body is None:
        return Delivery(refused=True)
    if post.query:
        return parse_query(post.query, post.content_type, body, default_zone)
    return parse_post(post.content_type, body, default_zone)
