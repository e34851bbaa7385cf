"""Test the slots of httpHosts: what is read, what is taken, and how they are tested."""

from http import HTTPStatus

import aiohttp
import pytest

from simulator import DEEPINVIEW, ENTRANCE, PROFILES, Profile

from .conftest import Connect, StartCamera
from .http_hosts import (
    ADDRESS,
    BAD_CONTENT,
    HOSTS,
    ISAPI,
    NAME,
    OK,
    host,
    listed,
    read,
    told,
)
from .receiver import BAD, Receiver, receiving
from .xml_reading import names, text, tree

WORKING = [profile for profile in PROFILES.values() if profile.activated]


@pytest.mark.parametrize("profile", WORKING, ids=lambda profile: profile.name)
async def test_slots_by_model(
    profile: Profile, start_camera: StartCamera, connect: Connect
) -> None:
    """List as many unused hosts as the model has, each with its namespace."""
    session = await connect(await start_camera(profile))
    document = await read(session)
    found = tree(document).findall("{*}HttpHostNotification")
    assert [one.findtext("{*}id") for one in found] == [
        str(number + 1) for number in range(profile.listening.slots)
    ]
    assert document.count(profile.namespace.encode()) == len(found) + 1
    assert document.count(b"<userName></userName>") == len(found)
    capabilities = await read(session, "/capabilities")
    assert text(capabilities, "hostNumber") == str(profile.listening.slots)
    kinds = "ANPR/detectionUpLoadPicturesType"
    assert (kinds in names(capabilities)) == (profile.dialect is not None)


async def test_one_slot_is_replaced(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Take a slot in another namespace, and read it back in the device's own."""
    camera = await start_camera()
    session = await connect(camera)
    assert await told(session, "PUT", "/2", host(2)) == OK
    document = await read(session, "/2")
    assert tree(document).tag == f"{{{DEEPINVIEW.namespace}}}HttpHostNotification"
    assert ISAPI.encode() not in document
    assert text(document, "url") == "/api/webhook/1"
    assert b"<userName></userName>" in document
    first, second, third = camera.listening.hosts
    assert (first.in_use, second.in_use, third.in_use) == (False, True, False)
    assert second.whole_url == "http://192.0.2.5:8123/api/webhook/1"


async def test_what_is_left_out_is_gone(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Keep unknown children with their own namespace, and drop what is not sent."""
    camera = await start_camera()
    session = await connect(camera)
    extension = '<Extensions xmlns="urn:own"><interval>0</interval></Extensions>'
    await told(session, "PUT", "/1", host(more=extension))
    document = await read(session, "/1")
    assert b'<Extensions xmlns="urn:own">' in document
    assert "httpBroken" not in names(document)
    await told(session, "PUT", "/1", host())
    assert b"Extensions" not in camera.listening.hosts[0].document


async def test_list_replaces_the_list(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Empty the slots that a new list leaves out."""
    camera = await start_camera()
    session = await connect(camera)
    assert await told(session, "PUT", "", listed(host(1), host(3))) == OK
    assert [one.in_use for one in camera.listening.hosts] == [True, False, True]
    assert await told(session, "PUT", "", listed(host(2))) == OK
    assert [one.in_use for one in camera.listening.hosts] == [False, True, False]


async def test_add_and_remove(start_camera: StartCamera, connect: Connect) -> None:
    """Add into free slots until there is none, then remove one and all."""
    camera = await start_camera(ENTRANCE)
    session = await connect(camera)
    for _ in range(2):
        assert await told(session, "POST", "", host(9)) == OK
    assert [one.number for one in camera.listening.slots.in_use] == [1, 2]
    assert await told(session, "POST", "", host(9)) == (200, "4", "numberReachedLlimit")
    assert await told(session, "DELETE", "/1") == OK
    assert [one.number for one in camera.listening.slots.in_use] == [2]
    assert await told(session, "DELETE") == OK
    assert camera.listening.slots.in_use == []


async def test_host_name_and_longest_url(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Take a host name instead of an address, and a URL of just the length."""
    camera = await start_camera()
    session = await connect(camera)
    body = host(address=NAME, url="/" + "x" * 127)
    assert await told(session, "PUT", "/1", body) == OK
    assert camera.listening.hosts[0].authority == "ha.example:8123"


@pytest.mark.parametrize(
    ("url", "target"), [("a", "/a"), ("http://192.0.2.5/a", "http://192.0.2.5/a")]
)
async def test_url_that_is_no_path(
    url: str, target: str, start_camera: StartCamera, connect: Connect
) -> None:
    """Put a full URL into the request line as it is, and a slash before a name."""
    camera = await start_camera()
    assert await told(await connect(camera), "PUT", "/1", host(url=url)) == OK
    first, *_ = camera.listening.hosts
    assert first.target == target
    assert first.whole_url.endswith(target)


async def test_password_is_never_read(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Keep a password, and tell nobody."""
    camera = await start_camera()
    session = await connect(camera)
    more = "<userName>u</userName><password>secret</password>"
    assert await told(session, "PUT", "/1", host(more=more)) == OK
    assert camera.listening.hosts[0].password == "secret"
    for path in ("", "/1"):
        assert b"secret" not in await read(session, path)


async def outcome(session: aiohttp.ClientSession, body: str = "") -> str | None:
    """Return what a test of slot 1 says."""
    async with session.post(f"{HOSTS}/1/test", data=body) as response:
        assert response.status == HTTPStatus.OK
        answer = await response.read()
    assert tree(answer).tag == f"{{{DEEPINVIEW.namespace}}}HttpHostTestResult"
    return text(answer, "errorDescription")


async def test_test_posts_to_the_slot(
    start_camera: StartCamera, connect: Connect, receiver: Receiver
) -> None:
    """Post an event to the slot's host, and tell how it was answered."""
    camera = await start_camera()
    session = await connect(camera)
    camera.listening.post_to(receiver.url)
    receiver.answers.append(BAD)
    assert await outcome(session) == "HTTP status 503"
    assert await outcome(session) == "ok"
    (_, received) = receiver.received
    assert text(received.body, "eventType") == "test"


async def test_test_posts_to_the_host_in_the_body(
    start_camera: StartCamera, connect: Connect, receiver: Receiver
) -> None:
    """Post to the host that the request describes, without keeping it."""
    camera = await start_camera()
    session = await connect(camera)
    local = ADDRESS.replace("192.0.2.5", "127.0.0.1")
    body = host(address=local, port=str(receiver.port), url="/here")
    assert await outcome(session, body) == "ok"
    assert [one.line for one in receiver.received] == ["POST /here HTTP/1.1"]
    assert camera.listening.slots.in_use == []
    for nobody in ("", "<Wrong/>"):
        assert await told(session, "POST", "/1/test", nobody) == BAD_CONTENT


async def test_test_of_a_host_that_is_not_there(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Tell that the connection was refused."""
    camera = await start_camera()
    session = await connect(camera)
    async with receiving() as gone:
        camera.listening.post_to(gone.url)
    assert await outcome(session) == "Connection refused"
