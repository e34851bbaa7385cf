"""Test logins: the challenge, wrong passwords, the lock, nonces that grow old."""

from datetime import timedelta
from http import HTTPStatus

import aiohttp
from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator import NOT_ACTIVATED, SimulatedCamera
from simulator.digest import Level, User

from .conftest import Connect, StartCamera
from .xml_reading import text

DEVICE_INFO = "/ISAPI/System/deviceInfo"
USER_CHECK = "/ISAPI/Security/userCheck"


async def status_of(
    camera: SimulatedCamera, username: str, password: str, path: str = DEVICE_INFO
) -> int:
    """Return the status that one login earns."""
    login = aiohttp.DigestAuthMiddleware(username, password)
    async with (
        aiohttp.ClientSession(camera.url, middlewares=(login,)) as session,
        session.get(path) as response,
    ):
        return response.status


async def fail(camera: SimulatedCamera, times: int) -> None:
    """Log in wrongly so many times."""
    for _ in range(times):
        assert await status_of(camera, camera.username, "wrong") == 401


async def test_challenge_is_the_devices_own(stranger: aiohttp.ClientSession) -> None:
    """Challenge with upper-case stale, no algorithm, and a page of 178 bytes."""
    async with stranger.get(DEVICE_INFO) as response:
        assert response.status == HTTPStatus.UNAUTHORIZED
        assert response.content_type == "text/html"
        assert len(await response.read()) == 178
        challenge = response.headers["WWW-Authenticate"]
    assert challenge.startswith('Digest qop="auth", realm="IP Camera(C2183)", nonce="')
    assert challenge.endswith('", stale="FALSE"')
    assert "algorithm" not in challenge


