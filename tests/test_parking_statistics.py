"""Test the hours of parking areas among Home Assistant's long-term statistics."""

from datetime import datetime, timedelta

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import (
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.hikvision_anpr.centre import open_car_park
from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE_RECOVERED
from custom_components.hikvision_anpr.parking_series import slugs
from custom_components.hikvision_anpr.parking_statistics import ParkingStatistics
from simulator.camera import SimulatedCamera

from .areas import watch_yard
from .registry import add, ask
from .waiting import expect_events

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def load_custom_integrations(
    recorder_mock: Recorder, enable_custom_integrations: None, hass: HomeAssistant
) -> None:
    """Let Home Assistant have a recorder, and find the integration."""
    hass.config.media_dirs = {"local": hass.config.path("media")}


@pytest.fixture
async def yard(hass: HomeAssistant, init_integration: MockConfigEntry) -> ConfigEntry:
    """Let the camera see both ways of a yard."""
    return await watch_yard(hass, init_integration)


@pytest.fixture
def statistics(hass: HomeAssistant, yard: ConfigEntry) -> ParkingStatistics:
    """Return what writes the statistics, when the test wants it."""
    return ParkingStatistics(hass, open_car_park(hass))


def ago(hours: float) -> datetime:
    """Return a time before the full hour that is going on."""
    now = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    return now - timedelta(hours=hours)


async def changes(
    hass: HomeAssistant, key: str, kind: str = "change"
) -> list[tuple[int, float]]:
    """Return what a statistic says of the last hours: how long ago, and how much."""
    await async_wait_recording_done(hass)
    wanted = f"{DOMAIN}:yard_{key}"
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        ago(400 * 24),
        None,
        {wanted},
        "hour",
        None,
        {kind},
    )
    return [
        (round((ago(0).timestamp() - row["start"]) / 3600), row[kind])  # type: ignore[literal-required]
        for row in found.get(wanted, [])
        if row[kind]  # type: ignore[literal-required]
    ]


async def stay(hass: HomeAssistant, plate: str, begin: float, end: float) -> str:
    """Write down a visit by hand; return its id."""
    started = await ask(
        hass, "start_visit", None, area="Yard", plate=plate, entered_at=ago(begin)
    )
    visit_id: str = started["visit"]["visit_id"]
    await ask(hass, "end_visit", None, visit_id=visit_id, left_at=ago(end))
    return visit_id


async def test_hours(hass: HomeAssistant, statistics: ParkingStatistics) -> None:
    """Tell who came and went in each hour, by list, and how many were inside."""
    await add(hass, "AB1", vehicle_name="Van")
    await stay(hass, "AB1", 5, 2.5)
    await stay(hass, "XY2", 4.5, 3.75)
    await statistics.async_update()
    assert await changes(hass, "entries") == [(5, 2)]
    assert await changes(hass, "entries_allow") == [(5, 1)]
    assert await changes(hass, "entries_none") == [(5, 1)]
    assert await changes(hass, "entries_block") == []
    assert await changes(hass, "exits") == [(4, 1), (3, 1)]
    assert await changes(hass, "exits_none") == [(4, 1)]
    assert await changes(hass, "occupancy", "mean") == [(5, 1.5), (4, 1.25), (3, 0.5)]
    assert await changes(hass, "occupancy", "max") == [(5, 2), (4, 2), (3, 1)]
    ids = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)
    names = {one["statistic_id"]: one["name"] for one in ids}
    assert names[f"{DOMAIN}:yard_entries_allow"] == "Yard: entries on the allow list"
    assert names[f"{DOMAIN}:yard_occupancy"] == "Yard: vehicles inside"


