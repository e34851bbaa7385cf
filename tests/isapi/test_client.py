"""Test the client against a web server on loopback."""

import asyncio

from aiohttp import ClientSession, web
import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.device_address import DeviceAddress
from custom_components.hikvision_anpr.isapi.errors import (
    BadAnswerError,
    BusyError,
    NotSupportedError,
    RejectedError,
    UnreachableError,
)
from custom_components.hikvision_anpr.isapi.limits import Limits
from custom_components.hikvision_anpr.isapi.login import LoginGuard

from .conftest import RIGHT, MakeClient
from .web_server import WebServer

INFO = "/ISAPI/System/deviceInfo"
GATE = "/ISAPI/Parking/channels/1/barrierGate"
OPEN = b"<BarrierGate><ctrlMode>open</ctrlMode></BarrierGate>"
HASTY = Limits(answer_seconds=0.05)


def report(code: int, sub: str) -> bytes:
    """Write a ResponseStatus."""
    return (
        f"<ResponseStatus><statusCode>{code}</statusCode>"
        f"<subStatusCode>{sub}</subStatusCode></ResponseStatus>"
    ).encode()


@pytest.mark.parametrize(
    ("host", "port", "ssl", "expected"),
    [
        ("192.0.2.10", 80, False, "http://192.0.2.10"),
        ("camera.example", 8080, False, "http://camera.example:8080"),
        ("192.0.2.10", 443, True, "https://192.0.2.10"),
        ("2001:db8::10", 80, False, "http://[2001:db8::10]"),
        ("[2001:db8::10]", 8443, True, "https://[2001:db8::10]:8443"),
    ],
)
def test_url(host: str, port: int, ssl: bool, expected: str) -> None:
    """Make the address of a name, an IPv4 and an IPv6."""
    address = DeviceAddress(host=host, port=port, ssl=ssl)
    assert str(address.url) == expected
    assert address.verify_ssl


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (INFO, f"http://192.0.2.10{INFO}"),
        ("/a?format=json&x=a%20b", "http://192.0.2.10/a?format=json&x=a%20b"),
        ("/plate/A B.jpg", "http://192.0.2.10/plate/A%20B.jpg"),
        ("http://203.0.113.9:81/pic?id=1", "http://192.0.2.10/pic?id=1"),
        ("//203.0.113.9/pic", "http://192.0.2.10/pic"),
        ("http://203.0.113.9//198.51.100.1/pic", "http://192.0.2.10//198.51.100.1/pic"),
    ],
)
def test_path_stays_on_the_device(path: str, expected: str) -> None:
    """Send a request to the device alone, whatever address a path names."""
    assert str(DeviceAddress(host="192.0.2.10", port=80).at(path)) == expected


@pytest.mark.parametrize(("host", "port"), [("a b", 80), ("", 80), ("x", 99999)])
async def test_address_that_is_none(
    session: ClientSession, host: str, port: int
) -> None:
    """Report an impossible address as a device that cannot be reached."""
    client = IsapiClient(session, DeviceAddress(host=host, port=port), RIGHT)
    with pytest.raises(UnreachableError):
        await client.get(INFO)


async def test_get(client: IsapiClient, web_server: WebServer) -> None:
    """Read a document: asked without a login, then with one, over one connection."""
    web_server.answer(INFO, b"<DeviceInfo><model>DS-1</model></DeviceInfo>")
    document = await client.get(f"{INFO}?a=b%20c")
    assert document.value("model") == "DS-1"
    without, with_login = web_server.seen
    assert without.nonce is None
    assert with_login.nonce == "n1"
    assert with_login.target == f"{INFO}?a=b%20c"
    assert without.connection == with_login.connection


