"""Run hundreds of cameras and recorders in a process of its own, and let them read.

Run by the benchmark of scale, and commanded over its standard input: says where the
devices are in a line of JSON; sends so many reads at a rate for each line, and answers
when each was sent. Times are CLOCK_MONOTONIC, in nanoseconds.
"""

import argparse
import asyncio
from datetime import UTC, datetime
import json
import os
from random import Random
import sys
from time import monotonic, monotonic_ns

from simulator.camera import SimulatedCamera
from simulator.nvr import SimulatedNvr
from simulator.profiles import DEEPINVIEW, NVR, numbered

from .reads import PICTURE_BYTES, ReadMaker

type Outlet = tuple[SimulatedCamera, ReadMaker]
"""A device, and what makes the reads of one channel of it."""


class Crowd:
    """Hold the devices, and let vehicles pass their channels in turn."""

    def __init__(self, *, cameras: int, recorders: int, channels: int) -> None:
        """Describe so many cameras, and recorders with so many channels each."""
        self.cameras = [
            SimulatedCamera(numbered(DEEPINVIEW, number), seed=number)
            for number in range(1, cameras + 1)
        ]
        self.recorders = [
            _recorder(number, channels, first=cameras + channels * (number - 1) + 1)
            for number in range(1, recorders + 1)
        ]
        own = ReadMaker(DEEPINVIEW, tuple(PICTURE_BYTES))
        self._pictures = own.pictures
        self._outlets: list[Outlet] = [(camera, own) for camera in self.cameras]
        for channel in range(1, channels + 1 if recorders else 1):
            maker = ReadMaker(
                DEEPINVIEW,
                tuple(PICTURE_BYTES),
                self.recorders[0].recorder.numbers(channel),
            )
            self._outlets += [(recorder, maker) for recorder in self.recorders]
        self._chance = Random(1)
        self._chance.shuffle(self._outlets)
        self._reads = 0

    async def start(self) -> None:
        """Let all devices answer."""
        for device in (*self.cameras, *self.recorders):
            await device.start()

    def described(self) -> list[dict[str, str | int]]:
        """Return where each device answers, and which one of its model it is."""
        return [
            {"kind": kind, "number": number, "port": device.port}
            for kind, devices in (("camera", self.cameras), ("nvr", self.recorders))
            for number, device in enumerate(devices, 1)
        ]

    async def send(self, *, rate: float, reads: int) -> dict[int, int]:
        """Send so many reads at a rate; return when each was, by its number.

        Each comes at a random moment of its own interval, its pictures right behind.
        """
        started, sent = monotonic(), {}
        for place in range(reads):
            due = started + (place + self._chance.random()) / rate
            await asyncio.sleep(max(0, due - monotonic()))
            device, maker = self._outlets[self._reads % len(self._outlets)]
            document = maker.framed_document(self._reads, datetime.now(UTC))
            sent[self._reads] = monotonic_ns()
            device.send_raw(document)
            device.send_raw(self._pictures)
            self._reads += 1
        return sent


def _recorder(number: int, channels: int, first: int) -> SimulatedNvr:
    """Return a recorder with cameras behind it, the first of them with this number."""
    recorder = SimulatedNvr(numbered(NVR, number), seed=number)
    for channel in range(1, channels + 1):
        profile = numbered(DEEPINVIEW, first + channel - 1)
        recorder.add(channel, SimulatedCamera(profile))
    return recorder


async def _run(options: argparse.Namespace) -> None:
    """Start the devices, and do what is commanded until the commands end."""
    crowd = Crowd(
        cameras=options.cameras,
        recorders=options.recorders,
        channels=options.channels,
    )
    await crowd.start()
    print(json.dumps(crowd.described()), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await crowd.send(**json.loads(line))), flush=True)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="benchmarks.crowd", description=__doc__)
    parser.add_argument("--cameras", type=int, required=True)
    parser.add_argument("--recorders", type=int, required=True)
    parser.add_argument("--channels", type=int, required=True)
    parser.add_argument("--core", type=int, help="the core to run on")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    asyncio.run(_run(options))


if __name__ == "__main__":
    main()
