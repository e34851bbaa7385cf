"""Read an alert stream so strictly that every malformation shows."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp

ALERT_STREAM: Final = "/ISAPI/Event/notification/alertStream"

#: Seconds after which a test that waits for bytes has failed.
PATIENCE: Final = 10


@dataclass(frozen=True, slots=True)
class ReceivedPart:
    """Hold one part as it came."""

    headers: dict[str, str]
    body: bytes


class ArmedClient:
    """Read one alert stream."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        """Read from this response."""
        self.response = response

    async def exactly(self, count: int) -> bytes:
        """Return the next bytes."""
        async with asyncio.timeout(PATIENCE):
            return await self.response.content.readexactly(count)

    async def line(self) -> bytes:
        """Return the next line, its end included."""
        async with asyncio.timeout(PATIENCE):
            return await self.response.content.readline()

    async def rest(self) -> bytes:
        """Return everything until the camera closes the connection."""
        async with asyncio.timeout(PATIENCE):
            return await self.response.content.read()

    async def part(self) -> ReceivedPart:
        """Return the next part, framed exactly as the reference says."""
        assert await self.line() == b"--boundary\r\n"
        headers: dict[str, str] = {}
        while (line := await self.line()) != b"\r\n":
            assert line.endswith(b"\r\n")
            name, _, value = line.decode().strip().partition(": ")
            assert name not in headers
            headers[name] = value
        body = await self.exactly(int(headers["Content-Length"]))
        assert await self.exactly(2) == b"\r\n"
        return ReceivedPart(headers, body)


@asynccontextmanager
async def armed(
    session: aiohttp.ClientSession,
) -> AsyncGenerator[ArmedClient]:
    """Arm the camera and give its stream."""
    async with session.get(ALERT_STREAM) as response:
        assert response.status == 200
        yield ArmedClient(response)
