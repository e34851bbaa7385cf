"""Test what is read of a device's identity, clock and pictures."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.clock import async_get_time, utc_offset
from custom_components.hikvision_anpr.isapi.device import (
    DeviceInfo,
    async_get_device_info,
)
from custom_components.hikvision_anpr.isapi.errors import (
    BadAnswerError,
    BusyError,
    NotSupportedError,
)
from custom_components.hikvision_anpr.isapi.snapshot import async_get_snapshot

from .web_server import WebServer

INFO = "/ISAPI/System/deviceInfo"
TIME = "/ISAPI/System/time"
STREAMS = "/ISAPI/Streaming/channels"
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"

CAMERA = b"""<?xml version="1.0" encoding="UTF-8"?>
<DeviceInfo version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
  <deviceName min="1" max="32">North gate</deviceName>
  <model>iDS-2CD7T00/P</model>
  <serialNumber>iDS-2CD7T00/P 20260102AAWRT00000042
  </serialNumber>
  <macAddress>02-00-5E-00-53-01</macAddress>
  <firmwareVersion>V5.8.1</firmwareVersion>
  <firmwareReleasedDate>build 260102</firmwareReleasedDate>
  <deviceType>IPCamera</deviceType>
  <manufacturer>hikvision</manufacturer>
</DeviceInfo>"""


@pytest.fixture(autouse=True)
def no_login(web_server: WebServer) -> None:
    """Leave out the login, which others test."""
    web_server.open_to_all = True


def device_info(**fields: str) -> bytes:
    """Write a DeviceInfo."""
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in fields.items())
    return f"<DeviceInfo>{inner}</DeviceInfo>".encode()


async def test_device_info(client: IsapiClient, web_server: WebServer) -> None:
    """Read who a camera is."""
    web_server.answer(INFO, CAMERA)
    info = await async_get_device_info(client)
    assert info == DeviceInfo(
        name="North gate",
        model="iDS-2CD7T00/P",
        serial_number="iDS-2CD7T00/P 20260102AAWRT00000042",
        mac_address="02:00:5e:00:53:01",
        firmware="V5.8.1 build 260102",
        device_type="IPCamera",
        manufacturer="hikvision",
    )
    assert not info.is_nvr


async def test_device_info_in_json(client: IsapiClient, web_server: WebServer) -> None:
    """Read who a device is that says little, and that in JSON."""
    web_server.answer(
        INFO,
        b'{"DeviceInfo": {"serialNumber": "T42", "deviceType": "NVR"}}',
        content_type="application/json",
    )
    info = await async_get_device_info(client)
    assert info.serial_number == "T42"
    assert info.is_nvr
    assert (info.name, info.model, info.mac_address, info.firmware) == (None,) * 4


@pytest.mark.parametrize(
    ("device_type", "is_nvr"),
    [
        ("NVR", True),
        ("DVR", True),
        ("hybridNVR", True),
        ("IPCamera", False),
        ("IPDome", False),
        ("31", False),
    ],
)
async def test_recorder(
    client: IsapiClient, web_server: WebServer, device_type: str, is_nvr: bool
) -> None:
    """Tell a recorder by its type."""
    web_server.answer(INFO, device_info(serialNumber="T42", deviceType=device_type))
    assert (await async_get_device_info(client)).is_nvr is is_nvr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("02:00:5e:00:53:01", "02:00:5e:00:53:01"),
        ("02005E005301", "02:00:5e:00:53:01"),
        ("0200.5e00.5301", "02:00:5e:00:53:01"),
        ("00:00:00:00:00:00", None),
        ("02:00:5e:00:53", None),
        ("none", None),
    ],
)
async def test_mac_address(
    client: IsapiClient, web_server: WebServer, text: str, expected: str | None
) -> None:
    """Write every MAC address one way."""
    web_server.answer(INFO, device_info(serialNumber="T42", macAddress=text))
    assert (await async_get_device_info(client)).mac_address == expected


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html><body>Router</body></html>"),
        (200, b"<service><device>Another</device></service>"),
        (200, b"hello"),
        (200, device_info(serialNumber=" ", model="DS-1")),
        (404, b"<html>Not found</html>"),
        (403, b""),
    ],
)
async def test_no_hikvision_device(
    client: IsapiClient, web_server: WebServer, status: int, body: bytes
) -> None:
    """Refuse what is no device of Hikvision, or does not say which."""
    web_server.answer(INFO, body, status=status, content_type="text/html")
    with pytest.raises(BadAnswerError):
        await async_get_device_info(client)


@pytest.mark.parametrize(
    ("local_time", "time_zone", "expected"),
    [
        ("2026-01-02T03:04:05+01:00", "CST-1:00:00", timedelta(hours=1)),
        ("2026-01-02T03:04:05+08:00", "CST-3:00:00", timedelta(hours=8)),
        ("2026-01-02T03:04:05Z", "CST-3:00:00", timedelta()),
        ("2026-01-02T03:04:05", "CST-3:00:00", timedelta(hours=3)),
        ("2026-01-02T03:04:05", "", timedelta()),
    ],
)
async def test_time(
    client: IsapiClient,
    web_server: WebServer,
    local_time: str,
    time_zone: str,
    expected: timedelta,
) -> None:
    """Read a device's time: by its own offset, else by its time zone."""
    web_server.answer(
        TIME,
        f"<Time><timeMode>NTP</timeMode><localTime>{local_time}</localTime>"
        f"<timeZone>{time_zone}</timeZone></Time>".encode(),
    )
    time = await async_get_time(client)
    assert time.local_time == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(expected))
    assert time.mode == "NTP"
    assert time.time_zone == (time_zone or None)


