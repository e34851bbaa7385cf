"""Test asking a device for what it read while nobody listened."""

from collections.abc import Callable
from datetime import timedelta
import logging
from unittest.mock import patch

from homeassistant.util import dt as dt_util
import pytest

from custom_components.hikvision_anpr.intake import (
    catch_up as module,
    cursor as cursor_module,
    gap,
    gap_closing,
)
from custom_components.hikvision_anpr.intake.gap_closing import OPENING, CatchUpCounts
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

from .catching_up import HOUR, NOW, SECOND, Intake, Row


async def test_missed_vehicles_are_recovered_in_order(away: Intake) -> None:
    """Ask from before the cursor, and hand on what nobody saw."""
    away.device.passes("MISSED2", -50)
    away.device.passes("MISSED1", -100)
    await away.reopen()
    assert away.plates == ["MISSED1", "MISSED2"]
    assert away.device.asked[0] == "202604071149300000"
    assert away.cursor.position
    assert away.cursor.position.captured_at == NOW - timedelta(seconds=50)
    assert away.catch_up.counts == CatchUpCounts(queries=2, records=3)
    assert away.recovered[0] == PlateRead(
        plate="MISSED1",
        channel=1,
        captured_at=NOW - timedelta(seconds=100),
        lane=1,
        direction="forward",
        country="DE",
        pictures=away.recovered[0].pictures,
        retransmitted=True,
    )
    (picture,) = away.recovered[0].pictures
    assert picture.url == "/doc/ui/images/plate/202604071158200003.jpg"


async def test_second_opening_brings_nothing_again(away: Intake) -> None:
    """Fire nothing twice, however often the stream is opened."""
    away.device.passes("MISSED1", -50)
    for _ in range(3):
        await away.reopen()
    assert away.plates == ["MISSED1"]


async def test_first_contact_is_silent(intake: Intake) -> None:
    """Take what a new device has for history, and begin there (trap 55)."""
    for second in range(-3000, 0, 5):
        intake.device.passes("OLD1", second)
    intake.device.passes("FUTURE1", 7 * 24 * 3600)
    await intake.reopen()
    await intake.reopen()
    assert intake.recovered == []
    intake.device.passes("MISSED1", 1)
    await intake.reopen()
    assert intake.plates == ["MISSED1"]


async def test_outage_right_after_the_first_contact(intake: Intake) -> None:
    """Recover what passed after the first opening, though nobody asked yet."""
    intake.device.passes("OLD1", -1)
    intake.device.passes("FUTURE1", 7 * 24 * 3600)
    intake.catch_up.opened([1], has_stream=True)
    intake.device.passes("MISSED1", 1)
    await intake.reopen()
    assert intake.plates == ["MISSED1"]
    await intake.reopen()
    assert intake.plates == ["MISSED1"]


async def test_first_contact_with_an_empty_table(intake: Intake) -> None:
    """Begin at the opening, where there is nothing to begin with."""
    await intake.reopen()
    assert intake.cursor.position
    assert intake.cursor.position.captured_at == NOW
    intake.device.passes("MISSED1", 1)
    await intake.reopen()
    assert intake.plates == ["MISSED1"]


@pytest.mark.parametrize(
    "oddity",
    [
        lambda rows: rows[::-1],
        lambda rows: [*rows[1:], *rows[:1]],
        lambda rows: [*rows, *rows[:1]],
        lambda rows: [*rows, ("OLD1", NOW - 20 * HOUR)],
        lambda rows: [("SEEN1", NOW - timedelta(minutes=10)), *rows],
        lambda rows: [row for row in rows for _ in range(2)],
    ],
)
@pytest.mark.parametrize("cap", [None, 2])
async def test_odd_tables(
    away: Intake, oddity: Callable[[list[Row]], list[Row]], cap: int | None
) -> None:
    """Recover each vehicle once, in whatever order and how often it is listed."""
    away.device.oddity, away.device.cap = oddity, cap
    missed = [f"MISSED{number}" for number in range(7)]
    for number, plate in enumerate(missed):
        away.device.passes(plate, -500 + 7 * number)
    await away.reopen()
    assert away.plates == missed


async def test_vehicles_of_one_second(away: Intake) -> None:
    """Go on in the middle of a second that an answer cut apart."""
    away.device.cap = 2
    missed = [f"MISSED{number}" for number in range(8)]
    for plate in missed:
        away.device.passes(plate, -500)
    await away.reopen()
    assert away.plates == missed


async def test_stream_brings_what_is_captured_since(away: Intake) -> None:
    """Leave the vehicles of the open stream to it; it brings them live."""
    late = OPENING.total_seconds()
    for plate, second in (("MISSED1", -1), ("MISSED2", late), ("LIVE1", late + 1)):
        away.device.passes(plate, second)
    away.catch_up.opened([1], has_stream=True)
    with patch.object(dt_util, "utcnow", lambda: NOW + 10 * SECOND):
        await away.catch_up.close_gaps()
    assert away.plates == ["MISSED1", "MISSED2"]


async def test_live_read_does_not_hide_a_gap(away: Intake) -> None:
    """Recover what was missed before a vehicle that came right after the opening."""
    away.device.passes("MISSED1", -100)
    away.catch_up.opened([1], has_stream=True)
    away.sees("LIVE1", 1)
    await away.catch_up.close_gaps()
    assert away.plates == ["MISSED1"]
    assert away.cursor.position
    assert away.cursor.position.captured_at == NOW + SECOND


