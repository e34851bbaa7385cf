"""Test which listening hosts a camera refuses, and how."""

from dataclasses import replace
from http import HTTPStatus

import pytest

from simulator import DEEPINVIEW, DS_2CD4A26, ENTRANCE
from simulator.answers import BAD_METHOD

from .conftest import Connect, StartCamera
from .http_hosts import (
    ADDRESS,
    BAD_CONTENT,
    BY_ADDRESS,
    BY_NAME,
    NAME,
    NOT_SUPPORT,
    OK,
    host,
    listed,
    read,
    told,
)


@pytest.mark.parametrize(
    "body",
    [
        "<HttpHostNotification/>",
        "<Wrong/>",
        host(2),
        host(url="/" + "x" * 128),
        host(port="0"),
        host(port="65536"),
        host(port="http"),
        host(address=ADDRESS + "<hostName>ha.example</hostName>"),
        host(address=NAME + "<ipAddress>192.0.2.5</ipAddress>"),
        host(address=BY_ADDRESS),
        host(address=BY_NAME),
        host(address=ADDRESS.replace("192.0.2.5", "ha.example")),
        host(address=ADDRESS.replace("ipaddress", "hostName")),
        host().replace("<userName></userName>", "<userName/>"),
        host().replace("<portNo>", '<portNo min="1">'),
        host().replace(">HTTP<", ">EHome<"),
        host().replace(">XML<", ">CSV<"),
        host().replace(">none<", ">basic<"),
        host(more="<ANPR><detectionUpLoadPicturesType>big<{0}></ANPR>").format(
            "/detectionUpLoadPicturesType"
        ),
    ],
)
async def test_bad_hosts_are_refused(
    body: str, start_camera: StartCamera, connect: Connect
) -> None:
    """Refuse what a device refuses, alone and in a list, and change nothing."""
    camera = await start_camera()
    session = await connect(camera)
    before = await read(session)
    assert await told(session, "PUT", "/1", body) == BAD_CONTENT
    if body != host(2):
        assert await told(session, "PUT", "", listed(body)) == BAD_CONTENT
        assert await told(session, "POST", "", body) == BAD_CONTENT
    assert await read(session) == before


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        (listed(host(1), host(1)), BAD_CONTENT),
        (listed(host(4)), BAD_CONTENT),
        (host(1), BAD_CONTENT),
        ("id=1", (400, "5", "badXmlFormat")),
    ],
)
async def test_bad_lists_are_refused(
    hosts: str,
    expected: tuple[int, str, str],
    start_camera: StartCamera,
    connect: Connect,
) -> None:
    """Refuse doubled and unknown slots, a host without its list, and no XML."""
    session = await connect(await start_camera())
    assert await told(session, "PUT", "", hosts) == expected


async def test_unknown_slot(start_camera: StartCamera, connect: Connect) -> None:
    """Refuse a slot that the model does not have."""
    session = await connect(await start_camera())
    for method in ("GET", "PUT", "DELETE"):
        assert await told(session, method, "/4", host(4)) == NOT_SUPPORT


async def test_options_in_what_is_read(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Refuse what was read when it comes back with its opt attributes."""
    session = await connect(await start_camera(DEEPINVIEW))
    document = (await read(session, "/1")).decode()
    options = ' opt="all,licensePlatePicture,detectionPicture"'
    assert options in document
    assert await told(session, "PUT", "/1", document) == BAD_CONTENT
    assert await told(session, "PUT", "/1", document.replace(options, "")) == OK
    plain = replace(DEEPINVIEW.listening, options_in_get=False)
    session = await connect(await start_camera(listening=plain))
    assert b"opt=" not in await read(session)


async def test_self_closed_element_is_taken_by_others(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Take <userName/> on models that are not particular."""
    session = await connect(await start_camera(ENTRANCE))
    assert await told(session, "PUT", "/1", host(more="<userName/>")) == OK


@pytest.mark.parametrize(("seconds", "code"), [("30", "1"), ("31", "6"), ("", "1")])
async def test_longest_heartbeat(
    seconds: str, code: str, start_camera: StartCamera, connect: Connect
) -> None:
    """Refuse, with HTTP 200, a heartbeat above the largest."""
    session = await connect(await start_camera(ENTRANCE))
    more = f"<SubscribeEvent><heartbeat>{seconds}</heartbeat></SubscribeEvent>"
    status, told_code, _ = await told(session, "PUT", "/1", host(more=more))
    assert (status, told_code) == (HTTPStatus.OK, code)


async def test_model_that_knows_the_list_only(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Refuse a single slot and a test, and take the list."""
    camera = await start_camera(DS_2CD4A26)
    session = await connect(camera)
    for method in ("GET", "PUT", "DELETE"):
        assert await told(session, method, "/1", host()) == NOT_SUPPORT
    assert await told(session, "POST", "/1/test", host()) == NOT_SUPPORT
    assert await told(session, "PUT", "", listed(host())) == OK
    other = replace(DS_2CD4A26.listening, slot_refusal=BAD_METHOD)
    session = await connect(await start_camera(DS_2CD4A26, listening=other))
    expected = (405, "4", "methodNotAllowed")
    assert await told(session, "PUT", "/1", host()) == expected


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "http://127.0.0.1/" + "x" * 128, "/api/webhook/1"]
)
async def test_post_to_keeps_to_the_rules(url: str, start_camera: StartCamera) -> None:
    """Refuse in Python what the device would refuse."""
    camera = await start_camera()
    with pytest.raises(ValueError, match="badXmlContent"):
        camera.listening.post_to(url)
    with pytest.raises(ValueError, match="notSupport"):
        camera.listening.post_to("http://127.0.0.1/", slot=4)
