"""Measure how many reads with pictures one core takes, and whether any is lost."""

import asyncio
from collections.abc import Sequence
import socket
from time import monotonic, process_time
from typing import Final

from .reads import PICTURE_BYTES
from .report import Row, met
from .sending import sender
from .taking import Taken, take

_GOAL: Final = 400
_MEASURED: Final = "throughput on one core"


async def run(*, seconds: float) -> list[Row]:
    """Let a sender send as fast as it can, to Home Assistant and to a bare socket."""
    options = ("--seconds", str(seconds))
    taken = await take(options)
    limit, limit_cpu = await _bare(options)
    rate = taken.sent.reads / taken.seconds
    is_met = rate >= _GOAL and taken.is_whole
    return [
        Row(
            measured=_MEASURED,
            by=f"events in Home Assistant, {taken.seconds:.0f} s",
            result=_figures(rate, taken.cpu_seconds / taken.sent.reads),
            compared="1.00 x",
            goal=met(is_met=is_met, goal=f"≥ {_GOAL} reads/s, none lost"),
        ),
        Row(
            measured=_MEASURED,
            by="plain socket read (limit)",
            result=_figures(limit, limit_cpu),
            compared=f"{limit / rate:.2f} x",
        ),
        Row(measured=_MEASURED, by="of these", result=_counts(taken)),
    ]


def _figures(rate: float, cpu_seconds: float) -> str:
    """Return a rate, and the CPU time that one read took."""
    return f"{rate:,.0f} reads/s, {cpu_seconds * 1e3:.2f} ms CPU each"


def _counts(taken: Taken) -> str:
    """Return what became of the reads and their pictures."""
    pictures = (taken.sent.reads - 1) * len(PICTURE_BYTES)
    return (
        f"{taken.sent.reads:,} sent, {taken.lost} lost, {taken.doubled} doubled,"
        f" {taken.recovered} late,"
        f" {taken.pictures:,} of {pictures:,} pictures"
    )


async def _bare(options: Sequence[str]) -> tuple[float, float]:
    """Return reads a second, and CPU seconds a read, of a loop that only receives."""
    async with sender((*options, "--plain")) as sending:
        connection = await asyncio.to_thread(
            socket.create_connection, ("127.0.0.1", sending.port)
        )
        started, cpu = monotonic(), process_time()
        reading = asyncio.create_task(asyncio.to_thread(_drain, connection))
        await sending.begin()
        reads = await sending.end()
        spent, cpu = monotonic() - started, process_time() - cpu
        await sending.close()
        await reading
        return reads / spent, cpu / reads


def _drain(connection: socket.socket) -> None:
    """Receive into one buffer until the other side closes."""
    buffer = bytearray(256 * 1024)
    with connection:
        while connection.recv_into(buffer):
            pass
