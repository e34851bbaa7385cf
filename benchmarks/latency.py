"""Measure the time from a document's last byte to the event on the bus."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, override

from .document_finder import DocumentFinder
from .report import Row, met
from .sender import Sent
from .sending import sender
from .taking import Taken, take
from .timing import distribution, percentile

_GOAL_MS: Final = 10


async def run(*, rate: float, seconds: float) -> list[Row]:
    """Send reads with pictures at a rate, to Home Assistant and to a bare client."""
    options = ("--rate", str(rate), "--seconds", str(seconds))
    limit = await _bare(options)
    taken = await take(options)
    ours = _milliseconds(taken.sent, taken.arrived_ns)
    measured = f"latency at {rate:g} reads/s"
    share = percentile(limit, 50) / percentile(ours, 50)
    return [
        Row(
            measured=measured,
            by="event in Home Assistant",
            result=distribution(ours),
            compared="1.00 x",
            goal=_goal(taken, ours),
        ),
        Row(
            measured=measured,
            by="bare client has the last byte (limit)",
            result=distribution(limit),
            compared=f"{share:.2f} x",
        ),
        Row(measured=measured, by="of these", result=_circumstances(taken)),
    ]


def _goal(taken: Taken, ours: list[float]) -> str:
    """Tell whether the goal was reached, with every read announced once."""
    is_met = percentile(ours, 99) <= _GOAL_MS and taken.is_whole
    return met(is_met=is_met, goal=f"p99 ≤ {_GOAL_MS} ms")


def _circumstances(taken: Taken) -> str:
    """Return what shows that the pictures were on their way all the time."""
    sent = taken.sent
    with_pictures = range(sent.reads - 1)
    early = sum(
        taken.arrived_ns.get(number, sent.pictures_ns[number])
        < sent.pictures_ns[number]
        for number in with_pictures
    )
    late = percentile([late / 1e6 for late in sent.late_ns], 99)
    return (
        f"{early:,} of {len(with_pictures):,} before the last picture was sent,"
        f" {taken.lost} lost; sender late p99 {late:.2f} ms"
    )


class _BareClient(asyncio.Protocol):
    """Do nothing but find the end of each document in what comes."""

    def __init__(self) -> None:
        """Begin before the first document."""
        self.found = DocumentFinder()

    @override
    def data_received(self, data: bytes) -> None:
        """Note the documents that these bytes complete."""
        self.found.feed(data)


async def _bare(options: Sequence[str]) -> list[float]:
    """Let a bare client take the same bytes over a plain socket; in milliseconds."""
    async with sender((*options, "--plain")) as sending:
        transport, client = await asyncio.get_running_loop().create_connection(
            _BareClient, "127.0.0.1", sending.port
        )
        await sending.begin()
        reads = await sending.end()
        while len(client.found.arrived_ns) < reads:
            await asyncio.sleep(0.1)
        transport.close()
        return _milliseconds(await sending.sent(), client.found.arrived_ns)


def _milliseconds(sent: Sent, arrived_ns: Mapping[int, int]) -> list[float]:
    """Return how long each read took."""
    return [
        (arrived - sent.document_ns[number]) / 1e6
        for number, arrived in arrived_ns.items()
    ]
