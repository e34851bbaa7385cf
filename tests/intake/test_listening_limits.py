"""Test that hostile posts cost little and do nothing."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final
from unittest.mock import patch

from homeassistant.components.webhook import async_generate_id, async_generate_path
from homeassistant.core import HomeAssistant
import pytest

from custom_components.hikvision_anpr.intake import mailbox
from custom_components.hikvision_anpr.intake.mailbox import Arrival, Mailbox
from tests.isapi.fixtures import Framing, Piece, jpeg, picture_piece, plate_alert

from .receiver import PATIENCE, WHOLE, Diary, Post

BOMB: Final = b"""<?xml version="1.0"?>
<!DOCTYPE bomb [
<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY file SYSTEM "file:///etc/passwd">
]>
<EventNotificationAlert><eventType>&d;&file;</eventType></EventNotificationAlert>"""


@pytest.mark.parametrize("host", ["192.0.2.10"])
async def test_stranger_learns_nothing(post: Post, diary: Diary) -> None:
    """Answer another address just as at a path that is none, and read no byte."""
    refused = await post()
    unknown = await post(path=async_generate_path(async_generate_id()))
    expected = HTTPStatus.NOT_FOUND if post.is_own_port else HTTPStatus.OK
    for answer in (refused, unknown):
        assert answer.status == expected
        assert await answer.read() == b""
    passing = {"Date"}
    assert {k: v for k, v in refused.headers.items() if k not in passing} == {
        k: v for k, v in unknown.headers.items() if k not in passing
    }
    assert post.receiver.counts.from_elsewhere == 1
    assert post.receiver.counts.posts == 0
    assert diary.pages == []


async def test_wrong_path_and_method_have_no_effect(post: Post) -> None:
    """Take nothing but what is posted to the very path."""
    answers = [
        await post(path=post.path[:-1]),
        await post(path=post.path.upper()),
        await post(None, method="GET"),
    ]
    expected = [HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED]
    if post.is_own_port:
        expected = [HTTPStatus.NOT_FOUND] * 3
    assert [answer.status for answer in answers] == expected
    assert post.receiver.counts.posts == 0


async def test_too_large_a_body(
    post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Stop reading at the limit, and do not ask for it again."""
    with patch.object(mailbox, "MAX_BODY_BYTES", 10_000):
        assert (await post(bytes(10_001))).status == HTTPStatus.OK
        assert post.receiver.counts.too_large == 1
        assert post.receiver.counts.posts == 0
        await post()
    await diary.until(3)


@pytest.mark.parametrize(
    ("length", "piece"),
    [
        ("Content-Length: 1099511627776", bytes(1000)),
        ("Transfer-Encoding: chunked", b"3e8\r\n" + bytes(1000) + b"\r\n"),
    ],
    ids=["length", "chunks"],
)
async def test_endless_body(
    post: Post, diary: Diary, reading: asyncio.Task[None], length: str, piece: bytes
) -> None:
    """Answer before the end, which never comes, and hold nothing of it."""
    reader, writer = await post.connect()

    async def go_on() -> None:
        """Send for as long as the other side takes it."""
        writer.write(
            f"POST {post.path} HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode()
        )
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    with patch.object(mailbox, "MAX_BODY_BYTES", 100_000):
        sending = asyncio.create_task(go_on())
        async with asyncio.timeout(PATIENCE):
            status = (await reader.readline()).split()[1]
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    writer.transport.abort()
    declared = post.is_own_port and length.startswith("Content-Length")
    assert status == (b"404" if declared else b"200")
    assert post.receiver.counts.posts == 0
    assert (await post()).status == HTTPStatus.OK
    await diary.until(3)


