"""Test both receivers on loopback: the web server, and a port of our own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from http import HTTPStatus
import logging
from unittest.mock import AsyncMock, patch

from aiohttp import ClientConnectorError
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.hikvision_anpr.intake import listening
from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.doors import async_get_doors
from custom_components.hikvision_anpr.intake.listening import Listening
from custom_components.hikvision_anpr.intake.timekeeper import Timekeeper
from custom_components.hikvision_anpr.isapi.clock import DeviceTime
from custom_components.hikvision_anpr.isapi.events import DeviceEvent
from custom_components.hikvision_anpr.isapi.pictures import ReadPicture
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from tests.isapi.fixtures import (
    Framing,
    Piece,
    document,
    jpeg,
    picture_piece,
    plate_alert,
)

from .receiver import PICTURES, PLATE, WHOLE, Diary, Post


async def test_read_comes_before_its_pictures(
    post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Answer empty, then hand on the read and its pictures."""
    before = dt_util.utcnow()
    answer = await post()
    assert (answer.status, await answer.read()) == (HTTPStatus.OK, b"")
    await diary.until(3)
    read, *pictures = diary.pages
    assert isinstance(read, PlateRead)
    assert read.plate == PLATE
    assert {page.data for page in pictures if isinstance(page, ReadPicture)} == {
        piece.body for piece in PICTURES
    }
    assert before <= diary.received[0] <= dt_util.utcnow()
    assert diary.ways == ["listening"]
    counts = post.receiver.counts
    assert (counts.posts, counts.reads, counts.pictures) == (1, 1, 2)
    assert counts.received_bytes == len(WHOLE)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "application/xml;"}, document("deepinview.xml")),
        ({"Content-Type": "text/xml"}, document("deepinview.xml")),
        ({"Content-Type": "application/json"}, document("wrapped.json")),
        ({"Content-Type": "application/octet-stream"}, document("deepinview.xml")),
        (
            {"Content-Type": "multipart/form-data;boundary=---------7e13"},
            Framing(boundary="---------7e13").multipart(
                *PICTURES, Piece(body=document("deepinview.xml"), headers=())
            ),
        ),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_oddities_of_the_field(
    post: Post,
    diary: Diary,
    reading: asyncio.Task[None],
    method: str,
    headers: dict[str, str],
    body: bytes,
) -> None:
    """Take a read however the device posts it."""
    assert (await post(body, method=method, headers=headers)).status == HTTPStatus.OK
    await diary.until(1)
    assert len(diary.plates) == 1
    assert diary.plates[0]


async def test_large_post_is_read_beside_the_loop(
    hass: HomeAssistant, post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Take a picture of the size that cameras send."""
    scene = picture_piece(jpeg(600_000), "detectionPicture.jpg")
    body = Framing().multipart(Piece(body=document("deepinview.xml")), scene)
    with patch.object(
        hass, "async_add_executor_job", wraps=hass.async_add_executor_job
    ) as beside:
        await post(body)
        await diary.until(2)
    assert beside.call_count == 1
    picture = diary.pages[1]
    assert isinstance(picture, ReadPicture)
    assert picture.data == scene.body


async def test_values_in_the_path(
    post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Take a read whose values are in the query."""
    query = "?eventType=ANPR&channelID=1&licensePlate=AB123CD&confidenceLevel=91"
    await post(b"", path=post.path + query, headers={"Content-Type": "text/plain"})
    await diary.until(1)
    assert diary.plates == ["AB123CD"]


async def test_events_are_handed_on(
    post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Count what is no read apart."""
    await post(document("motion.xml"), headers={"Content-Type": "application/xml"})
    await diary.until(1)
    assert isinstance(diary.pages[0], DeviceEvent)
    assert post.receiver.counts.other_events == 1
    assert post.receiver.counts.reads == 0


async def test_closed_receiver_takes_nothing(
    hass: HomeAssistant, post: Post, diary: Diary
) -> None:
    """Close the door, and open it a second time."""
    doors = async_get_doors(hass)
    await doors.async_close(post.entry.entry_id)
    if post.is_own_port:
        with pytest.raises(ClientConnectorError):
            await post()
    else:
        assert (await post()).status == HTTPStatus.OK
    assert post.receiver.counts.posts == 0
    second = Listening(hass, post.entry, AsyncMock(), diary)
    await second.async_open()
    await post()
    assert second.counts.posts == 1


async def test_failing_listener_does_not_end_listening(
    post: Post,
    diary: Diary,
    reading: asyncio.Task[None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Log an error of ours, and take the next read."""
    diary.failure = RuntimeError("of ours")
    await post(plate_alert("FIRST11"))
    await diary.until(1)
    diary.failure = None
    await post(plate_alert("SECOND2"))
    await diary.until(2)
    assert diary.plates == ["FIRST11", "SECOND2"]
    assert [
        record.exc_info is not None
        for record in caplog.records
        if record.levelno == logging.ERROR and record.name == listening.__name__
    ] == [True]


@contextmanager
def device_time(ahead: timedelta) -> Iterator[AsyncMock]:
    """Let the device answer what time it is."""
    path = "custom_components.hikvision_anpr.intake.timekeeper.async_get_time"
    with patch(path) as asked:
        asked.side_effect = lambda client: DeviceTime(
            local_time=dt_util.utcnow() + ahead, mode="NTP", time_zone=None
        )
        yield asked


async def test_clock_is_asked_before_a_read_is_old(
    hass: HomeAssistant, post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Measure the clock of a device that was set meanwhile."""
    clock = DeviceClock(UTC)
    keeper = Timekeeper(AsyncMock(), clock)
    post.receiver._timekeeper = keeper  # noqa: SLF001
    clock.measure(dt_util.utcnow(), dt_util.utcnow() - timedelta(minutes=1))
    hour = timedelta(hours=1)
    sent_at = (dt_util.utcnow() - hour).isoformat()
    body = (
        "<EventNotificationAlert><eventType>ANPR</eventType>"
        f"<dateTime>{sent_at}</dateTime>"
        "<ANPR><licensePlate>AB123CD</licensePlate></ANPR></EventNotificationAlert>"
    )
    with device_time(-hour) as asked:
        await post(body.encode())
        await diary.until(1)
    asked.assert_called_once()
    read = diary.pages[0]
    assert isinstance(read, PlateRead)
    assert clock.is_fresh(read.captured_at, diary.received[0])
