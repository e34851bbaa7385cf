"""Measure reads from a camera's stream to Home Assistant's bus, end to end.

python -m benchmarks.end_to_end latency|opening|throughput|memory --help
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence

from . import latency, memory, opening, throughput
from .report import Row, show
from .sending import stay_on_one_core


def _latency(options: argparse.Namespace) -> list[Row]:
    """Measure from the document's last byte to the event."""
    return asyncio.run(latency.run(rate=options.rate, seconds=options.seconds))


def _opening(options: argparse.Namespace) -> list[Row]:
    """Measure from the document's last byte to the barrier's command."""
    return asyncio.run(opening.run(rate=options.rate, seconds=options.seconds))


def _throughput(options: argparse.Namespace) -> list[Row]:
    """Measure how many reads a second one core takes."""
    return asyncio.run(throughput.run(seconds=options.seconds))


def _memory(options: argparse.Namespace) -> list[Row]:
    """Measure whether memory grows."""
    return asyncio.run(memory.run(reads=options.reads, pictures=options.pictures))


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="benchmarks.end_to_end", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(
        name: str, run: Callable[[argparse.Namespace], list[Row]]
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        made.set_defaults(run=run)
        return made

    one = command("latency", _latency)
    one.add_argument("--rate", type=float, default=50, help="reads/s (default 50)")
    one.add_argument("--seconds", type=float, default=60, help="default 60")
    one = command("opening", _opening)
    one.add_argument("--rate", type=float, default=10, help="reads/s (default 10)")
    one.add_argument("--seconds", type=float, default=60, help="default 60")
    one = command("throughput", _throughput)
    one.add_argument("--seconds", type=float, default=20, help="default 20")
    one = command("memory", _memory)
    one.add_argument("--reads", type=int, default=100_000, help="default 100000")
    one.add_argument("--pictures", action="store_true", help="310 KB with each read")
    return parser.parse_args(argv)


def main() -> None:
    """Read the command line and run."""
    options = arguments()
    stay_on_one_core()
    show(options.run(options))


if __name__ == "__main__":
    main()
