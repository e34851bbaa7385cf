"""Test that a command goes at once, and never costs a login that counts as bad."""

import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    AuthenticationError,
    BadAnswerError,
)
from custom_components.hikvision_anpr.isapi.login import Credentials, LoginGuard

from .conftest import MakeClient
from .web_server import USERNAME, WebServer

CHECK = "/ISAPI/Security/userCheck"
GATE = "/ISAPI/Parking/channels/1/barrierGate"
OPEN = b"<BarrierGate><ctrlMode>open</ctrlMode></BarrierGate>"


@pytest.fixture(autouse=True)
def gate(web_server: WebServer) -> None:
    """Let the device have a gate."""
    web_server.answer(CHECK, b"<userCheck/>")
    web_server.answer(
        GATE, b"<ResponseStatus><statusCode>1</statusCode></ResponseStatus>"
    )


def legs(web_server: WebServer) -> list[bool]:
    """Return for each request whether it showed a login, and forget them."""
    told = [seen.nonce is not None for seen in web_server.seen]
    web_server.seen.clear()
    return told


async def test_command_needs_no_challenge_where_the_device_is_ready(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Show the login at once, over the connection that is there."""
    await client.keep_ready(CHECK)
    connections = {seen.connection for seen in web_server.seen}
    assert legs(web_server) == [False, True]
    for _ in range(2):
        await client.command(GATE, OPEN)
        assert {seen.connection for seen in web_server.seen} == connections
        assert legs(web_server) == [True]
    await client.keep_ready(CHECK)
    assert legs(web_server) == [True]


async def test_other_requests_ask_for_a_challenge(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Use a challenge twice for what is in a hurry alone."""
    await client.keep_ready(CHECK)
    legs(web_server)
    await client.get(CHECK)
    assert legs(web_server) == [False, True]


async def test_outworn_challenge_costs_one_way_more(
    client: IsapiClient, web_server: WebServer, guard: LoginGuard
) -> None:
    """Answer the new challenge, every time it is asked for, and refuse nobody."""
    web_server.single_use = True
    await client.command(GATE, OPEN)
    legs(web_server)
    for _ in range(2):
        await client.command(GATE, OPEN)
        assert legs(web_server) == [True, True]
    guard.admit(Credentials(username=USERNAME, password="right:pass"))


async def test_device_that_minds_is_asked_for_a_challenge_from_then_on(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Risk one login that counts as bad, which a good one follows, and no second."""
    web_server.single_use, web_server.tells_stale = True, False
    await client.keep_ready(CHECK)
    await client.keep_ready(CHECK)
    assert legs(web_server) == [False, True, True, True]
    for _ in range(2):
        await client.command(GATE, OPEN)
        assert legs(web_server) == [False, True]


async def test_refusal_without_a_challenge_is_no_wrong_password(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Blame the device where it refuses a kept login and offers no other way."""
    await client.keep_ready(CHECK)
    web_server.single_use, web_server.challenge = True, None
    with pytest.raises(BadAnswerError):
        await client.command(GATE, OPEN)
    web_server.single_use = False
    web_server.challenge = 'Digest qop="auth", realm="{realm}", nonce="{nonce}"'
    await client.command(GATE, OPEN)


async def test_changed_password_is_found_out(
    client: IsapiClient, make_client: MakeClient, web_server: WebServer
) -> None:
    """Take a refusal of the new challenge for what it is, once."""
    wrong = Credentials(username=USERNAME, password="wrong")
    other = make_client(web_server.port, credentials=wrong)
    with pytest.raises(AuthenticationError):
        await other.command(GATE, OPEN)
    legs(web_server)
    with pytest.raises(AuthenticationError):
        await other.keep_ready(CHECK)
    assert legs(web_server) == []
