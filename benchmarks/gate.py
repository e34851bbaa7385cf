"""Measure who is known and let in: python -m benchmarks.gate --help."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
import random
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time
from typing import Any, Final, Literal

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.gate.barrier import Barrier
from custom_components.hikvision_anpr.gate.control import GateControl
from custom_components.hikvision_anpr.gate.policy import Rules
from custom_components.hikvision_anpr.intake.passage import ListName, Passage
from custom_components.hikvision_anpr.isapi.barrier import (
    BarrierCommand,
    BarrierPosition,
)
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from custom_components.hikvision_anpr.vehicles.guests import Guests
from custom_components.hikvision_anpr.vehicles.judge import Judge
from custom_components.hikvision_anpr.vehicles.registry import Registry
from custom_components.hikvision_anpr.vehicles.store import Author
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle

from .archive import plate_of
from .report import Row, met, show
from .timing import percentile

NOW: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
GOAL_MS: Final = 1.0
LEAST_CONFIDENCE: Final = 60
ALIKE: Final = ("0DOQ", "1IL", "2Z", "5S", "8B")
"""Characters that are taken for each other, as the documentation says it."""

type Kind = Literal["exact", "look-alike", "one wrong", "stranger"]


@dataclass(slots=True)
class Boom(Barrier):
    """Count commands."""

    commands = frozenset[BarrierCommand]({"open"})
    tells_position = False
    opened: int = 0

    async def async_command(self, command: BarrierCommand) -> None:
        """Open."""
        self.opened += 1

    async def async_position(self) -> BarrierPosition | None:
        """Know nothing."""
        return None


def vehicles(count: int) -> Iterator[Vehicle]:
    """Yield vehicles: most allowed, some blocked, some whose time is over."""
    seen: set[str] = set()
    for number in range(count):
        plate = plate_of(number)
        if plate in seen:
            continue
        seen.add(plate)
        listed: ListName = "block" if number % 10 == 0 else "allow"
        ended = NOW - timedelta(days=1) if number % 10 == 1 else None
        yield Vehicle(vehicle_id=str(number), plate=plate, list=listed, valid_to=ended)


def misread(plate: str, kind: Kind, chance: random.Random) -> str:
    """Return a plate as a camera might read it."""
    if kind == "look-alike":
        for alike in ALIKE:
            for letter in alike:
                if letter in plate:
                    other = chance.choice(alike.replace(letter, ""))
                    return plate.replace(letter, other, 1)
    if kind == "one wrong":
        place = chance.randrange(len(plate))
        return f"{plate[:place]}X{plate[place + 1 :]}"
    return plate if kind != "stranger" else f"9{plate[::-1]}9"


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
    started = perf_counter()
    for read in reads:
        process.extract(
            read, known, scorer=Levenshtein.distance, score_cutoff=edits, limit=None
        )
    each = (perf_counter() - started) * 1000 / len(reads)
    return f"rapidfuzz over all: {each:.1f} ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Hold a passage as a camera might report it, one read after the other."""

    plate: str
    confidence: int
    direction: Literal["forward", "reverse"]
    live: bool
    reads: int


def cases(plates: list[str], count: int) -> Iterator[Case]:
    """Yield passages of all sorts."""
    chance = random.Random(2)
    kinds: tuple[Kind, ...] = ("exact", "look-alike", "one wrong", "stranger")
    for _ in range(count):
        plate = misread(chance.choice(plates), chance.choice(kinds), chance)
        yield Case(
            plate=plate,
            confidence=chance.randrange(40, 100),
            direction="reverse" if chance.random() < 0.1 else "forward",
            live=chance.random() < 0.9,
            reads=chance.randrange(1, 4),
        )


class Oracle:
    """Say who may enter, without anything of what is measured."""

    def __init__(self, known: list[Vehicle]) -> None:
        """Know the vehicles by their plate, and by all that these may be read as."""
        self._plain = {vehicle.plate: vehicle for vehicle in known}
        self._alike: dict[str, list[Vehicle]] = {}
        for vehicle in known:
            self._alike.setdefault(self._bare(vehicle.plate), []).append(vehicle)

    def opens(self, case: Case) -> bool:
        """Tell whether the gate has to open."""
        found = self._plain.get(case.plate)
        if found is None:
            alike = self._alike.get(self._bare(case.plate), [])
            found = alike[0] if len(alike) == 1 else None
        return (
            found is not None
            and found.list == "allow"
            and (found.valid_to is None or found.valid_to > NOW)
            and case.live
            and case.direction == "forward"
            and case.confidence >= LEAST_CONFIDENCE
        )

    def _bare(self, plate: str) -> str:
        """Return a plate with the first of each kind of look-alikes."""
        for alike in ALIKE:
            for letter in alike[1:]:
                plate = plate.replace(letter, alike[0])
        return plate


async def deciding(registry: Registry, plates: list[str], count: int) -> list[Row]:
    """Let passages pass, and count who was let in wrongly, and kept out wrongly."""
    oracle = Oracle(list(registry.vehicles.values()))
    boom = Boom()
    work: list[Coroutine[Any, Any, None]] = []
    clock = iter(range(0, 10**9, 60))
    control = GateControl(
        lambda _: Rules(
            control="home_assistant", role="entry", min_confidence=LEAST_CONFIDENCE
        ),
        lambda _: 5.0,
        lambda: float(next(clock)),
        lambda command, _: work.append(command),
        lambda _channel, _error: None,
    )
    control.barriers[1] = boom
    judge = Judge(
        registry=registry,
        guests=Guests(registry, lambda _: None),
        min_confidence={},
    )
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
                rows += await deciding(registry, plates, passages)
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