async def test_no_challenge_is_used_twice(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Log in afresh with every request, for devices count an old challenge as bad."""
    web_server.answer(INFO, b"<DeviceInfo/>")
    for _ in range(3):
        await client.get(INFO)
    nonces = [seen.nonce for seen in web_server.logins]
    assert len(nonces) == len(set(nonces)) == 3


async def test_device_without_a_login(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Read from a device that asks for no login."""
    web_server.open_to_all = True
    web_server.answer(INFO, b"<DeviceInfo/>")
    await client.get(INFO)
    assert len(web_server.seen) == 1
    assert not web_server.logins


async def test_get_of_nothing(client: IsapiClient, web_server: WebServer) -> None:
    """Refuse an empty answer where a document was asked for."""
    web_server.answer(INFO, b"")
    with pytest.raises(BadAnswerError):
        await client.get(INFO)


async def test_get_bytes(client: IsapiClient, web_server: WebServer) -> None:
    """Read a picture as it is."""
    web_server.answer("/pic", b"\xff\xd8\xff\xd9", content_type="image/jpeg")
    assert await client.get_bytes("/pic") == b"\xff\xd8\xff\xd9"


async def test_report_in_place_of_a_picture(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Raise what a device reports in place of a picture."""
    web_server.answer("/pic", report(6, "badXmlContent"), content_type="image/jpeg")
    with pytest.raises(RejectedError):
        await client.get_bytes("/pic")


@pytest.mark.parametrize("method", ["put", "post"])
async def test_send_document(
    client: IsapiClient, web_server: WebServer, method: str
) -> None:
    """Send a document with every leg of the login, as door terminals want it."""
    web_server.answer(GATE, report(1, "ok"))
    answer = await getattr(client, method)(GATE, OPEN)
    assert answer.value("statusCode") == "1"
    assert [seen.body for seen in web_server.seen] == [OPEN, OPEN]
    assert {seen.content_type for seen in web_server.seen} == {"application/xml"}
    assert {seen.method for seen in web_server.seen} == {method.upper()}


async def test_send_json(client: IsapiClient, web_server: WebServer) -> None:
    """Send JSON under its own type."""
    web_server.answer("/list", b'{"statusCode": 1}', content_type="application/json")
    await client.put("/list", b"{}", "application/json")
    assert web_server.logins[0].content_type == "application/json"


async def test_empty_answer_to_a_change(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Take an empty answer to a change for success."""
    web_server.answer(GATE, b" \r\n")
    assert not list((await client.put(GATE, OPEN)).nodes())


async def test_failure_as_http_200(client: IsapiClient, web_server: WebServer) -> None:
    """Raise what a device reports under HTTP 200."""
    web_server.answer(GATE, report(4, "notSupport"))
    with pytest.raises(NotSupportedError) as raised:
        await client.put(GATE, OPEN)
    assert raised.value.path == GATE
    assert raised.value.sub_status == "notSupport"


async def test_redirects_are_not_followed(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Stay where the login belongs."""
    web_server.answer(INFO, b"", status=302, headers={"Location": "/elsewhere"})
    with pytest.raises(BadAnswerError):
        await client.get(INFO)
    assert {seen.target for seen in web_server.seen} == {INFO}


@pytest.mark.parametrize("chunked", [True, False])
async def test_answer_too_large(
    make_client: MakeClient, web_server: WebServer, chunked: bool
) -> None:
    """Stop reading at the limit, with and without a length announced."""

    async def endless(request: web.Request) -> web.StreamResponse:
        """Send more than anybody wants."""
        response = web.StreamResponse()
        if not chunked:
            response.content_length = 10**9
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 1024)
        except ConnectionError:
            return response

    web_server.answers["/pic"] = endless
    client = make_client(web_server.port, limits=Limits(answer_bytes=4096))
    with pytest.raises(BadAnswerError, match="large"):
        await client.get_bytes("/pic")


async def test_slow_device(make_client: MakeClient, web_server: WebServer) -> None:
    """Give up on a device that does not answer, and give others their turn."""

    async def never(request: web.Request) -> web.Response:
        """Think for ever."""
        await asyncio.Event().wait()
        raise AssertionError

    web_server.answers[INFO] = never
    web_server.answer("/quick", b"<Quick/>")
    with pytest.raises(UnreachableError):
        await make_client(web_server.port, limits=HASTY).get(INFO)
    assert (await make_client(web_server.port).get("/quick")).name == "Quick"


async def test_slow_body(make_client: MakeClient, web_server: WebServer) -> None:
    """Give up on a device that stops in the middle of its answer."""

    async def half(request: web.Request) -> web.StreamResponse:
        """Send half of an answer."""
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<Device")
        await asyncio.Event().wait()
        raise AssertionError

    web_server.answers[INFO] = half
    with pytest.raises(UnreachableError):
        await make_client(web_server.port, limits=HASTY).get(INFO)


async def test_no_device(make_client: MakeClient, unused_tcp_port: int) -> None:
    """Report that nobody listens."""
    with pytest.raises(UnreachableError):
        await make_client(unused_tcp_port).get(INFO)


async def test_one_request_at_a_time(
    make_client: MakeClient, web_server: WebServer
) -> None:
    """Let clients that share a guard take turns."""
    web_server.answer(INFO, b"<DeviceInfo/>")
    clients = [make_client(web_server.port) for _ in range(3)]
    await asyncio.gather(*(client.get(INFO) for client in clients))
    assert web_server.busiest == 1
    assert len(web_server.seen) == 6


async def test_a_command_goes_before_what_waits(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Let a command wait for the request that goes on, and for no other."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        """Answer when the test has everything waiting."""
        begun.set()
        await go_on.wait()
        return web.Response(body=b"<DeviceInfo/>", content_type="application/xml")

    web_server.answers[INFO] = slow
    web_server.answer(
        "/gate", b"<ResponseStatus><statusCode>1</statusCode></ResponseStatus>"
    )
    asked = [asyncio.create_task(client.get(INFO)) for _ in range(5)]
    await begun.wait()
    command = asyncio.create_task(client.command("/gate", b"<Open/>"))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(command, *asked)
    assert web_server.busiest == 1
    order = [seen.target for seen in web_server.logins]
    assert order == [INFO, "/gate", INFO, INFO, INFO, INFO]


async def test_a_command_is_not_sent_late(
    make_client: MakeClient, web_server: WebServer
) -> None:
    """Open no gate whose vehicle may be gone by then; the next command goes."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        """Answer when the test lets it."""
        begun.set()
        await go_on.wait()
        return web.Response(body=b"<DeviceInfo/>", content_type="application/xml")

    web_server.answers[INFO] = slow
    web_server.answer("/gate", b"<ResponseStatus/>")
    client = make_client(web_server.port, limits=Limits(turn_seconds=0.05))
    asked = asyncio.create_task(client.get(INFO))
    await begun.wait()
    with pytest.raises(BusyError):
        await client.command("/gate", b"<Open/>")
    go_on.set()
    await asked
    assert [seen.target for seen in web_server.logins] == [INFO]
    await client.command("/gate", b"<Open/>")
    assert [seen.target for seen in web_server.logins] == [INFO, "/gate"]


async def test_cancelled_request_frees_the_turn(
    client: IsapiClient, web_server: WebServer, guard: LoginGuard
) -> None:
    """Let a cancellation through, and the next one in."""
    begun = asyncio.Event()

    async def never(request: web.Request) -> web.Response:
        """Say that the request came, and think for ever."""
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    web_server.answers[INFO] = never
    task = asyncio.create_task(client.get(INFO))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not guard.turn.locked()
    assert not guard.queue.locked()


async def test_client_without_a_guard(
    session: ClientSession, web_server: WebServer
) -> None:
    """Guard the account also where nobody shares it."""
    web_server.answer(INFO, b"<DeviceInfo/>")
    address = DeviceAddress(host="127.0.0.1", port=web_server.port)
    client = IsapiClient(session, address, RIGHT)
    await client.get(INFO)
    assert client.address is address


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"<ActivateStatus><Activated>true</Activated></ActivateStatus>", True),
        (200, b"<ActivateStatus><Activated>false</Activated></ActivateStatus>", False),
        (200, b'{"ActivateStatus": {"Activated": true}}', True),
        (200, b"<html><body>Router</body></html>", None),
        (404, b"", None),
    ],
)
async def test_activation(
    client: IsapiClient,
    web_server: WebServer,
    status: int,
    body: bytes,
    expected: bool | None,
) -> None:
    """Ask for the activation in one request, without a login."""
    web_server.open_to_all = True
    web_server.answer("/SDK/activateStatus", body, status=status)
    assert await client.activation() is expected
    assert len(web_server.seen) == 1
    assert not web_server.logins


async def test_activation_behind_a_login(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Show no credentials although the device wants some."""
    assert await client.activation() is None
    assert not web_server.logins
