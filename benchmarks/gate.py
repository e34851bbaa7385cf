"""Measure who is known and let in: python -m benchmarks.gate --help."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
import random
from tempfile import TemporaryDirectory
from time import thread_time
from typing import Any, Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.gate.control import GateControl
from custom_components.hikvision_anpr.gate.openings import Openings
from custom_components.hikvision_anpr.gate.policy import Rules
from custom_components.hikvision_anpr.intake.passage import Passage
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from custom_components.hikvision_anpr.vehicles.guests import Guests
from custom_components.hikvision_anpr.vehicles.judge import Judge
from custom_components.hikvision_anpr.vehicles.registry import Registry
from custom_components.hikvision_anpr.vehicles.store import Author

from .gate_cases import (
    LEAST_CONFIDENCE,
    NOW,
    Boom,
    Case,
    Kind,
    Oracle,
    cases,
    misread,
    vehicles,
)
from .gate_trouble import troubled
from .report import Row, met, show
from .timing import percentile

GOAL_MS: Final = 1.0


def finding(registry: Registry, plates: list[str], edits: int) -> list[Row]:
    """Measure how long it takes to know a vehicle, beside comparing with all."""
    chance = random.Random(1)
    known = [vehicle.normalized for vehicle in registry.vehicles.values()]
    rows: list[Row] = []
    kinds: tuple[Kind, ...] = ("exact", "look-alike", "one wrong", "stranger")
    for kind in kinds:
        reads = [misread(plate, kind, chance) for plate in plates]
        times = [_timed(registry, read) for read in reads]
        p99 = percentile(times, 99)
        rows.append(
            Row(
                measured=f"find among {len(known):,}, {edits} edits, {kind}",
                by="the register",
                result=f"p50 {percentile(times, 50):.3f}, p99 {p99:.3f} ms",
                compared=_naive(known, reads[:20], edits) if edits else "",
                goal=met(is_met=p99 <= GOAL_MS, goal=f"p99 {GOAL_MS} ms"),
            )
        )
    return rows


def _timed(registry: Registry, read: str) -> float:
    """Return how many milliseconds of the processor a plate takes."""
    started = thread_time()
    registry.find(read)
    return (thread_time() - started) * 1000


def _naive(known: list[str], reads: list[str], edits: int) -> str:
    """Return what comparing with every plate takes."""
    started = thread_time()
    for read in reads:
        process.extract(
            read, known, scorer=Levenshtein.distance, score_cutoff=edits, limit=None
        )
    each = (thread_time() - started) * 1000 / len(reads)
    return f"rapidfuzz over all: {each:.1f} ms"


async def deciding(judge: Judge, plates: list[str], count: int) -> list[Row]:
    """Let passages pass, and count who was let in wrongly, and kept out wrongly."""
    oracle = Oracle(list(judge.registry.vehicles.values()))
    boom = Boom()
    work: list[Coroutine[Any, Any, None]] = []
    clock = iter(range(0, 10**9, 60))
    control = GateControl(
        lambda _: Rules(
            control="home_assistant", role="entry", min_confidence=LEAST_CONFIDENCE
        ),
        lambda _: 5.0,
        Openings(lambda: float(next(clock))),
        lambda command, _: work.append(command),
        lambda _channel, _error: None,
    )
    control.barriers[1] = boom
    wrong: Counter[str] = Counter()
    times: list[float] = []
    for number, case in enumerate(cases(plates, count)):
        before = boom.opened
        passage = _passage(number, case)
        for reads in range(1, case.reads + 1):
            started = thread_time()
            passage = replace(passage, reads=reads)
            judged = replace(passage, verdict=judge(passage, NOW))
            passage = control.take(judged, passage.read, live=case.live)
            times.append((thread_time() - started) * 1000)
            while work:
                await work.pop()
        commands = boom.opened - before
        expected = oracle.opens(case)
        wrong["opened"] += commands > 0 and not expected
        wrong["missed"] += commands == 0 and expected
        wrong["twice"] += commands > 1
    p99 = percentile(times, 99)
    return [
        Row(
            measured=f"{count:,} passages at the gate",
            by="judge, policy, command",
            result=f"{boom.opened:,} opened, {wrong['opened']} wrongly,"
            f" {wrong['missed']} missed, {wrong['twice']} twice",
            goal=met(is_met=not +wrong, goal="none wrong"),
        ),
        Row(
            measured="time of a decision",
            by="judge, policy, command",
            result=f"p50 {percentile(times, 50):.3f}, p99 {p99:.3f} ms",
            goal=met(is_met=p99 <= GOAL_MS, goal=f"p99 {GOAL_MS} ms"),
        ),
    ]


def _passage(number: int, case: Case) -> Passage:
    """Return a case as a passage."""
    read = PlateRead(
        channel=1,
        plate=case.plate,
        confidence=case.confidence,
        direction=case.direction,
    )
    return Passage(
        passage_id=str(number),
        device_id="gate",
        read=read,
        captured_at=NOW,
        received_at=NOW,
        source="arming",
        live=case.live,
    )


async def run(count: int, passages: int) -> list[Row]:
    """Measure all."""
    rows: list[Row] = []
    chance = random.Random(3)
    known = list(vehicles(count))
    plates = [vehicle.plate for vehicle in chance.sample(known, min(2000, len(known)))]
    with TemporaryDirectory() as folder:
        for edits in (0, 1, 2):
            database = Database(f"sqlite:///{Path(folder) / f'{edits}.db'}")
            registry = Registry(
                database, {"allow": edits, "block": edits, "none": edits}
            )
            await registry.async_put(known, Author(origin="benchmark"))
            rows += finding(registry, plates, edits)
            if edits == 0:
                judge = Judge(
                    registry=registry,
                    guests=Guests(registry, lambda _: None),
                    min_confidence={},
                )
                rows += await deciding(judge, plates, passages)
                rows += await troubled(judge, plates, passages)
            await asyncio.to_thread(database.close)
    return rows


def main() -> None:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate")
    parser.add_argument("--vehicles", type=int, default=100_000)
    parser.add_argument("--passages", type=int, default=100_000)
    options = parser.parse_args()
    show(asyncio.run(run(options.vehicles, options.passages)))


if __name__ == "__main__":
    main()
