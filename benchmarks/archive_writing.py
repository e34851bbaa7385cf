"""Measure how the archive takes passages, and how it deletes while it does."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import batched, count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.journal import Journal
from custom_components.hikvision_anpr.archive.keeping import keep_rows
from custom_components.hikvision_anpr.archive.retention import async_delete_old
from custom_components.hikvision_anpr.archive.writer import PassageWriter
from custom_components.hikvision_anpr.intake.passage import Passage
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

from .archive_set import PassageSet, plate_of
from .report import Row, met
from .timing import distribution, percentile

WRITTEN: Final = 50_000
BATCH: Final = 1000
GOAL_HAND_OVER_MS: Final = 1
QUIET_SECONDS: Final = 20
_EVERY_SECONDS: Final = 0.02


def writing_rows(database: Database, wanted: PassageSet) -> Iterator[Row]:
    """Add passages in full batches, then one after the other as they come in life."""
    rows = islice(wanted.rows(first=wanted.size), WRITTEN)
    started = perf_counter()
    for some in batched(rows, BATCH, strict=False):
        database.submit(partial(keep_rows, rows=some)).result()
    rate = WRITTEN / (perf_counter() - started)
    yield Row(
        measured=f"write {WRITTEN:,} more passages",
        by="the archive, batches of 1,000",
        result=f"{rate:,.0f}/s",
    )
    yield from asyncio.run(_async_intake(database, wanted, "nothing else", None))


def purge_rows(database: Database, wanted: PassageSet, number: int) -> Iterator[Row]:
    """Delete the oldest passages by their age, and take new ones meanwhile."""
    if number:
        now = wanted.time_of(number) + timedelta(days=1)
        yield from asyncio.run(
            _async_intake(database, wanted, f"{number:,} are deleted", lambda: now)
        )


async def _async_intake(
    database: Database,
    wanted: PassageSet,
    meanwhile: str,
    now: Callable[[], datetime] | None,
) -> list[Row]:
    """Take a passage every 20 ms, until what goes on beside it has ended."""
    started = perf_counter()
    work = (
        async_delete_old(database, {"none": 1, "allow": 1}, now)
        if now
        else _async_nothing()
    )
    beside = asyncio.create_task(work)
    handed: list[float] = []
    kept: list[float] = []
    with TemporaryDirectory() as folder:
        writer = PassageWriter(database, Journal(Path(folder) / "journal"), print)
        for passage in _passages(wanted):
            if beside.done():
                break
            at = perf_counter()
            writer.put(passage)
            handed.append(1000 * (perf_counter() - at))
            # The writer works in order: when this is done, so is what was put before.
            done = database.run_in_writer(perf_counter)
            done.add_done_callback(partial(_note, kept, at))
            await asyncio.sleep(_EVERY_SECONDS)
        await asyncio.wrap_future(database.run_in_writer(perf_counter))
    deleted = await beside
    seconds = perf_counter() - started
    rate = f"{deleted:,} deleted in {seconds:.0f} s; " if deleted else ""
    is_quick = percentile(handed, 95) <= GOAL_HAND_OVER_MS
    return [
        Row(
            measured=f"hand over {len(handed):,} passages, {meanwhile}",
            by="the event loop",
            result=distribution(handed),
            goal=met(is_met=is_quick, goal=f"p95 {GOAL_HAND_OVER_MS} ms"),
        ),
        Row(
            measured="until each is committed",
            by="the writer",
            result=rate + distribution(kept),
        ),
    ]


async def _async_nothing() -> int:
    """Let passages come in for a while."""
    await asyncio.sleep(QUIET_SECONDS)
    return 0


def _note(kept: list[float], at: float, done: asyncio.Future[float]) -> None:
    """Note how long a passage was on its way."""
    kept.append(1000 * (done.result() - at))


def _passages(wanted: PassageSet) -> Iterator[Passage]:
    """Yield passages that come after those of the set."""
    read = PlateRead(plate="A", channel=1, confidence=90, country="DE")
    for number in count():
        time = wanted.time_of(2 * wanted.size + number)
        yield Passage(
            passage_id=f"later{perf_counter()}-{number}",
            device_id="device1",
            read=replace(read, plate=plate_of(number)),
            captured_at=time,
            received_at=time,
            source="arming",
            live=True,
        )
