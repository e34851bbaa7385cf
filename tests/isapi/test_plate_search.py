"""Test searching the plates that a device has stored (reference 8.3)."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from xml.sax.saxutils import escape

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import NotSupportedError
from custom_components.hikvision_anpr.isapi.plate_read import PictureInfo
from custom_components.hikvision_anpr.isapi.plate_search import async_search_plates
from custom_components.hikvision_anpr.isapi.plates import PlateRecord

from .disk import Disk
from .web_server import WebServer

PATH = "/ISAPI/ContentMgmt/search"
START = datetime(2026, 5, 18, 6, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
CROP = "ch01_0000001970000000001_00@20260518120001_AB123CD"
SCENE = "ch01_0000001970000000001_02@20260518120001_AB123CD"
OF_RECORDER = "ch00001_00000003715078228105600525123_AB123CD"
VEHICLES = "recordType.meta.hikvision.com/vehicleDetection"
CAPTURED = START + timedelta(seconds=1)


def item(
    name: str,
    second: int = 1,
    *,
    track: int = 103,
    descriptor: str = VEHICLES,
    address: str = "http://192.0.2.9/Streaming/tracks/103/?name={}&size=4203",
) -> str:
    """Return a picture of some seconds after the start."""
    moment = f"{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f"<searchMatchItem><trackID>{track}</trackID><timeSpan>"
        f"<startTime>{moment}</startTime><endTime>{moment}</endTime></timeSpan>"
        "<mediaSegmentDescriptor><contentType>picture</contentType>"
        f"<playbackURI>{escape(address.format(name))}</playbackURI>"
        "</mediaSegmentDescriptor><metadataMatches>"
        f"<metadataDescriptor>{descriptor}</metadataDescriptor></metadataMatches>"
        "</searchMatchItem>"
    )


async def search(
    client: IsapiClient, web_server: WebServer, *items: str, zone: tzinfo = UTC
) -> list[PlateRecord]:
    """Return what is found among some items."""
    web_server.answers[PATH] = Disk(list(items), cap=3).search
    return await async_search_plates(client, 1, START, END, zone=zone)


async def test_vehicle_with_two_pictures(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Read one vehicle, by the name of its pictures and the time of the match."""
    address = "http://192.0.2.9/Streaming/tracks/103/?name={}&size=4203"
    pictures = (
        PictureInfo(kind=kind, file_name=name, url=address.format(name))
        for kind, name in (("licensePlatePicture", CROP), ("detectionPicture", SCENE))
    )
    items = item(CROP), item(SCENE), item(CROP)
    assert await search(client, web_server, *items) == [
        PlateRecord(
            plate="AB123CD",
            captured_at=CAPTURED,
            listed_at=CAPTURED,
            pictures=tuple(pictures),
        )
    ]


@pytest.mark.parametrize(
    ("name", "size", "kind"),
    [
        (OF_RECORDER, "4203", "licensePlatePicture"),
        (OF_RECORDER, "1944823", "detectionPicture"),
        (OF_RECORDER, "", "detectionPicture"),
        (OF_RECORDER, "many", "detectionPicture"),
        (CROP, "1944823", "licensePlatePicture"),
        (SCENE, "4203", "detectionPicture"),
        (CROP.replace("_00@", "_07@"), "4203", None),
    ],
)
async def test_kind_of_picture(
    client: IsapiClient, web_server: WebServer, name: str, size: str, kind: str | None
) -> None:
    """Tell a plate from a scene by the digits in the name, else by the size."""
    address = f"http://192.0.2.9/Streaming/tracks/103/?name={{}}&size={size}"
    (found,) = await search(client, web_server, item(name, address=address))
    assert [picture.kind for picture in found.pictures] == [kind] * bool(kind)


