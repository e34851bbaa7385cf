"""Measure whether the memory of Home Assistant grows with the reads it has taken."""

import os
from pathlib import Path
from typing import Final

from .report import Row, met
from .taking import take

_GOAL_PERCENT: Final = 2
_WARM_UP_READS: Final = 5_000
"""The integration knows the last 4096 reads again; that memory fills up first."""

_MIB: Final = 1024 * 1024


async def run(*, reads: int, pictures: bool) -> list[Row]:
    """Send so many reads, and compare memory after the warm-up with the end.

    Warm is a tenth of the reads, and at least what fills the integration's memory.
    """
    options = ["--reads", str(reads), *([] if pictures else ["--no-pictures"])]
    sizes: list[int] = []

    def sample(events: int) -> None:
        if events % (reads // 10) == 0:
            sizes.append(resident_bytes())

    taken = await take(options, sample)
    warm = sizes[_warm_tenth(reads)]
    percent = 100 * (sizes[-1] - warm) / warm
    is_met = percent <= _GOAL_PERCENT and not taken.lost
    return [
        Row(
            measured=f"memory over {reads:,} reads",
            by="310 KB of pictures each" if pictures else "no pictures",
            result=f"{_figures(sizes)} ({percent:+.1f} %), {taken.lost} lost,"
            f" {taken.recovered} late",
            goal=met(is_met=is_met, goal=f"flat (≤ {_GOAL_PERCENT} %)"),
        )
    ]


def _warm_tenth(reads: int) -> int:
    """Return the place of the sample that the growth is counted from."""
    return min(9, max(0, -(-10 * _WARM_UP_READS // reads) - 1))


def _figures(sizes: list[int]) -> str:
    """Return resident memory after each tenth of the reads."""
    return " ".join(f"{size / _MIB:.1f}" for size in sizes) + " MiB"


def resident_bytes() -> int:
    """Return the resident memory of this process."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