async def test_too_slow_a_body(post: Post) -> None:
    """Give up a body that does not end, and its place in the queue."""

    async def trickle() -> AsyncIterator[bytes]:
        """Send a few bytes, then no more."""
        yield WHOLE[:100]
        await asyncio.Event().wait()

    with (
        patch.object(mailbox, "BODY_SECONDS", 0.05),
        patch.object(mailbox, "MOST_WAITING", 1),
    ):
        answer = await post(trickle())
        assert answer.status == HTTPStatus.REQUEST_TIMEOUT
        assert post.receiver.counts.torn == 1
        assert (await post()).status == HTTPStatus.OK


async def test_torn_body(post: Post, diary: Diary) -> None:
    """Take nothing of a body whose connection breaks."""
    ended = asyncio.Event()
    take = Mailbox.take

    async def watched(mailbox: Mailbox, arrival: Arrival) -> HTTPStatus:
        """Take a post, and tell when that has ended."""
        try:
            return await take(mailbox, arrival)
        finally:
            ended.set()

    head = f"POST {post.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(WHOLE)}\r\n"
    with patch.object(Mailbox, "take", watched):
        _, writer = await post.connect()
        writer.write(f"{head}\r\n".encode() + WHOLE[:100])
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(PATIENCE):
            await ended.wait()
    assert post.receiver.counts.torn == 1
    assert post.receiver.counts.posts == 0
    assert diary.pages == []


async def test_too_many_at_once(hass: HomeAssistant, post: Post, diary: Diary) -> None:
    """Refuse what does not find a place, and drop nothing that was taken."""
    taken = [plate_alert(f"AB{number}CD") for number in range(mailbox.MOST_WAITING)]
    for body in taken:
        assert (await post(body)).status == HTTPStatus.OK
    answer = await post(plate_alert("LATE1"))
    assert (answer.status, await answer.read()) == (HTTPStatus.SERVICE_UNAVAILABLE, b"")
    task = hass.async_create_background_task(post.receiver.run(), "listening")
    await diary.until(len(taken))
    assert (await post(plate_alert("AGAIN1"))).status == HTTPStatus.OK
    await diary.until(len(taken) + 1)
    task.cancel()
    assert diary.plates == [
        *(f"AB{number}CD" for number in range(len(taken))),
        "AGAIN1",
    ]
    assert post.receiver.counts.refused == 1


async def test_bodies_that_arrive_have_a_place(post: Post) -> None:
    """Count what is on its way among what waits."""
    arriving = asyncio.Event()
    enough = asyncio.Event()

    async def halting() -> AsyncIterator[bytes]:
        """Send half of a body, and the rest when told to."""
        yield WHOLE[:1000]
        arriving.set()
        await enough.wait()
        yield WHOLE[1000:]

    with patch.object(mailbox, "MOST_WAITING", 1):
        slow = asyncio.create_task(post(halting()))
        await arriving.wait()
        await post(path=async_generate_path(async_generate_id()))
        assert (await post()).status == HTTPStatus.SERVICE_UNAVAILABLE
        enough.set()
        assert (await slow).status == HTTPStatus.OK
    assert post.receiver.counts.posts == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0" * 1000,
        BOMB,
        b"<" * 100_000,
        b"[" * 100_000,
        b"--boundary\r\n" * 100_000,
        Framing().multipart(*(Piece(body=b"x") for _ in range(10_000))),
        Framing().multipart(*(picture_piece(jpeg(10)) for _ in range(10_000))),
    ],
    ids=["empty", "zeros", "bomb", "angles", "brackets", "lines", "parts", "pictures"],
)
async def test_hostile_bodies_have_no_effect(
    post: Post, diary: Diary, reading: asyncio.Task[None], body: bytes
) -> None:
    """Answer as always, hand on no read, and read what comes next."""
    assert (await post(body)).status == HTTPStatus.OK
    await post(plate_alert("NEXT11"))
    async with asyncio.timeout(PATIENCE):
        while "NEXT11" not in diary.plates:
            await diary.until(len(diary.pages) + 1)
    assert diary.plates == ["NEXT11"]
    assert not any("passwd" in str(page) for page in diary.pages)