async def test_question(client: IsapiClient, web_server: WebServer) -> None:
    """Ask for the pictures of all vehicles of a channel, in the device's spelling."""
    disk = Disk([])
    web_server.answers[PATH] = disk.search
    await async_search_plates(client, 2, START, END)
    (asked,) = disk.asked
    assert asked["trackID"] == "203"
    assert asked["contentType"] == "metadata"
    assert asked["metadataDescriptor"].endswith("/vehicleDetection")
    assert asked["plateSearchMask"] == ""
    assert asked["country"] == "255"
    await async_search_plates(client, 2, START, END, part="<B&")
    assert disk.asked[1]["plateSearchMask"] == "<B&"


@pytest.mark.parametrize(
    ("name", "plate"),
    [
        (OF_RECORDER, "AB123CD"),
        ("ch00002_00000003715078228105600525123_unknown", None),
        ("ch01_0000001970000000001_00@20260518120001_", None),
        ("ch01_0000001970000000001_00@20260518120001_A_1", "A_1"),
        ("ch01_1_00@20260518120001_京A12345", "京A12345"),
        ("ch01_1_00@20260518120001_%E4%BA%ACA12345", "京A12345"),
    ],
)
async def test_names(
    client: IsapiClient, web_server: WebServer, name: str, plate: str | None
) -> None:
    """Read the plate off the names of cameras and of recorders."""
    (found,) = await search(client, web_server, item(name))
    assert found.plate == plate


async def test_several_vehicles(client: IsapiClient, web_server: WebServer) -> None:
    """Sort vehicles by time, and tell them apart by plate and second."""
    items = [
        item(f"ch01_{number}_00@20260518120001_{plate}", second)
        for number, (plate, second) in enumerate(
            [("CD456EF", 9), ("AB123CD", 1), ("AB123CD", 60), ("EF789GH", 1)]
        )
    ]
    found = await search(client, web_server, *items)
    assert [(one.plate, (one.captured_at - START).seconds) for one in found] == [
        ("AB123CD", 1),
        ("EF789GH", 1),
        ("CD456EF", 9),
        ("AB123CD", 60),
    ]


@pytest.mark.parametrize(
    "other",
    [
        item(CROP, track=203),
        item(CROP, -1),
        item(CROP, 3600),
        item(CROP, descriptor="recordType.meta.hikvision.com/motion"),
        item("ch01_00000000123000000"),
        item("00000000123000000_AB123CD"),
        item(f"ch01_1_{'X' * 33}"),
        item("", address="rtsp://[bad/?name={}"),
    ],
    ids=["track", "before", "after", "motion", "plain", "name", "long", "address"],
)
async def test_what_is_no_vehicle_of_this_time(
    client: IsapiClient, web_server: WebServer, other: str
) -> None:
    """Leave out what was not asked for, and what tells no plate."""
    found = await search(client, web_server, other, item(OF_RECORDER))
    assert [record.captured_at for record in found] == [CAPTURED]


async def test_descriptor_is_not_told(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Take a picture that does not say what it is by its name."""
    assert await search(client, web_server, item(CROP, descriptor=""))


async def test_local_time(client: IsapiClient, web_server: WebServer) -> None:
    """Read the local time of a recorder that means it by Z."""
    zone = timezone(timedelta(hours=2))
    (found,) = await search(client, web_server, item(OF_RECORDER, 7201), zone=zone)
    assert found.captured_at == CAPTURED


@pytest.mark.parametrize(
    ("status", "answer"),
    [(403, "notSupport"), (403, "lowPrivilege"), (400, "badXmlContent"), (404, "")],
)
async def test_no_search(
    client: IsapiClient, web_server: WebServer, status: int, answer: str
) -> None:
    """Take every refusal for a search that the device, or the user, does not have."""
    body = f"<ResponseStatus><subStatusCode>{answer}</subStatusCode></ResponseStatus>"
    web_server.answer(PATH, body.encode(), status=status)
    with pytest.raises(NotSupportedError):
        await async_search_plates(client, 1, START, END)
