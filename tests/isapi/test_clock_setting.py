"""Test setting a device's clock in the form in which it shows it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree
import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.clock import DeviceTime, async_get_time
from custom_components.hikvision_anpr.isapi.clock_setting import (
    _moment,
    async_get_clock_setting,
    async_set_clock,
)
from custom_components.hikvision_anpr.isapi.errors import (
    NotSupportedError,
    NotTakenError,
)
from custom_components.hikvision_anpr.isapi.login import Credentials
from custom_components.hikvision_anpr.isapi.time_server import TimeServer
from custom_components.hikvision_anpr.isapi.time_zone import zone_of
from simulator.camera import PASSWORD, USERNAME, SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW

from .conftest import MakeClient

HOUR = timedelta(hours=1)
CENTRAL = "CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00"
WINTER = datetime(2026, 12, 1, 12, 0, 0, 600_000, UTC)


def now() -> datetime:
    """Return our time."""
    return datetime.now(UTC)


@pytest.fixture
async def camera(socket_enabled: None) -> AsyncIterator[SimulatedCamera]:
    """Start a camera whose clock is an hour ahead."""
    camera = SimulatedCamera(DEEPINVIEW)
    camera.device.clock.drift = HOUR
    await camera.start()
    yield camera
    await camera.stop()


@pytest.fixture
def client(make_client: MakeClient, camera: SimulatedCamera) -> IsapiClient:
    """Make a client that knows the camera's password."""
    return make_client(
        camera.port, credentials=Credentials(username=USERNAME, password=PASSWORD)
    )


def written(camera: SimulatedCamera) -> list[str]:
    """Return which paths were written."""
    return [one.path for one in camera.requests if one.method == "PUT"]


@pytest.mark.parametrize(
    "fault",
    [
        None,
        Fault.CLOCK_WRONG_ZONE,
        Fault.CLOCK_WITHOUT_DST,
        Fault.CLOCK_WITHOUT_OFFSET,
        Fault.CLOCK_ZULU,
    ],
)
@pytest.mark.parametrize("mode", ["manual", "NTP"])
async def test_set_once(
    camera: SimulatedCamera, client: IsapiClient, mode: str, fault: Fault | None
) -> None:
    """Set the time of a device, which stays in its mode."""
    camera.device.clock.mode = mode
    camera.faults.on(*([fault] if fault else []))
    answer = await async_set_clock(client, now)
    assert abs(answer.local_time - now()) < timedelta(seconds=3)
    assert abs(camera.device.clock.drift) < timedelta(seconds=3)
    assert camera.device.clock.mode == mode
    assert set(written(camera)) == {"/ISAPI/System/time"}


@pytest.mark.parametrize("server", ["192.0.2.1", "time.example.com"])
async def test_follow_a_server(
    camera: SimulatedCamera, client: IsapiClient, server: str
) -> None:
    """Set the time, the server and the mode."""
    camera.device.clock.mode = "manual"
    before = await async_get_clock_setting(client)
    assert before.server
    assert (before.time.mode, before.server.address) == ("manual", "time.example.org")
    await async_set_clock(client, now, server)
    after = await async_get_clock_setting(client)
    assert after.server == TimeServer(address=server, port=123, interval_minutes=1440)
    assert after.time.mode == "NTP"
    assert abs(after.time.local_time - now()) < timedelta(seconds=3)


async def test_ok_is_not_taken(camera: SimulatedCamera, client: IsapiClient) -> None:
    """Do not believe a device that says OK and shows another time."""
    camera.faults.on(Fault.CLOCK_OFF)
    with pytest.raises(NotTakenError):
        await async_set_clock(client, now)


async def test_what_is_unknown_is_sent_back(
    camera: SimulatedCamera, client: IsapiClient
) -> None:
    """Keep what else the document says."""
    await async_set_clock(client, now)
    body = next(one.body for one in camera.requests if one.method == "PUT")
    root = etree.fromstring(body)
    names = [etree.QName(element).localname for element in root]
    assert names == ["timeMode", "localTime", "timeZone"]
    assert root.findtext("{*}timeZone") == camera.device.clock.zone_text


async def test_no_time_server(camera: SimulatedCamera, client: IsapiClient) -> None:
    """Tell none, and change nothing, where the device has none."""
    camera.faults.on(Fault.OK_BUT_NOT_SUPPORTED)
    with pytest.raises(NotSupportedError):
        await async_set_clock(client, now, "192.0.2.1")
    assert written(camera) == []


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("2034-07-01T12:00:00+02:00", "2026-12-01T13:00:01+01:00"),
        ("2034-07-01T12:00:00.123+02:00", "2026-12-01T13:00:01+01:00"),
        ("2034-07-01T12:00:00", "2026-12-01T13:00:01"),
        ("2034-07-01T10:00:00Z", "2026-12-01T12:00:01Z"),
        ("2034-01-01T12:00:0001:00", "2026-12-01T13:00:01"),
    ],
)
def test_form_of_the_device(form: str, expected: str) -> None:
    """Write a time as the device does, in its own summer or winter time."""
    shown = DeviceTime(
        local_time=datetime(2034, 7, 1, 12, tzinfo=timezone(2 * HOUR)),
        mode="NTP",
        time_zone=CENTRAL,
    )
    root = etree.fromstring(f"<Time><localTime>{form}</localTime></Time>")
    assert _moment(root, WINTER, zone_of(shown)) == expected
    fixed = zone_of(replace(shown, time_zone=None))
    if form.endswith("+02:00"):
        assert _moment(root, WINTER, fixed) == "2026-12-01T14:00:01+02:00"


async def test_time_is_asked_for(camera: SimulatedCamera, client: IsapiClient) -> None:
    """See the hour by which the camera is ahead."""
    ahead = (await async_get_time(client)).local_time - now()
    assert abs(ahead - HOUR) < timedelta(seconds=3)