@pytest.mark.parametrize("refusals", [[503], [200, 503], [200, 200, 503]])
async def test_interruption_is_taken_up_again(
    away: Intake, refusals: list[int]
) -> None:
    """Lose nothing and double nothing when the device fails in the middle."""
    away.device.cap = 2
    away.device.refusals = refusals
    missed = [f"MISSED{number}" for number in range(5)]
    for number, plate in enumerate(missed):
        away.device.passes(plate, -500 + 7 * number)
    away.catch_up.opened([1], has_stream=True)
    away.sees("LIVE1", 2)
    await away.catch_up.close_gaps()
    assert len(away.plates) < len(missed)
    await away.reopen()
    assert away.plates == missed


async def test_refused_login_is_not_repeated(
    away: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    """Leave a refused login to the user, and keep the gap open."""
    away.device.refusals = [401]
    away.device.passes("MISSED1", -100)
    for _ in range(3):
        await away.reopen()
    assert len(away.device.asked) == 1
    assert away.recovered == []
    assert away.cursor.position
    assert away.cursor.position.captured_at == NOW - timedelta(minutes=10)
    levels = [
        record.levelno for record in caplog.records if record.name == module.__name__
    ]
    assert set(levels) == {logging.DEBUG}


async def test_opening_in_the_middle_keeps_the_gap(away: Intake) -> None:
    """Let the cursor not go on when the stream was interrupted again meanwhile."""
    later = NOW + 60 * SECOND

    def open_again() -> None:
        """Miss a vehicle, open the stream again, and see the next one."""
        away.device.on_question = lambda: None
        with patch.object(dt_util, "utcnow", lambda: later):
            away.catch_up.opened([1], has_stream=True)
        away.sees("LIVE1", 62)

    away.device.on_question = open_again
    await away.reopen()
    away.device.passes("MISSED1", 30)
    assert away.plates == []
    with patch.object(dt_util, "utcnow", lambda: later):
        await away.catch_up.close_gaps()
    assert away.plates == ["MISSED1"]


async def test_device_without_a_table_is_asked_once(
    away: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    """Remember that there is no table, say nothing, and let the cursor go on."""
    away.device.refusals = [404]
    away.device.passes("MISSED1", -100)
    for _ in range(3):
        await away.reopen()
    assert len(away.device.asked) == 1
    assert away.recovered == []
    away.sees("LIVE1", 5)
    assert away.cursor.position
    assert away.cursor.position.captured_at == NOW + 5 * SECOND
    assert [record for record in caplog.records if record.name == module.__name__] == []


async def test_endless_table_is_given_up(
    away: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    """Ask for so much at once, and for the rest afterwards."""
    away.device.cap = 2
    missed = [f"MISSED{number}" for number in range(9)]
    for number, plate in enumerate(missed):
        away.device.passes(plate, -500 + 7 * number)
    with patch.object(gap_closing, "MOST_PAGES", 3):
        await away.reopen()
    assert 0 < len(away.plates) < len(missed)
    assert "the rest follows" in caplog.text
    with patch.object(gap_closing, "MOST_RECORDS", 1):
        await away.reopen()
    assert len(away.plates) < len(missed)
    for _ in range(2):
        await away.reopen()
    assert away.plates == missed


async def test_bad_record_does_not_end_the_rest(
    away: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    """Log what could not be processed, and go on."""
    away.failure = ValueError("bad record")
    for number, plate in enumerate(["MISSED1", "BAD", "MISSED2"]):
        away.device.passes(plate, -100 + 10 * number)
    await away.reopen()
    assert away.plates == ["MISSED1", "MISSED2"]
    assert "bad record" in caplog.text


async def test_failure_of_our_own_is_logged(
    away: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    """Log a bug with its traceback, and try again at the next opening."""
    away.device.passes("MISSED1", -100)
    with patch.object(gap, "async_get_plates", side_effect=ValueError("a bug")):
        await away.reopen()
    assert "a bug" in caplog.text
    assert "Traceback" in caplog.text
    await away.reopen()
    assert away.plates == ["MISSED1"]


async def test_unnoticed_outage_of_a_device_that_posts(away: Intake) -> None:
    """Look back behind what came since, and leave alone what may yet come live."""
    away.catch_up.opened([1], has_stream=False)
    await away.catch_up.close_gaps()
    away.device.passes("MISSED1", 20)
    away.sees("LIVE1", 200)
    away.device.passes("MISSED2", 220)
    away.device.passes("ON_ITS_WAY", 290)
    for second, found in (300, 2), (600, 3):
        with patch.object(dt_util, "utcnow", lambda s=second: NOW + s * SECOND):
            away.catch_up.look_back([1])
            await away.catch_up.close_gaps()
        assert away.plates == ["MISSED1", "MISSED2", "ON_ITS_WAY"][:found]


async def test_what_comes_before_the_way_is_open_hides_no_gap(away: Intake) -> None:
    """Hold the cursor while a device posts that does not answer yet."""
    away.device.passes("MISSED1", -500)
    away.catch_up.closed([1])
    away.sees("LIVE1", -1)
    away.catch_up.opened([1], has_stream=False)
    await away.catch_up.close_gaps()
    assert away.plates == ["MISSED1"]


async def test_reads_that_are_no_longer_remembered(away: Intake) -> None:
    """Ask the archive for what the cursor had to forget, also later than at first."""
    await away.reopen()
    away.catch_up.closed([1])
    with patch.object(cursor_module, "REMEMBERED_READS", 3):
        for number in range(6):
            away.sees(f"LIVE{number}", 10 * number)
    away.kept = [
        (PlateRead(plate=plate, channel=1, captured_at=captured_at), captured_at)
        for plate, captured_at in away.device.rows
    ]
    away.device.passes("MISSED1", 25)
    with patch.object(dt_util, "utcnow", lambda: NOW + 60 * SECOND):
        await away.reopen()
    assert away.plates == ["MISSED1"]
