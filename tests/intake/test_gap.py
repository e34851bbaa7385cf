"""Test searching a gap, stretch by stretch, in the zone that the device means."""

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from unittest.mock import Mock, patch

import pytest

from custom_components.hikvision_anpr.intake import gap as module
from custom_components.hikvision_anpr.intake.cursor import OVERLAP
from custom_components.hikvision_anpr.intake.gap import Gap, Page, search_pages
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.plates import PlateRecord
from tests.isapi.fixtures import at

SUMMER = timezone(timedelta(hours=2))
SINCE = at("2026-04-07T12:00:00.500000+02:00")
BEGIN = SINCE.replace(microsecond=0)
HOUR = timedelta(hours=1)


def record(plate: str, hours: float) -> PlateRecord:
    """Return a vehicle of so many hours after the gap's begin."""
    moment = BEGIN + hours * HOUR
    return PlateRecord(plate=plate, captured_at=moment, listed_at=moment)


KNOWN = record("SEEN1", OVERLAP / HOUR)


@dataclass(slots=True)
class Disk:
    """Play the search of a device, which means one zone by Z."""

    records: list[PlateRecord]
    zone: tzinfo = UTC
    asked: list[tuple[datetime, datetime, tzinfo]] = field(default_factory=list)

    async def search(
        self,
        client: IsapiClient,
        channel: int,
        start: datetime,
        end: datetime,
        *,
        zone: tzinfo,
    ) -> list[PlateRecord]:
        """Return what is found, at wrong times where the zone is wrong."""
        self.asked.append((start, end, zone))
        error = SINCE.astimezone(zone).replace(tzinfo=self.zone) - SINCE
        return [
            record(one.plate or "", (one.captured_at - error - BEGIN) / HOUR)
            for one in self.records
            if start + error <= one.captured_at < end + error
        ]


@pytest.fixture
def disk() -> Iterator[Disk]:
    """Search a disk that has the last vehicle that was taken."""
    disk = Disk([KNOWN])
    with patch.object(module, "async_search_plates", disk.search):
        yield disk


async def pages(length: timedelta) -> list[Page]:
    """Return what comes of a gap of some length."""
    gap = Gap(
        channel=1,
        since=SINCE,
        until=SINCE + length,
        ahead=timedelta(),
    )
    found = search_pages(Mock(IsapiClient), gap, lambda one: one.plate == "SEEN1")
    async with aclosing(found):
        return [page async for page in found]


def plates(found: list[Page]) -> list[str | None]:
    """Return the plates of all pages."""
    return [one.plate for page in found for one in page.new if one.plate != "SEEN1"]


async def test_short_gap(disk: Disk) -> None:
    """Search a short gap at once, and what seems to be of tomorrow with it."""
    disk.records += [record("AB1", 0.1), record("AB2", 3)]
    found = await pages(HOUR / 2)
    assert sorted(map(str, plates(found))) == ["AB1", "AB2"]
    assert [page.is_last for page in found] == [True]
    assert found[0].reached == SINCE + HOUR / 2


async def test_long_gap(disk: Disk) -> None:
    """Search a long gap in stretches that touch, longer ones where nothing is."""
    disk.records += [record("AB1", 199.5), record("AB2", 200.5)]
    found = await pages(200.75 * HOUR)
    assert sorted(map(str, plates(found))) == ["AB1", "AB2"]
    stretches = disk.asked[1:]
    assert all(before[1] == after[0] for before, after in pairwise(stretches))
    widths = [(end - start) / HOUR for start, end, _ in stretches[:-1]]
    assert widths == [1, 1, 2, 4, 8, 16, *(24,) * 7]
    assert [page.is_last for page in found] == [*(False,) * 13, True]


async def test_second_at_a_seam(disk: Disk) -> None:
    """Lose no vehicle of the second in which one stretch ends and the next begins."""
    disk.records += [record("AB1", 1)]
    assert plates(await pages(3 * HOUR)) == ["AB1"]


@pytest.mark.parametrize("meant", [UTC, SUMMER])
async def test_zone(disk: Disk, meant: tzinfo) -> None:
    """Read times in the zone in which the device has what is known."""
    disk.zone = meant
    disk.records += [record("AB1", 0.1), record("OLD1", -1.9), record("NEW1", 2.1)]
    (found,) = await pages(HOUR / 2)
    assert record("AB1", 0.1) in found.new
    assert disk.asked[-1][2] == meant


async def test_nothing_is_known(disk: Disk) -> None:
    """Take a device that does not have what is known for one that means UTC."""
    disk.records = [record("AB1", 0.1)]
    assert plates(await pages(HOUR)) == ["AB1"]
    assert disk.asked[-1][2] == UTC
