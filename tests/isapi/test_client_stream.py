"""Test answers that never end."""

import asyncio

from aiohttp import web
import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    BadAnswerError,
    IsapiError,
    NotSupportedError,
    StreamSlotsFullError,
    UnreachableError,
)
from custom_components.hikvision_anpr.isapi.limits import Limits
from custom_components.hikvision_anpr.isapi.login import LoginGuard

from .conftest import MakeClient
from .web_server import WebServer

INFO = "/ISAPI/System/deviceInfo"
STREAM = "/ISAPI/Event/notification/alertStream"
PART = b"--boundary\r\nContent-Type: application/xml\r\n\r\n<Alert/>\r\n"
FULL = (
    b"<ResponseStatus><statusCode>4</statusCode>"
    b"<subStatusCode>armingFull</subStatusCode></ResponseStatus>"
)


class Stream:
    """Serve one stream, and say when its reader went."""

    def __init__(
        self, content_type: str = "multipart/mixed; boundary=boundary"
    ) -> None:
        """Serve a type of stream."""
        self.content_type = content_type
        self.left = asyncio.Event()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Send one part, then nothing."""
        response = web.StreamResponse(headers={"Content-Type": self.content_type})
        response.force_close()
        await response.prepare(request)
        await response.write(PART)
        try:
            while request.transport is not None:
                await asyncio.sleep(0.01)
        finally:
            self.left.set()
        return response


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed; boundary=boundary",
        'multipart/form-data; boundary="boundary"',
        "multipart/x-mixed-replace",
    ],
)
async def test_stream(
    client: IsapiClient, web_server: WebServer, content_type: str
) -> None:
    """Read a stream of any kind of multipart, and hang up at the end."""
    stream = Stream(content_type)
    web_server.answers[STREAM] = stream
    async with client.stream(STREAM, silence_seconds=30) as response:
        assert await response.content.readexactly(len(PART)) == PART
    await asyncio.wait_for(stream.left.wait(), 10)
    assert len(web_server.seen) == 2


async def test_stream_outlasts_the_time_of_a_request(
    client: IsapiClient, web_server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bound the opening of a stream, not its life; others get their turn."""
    go_on = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        """Send the first part only when told to."""
        response = web.StreamResponse(headers={"Content-Type": "multipart/mixed"})
        await response.prepare(request)
        await go_on.wait()
        await response.write(PART)
        return response

    web_server.answers[STREAM] = slow
    web_server.answer(INFO, b"<DeviceInfo/>")
    async with client.stream(STREAM, silence_seconds=3600) as response:
        assert (await client.get(INFO)).name == "DeviceInfo"
        loop = asyncio.get_running_loop()
        later = loop.time() + 10 * Limits().answer_seconds
        monkeypatch.setattr(loop, "time", lambda: later)
        go_on.set()
        assert await response.content.readexactly(len(PART)) == PART
        assert await response.content.read() == b""


async def test_silent_stream(client: IsapiClient, web_server: WebServer) -> None:
    """Report a stream that fell silent."""
    web_server.answers[STREAM] = Stream()
    with pytest.raises(UnreachableError):
        async with client.stream(STREAM, silence_seconds=0.05) as response:
            await response.content.read()


async def test_broken_stream(client: IsapiClient, web_server: WebServer) -> None:
    """Report a stream that broke off."""

    async def broken(request: web.Request) -> web.StreamResponse:
        """Break off within a chunk."""
        response = web.StreamResponse(headers={"Content-Type": "multipart/mixed"})
        response.content_length = 10**6
        await response.prepare(request)
        await response.write(PART)
        assert request.transport is not None
        request.transport.close()
        return response

    web_server.answers[STREAM] = broken
    with pytest.raises(UnreachableError):
        async with client.stream(STREAM, silence_seconds=30) as response:
            await response.content.read()


async def test_reader_keeps_its_own_errors(
    client: IsapiClient, web_server: WebServer, guard: LoginGuard
) -> None:
    """Leave alone what the reader of a stream raises, and hang up."""
    stream = Stream()
    web_server.answers[STREAM] = stream
    with pytest.raises(FileNotFoundError):
        async with client.stream(STREAM, silence_seconds=30):
            raise FileNotFoundError
    await asyncio.wait_for(stream.left.wait(), 10)
    assert not guard.turn.locked()


@pytest.mark.parametrize(
    ("status", "content_type", "body", "expected"),
    [
        (200, "application/xml", FULL, StreamSlotsFullError),
        (403, "application/xml", FULL, StreamSlotsFullError),
        (404, "text/html", b"", NotSupportedError),
        (200, "text/html", b"<html></html>", BadAnswerError),
        (200, "application/xml", b"<DeviceInfo/>", BadAnswerError),
        (200, "application/json", b"{}", BadAnswerError),
        (302, "multipart/mixed", b"", BadAnswerError),
    ],
)
async def test_no_stream(
    client: IsapiClient,
    web_server: WebServer,
    status: int,
    content_type: str,
    body: bytes,
    expected: type[IsapiError],
) -> None:
    """Raise what a device answers in place of a stream."""
    web_server.answer(STREAM, body, status=status, content_type=content_type)
    with pytest.raises(IsapiError) as raised:
        async with client.stream(STREAM, silence_seconds=30):
            pytest.fail("a stream opened")
    assert raised.type is expected


async def test_stream_that_does_not_open(
    make_client: MakeClient, web_server: WebServer
) -> None:
    """Give up on a device that does not open its stream."""

    async def never(request: web.Request) -> web.Response:
        """Think for ever."""
        await asyncio.Event().wait()
        raise AssertionError

    web_server.answers[STREAM] = never
    client = make_client(web_server.port, limits=Limits(answer_seconds=0.05))
    with pytest.raises(UnreachableError):
        async with client.stream(STREAM, silence_seconds=30):
            pytest.fail("a stream opened")
