"""Measure the archive, full of passages: python -m benchmarks.archive --help."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import batched
from pathlib import Path
import random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, text

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.deletion import delete_before
from custom_components.hikvision_anpr.archive.keeping import keep_rows
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.plate_pattern import PlatePattern
from custom_components.hikvision_anpr.archive.record import Row as PassageRow, row_of
from custom_components.hikvision_anpr.archive.search import search
from custom_components.hikvision_anpr.intake.passage import Passage, Verdict
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

from .report import Row, met, show
from .timing import percentile

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
GOAL_MS: Final = 50
BATCH: Final = 1000
_NAIVE: Final = text(
    "SELECT * FROM passages WHERE plate LIKE :like ORDER BY captured_at DESC LIMIT 100"
)

type Work = Callable[[Connection], object]


def plate_of(number: int) -> str:
    """Return the plate of a vehicle: two letters, three digits, two letters."""
    chance = random.Random(number)
    letters = "".join(chance.choices(LETTERS, k=4))
    return f"{letters[:2]}{chance.randrange(1000):03}{letters[2:]}"


def passages(count: int) -> Iterator[PassageRow]:
    """Yield rows, ten seconds apart: half of regulars, one of ten passages each."""
    chance = random.Random(1)
    regulars = max(count // 20, 1)
    for number in range(count):
        is_regular = chance.random() < 0.5
        vehicle = chance.randrange(regulars) if is_regular else regulars + number
        time = START + timedelta(seconds=10 * number)
        read = PlateRead(
            plate=plate_of(vehicle),
            channel=chance.randrange(1, 9),
            confidence=chance.randrange(50, 100),
            country=chance.choice(["DE", "PL", "NL"]),
        )
        yield row_of(
            Passage(
                passage_id=f"{number:026}",
                device_id=f"device{chance.randrange(4)}",
                read=read,
                captured_at=time,
                received_at=time,
                source="arming",
                live=True,
                verdict=Verdict(list="allow" if is_regular else "none"),
            )
        )


def queries(count: int) -> dict[str, list[PassageQuery]]:
    """Return queries of each kind; the plates are those of vehicles that passed."""
    chance = random.Random(2)
    plates = [plate_of(chance.randrange(count)) for _ in range(40)]
    kinds: dict[str, Callable[[str], PlatePattern]] = {
        "part, 5 characters": lambda plate: PlatePattern.parse(plate[1:6]),
        "part, 4 characters": lambda plate: PlatePattern.parse(plate[1:5]),
        "part, 3 characters": lambda plate: PlatePattern.parse(plate[2:5]),
        "part, 2 characters": lambda plate: PlatePattern.parse(plate[:2]),
        "part, 1 character": lambda plate: PlatePattern.parse(plate[0]),
        "mask": lambda plate: PlatePattern.parse(f"{plate[0]}?{plate[2:5]}*"),
        "whole plate": lambda plate: PlatePattern.parse(f'"{plate}"'),
        "look-alikes": lambda plate: PlatePattern.parse(plate[1:], look_alikes=True),
        "distance 1": lambda plate: PlatePattern.parse(plate, distance=1),
        "distance 2": lambda plate: PlatePattern.parse(plate, distance=2),
    }
    found = {
        kind: [PassageQuery(plate=pattern(plate)) for plate in plates]
        for kind, pattern in kinds.items()
    }
    days = [timedelta(seconds=chance.randrange(10 * count)) for _ in plates]
    found["a day"] = [
        PassageQuery(start=START + day, end=START + day + timedelta(1)) for day in days
    ]
    found["a list"] = [PassageQuery(any_of=(("list", ("allow",)),))] * len(plates)
    return found


def fill(database: Database, count: int) -> float:
    """Put passages in; return the seconds that this took, without making them."""
    seconds = 0.0
    for rows in batched(passages(count), BATCH, strict=False):
        work = partial(keep_rows, rows=rows)
        started = perf_counter()
        database.submit(work).result()
        seconds += perf_counter() - started
    return seconds


def timed(database: Database, works: Sequence[Work]) -> tuple[float, float, float]:
    """Return the first call, the median and the 95th percentile, in milliseconds."""
    taken: list[float] = []
    for work in works:
        started = perf_counter()
        database.submit(work).result()
        taken.append(1000 * (perf_counter() - started))
    return taken[0], percentile(taken, 50), percentile(taken, 95)


def naive(query: PassageQuery) -> Work | None:
    """Return the plain LIKE for a query by plate."""
    if query.plate is None or query.plate.folded:
        return None
    like = query.plate.like
    return lambda connection: connection.execute(_NAIVE, {"like": like}).all()


def search_rows(database: Database, count: int) -> Iterator[Row]:
    """Search in all ways, each beside the plain LIKE where there is one."""
    for kind, asked in queries(count).items():
        first, median, high = timed(
            database, [partial(search, query=query) for query in asked]
        )
        plain = [work for query in asked[:10] if (work := naive(query))]
        compared = f"LIKE: {timed(database, plain)[2]:,.1f} ms p95" if plain else ""
        yield Row(
            measured=f"search, {kind}",
            by="the archive",
            result=f"first {first:.1f}, p50 {median:.1f}, p95 {high:.1f} ms",
            compared=compared,
            goal=met(is_met=high <= GOAL_MS, goal=f"p95 {GOAL_MS} ms"),
        )


def purge_row(database: Database, count: int) -> Row:
    """Delete the strangers of the first half of the time, in steps of the writer."""
    before = int((START + timedelta(seconds=5 * count)).timestamp() * 1000)
    steps: list[float] = []
    deleted = 0
    while True:
        started = perf_counter()
        work = partial(delete_before, time=before, list_name="none", most=500)
        step = database.submit(work).result()
        steps.append(1000 * (perf_counter() - started))
        deleted += step
        if not step:
            break
    return Row(
        measured="retention",
        by="the archive",
        result=f"{deleted:,} in {sum(steps) / 1000:.1f} s,"
        f" the writer waits p95 {percentile(steps, 95):.0f}, at most {max(steps):.0f} ms",
    )


def run(count: int, folder: Path) -> list[Row]:
    """Fill an archive and measure it."""
    file = folder / "archive.db"
    database = Database(f"sqlite:///{file}")
    try:
        seconds = fill(database, count)
        database.run_in_writer(database.checkpoint).result()
        size = file.stat().st_size / count * 1e6 / 2**20
        filled = Row(
            measured=f"write {count:,} passages",
            by="the archive",
            result=f"{count / seconds:,.0f}/s, {size:.0f} MiB a million",
        )
        rows = [filled, *search_rows(database, count)]
        return [*rows, purge_row(database, count)]
    finally:
        database.close()


def main() -> None:
    """Read the command line, run and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.archive", description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where the database is made")
    options = parser.parse_args()
    with TemporaryDirectory(dir=options.folder) as folder:
        show(run(options.passages, Path(folder)))


if __name__ == "__main__":
    main()
