"""Test asking a device for what it read while nobody listened."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
import logging
import re
from unittest.mock import patch
from zoneinfo import ZoneInfo

from aiohttp import ClientSession, web
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.hikvision_anpr.intake import (
    catch_up as module,
    cursor as cursor_module,
    gap,
    gap_closing,
)
from custom_components.hikvision_anpr.intake.catch_up import CatchUp
from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.cursor import OVERLAP, Cursor, Cursors
from custom_components.hikvision_anpr.intake.gap_closing import OPENING, CatchUpCounts
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.device_address import DeviceAddress
from custom_components.hikvision_anpr.isapi.login import Credentials
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from tests.isapi.fixtures import at
from tests.isapi.web_server import PASSWORD, USERNAME, WebServer

PATH = "/ISAPI/Traffic/channels/1/vehicleDetect/plates"
PATIENCE = 10
NOW = at("2026-04-07T12:00:00+02:00")
"""When the stream is opened again, by a right clock."""

SUMMER = timezone(timedelta(hours=2))
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

type Row = tuple[str, datetime]


@dataclass(slots=True)
class Device:
    """Play a device with a table of plates and a clock.

    `oddity` changes the rows of an answer; `refusals` are the HTTP statuses of the
    next answers, 200 for a good one.
    """

    rows: list[Row] = field(default_factory=list)
    zone: tzinfo = SUMMER
    time_zone: str = ""
    writes_utc: bool = False
    drift: timedelta = timedelta()
    tells_time: bool = True
    cap: int | None = None
    oddity: Callable[[list[Row]], list[Row]] = list
    refusals: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    on_question: Callable[[], None] = lambda: None

    def passes(self, plate: str, second: float) -> None:
        """Let a vehicle pass so many seconds after the stream is opened again."""
        self.rows.append((plate, NOW + self.drift + timedelta(seconds=second)))

    async def time(self, request: web.Request) -> web.Response:
        """Tell the time."""
        zone = UTC if self.writes_utc else self.zone
        local_time = (dt_util.utcnow() + self.drift).astimezone(zone)
        body = (
            f"<Time><localTime>{local_time.isoformat()}</localTime>"
            f"<timeZone>{self.time_zone}</timeZone></Time>"
        )
        return web.Response(body=body, status=200 if self.tells_time else 404)

    async def plates(self, request: web.Request) -> web.Response:
        """Tell the plates after a time."""
        found = re.search(r"<picTime>(\d{18})<", await request.text())
        assert found
        self.asked.append(found[1])
        self.on_question()
        if self.refusals and (status := self.refusals.pop(0)) != 200:
            return web.Response(status=status)
        rows = [row for row in self.rows if self._name(row) > found[1]]
        rows = self.oddity(sorted(rows, key=self._name)[: self.cap])
        return web.Response(body=f"<Plates>{''.join(map(self._row, rows))}</Plates>")

    def _row(self, row: Row) -> str:
        """Write a row."""
        digits = self._digits(row[1])
        return (
            f"<Plate><captureTime>{digits[:8]}T{digits[8:]}0000</captureTime>"
            f"<picName>{self._name(row)}</picName>"
            f"<plateNumber>{row[0]}</plateNumber><laneNo>1</laneNo>"
            "<country>DEU</country><direction>forward</direction></Plate>"
        )

    def _name(self, row: Row) -> str:
        """Return the name of a picture, which no other row has."""
        number = self.rows.index(row) + 1 if row in self.rows else 0
        return f"{self._digits(row[1])}{number:04}"

    def _digits(self, moment: datetime) -> str:
        """Write a time as the device's clock shows it."""
        return f"{moment.astimezone(self.zone):%Y%m%d%H%M%S}"


@dataclass(slots=True, kw_only=True)
class Intake:
    """Hold what is tested, and take what it brings as the coordinator does."""

    device: Device
    clock: DeviceClock
    cursors: Cursors
    catch_up: CatchUp = field(init=False)
    recovered: list[PlateRead] = field(default_factory=list)
    kept: list[tuple[PlateRead, datetime]] | None = None
    failure: Exception | None = None

    @property
    def cursor(self) -> Cursor:
        """Return the cursor of the only channel."""
        return self.cursors.of(1)

    @property
    def plates(self) -> list[str | None]:
        """Return the recovered plates in their order."""
        return [read.plate for read in self.recovered]

    def read_recovered(self, read: PlateRead, received_at: datetime) -> None:
        """Take a read, or fail at it."""
        if self.failure and read.plate == "BAD":
            raise self.failure
        if not self.cursor.is_copy(read, live=False):
            self.recovered.append(read)
        self.cursor.take(read, received_at, live=False)

    async def async_taken_before(
        self, channel: int, since: datetime
    ) -> list[tuple[PlateRead, datetime]] | None:
        """Return what was kept for longer than the cursor keeps it."""
        return self.kept

    def sees(self, plate: str, second: float) -> None:
        """Take a live read, of a vehicle that is in the device's table as well."""
        self.device.passes(plate, second)
        _, captured_at = self.device.rows[-1]
        read = PlateRead(plate=plate, captured_at=captured_at)
        self.cursor.take(read, NOW + timedelta(seconds=second), live=True)

    async def reopen(self) -> None:
        """Open the stream, and catch up."""
        self.catch_up.opened([1], has_stream=True)
        await self.catch_up.close_gaps()


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """Let it be when the stream is opened again; the event loop's time goes on."""
    with patch.object(dt_util, "utcnow", lambda: NOW.astimezone(UTC)):
        yield