async def test_correction(hass: HomeAssistant, statistics: ParkingStatistics) -> None:
    """Write again the hours that a correction touches, and the sums after them."""
    await stay(hass, "AB1", 3, 2)
    await statistics.async_update()
    assert await changes(hass, "entries") == [(3, 1)]
    await stay(hass, "XY2", 30, 2.5)
    await statistics.async_update()
    assert await changes(hass, "entries") == [(30, 1), (3, 1)]
    assert await changes(hass, "entries", "sum") == [
        *((hours, 1) for hours in range(30, 3, -1)),
        *((hours, 2) for hours in range(3, 0, -1)),
    ]
    assert await changes(hass, "exits") == [(3, 1), (2, 1)]
    assert (await changes(hass, "occupancy", "mean"))[-1] == (3, 1.5)


async def test_recovered(
    hass: HomeAssistant, camera: SimulatedCamera, statistics: ParkingStatistics
) -> None:
    """Count a passage that comes late in the hour when it was captured."""
    await stay(hass, "AB1", 6, 1)
    await statistics.async_update()
    assert await changes(hass, "entries") == [(6, 1)]
    for hours, direction in ((4.5, "forward"), (2.25, "reverse")):
        async with expect_events(hass, EVENT_PASSAGE_RECOVERED):
            await camera.vehicle_passes(
                "XY2", captured_at=ago(hours), direction=direction, retransmitted=True
            )
    await statistics.async_update()
    assert await changes(hass, "entries") == [(6, 1), (5, 1)]
    assert await changes(hass, "exits") == [(3, 1), (1, 1)]
    assert (3, 1.75) in await changes(hass, "occupancy", "mean")


async def test_restart(hass: HomeAssistant, yard: ConfigEntry) -> None:
    """Go on after a restart, with what was corrected just before it."""
    first = ParkingStatistics(hass, open_car_park(hass))
    await stay(hass, "AB1", 30, 29)
    await first.async_update()
    await async_wait_recording_done(hass)
    await stay(hass, "XY2", 3, 2)
    open_car_park(hass).async_take_touched()
    second = ParkingStatistics(hass, open_car_park(hass))
    await second.async_update()
    assert await changes(hass, "entries") == [(30, 1), (3, 1)]
    assert (await changes(hass, "entries", "sum"))[-1] == (1, 2)


async def test_only_what_differs(
    hass: HomeAssistant,
    statistics: ParkingStatistics,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Write nothing that the recorder has already."""
    monkeypatch.setattr(
        "custom_components.hikvision_anpr.parking_statistics.AT_ONCE", 5 * HOUR
    )
    await stay(hass, "AB1", 22, 2)
    await statistics.async_update()
    await async_wait_recording_done(hass)
    written: list[int] = []
    monkeypatch.setattr(
        "custom_components.hikvision_anpr.parking_statistics"
        ".async_add_external_statistics",
        lambda _hass, _metadata, rows: written.append(len(rows)),
    )
    await ParkingStatistics(hass, open_car_park(hass)).async_update()
    assert written == []
    await stay(hass, "XY2", 1, 0)
    await statistics.async_update()
    assert sorted(written) == [1, 1, 1]


async def test_every_hour(hass: HomeAssistant, yard: ConfigEntry) -> None:
    """Write by itself, a minute after the full hour."""
    await stay(hass, "AB1", 3, 2)
    for hours in range(1, 50):
        if await changes(hass, "entries") == [(3, 1)]:
            return
        async_fire_time_changed(hass, ago(-hours) + timedelta(minutes=1, seconds=1))
    pytest.fail("nothing was written")


async def test_nobody_ever_came(
    hass: HomeAssistant, statistics: ParkingStatistics
) -> None:
    """Write nothing of an area without visits."""
    await statistics.async_update()
    assert await changes(hass, "occupancy", "max") == []
    ids = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)
    assert not [one for one in ids if one["source"] == DOMAIN]


def test_slugs() -> None:
    """Tell areas apart whose names are nearly the same."""
    assert slugs(["Yard 1", "Yard-1", "北门"]) == {
        "Yard 1": "yard_1",
        "Yard-1": "yard_1_2",
        "北门": "bei_men",
    }
