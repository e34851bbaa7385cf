"""Test fetching pictures in their turn: live ones first, late ones when it is quiet."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from unittest.mock import Mock, patch

import pytest

from custom_components.hikvision_anpr.intake import picture_fetch as module
from custom_components.hikvision_anpr.intake.picture_fetch import PictureFetch
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    IsapiError,
    NotSupportedError,
    UnreachableError,
)
from custom_components.hikvision_anpr.isapi.pictures import ReadPicture
from custom_components.hikvision_anpr.isapi.plate_read import PictureInfo, PlateRead

PATIENCE = 10


@dataclass(slots=True)
class Device:
    """Play a device that has pictures, and who takes them."""

    fetch: PictureFetch = field(init=False)
    connected: bool = True
    errors: dict[str, IsapiError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    on_question: Callable[[], Awaitable[None]] | None = None

    async def get(self, client: IsapiClient, address: str) -> bytes:
        """Answer with a picture."""
        self.asked.append(address)
        if self.on_question:
            on_question, self.on_question = self.on_question, None
            await on_question()
        if address in self.errors:
            raise self.errors[address]
        return address.encode()

    def picture_arrived(self, picture: ReadPicture) -> None:
        """Note a picture."""
        self.taken.append(picture.data.decode())

    def expect(self, *names: str, late: bool = True) -> None:
        """Let pictures of a read wait."""
        infos = (PictureInfo(kind="", file_name=name, url=name) for name in names)
        read = PlateRead(plate="AB1", pictures=tuple(infos))
        self.fetch.expect(read, late=late)

    async def done(self, count: int) -> None:
        """Wait until so many pictures were asked for and dealt with."""
        async with asyncio.timeout(PATIENCE):
            while self.fetch.fetched + self.fetch.missed < count:
                await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def short_rests() -> Iterator[None]:
    """Leave the device alone for a moment only."""
    with (
        patch.object(module, "QUIET_SECONDS", 0.02),
        patch.object(module, "RETRY_SECONDS", 0.02),
    ):
        yield


@pytest.fixture
async def device() -> AsyncIterator[Device]:
    """Run the fetching from a device."""
    device = Device()
    with patch.object(module, "async_get_picture", device.get):
        device.fetch = PictureFetch(Mock(IsapiClient), device)
        task = asyncio.create_task(device.fetch.run())
        yield device
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_live_pictures_come_first(device: Device) -> None:
    """Fetch in order, those of live reads before those of late ones."""
    device.expect("late1", "late2")
    device.expect("live1", "live2", late=False)
    await device.done(4)
    assert device.taken == ["live1", "live2", "late1", "late2"]
    assert device.fetch.waiting == 0


async def test_late_picture_makes_way(device: Device) -> None:
    """Break off a late picture when a live read comes, and fetch it afterwards."""
    began, end = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        """Be slow with the first picture."""
        began.set()
        await end.wait()

    device.on_question = hang
    device.expect("late1", "late2")
    async with asyncio.timeout(PATIENCE):
        await began.wait()
    device.fetch.make_way()
    device.expect("live1", late=False)
    await device.done(3)
    assert device.asked == ["late1", "live1", "late1", "late2"]
    assert device.taken == ["live1", "late1", "late2"]
    assert device.fetch.missed == 0


async def test_late_pictures_wait_for_quiet(device: Device) -> None:
    """Leave the device alone right after a live read, but for its own pictures."""
    with patch.object(module, "QUIET_SECONDS", 3600):
        device.fetch.make_way()
    device.expect("late1")
    device.expect("live1", late=False)
    await device.done(1)
    await asyncio.sleep(0.05)
    assert device.asked == ["live1"]
    device.fetch.make_way()
    await device.done(2)
    assert device.asked == ["live1", "late1"]


async def test_picture_that_is_gone(device: Device) -> None:
    """Count it, and go on with the next."""
    device.errors["late1"] = NotSupportedError("gone")
    device.expect("late1", "late2")
    await device.done(2)
    assert device.taken == ["late2"]
    assert (device.fetch.fetched, device.fetch.missed) == (1, 1)


async def test_device_that_goes_away(device: Device) -> None:
    """Lose one picture, and keep the others until the device is back."""

    async def go() -> None:
        """Take the device off the network."""
        device.connected = False

    device.errors["late1"] = UnreachableError("away")
    device.on_question = go
    device.expect("late1", "late2")
    await device.done(1)
    await asyncio.sleep(0.05)
    assert device.asked == ["late1"]
    device.connected = True
    device.fetch.make_way()
    await device.done(2)
    assert device.taken == ["late2"]


async def test_oldest_give_way(device: Device) -> None:
    """Let so many wait, the late ones on their own account."""
    with (
        patch.object(module, "MOST_LATE", 2),
        patch.object(module, "MOST_WAITING", 1),
    ):
        device.expect("late1", "late2", "late3")
        device.expect("live1", "live2", late=False)
    assert (device.fetch.waiting, device.fetch.missed) == (3, 2)
    await device.done(5)
    assert device.taken == ["live2", "late2", "late3"]
