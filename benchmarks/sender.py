"""Send reads from a process of its own, as a camera does or over a plain socket.

Run by the other modules, and commanded over its standard input: says where it listens
in a line of JSON, sends when a line comes in, says how many reads it sent, and upon
another line when. Times are CLOCK_MONOTONIC, in nanoseconds.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
import json
import os
from random import Random
import sys
from time import monotonic, monotonic_ns
from typing import Final, Protocol, override

from simulator.barrier import BarrierInterface
from simulator.camera import SimulatedCamera
from simulator.profiles import DEEPINVIEW

from .reads import PICTURE_BYTES, ReadMaker

_PIECES: Final = 5
"""How many pieces a read's pictures come in when reads are sent at a rate."""


@dataclass(slots=True, kw_only=True)
class Sent:
    """Hold what was sent: for each read, by number, when it began and ended.

    `document_ns` is taken right before the last byte of the document is handed to
    the network, `pictures_ns` right after the last byte of the last picture was;
    `late_ns` is how far the sender was behind its own plan, `commands_ns` when the
    camera took each command for its barrier.
    """

    document_ns: list[int] = field(default_factory=list)
    pictures_ns: list[int] = field(default_factory=list)
    late_ns: list[int] = field(default_factory=list)
    commands_ns: list[int] = field(default_factory=list)

    @property
    def reads(self) -> int:
        """Return the number of reads."""
        return len(self.document_ns)


class Commands(list[str]):
    """Take what a barrier is told, and note when."""

    def __init__(self) -> None:
        """Begin without commands."""
        super().__init__()
        self.taken_ns: list[int] = []

    @override
    def append(self, command: str) -> None:
        """Take a command."""
        self.taken_ns.append(monotonic_ns())
        super().append(command)


class Outlet(Protocol):
    """Take the bytes of the stream."""

    port: int
    commands: Commands

    async def opened(self) -> None:
        """Wait until somebody reads."""

    async def write(self, data: bytes) -> None:
        """Hand bytes to the network; wait while it takes no more."""


class CameraOutlet(Outlet):
    """Send over the alert stream of a simulated camera, Digest login and all."""

    def __init__(self, camera: SimulatedCamera) -> None:
        """Send over a camera that answers."""
        self._camera = camera
        self.port = camera.port
        self.commands = Commands()
        if camera.device.barrier:
            camera.device.barrier.commands = self.commands

    @override
    async def opened(self) -> None:
        """Wait until the camera is armed."""
        await self._camera.wait_for_stream()

    @override
    async def write(self, data: bytes) -> None:
        """Put bytes onto the alert stream."""
        self._camera.send_raw(data)
        await self._camera.drain()


