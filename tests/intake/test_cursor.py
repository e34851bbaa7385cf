"""Test remembering how far the reads of a device are taken."""

from datetime import datetime, timedelta
import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.hikvision_anpr.intake.cursor import (
    KEPT,
    OVERLAP,
    REMEMBERED_READS,
    SAVE_SECONDS,
    SHORTEST_TOLERANCE,
    Cursor,
    Cursors,
    Position,
)
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from tests.isapi.fixtures import FUZZ, at

NOW = at("2026-04-07T08:15:30+02:00")
HOUR = timedelta(hours=1)
ENTRY_ID = "01JANPR"
KEY = f"hikvision_anpr.cursors.{ENTRY_ID}"


def seconds(number: float) -> timedelta:
    """Return a duration."""
    return timedelta(seconds=number)


def a_read(
    plate: str | None = "AB1234", second: float = 0, *, channel: int = 1
) -> PlateRead:
    """Return a read, captured some seconds after the first."""
    return PlateRead(
        plate=plate, captured_at=NOW + seconds(second), channel=channel, lane=1
    )


def a_cursor(tolerance: int = 5) -> Cursor:
    """Return a cursor without a position, whose changes nobody notes."""
    return Cursor(tolerance, lambda: None)


def take(cursor: Cursor, second: float, *, live: bool = True) -> None:
    """Take a read that arrives when it is captured."""
    cursor.take(a_read(second=second), NOW + seconds(second), live=live)


def position(second: float) -> Position:
    """Return where a read that arrived when it was captured puts a cursor."""
    moment = NOW + seconds(second)
    return Position(captured_at=moment, received_at=moment)


def test_nothing_was_ever_taken() -> None:
    """Ask from nowhere before the first read."""
    cursor = a_cursor()
    assert cursor.start(timedelta()) is None
    assert cursor.as_stored() is None
    assert not cursor.is_copy(a_read(), live=False)


def test_newest_live_read_sets_the_cursor() -> None:
    """Go where the device is, also back; recovered reads only go on."""
    cursor = a_cursor()
    take(cursor, 100)
    take(cursor, 20, live=False)
    assert cursor.position == position(100)
    take(cursor, 110, live=False)
    assert cursor.position == position(110)
    take(cursor, 50)
    assert cursor.position == position(50)
    assert cursor.start(None) == NOW + seconds(50) - OVERLAP


def test_read_without_time_changes_nothing() -> None:
    """Pass over what cannot be placed."""
    cursor = a_cursor()
    timeless = PlateRead(plate="AB1234")
    cursor.take(timeless, NOW, live=True)
    assert cursor.position is None
    take(cursor, 0)
    assert not cursor.is_copy(timeless, live=False)


@pytest.mark.parametrize(
    ("drift", "start"),
    [
        (None, NOW),
        (timedelta(), NOW),
        (HOUR, NOW),
        (-HOUR, NOW - HOUR),
        (timedelta(days=-3650), NOW - timedelta(days=3650)),
    ],
)
def test_clock_that_was_set_back(drift: timedelta | None, start: datetime) -> None:
    """Ask from when the last read came, where its own time is yet to come."""
    cursor = a_cursor()
    take(cursor, 0)
    assert cursor.start(drift) == start - OVERLAP


def test_held_cursor_stays_until_the_gap_is_closed() -> None:
    """Let live reads behind a gap not hide it."""
    cursor = a_cursor()
    take(cursor, 0)
    cursor.hold()
    take(cursor, 100)
    assert cursor.position == position(0)
    assert cursor.is_copy(a_read(second=100), live=False)
    cursor.advance(position(40))
    cursor.advance(position(30))
    assert cursor.position == position(40)
    take(cursor, 50, live=False)
    assert cursor.position == position(40)
    cursor.release(position(99))
    assert cursor.position == position(100)
    take(cursor, 101)
    assert cursor.position == position(101)


