"""Measure hundreds of cameras and recorders on one Home Assistant.

python -m benchmarks.scale --help
"""

import argparse
import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from custom_components.hikvision_anpr.isapi.events import parse_messages
from simulator.profiles import DEEPINVIEW

from . import scale_bare, scale_home
from .crowding import Size, crowd
from .reads import ReadMaker
from .report import Row, met, show
from .sending import stay_on_one_core
from .timing import distribution, stopwatch

MEMORY_GOAL: Final = 1024
"""KiB for a channel."""
CPU_GOAL: Final = 50
"""Percent of a core."""

_DOCUMENTS: Final = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Hold what is measured: how many devices, how many reads, how long nothing."""

    size: Size
    rate: float
    seconds: float
    idle_seconds: float

    @property
    def reads(self) -> int:
        """Return how many reads are sent."""
        return int(self.rate * self.seconds)


async def run(plan: Plan) -> list[Row]:
    """Let Home Assistant follow a crowd, and then a client that does nothing else."""
    async with crowd(plan.size) as crowding:
        ours = await scale_home.run(crowding, plan.rate, plan.reads, plan.idle_seconds)
    async with crowd(plan.size) as crowding:
        bare = await scale_bare.run(crowding, plan.rate, plan.reads)
    return [
        *_start_up(plan, ours, bare),
        *_memory(plan, ours, bare),
        _idle(plan, ours),
        *_load(plan, ours, bare),
        _yardstick(),
    ]


def _start_up(
    plan: Plan, ours: scale_home.Measured, bare: scale_bare.Measured
) -> list[Row]:
    """Return how long it took until every stream was open."""
    measured = f"start-up, {plan.size}"
    return [
        Row(
            measured=measured,
            by="Home Assistant, all streams open",
            result=f"{ours.start.seconds:.1f} s, {ours.start.cpu:.1f} s CPU;"
            f" first stream after {ours.first_seconds:.1f} s",
            compared="1.00 x",
        ),
        Row(
            measured=measured,
            by="bare client opens the streams (limit)",
            result=f"{bare.start.seconds:.1f} s, {bare.start.cpu:.1f} s CPU",
            compared=f"{bare.start.seconds / ours.start.seconds:.2f} x",
        ),
    ]


def _memory(
    plan: Plan, ours: scale_home.Measured, bare: scale_bare.Measured
) -> list[Row]:
    """Return what a channel costs in memory."""
    channels = plan.size.all_channels - 1
    measured = f"memory of {plan.size.all_channels:,} channels"

    def row(by: str, grown: int, goal: str = "") -> Row:
        each = grown / channels / 1024
        return Row(
            measured=measured,
            by=by,
            result=f"{each:,.0f} KiB a channel, {grown / 2**20:,.0f} MiB together",
            goal=goal and met(is_met=each <= MEMORY_GOAL, goal=goal),
        )

    return [
        row("Home Assistant, set up", ours.idle_bytes, f"≤ {MEMORY_GOAL} KiB"),
        row(
            f"Home Assistant, {plan.reads:,} reads later",
            ours.loaded_bytes,
            f"≤ {MEMORY_GOAL} KiB",
        ),
        row("bare client (limit)", bare.grown_bytes),
    ]


def _idle(plan: Plan, ours: scale_home.Measured) -> Row:
    """Return what a device costs while nothing passes."""
    devices = plan.size.devices
    minutes = plan.idle_seconds / 60
    return Row(
        measured=f"idle, {plan.idle_seconds:.0f} s",
        by=f"Home Assistant, {devices} devices",
        result=f"{ours.idle.percent:.1f} % of a core;"
        f" a device and minute: {ours.idle.cpu / devices / minutes * 1e3:.1f} ms CPU,"
        f" {ours.idle_received / devices / minutes:,.0f} bytes,"
        f" {ours.idle_wakes / devices / minutes:.1f} wake-ups",
    )


def _load(
    plan: Plan, ours: scale_home.Measured, bare: scale_bare.Measured
) -> list[Row]:
    """Return what reads cost, and how soon they are told."""
    load = f"{plan.rate:.0f} reads/s for {plan.seconds:.0f} s"
    percent, limit = (
        100 * spent.cpu / plan.seconds for spent in (ours.load, bare.load)
    )
    lost = plan.reads - len(ours.latencies) - ours.late
    is_met = percent <= CPU_GOAL and not lost
    own, other = distribution(ours.latencies), distribution(bare.latencies)
    return [
        Row(
            measured=load,
            by="Home Assistant, events",
            result=f"{percent:.1f} % of a core, {lost} lost, {ours.late} late,"
            f" all told after {ours.load.seconds:.0f} s",
            compared="1.00 x",
            goal=met(is_met=is_met, goal=f"≤ {CPU_GOAL} %, none lost"),
        ),
        Row(
            measured=load,
            by="bare client receives (limit)",
            result=f"{limit:.1f} % of a core",
            compared=f"{limit / percent:.2f} x",
        ),
        Row(measured=f"latency at {load}", by="event in Home Assistant", result=own),
        Row(measured=f"latency at {load}", by="bare client (limit)", result=other),
    ]


def _yardstick() -> Row:
    """Return how much CPU a known piece of work takes here and now.

    On a machine that others use as well, the same work takes more of it.
    """
    document = ReadMaker(DEEPINVIEW, ()).document(0, datetime.now(UTC))
    spent = stopwatch()
    for _ in range(_DOCUMENTS):
        parse_messages(document, UTC)
    return Row(
        measured="yardstick",
        by="parse a document of a read",
        result=f"{spent().cpu / _DOCUMENTS * 1e6:,.0f} µs CPU each",
    )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description=__doc__)
    parser.add_argument("--cameras", type=int, default=256)
    parser.add_argument("--recorders", type=int, default=24)
    parser.add_argument("--channels", type=int, default=32, help="of each recorder")
    parser.add_argument("--rate", type=float, default=100, help="reads a second")
    parser.add_argument("--seconds", type=float, default=60, help="of reads")
    parser.add_argument("--idle-seconds", type=float, default=120)
    options = parser.parse_args()
    stay_on_one_core()
    size = Size(
        cameras=options.cameras,
        recorders=options.recorders,
        channels=options.channels,
    )
    plan = Plan(
        size=size,
        rate=options.rate,
        seconds=options.seconds,
        idle_seconds=options.idle_seconds,
    )
    show(asyncio.run(run(plan)))


if __name__ == "__main__":
    main()
