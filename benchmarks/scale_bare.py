"""Receive what a crowd sends, and do nothing else: what nobody can go below."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import gc
from typing import Final

from aiohttp import ClientSession, ClientTimeout, DigestAuthMiddleware, TCPConnector

from custom_components.hikvision_anpr.intake.first_contact import AT_ONCE
from simulator.camera import PASSWORD, USERNAME

from .crowding import Crowding
from .document_finder import DocumentFinder
from .memory import resident_bytes
from .timing import Spent, stopwatch

_STREAM: Final = "http://127.0.0.1:{}/ISAPI/Event/notification/alertStream"
_PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Hold what the client took; `latencies` are in milliseconds."""

    start: Spent
    load: Spent
    grown_bytes: int
    latencies: list[float]


async def run(crowding: Crowding, rate: float, reads: int) -> Measured:
    """Open the stream of every device, and find the ends of documents in them."""
    gc.collect()
    before = resident_bytes()
    spent = stopwatch()
    async with _streams(crowding) as finders:
        start, spent = spent(), stopwatch()
        sent = await crowding.send(rate=rate, reads=reads)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while sum(len(finder.arrived_ns) for finder in finders) < reads:
                await asyncio.sleep(0.1)
        return Measured(
            start=start,
            load=spent(),
            grown_bytes=resident_bytes() - before,
            latencies=[
                (arrived - sent[number]) / 1e6
                for finder in finders
                for number, arrived in finder.arrived_ns.items()
            ],
        )


@asynccontextmanager
async def _streams(crowding: Crowding) -> AsyncIterator[list[DocumentFinder]]:
    """Open all streams, as many at once as the integration does."""
    turns = asyncio.Semaphore(AT_ONCE)
    finders: list[DocumentFinder] = []
    opened: list[asyncio.Event] = []
    async with (
        ClientSession(
            connector=TCPConnector(limit=0),
            timeout=ClientTimeout(total=None),
        ) as session,
        asyncio.TaskGroup() as group,
    ):
        tasks = []
        for _, port in crowding.devices:
            finders.append(DocumentFinder())
            opened.append(asyncio.Event())
            follow = _follow(session, port, turns, opened[-1], finders[-1])
            tasks.append(group.create_task(follow))
        for one in opened:
            await one.wait()
        yield finders
        for task in tasks:
            task.cancel()


async def _follow(
    session: ClientSession,
    port: int,
    turns: asyncio.Semaphore,
    opened: asyncio.Event,
    finder: DocumentFinder,
) -> None:
    """Read one stream to its end."""
    login = DigestAuthMiddleware(USERNAME, PASSWORD)
    async with turns:
        response = await session.get(_STREAM.format(port), middlewares=(login,))
        response.raise_for_status()
    opened.set()
    async for data in response.content.iter_any():
        finder.feed(data)
