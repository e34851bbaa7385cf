"""Test asking a device for its table of plates."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    BadAnswerError,
    BusyError,
    IsapiError,
    NotSupportedError,
)
from custom_components.hikvision_anpr.isapi.plate_read import PictureInfo
from custom_components.hikvision_anpr.isapi.plates import PlateRecord, async_get_plates

from .fixtures import at
from .web_server import WebServer

PATH = "/ISAPI/Traffic/channels/1/vehicleDetect/plates"
HERE = timezone(timedelta(hours=2))
AFTER = datetime(2026, 4, 7, 8, 0, 5, tzinfo=HERE)

ROW = b"""<Plate>
  <captureTime>20260407T0815300000</captureTime>
  <plateNumber>AB12CDE</plateNumber>
  <picName>202604070815308800</picName>
  <country>GBR</country>
  <laneNo>2</laneNo>
  <direction>reverse</direction>
</Plate>"""


def picture(name: str) -> tuple[PictureInfo, ...]:
    """Return the picture of a name."""
    return (
        PictureInfo(
            kind="licensePlatePicture",
            file_name=f"{name}.jpg",
            url=f"/doc/ui/images/plate/{name}.jpg",
        ),
    )


RECORD = PlateRecord(
    plate="AB12CDE",
    captured_at=at("2026-04-07T08:15:30+02:00"),
    listed_at=at("2026-04-07T08:15:30.88+02:00"),
    pictures=picture("202604070815308800"),
    country="GB",
    lane=2,
    direction="reverse",
)


def table(*rows: bytes) -> bytes:
    """Return the answer of a device."""
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<Plates version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
        b"%b</Plates>" % b"".join(rows)
    )


async def ask(
    client: IsapiClient, web_server: WebServer, answer: bytes
) -> list[PlateRecord]:
    """Return what is read of an answer."""
    web_server.answer(PATH, answer)
    return await async_get_plates(client, 1, after=AFTER)


async def test_question(client: IsapiClient, web_server: WebServer) -> None:
    """Ask with 18 digits of the device's own time."""
    assert await ask(client, web_server, table()) == []
    (asked,) = web_server.logins
    assert (asked.method, asked.target) == ("POST", PATH)
    assert asked.content_type == "application/xml"
    assert asked.body == (
        b"<AfterTime><picTime>202604070800050000</picTime></AfterTime>"
    )


