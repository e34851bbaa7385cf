"""Send thousands of reads through a thousand faults; count what is lost or doubled.

python -m benchmarks.faults --help
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final
from unittest.mock import patch

from custom_components.hikvision_anpr.const import DOMAIN

from .home import keep_quiet
from .report import Row, met, show
from .street import FRESH_SECONDS, Plan, Street

_SHORTENED: Final[dict[str, float]] = {
    "intake.arming.FIRST_DELAY": 0.05,
    "intake.arming.LONGEST_DELAY": 0.5,
    "intake.arming.SLOTS_FULL_DELAY": 0.2,
    "intake.arming.SILENCE_SECONDS": 1.5,
    "intake.catch_up.SETTLE_SECONDS": 0.5,
    "intake.catch_up.FIRST_DELAY": 0.5,
    "intake.catch_up.LONGEST_DELAY": 2.0,
    "intake.timekeeper.CLOCK_REST_SECONDS": 0.2,
    "intake.slot_watch.VERIFY_SECONDS": 2.0,
    "intake.slot_watch.RETRY_SECONDS": 0.3,
}
"""What is waited for in real life, in seconds, made short so that a thousand faults
fit into minutes; freshness with it."""


_MOST_SHOWN: Final = 20
"""Of how many vehicles with which something is wrong it is shown what was told."""


@contextmanager
def _shortened() -> Iterator[None]:
    """Make what is waited for short."""
    package = f"custom_components.{DOMAIN}"
    with ExitStack() as stack:
        for name, seconds in _SHORTENED.items():
            stack.enter_context(patch(f"{package}.{name}", seconds))
        for name in ("catch_up", "clock", "listening"):
            fresh = timedelta(seconds=FRESH_SECONDS)
            stack.enter_context(patch(f"{package}.intake.{name}.FRESH", fresh))
        yield


def _rows(street: Street, seconds: float) -> list[Row]:
    """Return what came of it."""
    ledger, plan = street.ledger, street.plan
    counts = sum((trouble.counts for trouble in street.troubles), Counter[str]())
    faults = counts.total() + plan.restarts
    measured = f"{len(ledger.passed_at):,} reads through {faults:,} faults"
    is_met = not (ledger.lost or ledger.doubled or ledger.late)
    injected = [f"{count} x {name}" for name, count in sorted(counts.items())]
    return [
        Row(
            measured=measured,
            by=f"{plan.cameras} cameras, {seconds:.0f} s",
            result=f"{len(ledger.lost)} lost, {len(ledger.doubled)} doubled,"
            f" {len(ledger.late)} old ones live;"
            f" {ledger.live.total():,} live, {ledger.recovered.total():,} recovered",
            goal=met(is_met=is_met, goal="0 lost, 0 doubled, 0 old ones live"),
        ),
        Row(
            measured=measured,
            by="what was injected",
            result=", ".join([f"{plan.restarts} x Home Assistant restart", *injected]),
        ),
    ]


async def run(plan: Plan) -> list[Row]:
    """Let it all happen, and return what came of it."""
    started = monotonic()
    with TemporaryDirectory() as folder, _shortened():
        street = Street(plan, Path(folder))
        async with street.open():
            await street.live()
    for line in islice(street.ledger.wrong(), _MOST_SHOWN):
        print(line)
    return _rows(street, monotonic() - started)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="benchmarks.faults", description=__doc__)
    parser.add_argument("--reads", type=int, default=10_000)
    parser.add_argument("--faults", type=int, default=1_000)
    parser.add_argument("--cameras", type=int, default=10)
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--longest-outage", type=float, default=4.0, help="seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only",
        nargs="*",
        default=(),
        help="these kinds of faults, by their names in the table",
    )
    options = parser.parse_args()
    options.only = frozenset(options.only)
    plan = Plan(**vars(options))
    keep_quiet()
    show(asyncio.run(run(plan)))


if __name__ == "__main__":
    main()
