"""Test fetching the pictures that a device has stored (reference 4.2, 8.3)."""

from aiohttp import web
from lxml import etree
import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    BadAnswerError,
    BusyError,
    IsapiError,
    NotSupportedError,
)
from custom_components.hikvision_anpr.isapi.stored_pictures import async_get_picture

from .fixtures import jpeg
from .web_server import WebServer

DOWNLOAD = "/ISAPI/ContentMgmt/download"
TRACK = "/Streaming/tracks/103/"
ADDRESS = f"http://192.0.2.9{TRACK}?starttime=20260518T060001Z&name=ch01_1_00@2_AB1"
PICTURE = jpeg()


async def test_by_address(client: IsapiClient, web_server: WebServer) -> None:
    """Fetch from the device, whatever it calls itself, and ask for nothing else."""
    web_server.answer(TRACK, PICTURE, content_type="image/jpeg")
    assert await async_get_picture(client, ADDRESS) == PICTURE
    (seen,) = web_server.logins
    assert seen.target == f"{TRACK}?starttime=20260518T060001Z&name=ch01_1_00@2_AB1"


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 404), (b"<html>Log in</html>", 200), (b"what?", 200), (b"", 400)],
)
async def test_by_download(
    client: IsapiClient, web_server: WebServer, body: bytes, status: int
) -> None:
    """Download what does not come by its address."""

    async def download(request: web.Request) -> web.Response:
        """Answer what the body asks for."""
        asked = etree.fromstring(await request.read()).findtext("playbackURI")
        return web.Response(body=PICTURE, status=200 if asked == ADDRESS else 400)

    web_server.answer(TRACK, body, status=status, content_type="text/html")
    web_server.answers[DOWNLOAD] = download
    assert await async_get_picture(client, ADDRESS) == PICTURE


async def test_neither(client: IsapiClient, web_server: WebServer) -> None:
    """Say that a picture is gone."""
    with pytest.raises(NotSupportedError):
        await async_get_picture(client, ADDRESS)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [(404, b"", NotSupportedError), (503, b"", BusyError), (200, b"", BadAnswerError)],
)
async def test_no_download_of_other_pictures(
    client: IsapiClient,
    web_server: WebServer,
    status: int,
    body: bytes,
    error: type[IsapiError],
) -> None:
    """Download only what a search found."""
    web_server.answer("/picture/1.jpg", body, status=status)
    with pytest.raises(error):
        await async_get_picture(client, "/picture/1.jpg")
    assert DOWNLOAD not in {seen.target for seen in web_server.seen}


async def test_busy_device_is_not_asked_twice(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Try no other way where the device has no time."""
    web_server.answer(TRACK, b"", status=503)
    with pytest.raises(BusyError):
        await async_get_picture(client, ADDRESS)
    assert len(web_server.logins) == 1
