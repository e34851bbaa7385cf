"""Play a device with a table of plates, and take what catching up brings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
import re

from aiohttp import web
from homeassistant.util import dt as dt_util

from custom_components.hikvision_anpr.intake.catch_up import CatchUp
from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.cursor import Cursor, Cursors
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from tests.isapi.fixtures import at

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