@pytest.mark.parametrize(
    "body", [b"<Time/>", b"<Time><localTime>now</localTime></Time>"]
)
async def test_time_that_is_none(
    client: IsapiClient, web_server: WebServer, body: bytes
) -> None:
    """Refuse a time that makes no sense."""
    web_server.answer(TIME, body)
    with pytest.raises(BadAnswerError):
        await async_get_time(client)


@pytest.mark.parametrize(
    ("time_zone", "hours"),
    [
        ("CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00", 1),
        ("CST-8:00:00", 8),
        ("CST+5:00:00", -5),
        ("CST5", -5),
        ("CST-5:30:00", 5.5),
        ("<+03>-3", 3),
        ("UTC0", 0),
        ("CST-24:00:00", None),
        ("UTC", None),
        ("", None),
    ],
)
def test_utc_offset(time_zone: str, hours: float | None) -> None:
    """Turn the sign of a POSIX time zone."""
    expected = None if hours is None else timedelta(hours=hours)
    assert utc_offset(time_zone) == expected


async def test_drift(client: IsapiClient, web_server: WebServer) -> None:
    """Return a time that can be held against ours."""
    web_server.answer(TIME, b"<Time><localTime>2034-01-02T03:04:05Z</localTime></Time>")
    time = await async_get_time(client)
    assert time.local_time - datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) > timedelta(2900)


async def test_snapshot(client: IsapiClient, web_server: WebServer) -> None:
    """Take a picture of a channel's main stream."""
    web_server.answer(f"{STREAMS}/201/picture", JPEG, content_type="image/jpeg")
    assert await async_get_snapshot(client, 2) == JPEG
    assert len(web_server.seen) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b""),
        (200, b"<ResponseStatus><statusCode>6</statusCode></ResponseStatus>"),
        (200, b"no picture"),
    ],
)
async def test_snapshot_by_the_channel_alone(
    client: IsapiClient, web_server: WebServer, status: int, body: bytes
) -> None:
    """Ask by the channel where the device does not know the stream."""
    web_server.answer(f"{STREAMS}/101/picture", body, status=status)
    web_server.answer(f"{STREAMS}/1/picture", JPEG, content_type="image/jpeg")
    assert await async_get_snapshot(client) == JPEG


async def test_no_snapshot(client: IsapiClient, web_server: WebServer) -> None:
    """Report a device without pictures, and one with something else."""
    with pytest.raises(NotSupportedError):
        await async_get_snapshot(client)
    web_server.answer(f"{STREAMS}/1/picture", b"GIF89a", content_type="image/jpeg")
    with pytest.raises(BadAnswerError):
        await async_get_snapshot(client)


async def test_snapshot_of_a_busy_device(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Do not ask a busy device twice."""
    web_server.answer(f"{STREAMS}/101/picture", b"", status=503)
    with pytest.raises(BusyError):
        await async_get_snapshot(client)
    assert len(web_server.seen) == 1
