"""Test deleting the files of pictures that no row knows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta, timezone
import os
from pathlib import Path
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hikvision_anpr.archive import picture_sweep
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.picture_files import PictureFiles
from custom_components.hikvision_anpr.archive.picture_rows import (
    KeptPicture,
    keep_pictures,
)
from custom_components.hikvision_anpr.archive.picture_sweep import GRACE, PictureSweep
from custom_components.hikvision_anpr.const import DOMAIN
from tests.waiting import PATIENCE

AT = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
OLD = timedelta(days=2)


@pytest.fixture(autouse=True)
def no_blocking_calls() -> None:
    """Look into the folder here."""


class House:
    """Hold pictures with and without rows."""

    def __init__(self, hass: HomeAssistant, database: Database, folder: Path) -> None:
        """Begin with an empty folder."""
        entry = MockConfigEntry(domain=DOMAIN)
        entry.add_to_hass(hass)
        self.hass = hass
        self.database = database
        self.files = PictureFiles(folder=folder)
        self.unwritten: list[str] = []
        self.device = dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={(DOMAIN, "1")}
        )
        self.sweep = PictureSweep(hass, database, self.files, lambda: self.unwritten)

    async def keep(
        self,
        passage_id: str,
        *,
        row: bool,
        age: timedelta = OLD,
        at: datetime = AT,
        device_id: str | None = None,
    ) -> str:
        """Write a picture, as old as is wanted, with its row or without."""
        name = await self.hass.async_add_executor_job(
            self._write, passage_id, device_id or self.device.id, at, age
        )
        if row:
            picture = KeptPicture(
                passage_id=passage_id,
                kind="plate",
                file=name,
                size=1,
                captured_at=int(at.timestamp() * 1000),
            )
            await self.database.async_write(lambda c: keep_pictures(c, [picture]))
        return name

    def _write(
        self, passage_id: str, device_id: str, at: datetime, age: timedelta
    ) -> str:
        """Write a picture with a small one."""
        name = self.files.write(passage_id, "plate", device_id, at, b"picture")
        self.files.read(name, thumbnail=True)
        path = self.files.folder / name
        for one in (path, path.with_suffix(".thumb.jpg")):
            self.make_old(one, age)
        return name

    def make_old(self, path: Path, age: timedelta = OLD) -> None:
        """Let a file be of an age."""
        at = (dt_util.utcnow() - age).timestamp()
        os.utime(path, (at, at))

    async def names(self) -> set[str]:
        """Return the pictures that are there, without the small ones."""
        return await self.hass.async_add_executor_job(self._names)

    def _names(self) -> set[str]:
        """Look into the folder."""
        return {
            str(path.relative_to(self.files.folder))
            for path in self.files.folder.rglob("*")
            if path.is_file() and ".thumb" not in path.name
        }


@pytest.fixture
async def house(
    hass: HomeAssistant, database: Database, tmp_path: Path
) -> AsyncIterator[House]:
    """Return pictures of which most have rows."""
    house = House(hass, database, tmp_path / "pictures")
    for number in range(5):
        await house.keep(f"KEPT{number}", row=True)
    yield house
    await house.sweep.async_stop()


async def test_sweep(house: House) -> None:
    """Delete what is old and has no row, its small picture too, and nothing else."""
    before = await house.names()
    stray = await house.keep("STRAY", row=False)
    alone = house.files.folder / stray.replace("STRAY", "ALONE")
    alone = alone.with_suffix(".thumb.jpg")
    part = alone.with_name("tmp_1abc.part")
    for path in (alone, part):
        await house.hass.async_add_executor_job(path.write_bytes, b"")
        house.make_old(path)
    assert await house.sweep.async_sweep() == 4
    assert await house.names() == before
    assert not (house.files.folder / stray).with_suffix(".thumb.jpg").exists()
    assert not alone.exists()


async def test_left_alone(house: House) -> None:
    """Leave what is young, not yet noted, another's, or no picture of ours."""
    young = await house.keep("YOUNG", row=False, age=GRACE - timedelta(minutes=1))
    waiting = await house.keep("WAITING", row=False)
    house.unwritten.append(waiting)
    other = await house.keep("OTHER", row=False, device_id="0" * 32)
    mine = house.files.folder / young
    for name in ("holiday.jpg", "notes.txt"):
        path = mine.with_name(name)
        await house.hass.async_add_executor_job(path.write_bytes, b"")
        house.make_old(path)
    before = await house.names()
    assert {young, waiting, other} < before
    assert await house.sweep.async_sweep() == 0
    assert await house.names() == before


async def test_rows_without_a_file(house: House) -> None:
    """Put up with pictures that are gone."""
    (gone, *_) = sorted(await house.names())
    (house.files.folder / gone).unlink()
    await house.keep("STRAY", row=False)
    assert await house.sweep.async_sweep() == 2
    await house.hass.async_add_executor_job(house.files.delete, await house.names())
    assert await house.sweep.async_sweep() == 0


async def test_another_database(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Delete nothing where most pictures are unknown: the database is a new one."""
    for number in range(11):
        await house.keep(f"STRAY{number}", row=False)
    before = await house.names()
    assert await house.sweep.async_sweep() == 0
    assert await house.names() == before
    assert "nothing is deleted" in caplog.text


async def test_a_few_days_at_a_time(house: House) -> None:
    """Go on the next night where this one ended, and from the start again."""
    days = [AT - timedelta(days=number) for number in (3, 2, 1)]
    for number, day in enumerate(days):
        await house.keep(f"STRAY{number}", row=False, at=day)
        for other in range(5):
            await house.keep(f"OF{number}{other}", row=True, at=day)
    with patch.object(picture_sweep, "MOST_DAYS", 2):
        assert await house.sweep.async_sweep() == 4
        assert await house.sweep.async_sweep() == 2
        again = await house.keep("AGAIN", row=False, at=days[0])
        assert await house.sweep.async_sweep() == 2
    assert again not in await house.names()


@pytest.mark.parametrize("hours", [-14, 0, 12])
async def test_zones(house: House, hours: int) -> None:
    """Know a picture whose folder is named after the day of its own zone."""
    at = AT.astimezone(timezone(timedelta(hours=hours)))
    kept = await house.keep("ZONE", row=True, at=at)
    assert kept.startswith(f"{at:%Y/%m/%d}")
    assert await house.sweep.async_sweep() == 0


async def test_at_night(house: House) -> None:
    """Sweep once a day, beside everything else."""
    stray = await house.keep("STRAY", row=False)
    house.sweep.start()
    night = dt_util.now().replace(hour=3, minute=40, second=0, microsecond=1)
    async_fire_time_changed(house.hass, night + timedelta(days=1))

    async with asyncio.timeout(PATIENCE):
        while stray in await house.names():
            await asyncio.sleep(0.01)


def test_no_folder(tmp_path: Path) -> None:
    """Find no days where nothing was ever kept, and none in what is no day."""
    assert picture_sweep._days(tmp_path / "nothing") == []  # noqa: SLF001
    (tmp_path / "2026" / "13" / "01").mkdir(parents=True)
    (tmp_path / "2026" / "12" / "01").mkdir(parents=True)
    assert picture_sweep._days(tmp_path) == [date(2026, 12, 1)]  # noqa: SLF001
