"""Receive what a device posts to us, through Home Assistant's own web server."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from http import HTTPStatus
import logging
from typing import Final

from aiohttp import hdrs, web
from homeassistant.components import webhook
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..isapi.listening import MAX_BODY_BYTES, Delivery, parse_post, parse_query
from ..isapi.plate_read import PlateRead
from .listener import IntakeListener
from .sender import Sender
from .timekeeper import Timekeeper

_LOGGER = logging.getLogger(__name__)

BODY_SECONDS: Final = 30.0
"""How long a body may take to arrive."""

MOST_WAITING: Final = 32
"""How many posts may wait; those beyond are refused, so that they are sent again."""

LARGE: Final = 64 * 1024
"""From how many bytes on a body is read beside the event loop."""

_CHUNK: Final = 64 * 1024


@dataclass(slots=True)
class ListeningCounts:
    """Count what was posted, for diagnostics.

    `from_elsewhere` came from another address than the device's and was not read;
    `too_large`, `torn` (too slow, or cut off) and `refused` (too many at once)
    were given up.
    """

    posts: int = 0
    received_bytes: int = 0
    reads: int = 0
    pictures: int = 0
    other_events: int = 0
    not_understood: int = 0
    pictures_without_read: int = 0
    parts_given_up: int = 0
    from_elsewhere: int = 0
    too_large: int = 0
    torn: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """Hold a post that waits; `received_at` is when its last byte came."""

    content_type: str
    query: dict[str, str]
    body: bytes
    received_at: datetime


class Listening:
    """Receive the posts of one device behind a path that nobody can guess.

    They are answered at once and read afterwards, one by one: a device that waits
    too long for its answer sends again (reference 3.4).
    """

    def __init__(
        self,
        hass: HomeAssistant,
        sender: Sender,
        timekeeper: Timekeeper,
        listener: IntakeListener,
    ) -> None:
        """Prepare to listen to a device."""
        self.counts = ListeningCounts()
        self._hass = hass
        self._sender = sender
        self._timekeeper = timekeeper
        self._listener = listener
        self._arriving = 0
        self._posts: asyncio.Queue[_Post] = asyncio.Queue()

    @callback
    def open(self, webhook_id: str, name: str) -> CALLBACK_TYPE:
        """Receive at a webhook; return how to stop."""
        webhook.async_register(
            self._hass,
            DOMAIN,
            name,
            webhook_id,
            self._receive,
            local_only=True,
            allowed_methods=(hdrs.METH_POST, hdrs.METH_PUT),
        )
        return partial(webhook.async_unregister, self._hass, webhook_id)

    async def run(self) -> None:
        """Read what was received, until the task is cancelled."""
        while True:
            post = await self._posts.get()
            try:
                await self._hand_on(await self._read(post), post.received_at)
            except Exception:
                _LOGGER.exception("A post of the device could not be processed")

    async def _receive(
        self, hass: HomeAssistant, webhook_id: str, request: web.Request
    ) -> web.Response:
        """Answer a post; strangers hear what they hear at a path that is none.

        What came in too slowly, or one too many, is asked for again; what is too
        large would be as large again.
        """
        if not await self._sender.is_at(request.remote):
            self.counts.from_elsewhere += 1
            return web.Response()
        if self._arriving + self._posts.qsize() >= MOST_WAITING:
            self.counts.refused += 1
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        self._arriving += 1
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request)
        except web.RequestPayloadError, OSError:
            self.counts.torn += 1
            return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        except asyncio.CancelledError:
            self.counts.torn += 1
            raise
        finally:
            self._arriving -= 1
        self._keep(request, body)
        return web.Response()

    def _keep(self, request: web.Request, body: bytes | None) -> None:
        """Let a post wait for its turn."""
        if body is None:
            self.counts.too_large += 1
            return
        self.counts.posts += 1
        self.counts.received_bytes += len(body)
        self._posts.put_nowait(
            _Post(
                content_type=request.headers.get(hdrs.CONTENT_TYPE, ""),
                query=dict(request.query),
                body=body,
                received_at=dt_util.utcnow(),
            )
        )

    async def _read(self, post: _Post) -> Delivery:
        """Read a post, a large one beside the event loop."""
        parse = partial(_parse, post, self._timekeeper.clock.zone)
        if len(post.body) < LARGE:
            return parse()
        return await self._hass.async_add_executor_job(parse)

    async def _hand_on(self, delivery: Delivery, received_at: datetime) -> None:
        """Give what a post brought to the listener: first reads, then pictures."""
        self._count(delivery)
        for message in delivery.messages:
            if isinstance(message, PlateRead):
                await self._timekeeper.check_capture(message.captured_at, received_at)
                self._listener.read_arrived(message, received_at, "listening")
            else:
                await self._timekeeper.check_event(message, received_at)
                self._listener.event_arrived(message)
        for picture in delivery.pictures:
            self._listener.picture_arrived(picture)

    def _count(self, delivery: Delivery) -> None:
        """Count what a post brought."""
        reads = sum(isinstance(message, PlateRead) for message in delivery.messages)
        self.counts.reads += reads
        self.counts.other_events += len(delivery.messages) - reads
        self.counts.pictures += len(delivery.pictures)
        self.counts.pictures_without_read += delivery.pictures_without_read
        self.counts.not_understood += delivery.not_understood
        self.counts.parts_given_up += delivery.parts_given_up + delivery.refused


async def _body(request: web.Request) -> bytes | None:
    """Return the body of a request, None where it is too large."""
    body = bytearray()
    while chunk := await request.content.read(_CHUNK):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def _parse(post: _Post, default_zone: tzinfo) -> Delivery:
    """Read the values of a post out of its path, or else its body (reference 1.10)."""
    if post.query:
        return parse_query(post.query, post.content_type, post.body, default_zone)
    return parse_post(post.content_type, post.body, default_zone)
