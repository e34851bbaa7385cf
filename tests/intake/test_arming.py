"""Test that arming keeps one stream open, and hands on what it brings."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
import logging
from unittest.mock import patch

from aiohttp import ClientSession
import pytest

from custom_components.hikvision_anpr.intake import arming, timekeeper
from custom_components.hikvision_anpr.intake.arming import Arming
from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.listener import LiveSource, Way
from custom_components.hikvision_anpr.intake.timekeeper import Timekeeper
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.device_address import DeviceAddress
from custom_components.hikvision_anpr.isapi.errors import (
    AccountLockedError,
    AuthenticationError,
    IsapiError,
    StreamSlotsFullError,
    UnreachableError,
)
from custom_components.hikvision_anpr.isapi.events import DeviceEvent
from custom_components.hikvision_anpr.isapi.login import Credentials
from custom_components.hikvision_anpr.isapi.pictures import ReadPicture
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from simulator.camera import SimulatedCamera
from simulator.faults import Fault

PATIENCE = 10


class Diary:
    """Write down what arming brings, and let a test wait for it."""

    def __init__(self) -> None:
        """Begin with blank pages."""
        self.opened = 0
        self.errors: list[Exception] = []
        self.reads: list[PlateRead] = []
        self.received: list[datetime] = []
        self.pictures: list[ReadPicture] = []
        self.events: list[DeviceEvent] = []
        self.failure: Exception | None = None
        self._changed = asyncio.Event()

    def way_opened(self, way: Way) -> None:
        """Note that the stream is open."""
        assert way == "arming"
        self.opened += 1
        self._changed.set()

    def way_closed(self, way: Way, error: Exception) -> None:
        """Note why the stream is down."""
        assert way == "arming"
        self.errors.append(error)
        self._changed.set()

    def read_arrived(
        self, read: PlateRead, received_at: datetime, source: LiveSource
    ) -> None:
        """Note a read, or fail at it."""
        assert source == "arming"
        self.reads.append(read)
        self.received.append(received_at)
        self._changed.set()
        if self.failure:
            raise self.failure

    def picture_arrived(self, picture: ReadPicture) -> None:
        """Note a picture."""
        self.pictures.append(picture)
        self._changed.set()

    def event_arrived(self, event: DeviceEvent) -> None:
        """Note an event."""
        self.events.append(event)
        self._changed.set()

    async def until(self, count: int, pages: str) -> None:
        """Wait until there are so many entries of a kind."""
        async with asyncio.timeout(PATIENCE):
            while (noted := getattr(self, pages)) != count and (
                isinstance(noted, int) or len(noted) < count
            ):
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture(autouse=True)
def short_delays() -> Iterator[None]:
    """Reconnect quickly."""
    with (
        patch.object(arming, "FIRST_DELAY", 0.02),
        patch.object(arming, "LONGEST_DELAY", 0.05),
    ):
        yield


@asynccontextmanager
async def armed(
    camera: SimulatedCamera, password: str | None = None
) -> AsyncIterator[tuple[Arming, Diary, DeviceClock, asyncio.Task[None]]]:
    """Arm a camera for as long as the context lasts."""
    diary, clock = Diary(), DeviceClock(UTC)
    async with ClientSession() as session:
        client = IsapiClient(
            session,
            DeviceAddress(host="127.0.0.1", port=camera.port),
            Credentials(username=camera.username, password=password or camera.password),
        )
        follower = Arming(client, Timekeeper(client, clock), diary)
        task = asyncio.create_task(follower.run())
        yield follower, diary, clock, task
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_read_comes_before_its_pictures(camera: SimulatedCamera) -> None:
    """Test order, bytes and counts of one passage."""
    async with armed(camera) as (follower, diary, _, _):
        await diary.until(1, "opened")
        passed = await camera.vehicle_passes("AB123CD")
        await diary.until(1, "reads")
        assert diary.reads[0].plate == "AB123CD"
        await diary.until(len(passed.jpegs), "pictures")
        assert {shown.data for shown in diary.pictures} == set(passed.jpegs.values())
        assert all(shown.read == diary.reads[0] for shown in diary.pictures)
        assert follower.counts.reads == 1
        assert datetime.now(UTC) - diary.received[0] < timedelta(seconds=5)


async def test_cancelling_frees_the_slot(camera: SimulatedCamera) -> None:
    """Test that the device sees the stream close."""
    async with armed(camera) as (_, diary, _, _):
        await diary.until(1, "opened")
        assert camera.open_streams == 1
    await camera.wait_for_no_stream()
    assert diary.errors == []


async def test_refused_login_ends_all_attempts(camera: SimulatedCamera) -> None:
    """Test that a wrong password is shown once, and the task ends."""
    async with armed(camera, password="wrong") as (_, diary, _, task):
        async with asyncio.timeout(PATIENCE):
            await task
        assert [type(error) for error in diary.errors] == [AuthenticationError]
    assert camera.failed_logins == 1


async def test_locked_account_is_waited_for(camera: SimulatedCamera) -> None:
    """Test that a lock is respected, and over when the device says so."""
    camera.guard.lock_time = timedelta(seconds=2)
    camera.faults.on(Fault.LOCKED)
    async with armed(camera) as (_, diary, _, _):
        await diary.until(1, "errors")
        error = diary.errors[0]
        assert isinstance(error, AccountLockedError)
        asked = len(camera.requests)
        camera.faults.clear()
        await diary.until(1, "opened")
        assert error.unlock_seconds is not None
        assert len(camera.requests) > asked
        assert len(diary.errors) == 1


async def test_closed_stream_is_opened_again(camera: SimulatedCamera) -> None:
    """Test several ends in a row."""
    async with armed(camera) as (follower, diary, _, _):
        for time in range(1, 4):
            await diary.until(time, "opened")
            await camera.wait_for_stream()
            camera.drop_streams()
            await diary.until(time, "errors")
        assert all(isinstance(error, UnreachableError) for error in diary.errors)
        await diary.until(4, "opened")
        assert follower.counts.streams == 4


async def test_failing_listener_does_not_end_the_stream(
    camera: SimulatedCamera, caplog: pytest.LogCaptureFixture
) -> None:
    """Test that an error of ours is logged and the next read taken."""
    async with armed(camera) as (follower, diary, _, _):
        await diary.until(1, "opened")
        diary.failure = RuntimeError("of ours")
        await camera.vehicle_passes("FIRST11")
        await diary.until(1, "reads")
        diary.failure = None
        await camera.vehicle_passes("SECOND2")
        await diary.until(2, "reads")
        assert follower.counts.streams == 1
    assert any(
        record.levelno == logging.ERROR and record.exc_info
        for record in caplog.records
        if record.name == arming.__name__
    )


async def test_clock_is_measured_at_each_opening(camera: SimulatedCamera) -> None:
    """Test that a clock that was set meanwhile is known after a reconnect."""
    async with armed(camera) as (_, diary, clock, _):
        await diary.until(1, "opened")
        assert clock.drift is not None
        assert abs(clock.drift) < timedelta(seconds=3)
        camera.clock.drift = timedelta(hours=5)
        camera.drop_streams()
        await diary.until(2, "opened")
        assert abs(clock.drift - timedelta(hours=5)) < timedelta(seconds=3)


async def test_device_that_tells_no_time_is_left_unmeasured(
    camera: SimulatedCamera,
) -> None:
    """Test that no time is no obstacle."""
    with patch.object(
        timekeeper, "async_get_time", side_effect=UnreachableError("no time")
    ):
        async with armed(camera) as (_, diary, clock, _):
            await diary.until(1, "opened")
            assert clock.drift is None
            await camera.vehicle_passes("AB123CD")
            await diary.until(1, "reads")


@pytest.mark.parametrize(
    ("error", "least", "most"),
    [
        (UnreachableError("away"), 0.01, 0.03),
        (StreamSlotsFullError("full"), 20, 40),
        (AccountLockedError("locked", unlock_seconds=120), 121, 121),
        (AccountLockedError("locked"), 1, 2),
    ],
)
def test_delay_fits_the_reason(error: IsapiError, least: float, most: float) -> None:
    """Test the first delay after each kind of error."""
    follower = Arming(None, None, Diary())  # type: ignore[arg-type]
    assert least <= follower._next_delay(error) <= most  # noqa: SLF001


def test_delays_grow_to_a_limit() -> None:
    """Test that a device that stays away is asked ever less often."""
    follower = Arming(None, None, Diary())  # type: ignore[arg-type]
    with patch("random.uniform", return_value=1.0):
        delays = [follower._next_delay(UnreachableError("away")) for _ in range(4)]  # noqa: SLF001
    assert delays == [0.02, 0.04, 0.05, 0.05]
