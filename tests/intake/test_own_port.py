"""Test what a port of our own does beyond what the web server does."""

import asyncio
from collections.abc import AsyncIterator
import gzip
from http import HTTPStatus
import socket
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.const import CONF_HOST, CONF_WEBHOOK_ID, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import CONF_LISTENING_PORT, DOMAIN
from custom_components.hikvision_anpr.intake import listening as receiving, own_port
from custom_components.hikvision_anpr.intake.doors import async_get_doors
from custom_components.hikvision_anpr.intake.listening import Listening
from custom_components.hikvision_anpr.intake.mailbox import Arrival, Mailbox
from custom_components.hikvision_anpr.intake.own_port import PortError
from tests.isapi.fixtures import plate_alert

from .receiver import PATIENCE, Diary, Post

REFUSED = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
NOTHING = b"GET / HTTP/1.1\r\n\r\n"
TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.fixture
def port(unused_tcp_port: int) -> int:
    """Return a port of our own."""
    return unused_tcp_port


def request(post: Post, body: bytes, *headers: str, query: str = "") -> bytes:
    """Write a request as a device does."""
    lines = [
        f"POST {post.path}{query} HTTP/1.1",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def test_blanks_in_the_request_line(
    post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Take values that a device did not encode, which the web server refuses."""
    query = (
        "?eventType=ANPR&licensePlate=AB 12 CDE&vehicleColor=dark red"
        "&dateTime=2026-04-07T08:15:30+02:00"
    )
    assert await post.raw(request(post, b"", "Connection: close", query=query)) == TAKEN
    await diary.until(1)
    assert diary.plates == ["AB 12 CDE"]


async def test_several_posts_over_one_connection(
    post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Answer one after the other, also where they came at once."""
    plates = ["FIRST11", "SECOND22", "THIRD33"]
    requests = [request(post, plate_alert(plate)) for plate in plates]
    answers = await post.raw(
        b"".join(requests), request(post, b"", "Connection: close")
    )
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == len(plates) + 1
    await diary.until(len(plates))
    assert diary.plates == plates


async def test_body_after_consent(
    post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Tell a sender that waits to go on, unless it is a stranger."""
    body = plate_alert("AB123CD")
    whole = request(post, body, "Expect: 100-continue", "Connection: close")
    reader, writer = await post.connect()
    async with asyncio.timeout(PATIENCE):
        writer.write(whole.removesuffix(body))
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(body)
        assert await reader.read() == TAKEN
    writer.close()
    await diary.until(1)
    stranger = whole.removesuffix(body).replace(post.path.encode(), b"/elsewhere")
    assert await post.raw(stranger) == REFUSED


@pytest.mark.parametrize("packed", [gzip.compress(plate_alert("AB123CD")), None])
async def test_packed_body(
    post: Post, diary: Diary, reading: asyncio.Task[None], packed: bytes | None
) -> None:
    """Unpack a body that says so, and take one that only says so as it is."""
    body = packed or plate_alert("AB123CD")
    headers = ("Content-Encoding: gzip", "Connection: close")
    assert await post.raw(request(post, body, *headers)) == TAKEN
    await diary.until(1)
    assert diary.plates == ["AB123CD"]


@pytest.mark.parametrize(
    "sent",
    [
        NOTHING,
        b"POST / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + b"A: b\r\n" * 1000 + b"\r\n",
        b"A" * 200_000,
        b"POST / HTTP/1.1\r\nContent-Length: 500000\r\n\r\n" + bytes(500_000),
    ],
)
async def test_one_answer_for_all_strangers(post: Post, sent: bytes) -> None:
    """Answer all that is no post of the device alike."""
    assert await post.raw(sent) == REFUSED


async def test_slow_head(post: Post) -> None:
    """Hang up on a sender that does not come to the point."""
    with patch.object(own_port, "HEAD_SECONDS", 0.05):
        assert await post.raw(b"POST / HTT") == b""


@pytest.mark.parametrize(
    ("host", "limit"),
    [("192.0.2.10", "MOST_OF_STRANGERS"), ("127.0.0.1", "MOST_OF_A_SOURCE")],
)
async def test_too_many_connections(post: Post, host: str, limit: str) -> None:
    """Hang up at once on one too many, and answer again when there is room."""
    with patch.object(own_port, limit, 3):
        lines = [await post.connect() for _ in range(3)]
        assert await attempt(post) == b""
        for reader, writer in lines:
            writer.write(NOTHING)
            writer.write_eof()
            assert await reader.read() == REFUSED
            writer.close()
        async with asyncio.timeout(PATIENCE):
            while await attempt(post) != REFUSED:
                await asyncio.sleep(0.01)


async def attempt(post: Post) -> bytes:
    """Ask for nothing, and return what is answered before the end."""
    try:
        return await post.raw(NOTHING)
    except ConnectionError:
        return b""


async def test_strangers_leave_room_for_devices(
    post: Post, diary: Diary, reading: asyncio.Task[None]
) -> None:
    """Hear a device while strangers hold all the connections they may."""
    with patch.object(own_port, "MOST_OF_STRANGERS", 0):
        sent = request(post, plate_alert("AB123CD"), "Connection: close")
        assert await post.raw(sent) == TAKEN
    await diary.until(1)


@pytest.fixture
async def second(
    hass: HomeAssistant, post: Post, port: int, diary: Diary
) -> AsyncIterator[Listening]:
    """Open the door of a second device at the same port."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Exit",
        data={CONF_HOST: "127.0.0.1", CONF_WEBHOOK_ID: "second"},
        options={CONF_LISTENING_PORT: port},
    )
    listening = Listening(hass, entry, AsyncMock(), diary)
    await listening.async_open()
    yield listening
    await async_get_doors(hass).async_close(entry.entry_id)


async def test_devices_share_a_port(
    hass: HomeAssistant, post: Post, second: Listening
) -> None:
    """Tell devices apart by their paths; the port closes behind the last."""
    doors = async_get_doors(hass)
    await post(path="/api/webhook/second")
    assert (post.receiver.counts.posts, second.counts.posts) == (0, 1)
    await doors.async_close(post.entry.entry_id)
    assert (await post()).status == HTTPStatus.NOT_FOUND
    assert (await post(path="/api/webhook/second")).status == HTTPStatus.OK
    assert doors.ports == (post.port,)


async def test_port_closes_with_home_assistant(hass: HomeAssistant, post: Post) -> None:
    """Let a post that is on its way arrive, hang up on others, and be gone."""
    arriving = asyncio.Event()
    take = Mailbox.take

    async def watched(mailbox: Mailbox, arrival: Arrival) -> HTTPStatus:
        """Take a post, and tell when that begins."""
        arriving.set()
        return await take(mailbox, arrival)

    whole = request(post, plate_alert("AB123CD"))
    idle_reader, idle = await post.connect()
    reader, writer = await post.connect()
    async with asyncio.timeout(PATIENCE):
        with patch.object(Mailbox, "take", watched):
            writer.write(whole[:-10])
            await arriving.wait()
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
        assert await idle_reader.read() == b""
        writer.write(whole[-10:])
        assert await reader.read() == TAKEN
    writer.close()
    idle.close()
    await hass.async_block_till_done()
    assert post.receiver.counts.posts == 1
    with pytest.raises(ConnectionRefusedError):
        await post.connect()


async def test_port_that_somebody_else_has(
    hass: HomeAssistant, socket_enabled: None, port: int, diary: Diary
) -> None:
    """Say which port cannot be opened, and why."""
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(PortError) as error,
    ):
        async_get_doors(hass).check(port)
    assert error.value.key == "port_in_use"
    async_get_doors(hass).check(port)


async def test_port_is_opened_when_it_can_be(
    hass: HomeAssistant, socket_enabled: None, port: int
) -> None:
    """Say that nothing can come in, and try again until it can."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        data={CONF_HOST: "127.0.0.1", CONF_WEBHOOK_ID: "abc"},
        options={CONF_LISTENING_PORT: port},
    )
    closed = asyncio.Event()
    listener = Mock(way_closed=Mock(side_effect=lambda way, error: closed.set()))
    listening = Listening(hass, entry, AsyncMock(), listener)
    with patch.object(receiving, "RETRY_SECONDS", 0.01):
        async with asyncio.timeout(PATIENCE):
            with socket.create_server(("127.0.0.1", port)):
                task = hass.async_create_background_task(listening.run(), "listening")
                await closed.wait()
                assert not listening.is_open.is_set()
            await listening.is_open.wait()
    task.cancel()
    await async_get_doors(hass).async_close(entry.entry_id)


async def test_without_ipv6(
    hass: HomeAssistant, socket_enabled: None, port: int
) -> None:
    """Listen over IPv4 where there is nothing else."""
    with patch.object(socket, "has_dualstack_ipv6", return_value=False):
        bound = own_port.bind(port)
    assert bound.family == socket.AF_INET
    bound.close()
