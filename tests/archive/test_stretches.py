"""Test that rare devices, channels and areas are found without looking at all else."""

from dataclasses import replace
from functools import partial
from itertools import product

import pytest
from sqlalchemy import Connection, text

from custom_components.hikvision_anpr.archive import stretches
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery, Sort
from custom_components.hikvision_anpr.archive.plate_pattern import PlatePattern
from custom_components.hikvision_anpr.archive.search import (
    _page,
    count,
    count_by,
    search,
)
from custom_components.hikvision_anpr.archive.search_way import way_of
from custom_components.hikvision_anpr.intake.passage import Passage

from .passages import keep, passage

FILTERS: tuple[dict[str, tuple[str | int, ...]], ...] = (
    {"device_id": ("d1",)},
    {"device_id": ("d1", "d0", "gone")},
    {"channel": (2,)},
    {"channel": (0, 2, 9)},
    {"device_id": ("d2", "d1"), "channel": (1, 0)},
    {"area": ("a1",)},
    {"area": ("a1", "a0", "gone"), "list": ("none",)},
    {"area": ("gone",)},
    {"device_id": ("d1",), "area": ("a1",)},
)


def passages() -> list[Passage]:
    """Return passages of several devices, channels and areas, some at the same time."""
    numbers = enumerate(product(range(4), range(3), range(3)))
    found: list[Passage] = []
    for number, (again, device, channel) in numbers:
        one = passage(number, f"AB{again}{device}{channel}")
        found.append(
            replace(
                one,
                device_id=f"d{device}",
                area=f"a{again % 3}" if channel else None,
                captured_at=passage(number // 2, None).captured_at,
                read=replace(one.read, channel=channel),
            )
        )
    return found


async def every_page(database: Database, query: PassageQuery) -> list[object]:
    """Return the ids of all pages of a query, one after the other."""
    ids: list[object] = []
    while True:
        page = await database.async_read(partial(search, query=query))
        ids += [one["passage_id"] for one in page.passages]
        if page.cursor is None:
            return ids
        query = replace(query, cursor=page.cursor)


@pytest.mark.parametrize("part", [None, "b", "1"])
@pytest.mark.parametrize("sort", ["newest", "oldest", "plate"])
async def test_pages(database: Database, sort: Sort, part: str | None) -> None:
    """Find what fits, each passage once and in order, whatever is on a page."""
    kept = passages()
    await keep(database, kept)
    pattern = PlatePattern.parse(part) if part else None
    for filters in FILTERS:
        query = PassageQuery(
            plate=pattern, any_of=tuple(filters.items()), sort=sort, limit=3
        )
        wanted = [one for one in kept if query.matches(one)]
        ids = await every_page(database, query)
        assert sorted(map(str, ids)) == sorted(one.passage_id for one in wanted)
        by_id = {one.passage_id: one for one in kept}
        times = [by_id[str(row_id)].captured_at for row_id in ids]
        if sort != "plate":
            assert times == sorted(times, reverse=sort == "newest")
        counted = await database.async_read(partial(count, query=query))
        assert counted.count == len(wanted)
        by_channel = dict(
            await database.async_read(partial(count_by, query=query, name="channel"))
        )
        assert sum(by_channel.values()) == len(wanted)


async def test_too_many(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the same where there are too many channels to part."""
    monkeypatch.setattr(stretches, "MOST_STRETCHES", 2)
    await test_pages(database, "newest", None)


async def test_indices(database: Database) -> None:
    """Let SQLite read each stretch in the order of its index, and nothing besides."""
    if database.url.get_backend_name() != "sqlite":
        pytest.skip("servers plan by what they know of the data")
    await keep(database, passages())

    def plans(connection: Connection) -> list[str]:
        found: list[str] = []
        for filters in FILTERS:
            query = PassageQuery(any_of=tuple(filters.items()))
            page = _page(query, way_of(connection, query, in_order=True))
            sql = page.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {sql}"))
            found.append("\n".join(row.detail for row in plan))
        return found

    for plan in await database.async_read(plans):
        steps = [line for line in plan.splitlines() if " passages " in f"{line} "]
        assert steps
        for step in steps:
            assert "passages_by_channel (device_id=? AND channel=?" in step or (
                "passages_by_area (area=?" in step
            )
