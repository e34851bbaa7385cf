"""Start a sender in a process of its own, and get from it what it did."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
import json
import os
import sys
from typing import Final

from .sender import Sent

_CORES: Final = sorted(os.sched_getaffinity(0))
LARGEST_LINE: Final = 256 * 1024 * 1024


class Sending:
    """Command a sender: tell it to begin, and wait until it has sent everything."""

    def __init__(self, process: Process, port: int) -> None:
        """Command a sender that listens on a port of loopback."""
        self.port: Final = port
        self._process = process

    async def begin(self) -> None:
        """Let it send to whoever has connected or is about to."""
        await self._say()

    async def end(self) -> int:
        """Wait until everything was handed to the network; return how many reads."""
        return int(json.loads(await _line(self._process))["reads"])

    async def sent(self) -> Sent:
        """Return when each read was sent; the connection stays open."""
        await self._say()
        return Sent(**json.loads(await _line(self._process)))

    async def close(self) -> None:
        """Let it end, whether it has sent everything or not."""
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()

    async def _say(self) -> None:
        """Send it an empty line."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()


@asynccontextmanager
async def sender(options: Sequence[str]) -> AsyncIterator[Sending]:
    """Start a sender with options of its command line, on a core other than ours."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.sender", *options, "--core", str(other_core())),
        stdin=PIPE,
        stdout=PIPE,
        limit=LARGEST_LINE,
    )
    sending = Sending(process, json.loads(await _line(process))["port"])
    try:
        yield sending
    finally:
        await sending.close()


async def _line(process: Process) -> bytes:
    """Return the next line that a sender says."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("The sender ended before its time")
    return line


def stay_on_one_core() -> None:
    """Pin this process to the first core; the sender has the last one."""
    os.sched_setaffinity(0, {_CORES[0]})


def other_core() -> int:
    """Return a core other than ours, where there is one."""
    return _CORES[-1]
