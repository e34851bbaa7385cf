"""Receive POSTs as they come, byte by byte, and answer as a test says."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import ssl
from typing import Final

from .armed import PATIENCE, ReceivedPart
from .xml_reading import text

OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
BAD: Final = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

#: Closes the connection instead of answering.
NOTHING: Final = b""


@dataclass(frozen=True, slots=True)
class Received:
    """Hold one request as it came.

    Attributes:
        line: The request line.
        headers: Names and values in their order.
        source: The address that it came from.
    """

    line: str
    headers: list[tuple[str, str]]
    body: bytes
    source: str

    @property
    def plate(self) -> str | None:
        """Return the plate that a POST without pictures brought."""
        return text(self.body, "ANPR/licensePlate")

    def header(self, name: str) -> str:
        """Return the value of a header that is there once."""
        (value,) = (value for key, value in self.headers if key == name)
        return value

    def parts(self) -> list[ReceivedPart]:
        """Return the parts of a body that is framed without a fault."""
        boundary = self.header("Content-Type").partition("boundary=")[2].encode()
        rest, parts = self.body, list[ReceivedPart]()
        while rest != b"--" + boundary + b"--\r\n":
            head, _, rest = rest.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            assert first == f"--{boundary.decode()}"
            headers = dict(line.split(": ", 1) for line in lines)
            length = int(headers["Content-Length"])
            parts.append(ReceivedPart(headers, rest[:length]))
            assert rest[length : length + 2] == b"\r\n"
            rest = rest[length + 2 :]
        return parts


@dataclass(slots=True)
class Receiver:
    """Keep what arrives, and answer it.

    Attributes:
        port: Where it listens.
        answers: What the next requests are answered; 200 when there is nothing left.
    """

    scheme: str = "http"
    port: int = 0
    received: list[Received] = field(default_factory=list)
    answers: deque[bytes] = field(default_factory=deque)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        """Return the address to post to."""
        return f"{self.scheme}://127.0.0.1:{self.port}/api/webhook/1"

    async def wait_received(self, count: int) -> None:
        """Wait until so many requests have arrived."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: len(self.received) >= count)

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Receive one request and answer it."""
        async with asyncio.timeout(PATIENCE):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
            headers = [_split(text) for text in lines]
            body = await _up_to(reader, int(dict(headers)["Content-Length"]))
            source = writer.get_extra_info("peername")[0]
            self.received.append(Received(line, headers, body, source))
            async with self._changed:
                self._changed.notify_all()
            writer.write(self.answers.popleft() if self.answers else OK)
            writer.close()
            await writer.wait_closed()


def _split(line: str) -> tuple[str, str]:
    """Return the name and the value of a header line."""
    name, _, value = line.partition(": ")
    return name, value


async def _up_to(reader: asyncio.StreamReader, count: int) -> bytes:
    """Return so many bytes, or fewer when the connection ends before."""
    try:
        return await reader.readexactly(count)
    except asyncio.IncompleteReadError as cut:
        return cut.partial


@asynccontextmanager
async def receiving(
    context: ssl.SSLContext | None = None, port: int = 0
) -> AsyncGenerator[Receiver]:
    """Run a receiver."""
    receiver = Receiver("https" if context else "http")
    server = await asyncio.start_server(
        receiver.serve, "127.0.0.1", port, ssl=context, limit=2**20
    )
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver
