"""Test catching up with devices whose clock is wrong, or was set meanwhile."""

from datetime import timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from homeassistant.util import dt as dt_util
import pytest

from custom_components.hikvision_anpr.intake.cursor import OVERLAP
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from tests.isapi.fixtures import at

from .catching_up import HOUR, NOW, SECOND, Intake


@pytest.mark.parametrize(
    "drift", [HOUR, -HOUR, timedelta(days=3650, hours=3), timedelta(days=-20000)]
)
async def test_wrong_clock(intake: Intake, drift: timedelta) -> None:
    """Ask by the clock of the device, wrong as it is."""
    intake.device.drift = drift
    intake.sees("SEEN1", -600)
    intake.device.passes("MISSED1", -100)
    await intake.reopen()
    assert intake.plates == ["MISSED1"]
    assert intake.recovered[0].captured_at == NOW + drift - timedelta(seconds=100)


@pytest.mark.parametrize("step", [HOUR, -HOUR, timedelta(days=3650), -5 * SECOND])
async def test_clock_that_was_set_while_away(away: Intake, step: timedelta) -> None:
    """Recover what was read before the clock was set, and after it."""
    away.device.passes("MISSED1", -300)
    away.device.drift = step
    away.device.passes("MISSED2", -100)
    await away.reopen()
    assert sorted(map(str, away.plates)) == ["MISSED1", "MISSED2"]
    assert "SEEN1" not in away.plates


@pytest.mark.parametrize("refusals", [[], [200, 503]])
async def test_clock_that_is_set_back_and_forward_in_two_outages(
    away: Intake, refusals: list[int]
) -> None:
    """Recover what was read by the first clock, though nothing came live by it."""
    away.device.passes("MISSED1", -100)
    away.device.drift = -HOUR
    away.device.refusals = refusals
    await away.reopen()
    away.device.passes("MISSED2", 100)
    away.device.drift = timedelta()
    away.device.passes("MISSED3", 300)
    with patch.object(dt_util, "utcnow", lambda: NOW + 600 * SECOND):
        await away.reopen()
    assert sorted(map(str, away.plates)) == ["MISSED1", "MISSED2", "MISSED3"]


async def test_clock_that_was_far_ahead(intake: Intake) -> None:
    """Go back to what the clock shows now, and recover nothing of the wrong time."""
    intake.device.drift = timedelta(days=3650)
    intake.sees("SEEN1", -600)
    intake.device.drift = timedelta()
    intake.device.passes("MISSED1", -100)
    await intake.reopen()
    assert intake.plates == ["MISSED1"]
    intake.sees("LIVE1", 5)
    assert intake.cursor.start(timedelta()) == NOW + 5 * SECOND - OVERLAP


async def test_events_in_another_zone_than_the_clock(intake: Intake) -> None:
    """Compare the table with events that are written two hours ahead of it."""
    intake.clock.measure(NOW, NOW)
    intake.clock.settle(NOW + 2 * HOUR, NOW)
    intake.cursor.take(
        PlateRead(plate="SEEN1", captured_at=NOW + 2 * HOUR - 60 * SECOND),
        NOW - 60 * SECOND,
        live=True,
    )
    intake.device.passes("SEEN1", -60)
    intake.device.passes("MISSED1", -30)
    await intake.reopen()
    assert intake.plates == ["MISSED1"]
    assert intake.recovered[0].captured_at == NOW + 2 * HOUR - 30 * SECOND


async def test_zone_that_does_not_explain_the_clock(away: Intake) -> None:
    """Read times in the offset that the clock shows, whatever zone is set."""
    away.device.time_zone = "CST-8:00:00"
    away.device.passes("MISSED1", -100)
    await away.reopen()
    assert away.plates == ["MISSED1"]
    assert away.recovered[0].captured_at == NOW - timedelta(seconds=100)


async def test_device_that_tells_no_time(away: Intake) -> None:
    """Go by the times of events where the clock cannot be asked."""
    away.device.tells_time = False
    away.device.zone = dt_util.get_default_time_zone()
    away.device.passes("MISSED1", -100)
    await away.reopen()
    assert away.plates == ["MISSED1"]
    assert away.clock.measured_at is None


@pytest.mark.parametrize(
    ("seen", "opened", "asked"),
    [
        ("2026-03-29T01:00+01:00", "2026-03-29T04:00+02:00", "202603290059300000"),
        ("2026-10-25T01:00+02:00", "2026-10-25T04:00+01:00", "202610250059300000"),
    ],
)
@pytest.mark.parametrize("writes_utc", [False, True])
async def test_clock_was_put_forward_or_back_while_away(
    intake: Intake, seen: str, opened: str, asked: str, writes_utc: bool
) -> None:
    """Write and read times by the summer time that was when they were."""
    intake.device.zone = ZoneInfo("Europe/Berlin")
    intake.device.time_zone = "CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00"
    intake.device.writes_utc = writes_utc
    before, moment = at(seen), at(opened)
    intake.cursor.take(PlateRead(plate="SEEN1", captured_at=before), before, live=True)
    intake.device.rows = [
        ("SEEN1", before),
        ("MISSED1", before + HOUR / 2),
        ("MISSED2", moment - HOUR / 2),
    ]
    with patch.object(dt_util, "utcnow", lambda: moment):
        await intake.reopen()
    assert intake.device.asked[0] == asked
    assert [read.captured_at for read in intake.recovered] == [
        moment for _, moment in intake.device.rows[1:]
    ]
