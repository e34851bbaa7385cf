"""Test that a client's logins do not lock the device's account."""

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    AccountLockedError,
    AuthenticationError,
    BadAnswerError,
    BusyError,
)
from custom_components.hikvision_anpr.isapi.login import Credentials, LoginGuard

from .conftest import MakeClient
from .web_server import USERNAME, WebServer

INFO = "/ISAPI/System/deviceInfo"
STREAM = "/ISAPI/Event/notification/alertStream"
WRONG = Credentials(username=USERNAME, password="wrong")
UNLOCKED = (
    b"<userCheck><statusValue>401</statusValue><lockStatus>unlock</lockStatus>"
    b"<unlockTime>0</unlockTime><retryLoginTime>4</retryLoginTime></userCheck>"
)
LOCKED = (
    b"<userCheck><statusValue>401</statusValue><lockStatus>lock</lockStatus>"
    b"<unlockTime>1800</unlockTime><retryLoginTime>0</retryLoginTime></userCheck>"
)


@pytest.fixture(autouse=True)
def info(web_server: WebServer) -> None:
    """Let the device say what it is."""
    web_server.answer(INFO, b"<DeviceInfo/>")


async def test_wrong_password_is_tried_once(
    make_client: MakeClient, web_server: WebServer, guard: LoginGuard
) -> None:
    """Show a wrong password once, however many clients have it."""
    web_server.refusal = UNLOCKED
    for _ in range(3):
        with pytest.raises(AuthenticationError) as raised:
            await make_client(web_server.port, credentials=WRONG).get(INFO)
        assert raised.value.attempts_left == 4
        assert raised.value.path == INFO
    assert len(web_server.logins) == 1
    assert len(web_server.seen) == 2


async def test_typed_again_is_tried_again(
    make_client: MakeClient, web_server: WebServer, guard: LoginGuard
) -> None:
    """Try once more when the user acted."""
    client = make_client(web_server.port, credentials=WRONG)
    for _ in range(2):
        guard.user_acted()
        with pytest.raises(AuthenticationError):
            await client.get(INFO)
    assert len(web_server.logins) == 2


async def test_right_password_after_a_wrong_one(
    make_client: MakeClient, web_server: WebServer
) -> None:
    """Let other credentials in while the refused ones wait."""
    with pytest.raises(AuthenticationError):
        await make_client(web_server.port, credentials=WRONG).get(INFO)
    await make_client(web_server.port).get(INFO)
    with pytest.raises(AuthenticationError):
        await make_client(web_server.port, credentials=WRONG).get(INFO)
    assert len(web_server.logins) == 2


async def test_stream_shows_a_wrong_password_once(
    make_client: MakeClient, web_server: WebServer
) -> None:
    """Keep to the guard with streams as well."""
    client = make_client(web_server.port, credentials=WRONG)
    for _ in range(2):
        with pytest.raises(AuthenticationError):
            async with client.stream(STREAM, silence_seconds=30):
                pytest.fail("a stream opened")
    assert len(web_server.logins) == 1


async def test_locked_account_is_shown_no_password(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Read the lock from the first refusal, and ask no more while it lasts."""
    web_server.refusal = LOCKED
    for _ in range(2):
        with pytest.raises(AccountLockedError) as raised:
            await client.get(INFO)
        assert raised.value.unlock_seconds in range(1790, 1801)
    assert len(web_server.seen) == 1
    assert not web_server.logins


async def test_lock_in_json_under_403(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Remember a lock that comes as 403 in JSON, without an end."""
    web_server.answer(
        INFO, b'{"lockStatus": "lock"}', status=403, content_type="application/json"
    )
    for _ in range(2):
        with pytest.raises(AccountLockedError):
            await client.get(INFO)
    assert len(web_server.logins) == 1


async def test_lock_that_ended(
    client: IsapiClient, web_server: WebServer, guard: LoginGuard
) -> None:
    """Go on by itself when the lock's time is over."""
    guard.locked(AccountLockedError("locked", unlock_seconds=0))
    await client.get(INFO)


async def test_outworn_challenge_is_no_refusal(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Take a device that finds its own challenge too old for busy."""
    web_server.stale = True
    with pytest.raises(BusyError):
        await client.get(INFO)
    web_server.stale = False
    await client.get(INFO)


@pytest.mark.parametrize(
    "challenge",
    [
        None,
        'Basic realm="camera"',
        "Digest",
        'Digest realm="{realm}", nonce="{nonce}", algorithm="MD9"',
        'Digest nonce="{nonce}", qop="auth"',
        'Digest realm="{realm}", nonce="{nonce}", qop="later"',
    ],
)
async def test_no_usable_challenge(
    client: IsapiClient, web_server: WebServer, challenge: str | None
) -> None:
    """Report a device one cannot log in to, without calling the password wrong."""
    web_server.challenge = challenge
    with pytest.raises(BadAnswerError):
        await client.get(INFO)
    assert not web_server.logins
    web_server.challenge = 'Digest qop="auth", realm="{realm}", nonce="{nonce}"'
    await client.get(INFO)


async def test_challenge_of_an_old_web_server(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Log in where the challenge names a domain that is none, and an algorithm."""
    web_server.challenge = (
        'Digest realm="{realm}", domain="::", qop="auth", nonce="{nonce}", '
        'opaque="", algorithm="MD5"'
    )
    await client.get(INFO)
    await client.get(INFO)
    assert len(web_server.logins) == 2


@pytest.mark.parametrize("divider", ["\n", ", "])
async def test_device_that_offers_basic_as_well(
    client: IsapiClient, web_server: WebServer, divider: str
) -> None:
    """Log in by Digest, in whatever order a device offers it."""
    basic = 'Basic realm="{realm}"'
    digest = 'Digest qop="auth", realm="{realm}", nonce="{nonce}"'
    for offers in ((basic, digest), (digest, basic)):
        web_server.challenge = divider.join(offers)
        await client.get(INFO)
    assert len(web_server.logins) == 2


@pytest.mark.parametrize(
    "challenge",
    [
        'digest qop="auth", realm="{realm}", nonce="{nonce}"',
        'Digest QOP="auth", Realm="{realm}", NONCE="{nonce}", Stale="FALSE"',
        'DIGEST QOP="AUTH", REALM="{realm}", NONCE={nonce}==, ALGORITHM=md5',
        'Digest Domain="/A=B c=D", Opaque="A=\\"B, C=D", qop=auth, realm="{realm}", '
        'Nonce = "{nonce}"',
    ],
)
async def test_names_of_a_challenge_in_any_case(
    client: IsapiClient, web_server: WebServer, challenge: str
) -> None:
    """Log in however a device spells the names in its challenge; values stay."""
    web_server.challenge = challenge
    await client.get(INFO)
    await client.get(INFO)
    assert len(web_server.logins) == 2


async def test_user_name_with_a_colon(
    make_client: MakeClient, web_server: WebServer
) -> None:
    """Refuse a user name that Digest cannot carry, without asking the device."""
    credentials = Credentials(username="ga:te", password="x")
    with pytest.raises(AuthenticationError):
        await make_client(web_server.port, credentials=credentials).get(INFO)
    assert not web_server.seen
