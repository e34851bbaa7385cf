"""Measure how long a clip of a recording takes: python -m benchmarks.clips --help."""

import argparse
import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
import json
import os
from pathlib import Path
from statistics import median
import sys
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import aiohttp
from aiohttp import web
import av
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped, unused-ignore]

from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import PASSWORD, USERNAME
from simulator.profiles import DEEPINVIEW, numbered

from .home import keep_quiet
from .lives import Lives
from .memory import resident_bytes
from .report import Row, met, show

CAMERAS: Final = 4
AT_ONCE: Final = 8
SECONDS: Final = 15
GOAL: Final = 1.5
GROWTH_PERCENT: Final = 5
_MIB: Final = 1024 * 1024
_CORES: Final = sorted(os.sched_getaffinity(0))


@asynccontextmanager
async def player(speed: float, megabits: float) -> AsyncIterator[list[dict[str, int]]]:
    """Start cameras that play, on a core other than ours; give their ports."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.player", "--cameras", str(CAMERAS)),
        *("--speed", str(speed), "--megabits", str(megabits)),
        *("--core", str(_CORES[-1])),
        stdin=PIPE,
        stdout=PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def home(ports: list[dict[str, int]]) -> AsyncIterator[tuple[HomeAssistant, str]]:
    """Set Home Assistant up for all cameras; give it and the address of its server."""
    keep_quiet()

    def entry(number: int, port: int) -> MockConfigEntry:
        profile = numbered(DEEPINVIEW, number)
        return MockConfigEntry(
            domain=DOMAIN,
            title=profile.device_name,
            unique_id=profile.serial_number,
            data={
                "host": "127.0.0.1",
                "port": port,
                "ssl": False,
                "verify_ssl": True,
                "username": USERNAME,
                "password": PASSWORD,
            },
        )

    with TemporaryDirectory() as folder:
        made = [
            lambda number=number, port=port["http"]: entry(number, port)
            for number, port in enumerate(ports, 1)
        ]
        lives = Lives(Path(folder), made, lambda _: None)
        await lives.start()
        runner = web.AppRunner(lives.hass.http.app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield lives.hass, f"http://127.0.0.1:{runner.addresses[0][1]}"
        await runner.cleanup()
        await lives.stop()


def bare(port: int, start: datetime, path: Path) -> float:
    """Return how long PyAV alone takes to write the clip."""
    begin = perf_counter()
    source = (
        f"rtsp://{USERNAME}:{PASSWORD}@127.0.0.1:{port}/Streaming/tracks/101/"
        f"?starttime={start:%Y%m%dT%H%M%SZ}"
    )
    with (
        av.open(source, options={"rtsp_transport": "tcp"}) as stream,
        av.open(str(path), "w", format="mp4") as file,
    ):
        video = stream.streams.video[0]
        target = file.add_stream_from_template(video)
        first = None
        for packet in stream.demux(video):
            if packet.dts is None or packet.pts is None:
                continue
            first = packet.dts if first is None else first
            packet.dts -= first
            packet.pts -= first
            if packet.pts * packet.time_base > SECONDS:
                break
            packet.stream = target
            file.mux(packet)
    return perf_counter() - begin


async def clip(hass: HomeAssistant, url: str, number: int, start: datetime) -> float:
    """Return how long it takes from the request to the first byte of the clip."""
    begin = perf_counter()
    entry = hass.config_entries.async_entries(DOMAIN)[number]
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "get_recording",
        {
            "device_id": entry.runtime_data.channels.followed[1].device_id,
            "start": start.isoformat(),
            "end": (start + timedelta(seconds=SECONDS)).isoformat(),
        },
        blocking=True,
        return_response=True,
    )
    async with (
        aiohttp.ClientSession() as session,
        session.get(url + answer["url"]) as response,
    ):
        response.raise_for_status()
        assert await response.content.read(1)
    seconds = perf_counter() - begin
    assert answer["seconds"] > SECONDS - 1, answer
    await hass.async_add_executor_job(Path(answer["file"]).unlink)
    return seconds


async def speeds(speed: float, megabits: float, runs: int) -> Row:
    """Compare one clip through Home Assistant with PyAV alone, one after the other."""
    start = dt_util.utcnow().replace(microsecond=0) - timedelta(hours=1)
    alone, ours = list[float](), list[float]()
    async with player(speed, megabits) as ports, home(ports) as (hass, url):
        with TemporaryDirectory() as folder:
            for _ in range(runs):
                path = Path(folder) / "bare.mp4"
                alone.append(
                    await asyncio.to_thread(bare, ports[0]["rtsp"], start, path)
                )
                ours.append(await clip(hass, url, 0, start))
    share = median(ours) / median(alone)
    return Row(
        measured=f"clip of {SECONDS} s, {megabits:g} Mbit/s, played {speed:g} x",
        by=f"get_recording to the first byte, median of {runs}",
        result=f"{median(ours):.2f} s; PyAV alone {median(alone):.2f} s",
        compared=f"{share:.2f} x the time",
        goal=met(is_met=share <= GOAL, goal=f"≤ {GOAL} x"),
    )


async def together(speed: float, megabits: float, rounds: int) -> Row:
    """Make several clips at once, again and again, and watch the memory."""
    start = dt_util.utcnow().replace(microsecond=0) - timedelta(hours=1)
    peaks = list[int]()
    times = list[float]()
    async with player(speed, megabits) as ports, home(ports) as (hass, url):
        before = resident_bytes()
        for _ in range(rounds):
            begin = perf_counter()
            async with asyncio.TaskGroup() as group:
                clips = [
                    group.create_task(clip(hass, url, number % CAMERAS, start))
                    for number in range(AT_ONCE)
                ]
                peak = 0
                while not all(one.done() for one in clips):
                    peak = max(peak, resident_bytes())
                    await asyncio.sleep(0.05)
            times.append(perf_counter() - begin)
            peaks.append(peak)
    percent = 100 * (peaks[-1] - peaks[0]) / peaks[0]
    figures = " ".join(f"{peak / _MIB:.1f}" for peak in peaks)
    return Row(
        measured=f"{AT_ONCE} clips of {SECONDS} s at once, {rounds} times",
        by=f"{CAMERAS} cameras, {megabits:g} Mbit/s each, played {speed:g} x",
        result=f"before {before / _MIB:.1f}, at most {figures} MiB ({percent:+.1f} %);"
        f" {median(times):.1f} s a round",
        goal=met(is_met=percent <= GROWTH_PERCENT, goal=f"flat (≤ {GROWTH_PERCENT} %)"),
    )


async def run(*, megabits: float, fast: float, rounds: int) -> list[Row]:
    """Measure as devices play, and faster, so that what we add is seen."""
    return [
        await speeds(1, megabits, 1),
        await speeds(fast, megabits, 5),
        await together(fast, megabits, rounds),
    ]


def main() -> None:
    """Read the command line, run all and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clips")
    parser.add_argument("--megabits", type=float, default=4, help="of each stream")
    parser.add_argument("--fast", type=float, default=10, help="times the real speed")
    parser.add_argument("--rounds", type=int, default=10, help="of clips at once")
    options = parser.parse_args()
    os.sched_setaffinity(0, {_CORES[0]})
    show(
        asyncio.run(
            run(megabits=options.megabits, fast=options.fast, rounds=options.rounds)
        )
    )


if __name__ == "__main__":
    main()