class SocketOutlet(Outlet):
    """Send to the first who connects, without login, HTTP or anything."""

    def __init__(self) -> None:
        """Wait for nobody yet."""
        self.port = 0
        self.commands = Commands()
        self._connected: asyncio.Future[asyncio.StreamWriter] = asyncio.Future()

    async def accept(
        self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take a connection."""
        self._connected.set_result(writer)

    @override
    async def opened(self) -> None:
        """Wait for the connection."""
        await self._connected

    @override
    async def write(self, data: bytes) -> None:
        """Put bytes onto the connection."""
        writer = await self._connected
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def _outlet(*, plain: bool, barrier: bool) -> AsyncIterator[Outlet]:
    """Open a camera, with a barrier or without, or a plain socket."""
    if plain:
        outlet = SocketOutlet()
        server = await asyncio.start_server(outlet.accept, "127.0.0.1", 0)
        outlet.port = int(server.sockets[0].getsockname()[1])
        yield outlet
        server.close()
        return
    profile = replace(DEEPINVIEW, barrier=BarrierInterface.PARKING if barrier else None)
    camera = SimulatedCamera(profile, heartbeat_seconds=3600)
    await camera.start()
    yield CameraOutlet(camera)
    await camera.stop()


class Sender:
    """Send reads into an outlet and keep the times."""

    def __init__(self, outlet: Outlet, *, pictures: bool) -> None:
        """Send reads with 310 KB of pictures, or with none."""
        self.sent = Sent()
        self._outlet = outlet
        self._maker = ReadMaker(DEEPINVIEW, tuple(PICTURE_BYTES) if pictures else ())
        self._pieces = _cut(self._maker.pictures, _PIECES)
        self._random = Random(1)
        self._started = 0.0

    async def send_all(self, *, reads: int, seconds: float, rate: float) -> None:
        """Send so many reads, or for so long; at a rate or as fast as they are taken.

        A last read without pictures marks the end.
        """
        self._started = monotonic()
        end = self._started + seconds if seconds else float("inf")
        while monotonic() < end and (not reads or self.sent.reads < reads - 1):
            if rate:
                await self._send_on_time(1 / rate)
            else:
                await self._send(self._document() + self._maker.pictures)
        await self._send(self._document())

    def _document(self) -> bytes:
        """Return the document of the next read."""
        return self._maker.framed_document(self.sent.reads, datetime.now(UTC))

    async def _send(self, data: bytes) -> None:
        """Send a read in one go."""
        self._begin()
        await self._outlet.write(data)
        self.sent.pictures_ns.append(monotonic_ns())

    def _begin(self, late: float = 0) -> None:
        """Note that a read's document is sent now, and how many seconds late."""
        self.sent.late_ns.append(int(late * 1e9))
        self.sent.document_ns.append(monotonic_ns())

    async def _send_on_time(self, interval: float) -> None:
        """Send a read at a random moment of the first half of its interval.

        Its pictures follow at once, in pieces until the interval ends, as over a
        slow line.
        """
        start = self._started + self.sent.reads * interval
        due = start + self._random.uniform(0, interval / 2)
        document = self._document()
        await _sleep_until(due)
        self._begin(max(0, monotonic() - due))
        await self._outlet.write(document)
        pause = (start + interval - due) / _PIECES
        for number, piece in enumerate(self._pieces):
            await _sleep_until(due + number * pause)
            await self._outlet.write(piece)
        self.sent.pictures_ns.append(monotonic_ns())


def _cut(data: bytes, count: int) -> list[bytes]:
    """Cut bytes into so many pieces."""
    size = -(-len(data) // count) or 1
    return [data[start : start + size] for start in range(0, len(data), size)]


async def _sleep_until(moment: float) -> None:
    """Sleep until a moment of the monotonic clock, unless it has passed."""
    if (left := moment - monotonic()) > 0:
        await asyncio.sleep(left)


async def _run(options: argparse.Namespace) -> None:
    """Listen, wait for the word, send, and tell what was sent."""
    async with _outlet(plain=options.plain, barrier=options.barrier) as outlet:
        print(json.dumps({"port": outlet.port}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await outlet.opened()
        sender = Sender(outlet, pictures=not options.no_pictures)
        await sender.send_all(
            reads=options.reads, seconds=options.seconds, rate=options.rate
        )
        print(json.dumps({"reads": sender.sent.reads}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        sender.sent.commands_ns = outlet.commands.taken_ns
        print(json.dumps(asdict(sender.sent)), flush=True)
        await asyncio.to_thread(sys.stdin.readline)


def main() -> None:
    """Read the command line and send."""
    parser = argparse.ArgumentParser(prog="benchmarks.sender", description=__doc__)
    parser.add_argument("--plain", action="store_true", help="a socket, no camera")
    parser.add_argument("--barrier", action="store_true", help="a camera with one")
    parser.add_argument("--no-pictures", action="store_true")
    parser.add_argument("--reads", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--rate", type=float, default=0, help="reads a second; 0: all")
    parser.add_argument("--core", type=int, help="the core to run on")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    asyncio.run(_run(options))


if __name__ == "__main__":
    main()