def test_gap_that_is_closed_after_the_clock_was_set_back() -> None:
    """Go back to what the clock shows, and on from there."""
    cursor = a_cursor()
    take(cursor, 0)
    cursor.hold()
    set_back = Position(captured_at=NOW - HOUR, received_at=NOW)
    cursor.release(set_back)
    assert cursor.position == set_back
    take(cursor, 60 - 3600, live=False)
    assert cursor.start(None) == NOW + seconds(60) - HOUR - OVERLAP


def test_first_contact_begins_where_it_was_made() -> None:
    """Begin at the opening of the first stream, if no vehicle passed since."""
    cursor = a_cursor()
    cursor.hold()
    cursor.advance(position(-50))
    assert cursor.position is None
    cursor.release(position(7))
    assert cursor.position == position(7)


def test_first_contact_is_remembered_until_what_was_before_is_known() -> None:
    """Know over a restart where the history ends that nobody asked for yet."""
    cursor, later = a_cursor(), a_cursor()
    cursor.begin(position(0))
    cursor.hold()
    stored = cursor.as_stored()
    assert stored
    later.restore(stored)
    later.begin(position(60))
    assert later.begun_at == position(0).received_at
    assert later.start(None) == position(0).captured_at - OVERLAP
    later.release(position(70))
    stored = later.as_stored()
    assert stored
    assert "begun_at" not in stored


@pytest.mark.parametrize(
    ("plate", "second", "is_taken"),
    [
        ("AB1234", 0, True),
        ("AB1234", 5, True),
        ("AB1234", -5, True),
        ("AB1234", 6, False),
        ("AB1234", -6, False),
        ("AB-12 34", 0, True),
        ("A81234", 0, True),
        ("AB123", 0, True),
        ("XY9876", 0, False),
        (None, 0, False),
    ],
)
def test_vehicle_is_known_again(
    plate: str | None, second: float, is_taken: bool
) -> None:
    """Know a vehicle by nearly its plate and nearly its time."""
    cursor = a_cursor()
    take(cursor, 0.9)
    assert cursor.is_copy(a_read(plate, second), live=False) is is_taken


def test_unreadable_vehicle_is_known_again() -> None:
    """Take an unreadable plate for no other one."""
    cursor = a_cursor()
    cursor.take(a_read(None), NOW, live=True)
    assert cursor.is_copy(a_read(None, 2), live=False)
    assert not cursor.is_copy(a_read("AB1234"), live=False)
    assert not cursor.is_copy(a_read(None, 6), live=False)


def test_memory_is_bounded() -> None:
    """Forget the reads that were taken first."""
    cursor = a_cursor(tolerance=0)
    for second in range(REMEMBERED_READS + 1):
        take(cursor, second)
    assert not cursor.is_copy(a_read(second=0), live=False)
    assert cursor.is_copy(a_read(second=1), live=False)


def test_memory_is_bounded_though_the_clock_stands_still() -> None:
    """Count reads and not seconds: all of them may be of one."""
    cursor = a_cursor()
    for number in range(2 * REMEMBERED_READS):
        cursor.take(a_read(f"P{number}"), NOW, live=True)
    stored = cursor.as_stored()
    assert stored is not None
    assert len(stored["taken"]) <= REMEMBERED_READS


@FUZZ
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["AB1234", "XY9876", "蓝苏A0B0C0", None]),
            st.integers(-2000, 2000),
            st.booleans(),
        )
    )
)
def test_restart_changes_nothing(reads: list[tuple[str | None, int, bool]]) -> None:
    """Know after a restart what was known before it, of the last minutes."""
    before, after = a_cursor(), a_cursor()
    for plate, second, live in reads:
        before.take(a_read(plate, second), NOW + seconds(second), live=live)
    if stored := before.as_stored():
        after.restore(json.loads(json.dumps(stored)))
    assert after.position == before.position
    assert after.as_stored() == before.as_stored()
    for plate, second, _ in reads:
        read = a_read(plate, second)
        assert read.captured_at
        assert before.position
        if read.captured_at >= before.position.captured_at - KEPT:
            assert after.is_copy(read, live=False)


