"""Receive posts at a separate HTTP port."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
import errno
from hmac import compare_digest
from http import HTTPStatus
import logging
import socket
from typing import Final, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..const import DOMAIN
from .http_request import BadRequestError, RequestBody, RequestHead, read_head
from .mailbox import Arrival, Mailbox

_LOGGER = logging.getLogger(__name__)

HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take, and a connection be idle before it."""

ANSWER_SECONDS: Final = 10.0
LINGER_SECONDS: Final = 2.0
"""How long is read on from a sender that was answered before it had sent all."""

CLOSE_SECONDS: Final = 2.0
"""How long posts that are on their way may take when the port closes."""

MOST_OF_A_SOURCE: Final = 16
MOST_OF_STRANGERS: Final = 64
"""How many connections there may be; those of devices do not count as strangers'."""

_BACKLOG: Final = 256
_BUFFER: Final = 64 * 1024
_LINGER_BYTES: Final = 2 * 1024 * 1024
_METHODS: Final = frozenset({"POST", "PUT"})
_NEVER_ELSEWHERE: Final = frozenset({errno.EADDRINUSE, errno.EACCES})


class PortError(Exception):
    """Report that a port cannot be opened; `key` tells why, as translations do."""

    def __init__(self, port: int, error: OSError) -> None:
        """Keep the reason."""
        super().__init__(f"Port {port} cannot be opened: {error.strerror or error}")
        self.port = port
        self.key = {
            errno.EADDRINUSE: "port_in_use",
            errno.EACCES: "port_not_allowed",
        }.get(error.errno or 0, "port_not_opened")


def bind(port: int) -> socket.socket:
    """Listen at a port on every interface, over IPv4 and IPv6. Raises PortError."""
    try:
        return _bound(port)
    except OSError as error:
        raise PortError(port, error) from error


def _bound(port: int) -> socket.socket:
    """Listen at a port, over IPv4 alone where the system has no IPv6."""
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(
                ("", port),
                family=socket.AF_INET6,
                backlog=_BACKLOG,
                dualstack_ipv6=True,
            )
        except OSError as error:
            if error.errno in _NEVER_ELSEWHERE:
                raise
    return socket.create_server(("", port), backlog=_BACKLOG)


class _PlainArrival(Arrival):
    """Tell what was read of a post, and let its sender go on with the body."""

    def __init__(
        self, head: RequestHead, body: RequestBody, writer: StreamWriter
    ) -> None:
        """Begin before the body."""
        self._head = head
        self._body = body
        self._writer = writer

    @property
    @override
    def content_type(self) -> str:
        return self._head.headers.get("content-type", "")

    @property
    @override
    def encoding(self) -> str:
        return self._head.headers.get("content-encoding", "")

    @property
    @override
    def query(self) -> Mapping[str, str]:
        return self._head.query

    @override
    async def pieces(self) -> AsyncIterator[bytes]:
        if self._head.waits and not self._body.is_whole:
            self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        async for piece in self._body.pieces():
            yield piece


