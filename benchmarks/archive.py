"""Measure the archive, full of passages: python -m benchmarks.archive --help."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched, islice
from pathlib import Path
import random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from sqlalchemy import URL, Connection, make_url, text

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.engine import backend_of
from custom_components.hikvision_anpr.archive.keeping import keep_rows
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.plate_pattern import PlatePattern
from custom_components.hikvision_anpr.archive.search import search

from .archive_set import RARE_AREA, RARE_CHANNEL, PassageSet, make_file, plate_of
from .archive_writing import purge_rows, writing_rows
from .report import Row, met, show
from .timing import percentile, stopwatch

GOAL_MS: Final = 50
BATCH: Final = 1000
QUERIES: Final = 40
_DROP_CACHES: Final = Path("/proc/sys/vm/drop_caches")
_NAIVE: Final = text(
    "SELECT * FROM passages WHERE plate LIKE :like ORDER BY captured_at DESC LIMIT 100"
)
_SIZES: Final = {
    "postgresql": "SELECT pg_database_size(current_database())",
    "mysql": "SELECT sum(data_length + index_length) FROM information_schema.tables"
    " WHERE table_schema = database()",
}
_PARTS: Final[Mapping[str, Callable[[str], PlatePattern]]] = {
    "part, 5 characters": lambda plate: PlatePattern.parse(plate[1:6]),
    "part, 4 characters": lambda plate: PlatePattern.parse(plate[1:5]),
    "part, 3 characters": lambda plate: PlatePattern.parse(plate[2:5]),
    "part, 2 letters": lambda plate: PlatePattern.parse(plate[:2]),
    "part, 2 digits": lambda plate: PlatePattern.parse(plate[2:4]),
    "part, 1 character": lambda plate: PlatePattern.parse(plate[0]),
    "part of no plate": lambda plate: PlatePattern.parse(f"O{plate[0]}"),
    "mask": lambda plate: PlatePattern.parse(f"{plate[0]}?{plate[2:5]}*"),
    "whole plate": lambda plate: PlatePattern.parse(f'"{plate}"'),
    "look-alikes": lambda plate: PlatePattern.parse(plate[1:], look_alikes=True),
    "distance 1": lambda plate: PlatePattern.parse(plate, distance=1),
    "distance 2": lambda plate: PlatePattern.parse(plate, distance=2),
}

_PLACES: Final[tuple[tuple[str, str, str | int], ...]] = (
    ("a list", "list", "allow"),
    ("a device", "device_id", "device1"),
    ("a rare channel", "channel", RARE_CHANNEL),
    ("a rare area", "area", RARE_AREA),
)

type Work = Callable[[Connection], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Hold what is measured: how often each kind of query cold and as a plain LIKE."""

    passages: PassageSet
    cold: int
    like: int
    purge: int


def queries(wanted: PassageSet) -> dict[str, list[PassageQuery]]:
    """Return queries of each kind; the plates are those of vehicles that passed."""
    chance = random.Random(2)
    plates = [plate_of(chance.randrange(wanted.vehicles)) for _ in range(QUERIES)]
    found = {
        kind: [PassageQuery(plate=pattern(plate)) for plate in plates]
        for kind, pattern in _PARTS.items()
    }
    firsts = [chance.randrange(wanted.size) for _ in plates]
    found["an hour"] = [
        PassageQuery(start=wanted.time_of(first), end=wanted.time_of(first + 4000))
        for first in firsts
    ]
    for kind, name, value in _PLACES:
        found[kind] = [PassageQuery(any_of=((name, (value,)),))] * len(plates)
    return found


def timed(database: Database, works: Sequence[Work]) -> list[float]:
    """Return what each work takes, in milliseconds."""
    taken: list[float] = []
    for work in works:
        started = perf_counter()
        database.submit(work).result()
        taken.append(1000 * (perf_counter() - started))
    return taken


def cold(url: URL, works: Sequence[Work]) -> list[float]:
    """Return what each work takes with nothing of the file in memory."""
    taken: list[float] = []
    for work in works:
        database = Database(url)
        database.submit(lambda _: None).result()
        _DROP_CACHES.write_text("3", encoding="ascii")
        taken += timed(database, [work])
        database.close()
    return taken


def naive(query: PassageQuery) -> Work | None:
    """Return the plain LIKE for a query by plate."""
    if query.plate is None or query.plate.folded:
        return None
    like = query.plate.like
    return lambda connection: connection.execute(_NAIVE, {"like": like}).all()


