"""Test the faults that every request meets."""

from http import HTTPStatus

import aiohttp
import pytest

from simulator import Fault, SimulatedCamera

from .xml_reading import text

DEVICE_INFO = "/ISAPI/System/deviceInfo"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.UNAUTHORIZED_STORM, HTTPStatus.UNAUTHORIZED),
        (Fault.LOCKED, HTTPStatus.UNAUTHORIZED),
        (Fault.BUSY, HTTPStatus.SERVICE_UNAVAILABLE),
        (Fault.OK_BUT_NOT_SUPPORTED, HTTPStatus.OK),
    ],
)
async def test_fault_answers_every_request(
    fault: Fault,
    status: HTTPStatus,
    camera: SimulatedCamera,
    session: aiohttp.ClientSession,
) -> None:
    """Answer as the fault says while it is on, and normally after."""
    camera.faults.on(fault)
    async with session.get(DEVICE_INFO) as response:
        assert response.status == status
        assert b"DeviceInfo" not in await response.read()
    camera.faults.off(fault)
    async with session.get(DEVICE_INFO) as response:
        assert b"<DeviceInfo" in await response.read()
    assert camera.failed_logins == 0


async def test_storm_ends_after_so_many_requests(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Refuse a given number of requests only."""
    camera.faults.on(Fault.UNAUTHORIZED_STORM, times=2)
    statuses = []
    for _ in range(2):
        async with session.get(DEVICE_INFO) as response:
            statuses.append(response.status)
    assert statuses == [401, 200]


async def test_refusal_comes_with_status_200(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Say notSupport in the body of a good answer."""
    camera.faults.on(Fault.OK_BUT_NOT_SUPPORTED)
    async with session.get(DEVICE_INFO) as response:
        body = await response.read()
    assert text(body, "statusCode") == "4"
    assert text(body, "subStatusCode") == "notSupport"


async def test_locked_tells_user_check(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Tell in userCheck that the account is locked, and for how long."""
    camera.faults.on(Fault.LOCKED)
    async with session.get("/ISAPI/Security/userCheck") as response:
        body = await response.read()
    assert text(body, "lockStatus") == "lock"
    assert text(body, "unlockTime") == "1800"


async def test_busy_says_so(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Answer 503 with statusCode 2."""
    camera.faults.on(Fault.BUSY)
    async with session.get(DEVICE_INFO) as response:
        assert text(await response.read(), "statusCode") == "2"