async def test_question_for_what_follows_a_row(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Ask after a row by the digits of its picture."""
    (record,) = await ask(client, web_server, table(ROW))
    await async_get_plates(client, 1, after=record.listed_at)
    body = web_server.logins[-1].body
    assert body == b"<AfterTime><picTime>202604070815308800</picTime></AfterTime>"


async def test_channel(client: IsapiClient, web_server: WebServer) -> None:
    """Ask for the table of another channel."""
    web_server.answer(PATH.replace("/1/", "/3/"), table(ROW))
    assert await async_get_plates(client, 3, after=AFTER) == [RECORD]


async def test_rows_in_the_order_of_the_device(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Read one row and several, sorted by nobody, one of them twice (trap 54)."""
    earlier = ROW.replace(b"0815", b"0814")
    before = replace(
        RECORD,
        captured_at=RECORD.captured_at - timedelta(minutes=1),
        listed_at=RECORD.listed_at - timedelta(minutes=1),
        pictures=picture("202604070814308800"),
    )
    assert await ask(client, web_server, table(ROW)) == [RECORD]
    found = await ask(client, web_server, table(ROW, earlier, ROW))
    assert found == [RECORD, before, RECORD]


@pytest.mark.parametrize(
    ("capture_time", "captured_at"),
    [
        (b"20260407T0815300000", "2026-04-07T08:15:30+02:00"),
        (b"20260407T0815309900", "2026-04-07T08:15:30+02:00"),
        (b"20260407T081530", "2026-04-07T08:15:30+02:00"),
        (b"20260407T081530-500", "2026-04-07T08:15:30-05:00"),
        (b"20260407T081530+0530", "2026-04-07T08:15:30+05:30"),
        (b"2026-04-07T08:15:30Z", "2026-04-07T08:15:30+00:00"),
        (b"", "2026-04-07T08:15:30+02:00"),
        (b"yesterday", "2026-04-07T08:15:30+02:00"),
    ],
)
async def test_capture_times(
    client: IsapiClient, web_server: WebServer, capture_time: bytes, captured_at: str
) -> None:
    """Read each spelling, and else the picture's name (trap 56)."""
    row = ROW.replace(b"20260407T0815300000", capture_time)
    (record,) = await ask(client, web_server, table(row))
    assert record.captured_at == at(captured_at)
    assert record.captured_at.utcoffset() == at(captured_at).utcoffset()


async def test_long_picture_name(client: IsapiClient, web_server: WebServer) -> None:
    """Keep all 25 digits, in XML and as a number of JSON (trap 53)."""
    name = "2026040708153089540087321"
    row = ROW.replace(b"202604070815308800", name.encode())
    (record,) = await ask(client, web_server, table(row))
    assert record.pictures == picture(name)
    json = f'{{"Plate": {{"picName": {name}, "plateNumber": "AB12CDE"}}}}'
    (record,) = await ask(client, web_server, json.encode())
    assert record.pictures == picture(name)
    assert record.captured_at == RECORD.captured_at


@pytest.mark.parametrize("text", [b"unknown", b"noPlate", b"Unknown", b" ", b""])
async def test_unreadable_plate(
    client: IsapiClient, web_server: WebServer, text: bytes
) -> None:
    """Read a vehicle without a readable plate (trap 3)."""
    (record,) = await ask(client, web_server, table(ROW.replace(b"AB12CDE", text)))
    assert record == replace(RECORD, plate=None)


async def test_chinese_plate(client: IsapiClient, web_server: WebServer) -> None:
    """Take the colour from the character before a plate (trap 5)."""
    row = ROW.replace(b"AB12CDE", "蓝苏A0B0C0".encode())
    (record,) = await ask(client, web_server, table(row))
    assert (record.plate, record.plate_color) == ("蓝苏A0B0C0", "blue")


async def test_bare_row(client: IsapiClient, web_server: WebServer) -> None:
    """Do without what a device does not tell."""
    row = b"<Plate><plateNumber>X1</plateNumber><captureTime>%b</captureTime></Plate>"
    found = await ask(client, web_server, table(row % b"20260407T081530"))
    moment = RECORD.captured_at
    assert found == [PlateRecord(plate="X1", captured_at=moment, listed_at=moment)]


JSON_ROW = (
    b'{"captureTime": "20260407T0815300000", "plateNumber": "AB12CDE",'
    b' "picName": "202604070815308800", "country": "GBR", "laneNo": 2,'
    b' "direction": "reverse"}'
)


@pytest.mark.parametrize(
    "answer",
    [
        b"\0\r\nA3\r\n" + table(ROW),
        b"\xef\xbb\xbf" + table(ROW),
        ROW,
        b"<a><b>" + table(ROW).partition(b"\n")[2] + b"</b></a>",
        b'{"Plates": {"Plate": [%b]}}' % JSON_ROW,
        b'{"Plates": {"Plate": %b}}' % JSON_ROW,
        b'{"Plates": [%b]}' % JSON_ROW,
        b"[%b]" % JSON_ROW,
    ],
)
async def test_wrappings(
    client: IsapiClient, web_server: WebServer, answer: bytes
) -> None:
    """Find the row behind stray bytes, in JSON, and in other elements."""
    assert await ask(client, web_server, answer) == [RECORD]


@pytest.mark.parametrize(
    "answer", [b"", b" \r\n", b"<Plates/>", b'{"Plates": []}', b'{"Plates": null}']
)
async def test_empty_table(
    client: IsapiClient, web_server: WebServer, answer: bytes
) -> None:
    """Read that there is nothing."""
    assert await ask(client, web_server, answer) == []


@pytest.mark.parametrize(
    "bad",
    [
        ROW.replace(b"20260407T0815300000", b"-").replace(b"202604070815308800", b"-"),
        ROW.replace(b"AB12CDE", b"A" * 33),
        ROW.replace(b"<plateNumber>AB12CDE</plateNumber>", b""),
        b"<Plate/>",
        b"text",
    ],
)
async def test_bad_row_is_left_out(
    client: IsapiClient, web_server: WebServer, bad: bytes
) -> None:
    """Leave out what makes no sense, and that alone."""
    assert await ask(client, web_server, table(bad, ROW, bad)) == [RECORD]


REFUSAL = b"<ResponseStatus><statusCode>4</statusCode>%b</ResponseStatus>"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, b"", NotSupportedError),
        (
            200,
            REFUSAL % b"<subStatusCode>notSupport</subStatusCode>",
            NotSupportedError,
        ),
        (503, b"", BusyError),
        (200, b"garbage", BadAnswerError),
    ],
)
async def test_refusals(
    client: IsapiClient,
    web_server: WebServer,
    status: int,
    body: bytes,
    error: type[IsapiError],
) -> None:
    """Raise what a device answers in place of its table."""
    web_server.answer(PATH, body, status=status)
    with pytest.raises(error):
        await async_get_plates(client, 1, after=AFTER)
