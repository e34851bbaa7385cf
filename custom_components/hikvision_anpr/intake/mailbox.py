"""Queue what a device posts until it is processed."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, Protocol

from homeassistant.util import dt as dt_util

from ..isapi.listening import MAX_BODY_BYTES
from .sender import Sender

BODY_SECONDS: Final = 30.0
"""How long a body may take to arrive."""

MOST_WAITING: Final = 32
"""How many posts may wait; those beyond are refused, so that they are sent again."""

MOST_BYTES: Final = 32 * 1024 * 1024
"""How much may wait and be on its way together."""


class TornError(Exception):
    """Report that a body did not arrive as a whole."""


class Arrival(Protocol):
    """Tell what a receiver knows of a post whose body is yet to come."""

    @property
    def content_type(self) -> str:
        """Return the Content-Type, empty where there is none."""

    @property
    def encoding(self) -> str:
        """Return how the body that is read is packed, empty where it is not."""

    @property
    def query(self) -> Mapping[str, str]:
        """Return the values in the address, decoded."""

    def pieces(self) -> AsyncIterator[bytes]:
        """Read the body. Raises TornError and OSError."""


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
class Post:
    """Hold a post that waits; `received_at` is when its last byte came."""

    content_type: str
    encoding: str
    query: Mapping[str, str]
    body: bytes
    received_at: datetime


class _TooLargeError(Exception):
    """Report a body beyond all bounds."""


class _FullError(Exception):
    """Report that there is no place left."""


class Mailbox:
    """Take the posts of one device, whoever received them, in bounded memory.

    It stays while the entry of the device is reloaded, and so does what it holds.
    """

    def __init__(self, host: str) -> None:
        """Wait for the posts of a device, whose host the user entered."""
        self.counts = ListeningCounts()
        self.host = host
        self.sender = Sender(host)
        self._arriving = 0
        self._held = 0
        self._posts: asyncio.Queue[Post | object] = asyncio.Queue()

    async def admits(self, remote: str | None) -> bool:
        """Tell whether a post comes from the device."""
        is_device = await self.sender.is_at(remote)
        self.counts.from_elsewhere += not is_device
        return is_device

    async def take(self, arrival: Arrival) -> HTTPStatus:
        """Let a post wait for its turn, and return what it is answered.

        What came in too slowly, or one too many, is asked for again; what is too
        large would be as large again.
        """
        if self._arriving + self._posts.qsize() >= MOST_WAITING:
            self.counts.refused += 1
            return HTTPStatus.SERVICE_UNAVAILABLE
        self._arriving += 1
        try:
            async with asyncio.timeout(BODY_SECONDS):
                self._keep(arrival, await self._body(arrival))
        except _TooLargeError:
            self.counts.too_large += 1
        except _FullError:
            self.counts.refused += 1
            return HTTPStatus.SERVICE_UNAVAILABLE
        except TornError, OSError:
            self.counts.torn += 1
            return HTTPStatus.REQUEST_TIMEOUT
        except asyncio.CancelledError:
            self.counts.torn += 1
            raise
        finally:
            self._arriving -= 1
        return HTTPStatus.OK

    async def next(self) -> Post | object:
        """Wait for a post, or for a mark that somebody put behind the last one."""
        return await self._posts.get()

    def mark(self, mark: object) -> None:
        """Put a mark behind all that waits."""
        self._posts.put_nowait(mark)

    def release(self, post: Post) -> None:
        """Give the room of a post that was read back."""
        self._held -= len(post.body)

    async def _body(self, arrival: Arrival) -> bytes:
        """Gather a body, which counts among what is held from its first byte on."""
        body = bytearray()
        try:
            async for piece in arrival.pieces():
                body += piece
                self._held += len(piece)
                self._check_room(len(body))
        except BaseException:
            self._held -= len(body)
            raise
        return bytes(body)

    def _check_room(self, size: int) -> None:
        """See that a body of this size, so far, is within all bounds."""
        if size > MAX_BODY_BYTES:
            raise _TooLargeError
        if self._held > MOST_BYTES:
            raise _FullError

    def _keep(self, arrival: Arrival, body: bytes) -> None:
        """Put a post behind those that wait."""
        self.counts.posts += 1
        self.counts.received_bytes += len(body)
        self._posts.put_nowait(
            Post(
                content_type=arrival.content_type,
                encoding=arrival.encoding,
                query=arrival.query,
                body=body,
                received_at=dt_util.utcnow(),
            )
        )
