"""Test searching the pictures of vehicles that a simulated device has stored."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final
from xml.sax.saxutils import escape

import aiohttp
from lxml import etree
from yarl import URL

from simulator import DEEPINVIEW, SMALL, Fault, Picture, SimulatedCamera, SimulatedNvr

from .conftest import Connect, StartCamera
from .xml_reading import tree

SEARCH: Final = "/ISAPI/ContentMgmt/search"
NOON: Final = datetime(2026, 7, 1, 12, 0, 0, 250000, UTC)


def asking(track: int = 103, position: int = 0, *, start: str = "12:00:00") -> str:
    """Return the body of a search from a time of that day on, spelt as clients do."""
    return (
        "<CMSearchDescription><searchID>1</searchID>"
        f"<trackList><trackID>{track}</trackID></trackList><timeSpanList><timeSpan>"
        f"<startTime>2026-07-01T{start}Z</startTime>"
        "<endTime>2026-07-01T13:00:00Z</endTime></timeSpan></timeSpanList>"
        "<contentTypeList><contentType>metadata</contentType></contentTypeList>"
        f"<maxResults>50</maxResults><searchResultPostion>{position}"
        "</searchResultPostion><metadataList><metadataDescriptor>"
        "//recordType.meta.std-cgi.com/vehicleDetection</metadataDescriptor>"
        "</metadataList></CMSearchDescription>"
    )


async def answer(session: aiohttp.ClientSession, body: str) -> etree._Element:
    """Return an answer."""
    async with session.post(SEARCH, data=body) as response:
        assert response.status == HTTPStatus.OK
        return tree(await response.read())


def texts(root: etree._Element, name: str) -> list[str]:
    """Return the texts of all elements of a name."""
    return [element.text or "" for element in root.iter(f"{{*}}{name}")]


async def with_card(start_camera: StartCamera) -> SimulatedCamera:
    """Return a camera that stores pictures."""
    camera = await start_camera()
    camera.device.gallery.is_used = True
    return camera


async def test_camera_without_a_card(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Find nothing where nothing is stored."""
    await camera.vehicle_passes("AB123CD", captured_at=NOON)
    assert texts(await answer(session, asking()), "responseStatusStrg") == [
        "NO MATCHES"
    ]


async def test_camera(start_camera: StartCamera, connect: Connect) -> None:
    """List a vehicle twice: times are UTC, names hold the device's time and the plate."""
    camera = await with_card(start_camera)
    await camera.vehicle_passes("AB123CD", captured_at=NOON)
    found = await answer(await connect(camera), asking())
    assert texts(found, "startTime") == ["2026-07-01T12:00:00Z"] * 2
    assert texts(found, "totalMatches") == []
    crop, scene = texts(found, "playbackURI")
    assert "_00@20260701140000_AB123CD&" in crop
    assert "_02@20260701140000_AB123CD&" in scene
    assert set(texts(found, "metadataDescriptor")) == {
        "recordType.meta.hikvision.com/vehicleDetection"
    }


async def test_pages(start_camera: StartCamera, connect: Connect) -> None:
    """Put fewer pictures on a page than were asked for."""
    camera = await with_card(start_camera)
    camera.device.footage.page = 3
    for number in range(2):
        moment = NOON + timedelta(minutes=number)
        await camera.vehicle_passes(f"AB{number}", captured_at=moment)
    session = await connect(camera)
    first = await answer(session, asking())
    assert texts(first, "responseStatusStrg") == ["MORE"]
    assert texts(first, "numOfMatches") == ["3"]
    second = await answer(session, asking(position=3))
    assert texts(second, "responseStatusStrg") == ["OK"]
    assert "_AB1&" in texts(second, "playbackURI")[0]


async def test_local_time(start_camera: StartCamera, connect: Connect) -> None:
    """Take and write the device's own time as UTC, as old recorders do."""
    camera = await with_card(start_camera)
    camera.device.footage.local_times = True
    await camera.vehicle_passes("AB123CD", captured_at=NOON - timedelta(hours=2))
    found = await answer(await connect(camera), asking())
    assert texts(found, "startTime") == ["2026-07-01T12:00:00Z"] * 2


async def test_recorder(socket_enabled: None, connect: Connect) -> None:
    """Let a recorder store one picture of each vehicle, of the camera's channel."""
    nvr = SimulatedNvr(heartbeat_seconds=3600)
    behind = SimulatedCamera(DEEPINVIEW, pictures=SMALL, seed=1)
    nvr.add(3, behind)
    await nvr.start()
    await behind.vehicle_passes("AB123CD", captured_at=NOON)
    await behind.vehicle_passes(None, captured_at=NOON)
    session = await connect(nvr)
    names = texts(await answer(session, asking(303)), "playbackURI")
    assert ["_AB123CD&" in names[0], "_unknown&" in names[1]] == [True, True]
    assert all("name=ch00003_" in name for name in names)
    assert texts(await answer(session, asking(103)), "playbackURI") == []
    await nvr.stop()


async def test_faults(start_camera: StartCamera, connect: Connect) -> None:
    """List what was not asked for, and escape addresses once too often."""
    camera = await with_card(start_camera)
    for hours in (-5, 0):
        moment = NOON + timedelta(hours=hours)
        await camera.vehicle_passes(f"AB{-hours}", captured_at=moment)
    session = await connect(camera)
    camera.faults.on(Fault.SEARCH_OTHER_PICTURES, times=1)
    names = texts(await answer(session, asking()), "playbackURI")
    assert [name.split("_")[-1].split("&")[0] for name in names] == [
        "AB0",
        "AB0",
        "MOTION",
        "AB5",
        "AB5",
    ]
    camera.faults.on(Fault.SEARCH_ESCAPED_TWICE, times=1)
    names = texts(await answer(session, asking()), "playbackURI")
    assert all("&amp;name=" in name for name in names)


async def test_pictures(start_camera: StartCamera, connect: Connect) -> None:
    """Give a picture at its address, or to who sends the address, escaped again."""
    camera = await with_card(start_camera)
    passed = await camera.vehicle_passes("AB123CD", captured_at=NOON)
    session = await connect(camera)
    address = URL(texts(await answer(session, asking()), "playbackURI")[0])
    path = address.relative()
    request = (
        f"<downloadRequest><playbackURI>{escape(str(address))}</playbackURI>"
        "</downloadRequest>"
    )
    download = "/ISAPI/ContentMgmt/download"
    async with session.get(path) as response:
        assert await response.read() == passed.jpegs[Picture.PLATE]
    for method in ("GET", "POST"):
        async with session.request(method, download, data=request) as response:
            assert await response.read() == passed.jpegs[Picture.PLATE]
    camera.device.gallery.by_address = camera.device.gallery.by_download = False
    async with session.get(path) as response:
        assert response.status == HTTPStatus.NOT_FOUND
    async with session.get(download, data=request) as response:
        assert response.status == HTTPStatus.METHOD_NOT_ALLOWED
    camera.device.gallery.by_address = True
    camera.device.gallery.pictures.clear()
    async with session.get(path) as response:
        assert response.status == HTTPStatus.NOT_FOUND
    async with session.get(download, data="no document") as response:
        assert response.status == HTTPStatus.METHOD_NOT_ALLOWED
    camera.device.gallery.by_download = True
    async with session.get(download, data="no document") as response:
        assert response.status == HTTPStatus.BAD_REQUEST
