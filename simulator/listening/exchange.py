"""Send bytes to a host and read what it answers; nothing is put right on the way."""

import asyncio
from dataclasses import dataclass
from functools import cache
import os
import re
import ssl
from typing import Final, Self

from .host import ListeningHost

_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})")
_CHALLENGE: Final = re.compile(rb"(?im)^WWW-Authenticate: *(Digest [^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a host answered.

    Attributes:
        challenge: Value of the WWW-Authenticate header, if it asks for a digest.
    """

    status: int
    challenge: str


class Line:
    """Be connected to a host."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Talk over these."""
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, host: ListeningHost, own_address: str) -> Self:
        """Connect to a host, whatever its certificate says (inferred).

        Between loopback addresses the device's own is the source, so that a host can
        tell several devices apart.

        Raises:
            OSError: The host cannot be reached.
        """
        secure = _trusting() if host.protocol == "HTTPS" else None
        local = {own_address[:4], host.address[:4]} == {"127."}
        reader, writer = await asyncio.open_connection(
            host.address,
            host.port,
            ssl=secure,
            local_addr=(own_address, 0) if local else None,
        )
        return cls(reader, writer)

    async def ask(self, request: bytes) -> Answer:
        """Send a request and return what it is answered.

        Raises:
            OSError: The host went away.
            EOFError: The host closed the connection, or answered no HTTP.
        """
        self._writer.write(request)
        await self._writer.drain()
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError as error:
            raise EOFError("Endless answer") from error
        status = _STATUS.match(head)
        if status is None:
            raise EOFError("No HTTP answer")
        challenge = _CHALLENGE.search(head)
        return Answer(int(status[1]), challenge[1].decode() if challenge else "")

    async def send(self, data: bytes) -> None:
        """Send bytes and close, without waiting for an answer.

        Raises:
            OSError: The host went away.
        """
        self._writer.write(data)
        await self._writer.drain()
        self._writer.close()
        await self._writer.wait_closed()

    def close(self) -> None:
        """Hang up."""
        self._writer.transport.abort()


def reason(error: OSError | EOFError) -> str:
    """Return how a device calls a failure, such as Connection refused."""
    if isinstance(error, TimeoutError):
        return "Connection timed out"
    if isinstance(error, ssl.SSLError | EOFError) or not error.errno:
        return str(error) or "Connection closed"
    return os.strerror(error.errno) if error.errno > 0 else str(error)


@cache
def _trusting() -> ssl.SSLContext:
    """Return a context that accepts every certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
