"""Test that a device's clock is measured when it matters, and not too often."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from unittest.mock import AsyncMock, patch

from homeassistant.util import dt as dt_util
import pytest

from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.timekeeper import Timekeeper
from custom_components.hikvision_anpr.isapi.clock import DeviceTime
from custom_components.hikvision_anpr.isapi.errors import NotSupportedError
from custom_components.hikvision_anpr.isapi.events import DeviceEvent

HOUR: Final = timedelta(hours=1)
NOW: Final = datetime(2026, 4, 7, 8, 15, tzinfo=UTC)
MINUTE_AGO: Final = NOW - timedelta(minutes=1)


@contextmanager
def device_is(ahead: timedelta | None) -> Iterator[AsyncMock]:
    """Let the device answer a time so far ahead of ours; None for no answer."""
    path = "custom_components.hikvision_anpr.intake.timekeeper.async_get_time"
    with patch(path) as asked, patch.object(dt_util, "utcnow", return_value=NOW):
        if ahead is None:
            asked.side_effect = NotSupportedError("no time")
        else:
            asked.return_value = DeviceTime(
                local_time=NOW + ahead, mode="NTP", time_zone=None
            )
        yield asked


def keeper(measured_at: datetime | None) -> Timekeeper:
    """Return the keeper of a clock that was right when it was measured, if it was."""
    clock = DeviceClock(UTC)
    if measured_at:
        clock.measure(measured_at, measured_at)
    return Timekeeper(AsyncMock(), clock)


@pytest.mark.parametrize(("ahead", "drift"), [(HOUR, HOUR), (None, None)])
async def test_measure(ahead: timedelta | None, drift: timedelta | None) -> None:
    """Take over the device's time, or leave the clock unmeasured."""
    ours = keeper(None)
    with device_is(ahead):
        await ours.measure()
    assert ours.clock.drift == drift


@pytest.mark.parametrize(
    ("captured_at", "measured_at", "asked", "fresh"),
    [
        (NOW, MINUTE_AGO, 0, True),
        (None, MINUTE_AGO, 0, True),
        (NOW - HOUR, MINUTE_AGO, 1, True),
        (NOW + HOUR, MINUTE_AGO, 1, False),
        (NOW - HOUR, NOW - timedelta(seconds=5), 0, False),
        (NOW - HOUR, None, 1, True),
        (NOW, None, 1, False),
    ],
)
async def test_capture(
    captured_at: datetime | None, measured_at: datetime | None, asked: int, fresh: bool
) -> None:
    """Ask before a read is judged, unless the device was just asked."""
    ours = keeper(measured_at)
    with device_is(-HOUR) as question:
        await ours.check_capture(captured_at, NOW)
    assert question.call_count == asked
    assert ours.clock.is_fresh(captured_at, NOW) is fresh


@pytest.mark.parametrize(
    ("kind", "sent_at", "asked", "drift"),
    [
        ("heartbeat", NOW, 0, timedelta()),
        ("heartbeat", NOW + HOUR, 1, HOUR),
        ("heartbeat", None, 0, timedelta()),
        ("other", NOW + HOUR, 0, timedelta()),
    ],
)
async def test_event(
    kind: str, sent_at: datetime | None, asked: int, drift: timedelta
) -> None:
    """Believe a heartbeat that contradicts what is known of the clock."""
    ours = keeper(MINUTE_AGO)
    event = DeviceEvent(
        kind=kind,  # type: ignore[arg-type]  # of a table
        event_type="videoloss",
        active=False,
        channel=1,
        sent_at=sent_at,
    )
    with device_is(HOUR) as question:
        await ours.check_event(event, NOW)
    assert question.call_count == asked
    assert ours.clock.drift == drift


async def test_old_measurement_is_no_witness() -> None:
    """Take no clock that was just set for events that are written in another zone."""
    ours = keeper(NOW - timedelta(seconds=5))
    event = DeviceEvent(
        kind="heartbeat",
        event_type="videoloss",
        active=False,
        channel=1,
        sent_at=NOW + HOUR,
    )
    with device_is(HOUR) as question:
        await ours.check_event(event, NOW)
        assert ours.clock.drift == timedelta()
        await ours.check_event(replace(event, sent_at=NOW + 2 * HOUR), NOW + HOUR)
    assert question.call_count == 1