def test_old_reads_are_not_stored() -> None:
    """Store the plates of the last minutes, and no others."""
    cursor = a_cursor()
    take(cursor, 0)
    take(cursor, KEPT.total_seconds() + 1)
    stored = cursor.as_stored()
    assert stored is not None
    assert [plate for _, plate, *_ in stored["taken"]] == ["AB1234"]


def test_reads_from_before_the_clock_was_set_are_stored() -> None:
    """Store what came in lately, whatever time the device gave it."""
    before, after = a_cursor(), a_cursor()
    before.take(a_read("AB1234"), NOW, live=True)
    before.take(a_read("CD5678", 3600), NOW + seconds(10), live=True)
    stored = before.as_stored()
    assert stored is not None
    after.restore(json.loads(json.dumps(stored)))
    assert after.is_copy(a_read("AB1234"), live=False)


async def test_cursors_outlive_a_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Write what was taken, each channel for itself, and read it again."""
    cursors = Cursors(hass, ENTRY_ID)
    await cursors.async_load()
    cursors.of(2).take(a_read(channel=2), NOW, live=True)
    await cursors.async_save()
    assert list(hass_storage[KEY]["data"]) == ["2"]

    again = Cursors(hass, ENTRY_ID)
    await again.async_load()
    assert again.of(2).position == position(0)
    assert again.of(2).is_copy(a_read(), live=False)
    assert again.of(1).position is None

    await again.async_remove()
    assert KEY not in hass_storage


async def test_cursors_are_written_after_a_while(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Write changes by themselves, and not each one of them."""
    cursors = Cursors(hass, ENTRY_ID)
    cursors.of(1).take(a_read(), NOW, live=True)
    assert KEY not in hass_storage
    async_fire_time_changed(hass, dt_util.utcnow() + seconds(SAVE_SECONDS + 1))
    await hass.async_block_till_done()
    assert list(hass_storage[KEY]["data"]) == ["1"]


@pytest.mark.parametrize(
    ("merge_seconds", "tolerance"), [(0, SHORTEST_TOLERANCE), (5, 5), (12.4, 12)]
)
def test_tolerance_is_that_of_merging(
    hass: HomeAssistant, merge_seconds: float, tolerance: int
) -> None:
    """Take for one vehicle what would be one passage, but bear a rough clock."""
    cursor = Cursors(hass, ENTRY_ID, merge_seconds=merge_seconds).of(1)
    cursor.restore(
        {
            "captured_at": NOW.isoformat(),
            "received_at": NOW.isoformat(),
            "taken": [(int(NOW.timestamp()), "AB1234", int(NOW.timestamp()))],
        }
    )
    assert cursor.is_copy(a_read(second=tolerance), live=False)
    assert not cursor.is_copy(a_read(second=tolerance + 1), live=False)


def test_live_read_is_a_copy_of_what_has_no_identity() -> None:
    """Tell a vehicle that is read on from what was asked for or told before."""
    cursor, again = a_cursor(), a_cursor()
    take(cursor, 0)
    assert not cursor.is_copy(a_read(second=1), live=True)
    take(cursor, 100, live=False)
    take(cursor, 100)
    assert cursor.is_copy(a_read(second=101), live=True)
    stored = cursor.as_stored()
    assert stored is not None
    again.restore(stored)
    assert again.is_copy(a_read(), live=True)


def test_clock_that_is_set_forward_hides_nothing_before() -> None:
    """Ask again also for what was captured before the clock was set."""
    cursor = a_cursor()
    take(cursor, 0)
    cursor.take(a_read("CD5678", 3610), NOW + seconds(10), live=True)
    assert cursor.start(HOUR) == NOW - OVERLAP
    cursor.take(a_read("EF9012", 3650), NOW + seconds(50), live=True)
    assert cursor.start(HOUR) == NOW + seconds(3650) - OVERLAP
