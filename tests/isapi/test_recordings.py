"""Test searching a device's recordings, with the traps of the search (reference 8.3)."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from xml.sax.saxutils import escape

import pytest

from custom_components.hikvision_anpr.isapi import content_search
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    BadAnswerError,
    NotSupportedError,
)
from custom_components.hikvision_anpr.isapi.recordings import (
    Recording,
    async_search_recordings,
)

from .disk import Disk
from .web_server import WebServer

PATH = "/ISAPI/ContentMgmt/search"
START = datetime(2026, 5, 18, 6, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
URI = (
    "rtsp://192.0.2.9/Streaming/tracks/201/?starttime=20260518T060000Z"
    "&endtime=20260518T060100Z&name=00000000123000000&size=4203"
)


def item(minute: int, *, track: int = 201, uri: str = URI, length: int = 1) -> str:
    """Return a match of some minutes, so many after the start."""
    begin = START + timedelta(minutes=minute)
    end = begin + timedelta(minutes=length)
    return (
        f"<searchMatchItem><trackID>{track}</trackID><timeSpan>"
        f"<startTime>{begin:%Y-%m-%dT%H:%M:%SZ}</startTime>"
        f"<endTime>{end:%Y-%m-%dT%H:%M:%SZ}</endTime></timeSpan>"
        "<mediaSegmentDescriptor><contentType>video</contentType>"
        f"<playbackURI>{escape(uri)}</playbackURI></mediaSegmentDescriptor>"
        "</searchMatchItem>"
    )


async def search(
    client: IsapiClient, web_server: WebServer, disk: Disk, zone: tzinfo = UTC
) -> list[Recording]:
    """Return what is found on a disk for channel 2."""
    web_server.answers[PATH] = disk.search
    return await async_search_recordings(client, 2, START, END, zone=zone)


async def test_recording(client: IsapiClient, web_server: WebServer) -> None:
    """Ask for a track by time, and read what is there."""
    disk = Disk([item(0)])
    assert await search(client, web_server, disk) == [
        Recording(
            channel=2,
            start=START,
            end=START + timedelta(minutes=1),
            playback_uri=URI,
            name="00000000123000000",
            size=4203,
        )
    ]
    (asked,) = disk.asked
    assert asked["trackID"] == "201"
    assert asked["contentType"] == "video"
    assert asked["startTime"] == "2026-05-18T06:00:00Z"
    assert asked["endTime"] == "2026-05-18T07:00:00Z"


async def test_nothing_recorded(client: IsapiClient, web_server: WebServer) -> None:
    """Find nothing on an empty disk."""
    assert await search(client, web_server, Disk([])) == []


async def test_capped_pages(client: IsapiClient, web_server: WebServer) -> None:
    """Ask on where a page is shorter than asked for, within one search."""
    disk = Disk([item(minute) for minute in range(7)], cap=3)
    found = await search(client, web_server, disk)
    assert [recording.start.minute for recording in found] == list(range(7))
    positions = [asked["searchResultPostion"] for asked in disk.asked]
    assert positions == ["0", "3", "6"]
    assert len({asked["searchID"] for asked in disk.asked}) == 1


async def test_same_page_again(client: IsapiClient, web_server: WebServer) -> None:
    """Stop at a device that answers its first page for ever."""
    disk = Disk([item(minute) for minute in range(7)], cap=3, stuck=True)
    assert len(await search(client, web_server, disk)) == 3
    assert len(disk.asked) == 2


async def test_no_end(
    client: IsapiClient, web_server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Give up a search that goes on and on."""
    monkeypatch.setattr(content_search, "MOST_PAGES", 3)
    disk = Disk([item(minute) for minute in range(7)], cap=1)
    with pytest.raises(BadAnswerError):
        await search(client, web_server, disk)


async def test_another_recording(client: IsapiClient, web_server: WebServer) -> None:
    """Leave out what was recorded at another time or by another channel."""
    disk = Disk(
        [item(-90), item(90), item(-1), item(5, track=101), item(-5, length=10)]
    )
    (found,) = await search(client, web_server, disk)
    assert found.start == START - timedelta(minutes=5)


async def test_local_time(client: IsapiClient, web_server: WebServer) -> None:
    """Write and read the local time of a recorder that means it by Z."""
    zone = timezone(timedelta(hours=2))
    disk = Disk([item(150)])
    (found,) = await search(client, web_server, disk, zone)
    assert disk.asked[0]["startTime"] == "2026-05-18T08:00:00Z"
    assert found.start == START + timedelta(minutes=30)


@pytest.mark.parametrize("uri", [URI, escape(URI)], ids=["once", "twice"])
async def test_escapes(client: IsapiClient, web_server: WebServer, uri: str) -> None:
    """Read an address that the device escapes once or twice alike."""
    (found,) = await search(client, web_server, Disk([item(0, uri=uri)]))
    assert found.playback_uri == URI


@pytest.mark.parametrize(
    "uri",
    ["rtsp://[bad/?size=1", "rtsp://192.0.2.9/?size=many", "name"],
)
async def test_odd_address(
    client: IsapiClient, web_server: WebServer, uri: str
) -> None:
    """Keep a recording whose address says nothing of its file."""
    (found,) = await search(client, web_server, Disk([item(0, uri=uri)]))
    assert (found.name, found.size) == (None, None)


async def test_incomplete_match(client: IsapiClient, web_server: WebServer) -> None:
    """Leave out what has no time or no address, and go on behind it."""
    broken = "<searchMatchItem><trackID>201</trackID></searchMatchItem>"
    disk = Disk([broken, item(1), item(2)], cap=1)
    assert len(await search(client, web_server, disk)) == 2


async def test_no_search(client: IsapiClient, web_server: WebServer) -> None:
    """Say that a device cannot search."""
    web_server.answer(
        PATH,
        b"<ResponseStatus><statusCode>4</statusCode>"
        b"<subStatusCode>notSupport</subStatusCode></ResponseStatus>",
        status=403,
    )
    with pytest.raises(NotSupportedError):
        await async_search_recordings(client, 2, START, END)
