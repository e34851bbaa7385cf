"""Start a crowd of devices in a process of its own, and command it."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
import sys
from typing import Final

from simulator.profiles import DEEPINVIEW, NVR, Profile, numbered

from .sending import LARGEST_LINE, other_core

_PROFILES: Final = {"camera": DEEPINVIEW, "nvr": NVR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Hold how many devices there are."""

    cameras: int
    recorders: int
    channels: int

    @property
    def devices(self) -> int:
        """Return the number of devices."""
        return self.cameras + self.recorders

    @property
    def all_channels(self) -> int:
        """Return the number of channels of all devices."""
        return self.cameras + self.recorders * self.channels

    def __str__(self) -> str:
        """Return the size as a reader wants it."""
        return f"{self.cameras} cameras + {self.recorders} NVRs x {self.channels}"


class Crowding:
    """Command a crowd; `devices` are the models and their ports."""

    def __init__(self, process: Process, devices: list[tuple[Profile, int]]) -> None:
        """Command the crowd of a process."""
        self.devices: Final = devices
        self._process = process

    async def send(self, *, rate: float, reads: int) -> dict[int, int]:
        """Let it send so many reads; return when each was sent, by its number."""
        assert self._process.stdin is not None
        order = json.dumps({"rate": rate, "reads": reads})
        self._process.stdin.write(f"{order}\n".encode())
        answer = json.loads(await _line(self._process))
        return {int(number): moment for number, moment in answer.items()}


@asynccontextmanager
async def crowd(size: Size) -> AsyncIterator[Crowding]:
    """Start a crowd of this size, on a core other than ours, and end it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.crowd"),
        *("--cameras", str(size.cameras), "--recorders", str(size.recorders)),
        *("--channels", str(size.channels), "--core", str(other_core())),
        stdin=PIPE,
        stdout=PIPE,
        limit=LARGEST_LINE,
    )
    try:
        yield Crowding(
            process,
            [
                (numbered(_PROFILES[one["kind"]], one["number"]), one["port"])
                for one in json.loads(await _line(process))
            ],
        )
    finally:
        process.terminate()
        await process.wait()


async def _line(process: Process) -> bytes:
    """Return the next line that a crowd says."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("The crowd ended before its time")
    return line