class OwnPort:
    """Serve one port for all devices that post to it.

    Whoever is no device at its own path hears one and the same answer, before a
    byte of the body is read.
    """

    def __init__(self, hass: HomeAssistant, port: int) -> None:
        """Prepare to serve a port."""
        self._hass = hass
        self._port = port
        self._mailboxes: dict[bytes, Mailbox] = {}
        self._server: asyncio.Server | None = None
        self._connections: Counter[str] = Counter()
        self._strangers = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._receiving: set[asyncio.Task[None]] = set()

    @property
    def is_idle(self) -> bool:
        """Tell whether no device posts here any more."""
        return not self._mailboxes

    async def open(self) -> None:
        """Begin to serve. Raises PortError."""
        self._server = await asyncio.start_server(
            self._connected, sock=bind(self._port), limit=_BUFFER
        )

    async def close(self) -> None:
        """Serve no more; let posts that are on their way arrive, but not for long."""
        if self._server:
            self._server.close()
        for task in self._tasks - self._receiving:
            task.cancel()
        if self._receiving:
            await asyncio.wait(self._receiving, timeout=CLOSE_SECONDS)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    @callback
    def add(self, path: str, mailbox: Mailbox) -> CALLBACK_TYPE:
        """Receive for a mailbox at a path; return how to stop."""
        key = path.encode()
        self._mailboxes[key] = mailbox

        @callback
        def remove() -> None:
            self._mailboxes.pop(key, None)

        return remove

    def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve a connection if there is room for it."""
        source = _source(writer)
        is_stranger = self._is_stranger(source)
        if not self._has_room(source, is_stranger=is_stranger):
            writer.transport.abort()
            return
        self._connections[source] += 1
        self._strangers += is_stranger
        task = self._hass.async_create_background_task(
            self._serve(reader, writer), f"{DOMAIN} connection at port {self._port}"
        )
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._strangers -= is_stranger
            self._connections[source] -= 1
            if not self._connections[source]:
                del self._connections[source]

        task.add_done_callback(ended)

    def _is_stranger(self, source: str) -> bool:
        """Tell whether no device is known at an address."""
        mailboxes = self._mailboxes.values()
        return not any(mailbox.sender.knows(source) for mailbox in mailboxes)

    def _has_room(self, source: str, *, is_stranger: bool) -> bool:
        """Tell whether one more connection from an address can be served."""
        if self._connections[source] >= MOST_OF_A_SOURCE:
            return False
        return not is_stranger or self._strangers < MOST_OF_STRANGERS

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer one request after the other until one of both hangs up."""
        try:
            while await self._serve_one(reader, writer):
                await asyncio.sleep(0)
        except OSError:
            pass
        except Exception:
            _LOGGER.exception("A connection could not be served")
        finally:
            writer.close()

    async def _serve_one(self, reader: StreamReader, writer: StreamWriter) -> bool:
        """Answer a request; tell whether another one may follow."""
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await read_head(reader)
        except BadRequestError:
            return await self._turn_away(reader, writer)
        if head is None:
            return False
        mailbox = self._mailbox_at(head.path)
        if head.method not in _METHODS or mailbox is None:
            return await self._turn_away(reader, writer)
        if not await mailbox.admits(_source(writer)):
            return await self._turn_away(reader, writer)
        body = RequestBody(reader, head)
        status = await self._take(mailbox, _PlainArrival(head, body, writer))
        goes_on = head.is_persistent and body.is_whole and not self._is_closed
        await _answer(writer, status, goes_on=goes_on)
        if not body.is_whole:
            await _linger(reader, writer)
        return goes_on

    async def _take(self, mailbox: Mailbox, arrival: Arrival) -> HTTPStatus:
        """Take a post, which has some time to arrive when the port closes."""
        task = asyncio.current_task()
        assert task
        self._receiving.add(task)
        try:
            return await mailbox.take(arrival)
        finally:
            self._receiving.discard(task)

    async def _turn_away(self, reader: StreamReader, writer: StreamWriter) -> bool:
        """Answer what all strangers are answered, and take nothing from them."""
        await _answer(writer, HTTPStatus.NOT_FOUND, goes_on=False)
        await _linger(reader, writer)
        return False

    def _mailbox_at(self, path: bytes) -> Mailbox | None:
        """Return the mailbox at a path; how long that takes tells nothing of paths."""
        found = None
        for known, mailbox in self._mailboxes.items():
            if compare_digest(known, path):
                found = mailbox
        return found

    @property
    def _is_closed(self) -> bool:
        """Tell whether no more is served."""
        return self._server is None or not self._server.is_serving()


async def _answer(writer: StreamWriter, status: HTTPStatus, *, goes_on: bool) -> None:
    """Answer with a status and nothing else; some devices look at its line alone."""
    connection = "keep-alive" if goes_on else "close"
    writer.write(
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"Content-Length: 0\r\nConnection: {connection}\r\n\r\n".encode()
    )
    async with asyncio.timeout(ANSWER_SECONDS):
        await writer.drain()


async def _linger(reader: StreamReader, writer: StreamWriter) -> None:
    """Drop what is still sent, so that the answer is not lost with the connection."""
    with suppress(OSError):
        writer.write_eof()
        async with asyncio.timeout(LINGER_SECONDS):
            left = _LINGER_BYTES
            while left > 0 and (piece := await reader.read(_BUFFER)):
                left -= len(piece)


def _source(writer: StreamWriter) -> str:
    """Return the address that a connection comes from, empty where it is gone."""
    peer = writer.get_extra_info("peername")
    return str(peer[0]) if peer else ""
