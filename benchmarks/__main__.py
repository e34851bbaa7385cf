"""Run every benchmark, in short: python -m benchmarks --help."""

import argparse
import asyncio

from . import latency, memory, multipart, parse, throughput
from .report import show
from .sending import stay_on_one_core


def main() -> None:
    """Read the command line, run all and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="for each end to end")
    parser.add_argument("--rate", type=float, default=50, help="reads/s of latency")
    parser.add_argument("--reads", type=int, default=10_000, help="reads of memory")
    options = parser.parse_args()
    stay_on_one_core()
    rows = parse.run(options.seconds / 10) + multipart.run(options.seconds / 10)
    rows += asyncio.run(latency.run(rate=options.rate, seconds=options.seconds))
    rows += asyncio.run(throughput.run(seconds=options.seconds))
    rows += asyncio.run(memory.run(reads=options.reads, pictures=False))
    show(rows)


if __name__ == "__main__":
    main()