async def test_right_password_passes(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Accept the right password, and log who came."""
    async with session.get(DEVICE_INFO) as response:
        assert response.status == HTTPStatus.OK
    assert [(log.status, log.user) for log in camera.requests] == [
        (401, ""),
        (200, "admin"),
    ]
    assert camera.failed_logins == 0


@pytest.mark.parametrize(
    ("username", "password"), [("admin", "wrong"), ("nobody", "plates-4-all")]
)
async def test_wrong_login_is_counted(
    camera: SimulatedCamera, username: str, password: str
) -> None:
    """Refuse and count a wrong password or user."""
    assert await status_of(camera, username, password) == HTTPStatus.UNAUTHORIZED
    assert camera.failed_logins == 1


async def test_basic_login_is_only_challenged(camera: SimulatedCamera) -> None:
    """Challenge a basic login without counting it."""
    login = aiohttp.encode_basic_auth(camera.username, camera.password)
    async with (
        aiohttp.ClientSession(camera.url) as session,
        session.get(DEVICE_INFO, headers={"Authorization": login}) as response,
    ):
        assert response.status == HTTPStatus.UNAUTHORIZED
    assert camera.failed_logins == 0


async def test_lock_refuses_even_the_right_password(
    camera: SimulatedCamera, freezer: FrozenDateTimeFactory
) -> None:
    """Lock after the last wrong login, for the lock time."""
    await fail(camera, camera.guard.max_failures)
    assert await status_of(camera, camera.username, camera.password) == 401
    freezer.tick(camera.guard.lock_time + timedelta(seconds=1))
    assert await status_of(camera, camera.username, camera.password) == 200


async def test_lock_can_be_lifted(camera: SimulatedCamera) -> None:
    """Accept the right password again after the lock was lifted."""
    await fail(camera, camera.guard.max_failures)
    camera.guard.unlock()
    assert await status_of(camera, camera.username, camera.password) == 200


async def test_right_password_forgives_wrong_ones(camera: SimulatedCamera) -> None:
    """Begin to count anew after a right login."""
    await fail(camera, camera.guard.max_failures - 1)
    assert await status_of(camera, camera.username, camera.password) == 200
    await fail(camera, 1)
    assert await status_of(camera, camera.username, camera.password) == 200


async def test_account_lock_spares_other_accounts(camera: SimulatedCamera) -> None:
    """Lock the account alone by default."""
    camera.guard.users["guest"] = User(name="guest", password="hello")
    await fail(camera, camera.guard.max_failures)
    assert await status_of(camera, "guest", "hello") == HTTPStatus.OK


async def test_source_lock_hits_other_accounts(camera: SimulatedCamera) -> None:
    """Lock everyone behind an address when the device locks by source."""
    camera.guard.lock_by = "source"
    camera.guard.users["guest"] = User(name="guest", password="hello")
    await fail(camera, camera.guard.max_failures)
    assert await status_of(camera, "guest", "hello") == HTTPStatus.UNAUTHORIZED


async def test_user_check_tells_attempts_and_lock(camera: SimulatedCamera) -> None:
    """Tell in userCheck how many attempts are left, then for how long it is locked."""
    login = aiohttp.DigestAuthMiddleware(camera.username, "wrong", preemptive=False)
    async with aiohttp.ClientSession(camera.url, middlewares=(login,)) as session:
        async with session.get(USER_CHECK) as response:
            first = await response.read()
        await fail(camera, camera.guard.max_failures - 1)
        async with session.get(f"{USER_CHECK}?format=json") as response:
            locked = (await response.json())["userCheck"]
    assert text(first, "lockStatus") == "unlock"
    assert text(first, "retryLoginTime") == str(camera.guard.max_failures - 1)
    assert locked["lockStatus"] == "lock"
    assert 0 < locked["unlockTime"] <= camera.guard.lock_time.total_seconds()


async def test_user_check_welcomes(session: aiohttp.ClientSession) -> None:
    """Say 200 and OK to the right login."""
    async with session.get(USER_CHECK) as response:
        body = await response.read()
    assert (text(body, "statusValue"), text(body, "statusString")) == ("200", "OK")


async def test_old_nonce_is_stale_and_not_a_failure(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Answer an old nonce with stale TRUE, and count no failure."""
    async with session.get(DEVICE_INFO) as response:
        header = response.request_info.headers["Authorization"]
    camera.guard.expire_nonces()
    async with (
        aiohttp.ClientSession(camera.url) as bare,
        bare.get(DEVICE_INFO, headers={"Authorization": header}) as response,
    ):
        assert response.headers["WWW-Authenticate"].endswith('stale="TRUE"')
    async with session.get(DEVICE_INFO) as response:
        assert response.status == HTTPStatus.OK
    assert camera.failed_logins == 0


async def test_nonce_grows_old(
    camera: SimulatedCamera,
    session: aiohttp.ClientSession,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Challenge again when the nonce is past its time."""
    for _ in range(2):
        async with session.get(DEVICE_INFO) as response:
            assert response.status == HTTPStatus.OK
        freezer.tick(camera.guard.nonce_time)
    assert [log.status for log in camera.requests] == [401, 200, 401, 200]


async def test_login_for_another_path_is_wrong(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Refuse an answer that was computed for another path."""
    async with session.get(DEVICE_INFO) as response:
        header = response.request_info.headers["Authorization"]
    async with (
        aiohttp.ClientSession(camera.url) as bare,
        bare.get(USER_CHECK, headers={"Authorization": header}) as response,
    ):
        assert response.status == HTTPStatus.UNAUTHORIZED
    assert camera.failed_logins == 1


async def test_sha256_is_offered_first(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Offer and accept SHA-256 on devices that know it."""
    camera.guard.algorithms = ("SHA-256", "MD5")
    async with session.get(DEVICE_INFO) as response:
        assert response.status == HTTPStatus.OK
        assert "SHA-256" in response.request_info.headers["Authorization"]


async def test_operator_may_not_write(camera: SimulatedCamera) -> None:
    """Refuse an operator's PUT as lowPrivilege, not as a wrong password."""
    operator = User(name="op", password="op", level=Level.OPERATOR)
    camera.guard.users["op"] = operator
    login = aiohttp.DigestAuthMiddleware("op", "op")
    async with (
        aiohttp.ClientSession(camera.url, middlewares=(login,)) as session,
        session.put("/ISAPI/System/reboot") as response,
    ):
        assert response.status == HTTPStatus.FORBIDDEN
        body = await response.read()
    assert text(body, "subStatusCode") == "lowPrivilege"
    assert camera.device.reboots == 0


async def test_activation_is_told_to_anyone(stranger: aiohttp.ClientSession) -> None:
    """Tell without a login that the device is activated."""
    async with stranger.get("/SDK/activateStatus") as response:
        assert text(await response.read(), "Activated") == "true"


async def test_device_from_the_factory_refuses_everything(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Answer notActivated as long as nobody set a password."""
    session = await connect(await start_camera(NOT_ACTIVATED))
    async with session.get(DEVICE_INFO) as response:
        assert response.status == HTTPStatus.FORBIDDEN
        body = await response.read()
    assert text(body, "subStatusCode") == "notActivated"
    assert text(body, "errorCode") == str(0x40000007)
    async with session.get("/SDK/activateStatus") as response:
        assert text(await response.read(), "Activated") == "false"