@pytest.fixture
async def intake(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[Intake]:
    """Follow a device whose clock is right, and that saw nothing yet."""
    device, web_server = Device(), WebServer()
    web_server.answers[PATH] = device.plates
    web_server.answers["/ISAPI/System/time"] = device.time
    async with web_server.server() as server, ClientSession() as session:
        client = IsapiClient(
            session,
            DeviceAddress(host="127.0.0.1", port=server.port or 0),
            Credentials(username=USERNAME, password=PASSWORD),
        )
        clock = DeviceClock(dt_util.get_default_time_zone())
        cursors = Cursors(hass, "01JANPR")
        intake = Intake(device=device, clock=clock, cursors=cursors)
        intake.catch_up = CatchUp(client, clock, cursors, intake)
        yield intake
        await cursors.async_save()


@pytest.fixture
async def away(intake: Intake) -> Intake:
    """Follow a device that was seen to read a vehicle ten minutes ago."""
    intake.sees("SEEN1", -600)
    return intake


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


@pytest.fixture
async def running(away: Intake) -> AsyncIterator[Intake]:
    """Catch up by itself, and quickly, on a device of which a vehicle was seen."""
    with (
        patch.object(module, "SETTLE_SECONDS", 0),
        patch.object(module, "FIRST_DELAY", 0.01),
    ):
        task = asyncio.create_task(away.catch_up.run())
        yield away
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def all_of(intake: Intake, plates: list[str]) -> None:
    """Wait until these plates were recovered, in this order."""
    async with asyncio.timeout(PATIENCE):
        while intake.plates != plates:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("refusals", [[503], [503, 200, 503, 503]])
async def test_device_that_failed_is_asked_again(
    running: Intake, refusals: list[int]
) -> None:
    """Close the gap though no stream is opened any more."""
    running.device.cap = 1
    running.device.refusals = refusals
    missed = ["MISSED1", "MISSED2"]
    for number, plate in enumerate(missed):
        running.device.passes(plate, -100 + number)
    running.catch_up.opened([1], has_stream=True)
    await all_of(running, missed)
    assert running.device.refusals == []


async def test_rest_of_a_long_table_follows(running: Intake) -> None:
    """Ask for the rest of what is too much at once, without another opening."""
    running.device.cap = 2
    missed = [f"MISSED{number}" for number in range(9)]
    for number, plate in enumerate(missed):
        running.device.passes(plate, -500 + 7 * number)
    with patch.object(gap_closing, "MOST_PAGES", 3):
        running.catch_up.opened([1], has_stream=True)
        await all_of(running, missed)


async def test_refused_login_waits_for_the_user(running: Intake) -> None:
    """Do not ask again and again until the account is locked."""
    running.device.refusals = [401]
    running.device.passes("MISSED1", -100)
    with patch.object(
        running.catch_up, "close_gaps", wraps=running.catch_up.close_gaps
    ) as close_gaps:
        running.catch_up.opened([1], has_stream=True)
        await asyncio.sleep(0.2)
    assert close_gaps.call_count == 1
    assert running.plates == []


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


async def test_run_waits_for_the_stream_to_settle(away: Intake) -> None:
    """Ask some time after the last opening, once for several in a row."""
    slept = 0

    async def sleep(seconds: float) -> None:
        """Let the stream be opened once more while it settles."""
        nonlocal slept
        if seconds == module.SETTLE_SECONDS:
            slept += 1
            if slept == 1:
                away.catch_up.opened([1], has_stream=True)

    asked = asyncio.Event()
    away.device.on_question = asked.set
    with patch.object(asyncio, "sleep", sleep):
        task = asyncio.create_task(away.catch_up.run())
        away.catch_up.opened([1], has_stream=True)
        async with asyncio.timeout(PATIENCE):
            await asked.wait()
    assert slept == 2
    assert len(away.device.asked) == 1
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
