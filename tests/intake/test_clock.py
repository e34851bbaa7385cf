"""Test knowing how far a device's clock is off."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.intake.clock import (
    DISAGREEMENT,
    FRESH,
    LONGEST_DELAY,
    DeviceClock,
)
from tests.isapi.fixtures import FUZZ

NOW = datetime(2026, 4, 7, 8, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
MOMENT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


def measured(drift: timedelta = timedelta()) -> DeviceClock:
    """Return a clock whose device answered just now."""
    clock = DeviceClock(BERLIN)
    clock.measure(NOW + drift, NOW)
    return clock


def test_nothing_is_known_at_first() -> None:
    """Hold no read for old before the clock was measured."""
    clock = DeviceClock(BERLIN)
    assert (clock.drift, clock.measured_at, clock.zone) == (None, None, BERLIN)
    assert clock.is_fresh(NOW - timedelta(days=9), NOW)
    assert clock.is_fresh(NOW + timedelta(days=9), NOW)
    assert clock.age(NOW - HOUR, NOW) == HOUR


def test_recalled_drift_counts_until_there_is_a_new_one() -> None:
    """Judge by what was known before, but do not take it for measured."""
    clock = DeviceClock(BERLIN)
    clock.recall(HOUR)
    assert clock.drift is None
    assert clock.is_fresh(NOW + HOUR, NOW)
    assert not clock.is_fresh(NOW, NOW)
    clock.measure(NOW, NOW)
    assert clock.is_fresh(NOW, NOW)
    assert not clock.is_fresh(NOW + HOUR, NOW)


@pytest.mark.parametrize(
    "drift", [timedelta(), timedelta(days=2900), -3 * HOUR, timedelta(seconds=0.4)]
)
def test_wrong_clock_makes_no_read_old(drift: timedelta) -> None:
    """Take the drift out of a read's age (trap 17)."""
    clock = measured(drift)
    captured_at = NOW + drift
    assert clock.drift == drift
    assert clock.measured_at == NOW
    assert clock.age(captured_at, NOW) == timedelta()
    assert clock.is_fresh(captured_at, NOW)
    assert clock.is_fresh(captured_at, NOW + FRESH)
    assert not clock.is_fresh(captured_at, NOW + FRESH + MOMENT)
    assert not clock.is_fresh(captured_at + HOUR, NOW)


def test_missing_time_is_no_evidence() -> None:
    """Hold no read for old that has no time."""
    assert measured().is_fresh(None, NOW)


def test_zone_of_the_answer() -> None:
    """Read times without offset in the zone of the device's own answer."""
    clock = DeviceClock(BERLIN)
    zone = timezone(timedelta(hours=8))
    clock.measure(NOW.astimezone(zone), NOW)
    assert clock.zone == zone
    assert clock.drift == timedelta()


def test_heartbeat_stands_in_for_a_device_that_does_not_say() -> None:
    """Take the drift from a heartbeat where the device does not tell its time."""
    clock = DeviceClock(BERLIN)
    assert clock.is_contradicted(NOW + HOUR, NOW)
    clock.settle(NOW + HOUR, NOW)
    assert clock.drift == HOUR
    assert clock.measured_at is None
    assert not clock.is_contradicted(NOW + HOUR, NOW)
    assert not clock.is_fresh(NOW, NOW)


@pytest.mark.parametrize("drift", [timedelta(), HOUR])
@pytest.mark.parametrize(
    ("ahead", "contradicted", "settled"),
    [
        (timedelta(), False, False),
        (DISAGREEMENT, False, False),
        (DISAGREEMENT + MOMENT, True, True),
        (-DISAGREEMENT, False, False),
        (-DISAGREEMENT - MOMENT, True, False),
        (-LONGEST_DELAY, True, False),
        (-LONGEST_DELAY - MOMENT, True, True),
        (8 * HOUR, True, True),
        (-8 * HOUR, True, True),
    ],
)
def test_heartbeat_at_the_edges(
    drift: timedelta, ahead: timedelta, contradicted: bool, settled: bool
) -> None:
    """Doubt a clock that a heartbeat contradicts, but not for one that came late."""
    clock = measured(drift)
    sent_at = NOW + drift + ahead
    assert clock.is_contradicted(sent_at, NOW) is contradicted
    clock.settle(sent_at, NOW)
    assert clock.drift == drift + (ahead if settled else timedelta())


def test_events_in_another_zone_than_the_answer() -> None:
    """Keep how far events are ahead of the answer when the clock is measured again."""
    clock = measured()
    clock.settle(NOW + 8 * HOUR, NOW)
    assert clock.is_fresh(NOW + 8 * HOUR, NOW)
    clock.measure(NOW + timedelta(seconds=2), NOW)
    assert clock.drift == 8 * HOUR + timedelta(seconds=2)
    assert not clock.is_contradicted(NOW + 8 * HOUR, NOW)


@pytest.mark.parametrize("jump", [60, 90, -150, 3600, 5000, -3600])
def test_clock_that_was_set(jump: int) -> None:
    """Count a jump once, though heartbeats showed it before the next answer."""
    clock = measured()
    device_time = NOW + timedelta(seconds=jump)
    clock.settle(device_time, NOW)
    assert clock.is_fresh(device_time, NOW)
    clock.measure(device_time, NOW)
    clock.settle(device_time, NOW)
    assert clock.drift == timedelta(seconds=jump)
    assert clock.is_fresh(device_time, NOW)


SECONDS = st.sampled_from([0, 4, 60, 110, -60, 3600, -28_800]) | st.integers(
    -99_999, 99_999
)


@FUZZ
@given(
    st.lists(
        st.tuples(st.sampled_from(["measure", "settle"]), SECONDS),
        max_size=8,
    ),
    SECONDS,
)
def test_answer_and_heartbeat_together_are_right(
    history: list[tuple[str, int]], seconds: int
) -> None:
    """Hold a read for fresh after the device answered, whatever went before."""
    clock = DeviceClock(BERLIN)
    for what, drift in history:
        getattr(clock, what)(NOW + timedelta(seconds=drift), NOW)
    device_time = NOW + timedelta(seconds=seconds)
    clock.measure(device_time, NOW)
    clock.settle(device_time, NOW)
    assert clock.is_fresh(device_time, NOW)