def search_rows(database: Database, wanted: Wanted) -> Iterator[Row]:
    """Search in all ways, each beside the plain LIKE where there is one.

    A search is warm when it was asked once before.
    """
    for kind, asked in queries(wanted.passages).items():
        works = [partial(search, query=query) for query in asked]
        results: list[str] = []
        if wanted.cold:
            results.append(f"cold {_spread(cold(database.url, works[: wanted.cold]))}")
        timed(database, works)
        spent = stopwatch()
        taken = timed(database, works)
        results.append(f"warm {_spread(taken)}, CPU {_mean_cpu(spent().cpu)}")
        plain = [work for query in asked[: wanted.like] if (work := naive(query))]
        like = (
            f"LIKE: p50 {percentile(timed(database, plain), 50):,.0f}" if plain else ""
        )
        yield Row(
            measured=f"search, {kind}",
            by="the archive",
            result=f"{'; '.join(results)} ms",
            compared=f"{like} ms" if like else "",
            goal=met(is_met=percentile(taken, 95) <= GOAL_MS, goal=f"p95 {GOAL_MS} ms"),
        )


def _spread(taken: list[float]) -> str:
    """Return the median and the 95th percentile."""
    return f"p50 {percentile(taken, 50):.1f}, p95 {percentile(taken, 95):.1f}"


def _mean_cpu(seconds: float) -> str:
    """Return the time on a processor of one query, in milliseconds."""
    return f"{1000 * seconds / QUERIES:.1f}"


def fill(database: Database, wanted: PassageSet) -> None:
    """Put passages into a server, as the archive does."""
    rows = islice(wanted.rows(), wanted.size)
    for some in batched(rows, BATCH, strict=False):
        database.submit(partial(keep_rows, rows=some)).result()


def size_row(database: Database, wanted: PassageSet, seconds: float) -> Row:
    """Return how large the database is, and how long it took to make it."""
    if statement := _SIZES.get(backend_of(database.url)):
        size = int(database.submit(lambda c: c.scalar(text(statement))).result() or 0)
    else:
        database.run_in_writer(database.checkpoint).result()
        size = Path(str(database.url.database)).stat().st_size
    made = f", made in {seconds:,.0f} s" if seconds else ""
    return Row(
        measured=f"{wanted.size:,} passages of {wanted.vehicles:,} plates",
        by="the archive",
        result=f"{size / wanted.size * 1e6 / 2**20:.0f} MiB a million{made}",
    )


def run(url: URL, wanted: Wanted) -> list[Row]:
    """Fill an archive unless it is full, and measure it."""
    file = Path(str(url.database))
    is_file = url.get_backend_name() == "sqlite"
    started = perf_counter()
    is_made = not (is_file and file.exists())
    if is_file and is_made:
        make_file(file, wanted.passages)
    database = Database(url)
    try:
        if not is_file:
            fill(database, wanted.passages)
        seconds = perf_counter() - started if is_made else 0
        rows = [size_row(database, wanted.passages, seconds)]
        rows += search_rows(database, wanted)
        rows += writing_rows(database, wanted.passages)
        return [*rows, *purge_rows(database, wanted.passages, wanted.purge)]
    finally:
        database.close()


def main() -> None:
    """Read the command line, run and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.archive", description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="made unless it is there, and kept")
    parser.add_argument("--server", help="the URL of an empty database, to be filled")
    parser.add_argument("--cold", type=int, default=5, help="cold queries of a kind")
    parser.add_argument("--like", type=int, default=5, help="plain LIKEs of a kind")
    parser.add_argument(
        "--purge", type=int, default=0, help="delete the oldest passages"
    )
    options = parser.parse_args()
    can_be_cold = not options.server and _can_drop_caches()
    if options.cold and not can_be_cold:
        print("Only root can empty the disk cache: nothing is measured cold.\n")
    wanted = Wanted(
        passages=PassageSet(options.passages),
        cold=options.cold if can_be_cold else 0,
        like=options.like,
        purge=options.purge,
    )
    with TemporaryDirectory() as folder:
        file = options.file or Path(folder) / "archive.db"
        show(run(make_url(options.server or f"sqlite:///{file}"), wanted))


def _can_drop_caches() -> bool:
    """Tell whether the disk cache can be emptied."""
    try:
        _DROP_CACHES.write_text("1", encoding="ascii")
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
