"""Test to whom a camera posts, when, how often, and what it does on failures."""

import asyncio
from dataclasses import replace
import hashlib
import re

import aiohttp
import pytest

from simulator import DEEPINVIEW, ENTRANCE, Fault, SimulatedCamera
from simulator.certificate import self_signed_context

from .armed import armed
from .conftest import Connect, StartCamera
from .receiver import Receiver, receiving
from .xml_reading import names, text

TRIGGER = "/ISAPI/Event/triggers/vehicledetection-1"
METHOD = "httpAuthenticationMethod"
CHALLENGE = (
    b"HTTP/1.1 401 Unauthorized\r\n"
    b'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", opaque="o"\r\n\r\n'
)


async def test_passage_is_posted_and_streamed(
    camera: SimulatedCamera, session: aiohttp.ClientSession, receiver: Receiver
) -> None:
    """Tell the same event both ways, the host's own port in its POST."""
    camera.listening.post_to(receiver.url)
    async with armed(session) as client:
        passage = await camera.vehicle_passes("AB123CD", pictures=())
        assert text((await client.part()).body, "UUID") == passage.uuid
    await camera.drain()
    (received,) = receiver.received
    assert received.line == "POST /api/webhook/1 HTTP/1.1"
    assert text(received.body, "UUID") == passage.uuid
    assert text(received.body, "portNo") == str(receiver.port)
    (post,) = camera.listening.posts
    assert (post.slot, post.url, post.uuid) == (1, receiver.url, passage.uuid)
    assert (post.status, post.taken, post.error) == (200, True, "")


async def test_posts_without_anybody_armed(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Post although no stream is open, and events of other kinds as well."""
    camera.listening.post_to(receiver.url)
    camera.send_event("IO", extra={"inputIOPortID": "1"})
    camera.send_document(b'{"a": 1}', content_type="application/json")
    await camera.drain()
    event, document = receiver.received
    assert text(event.body, "inputIOPortID") == "1"
    assert document.header("Content-Type") == "application/json"
    assert document.body == b'{"a": 1}'


async def test_every_host_in_use_is_posted_to(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Post to each slot that names somebody, and to no other."""
    async with receiving() as other:
        camera.listening.post_to(receiver.url)
        camera.listening.post_to(other.url, slot=3)
        await camera.vehicle_passes(pictures=())
        await camera.drain()
        assert len(receiver.received) == len(other.received) == 1
    assert [host.in_use for host in camera.listening.hosts] == [True, False, True]


async def test_disabled_host_is_not_posted_to(
    start_camera: StartCamera, connect: Connect, receiver: Receiver
) -> None:
    """Post nothing to a slot whose enabled is false."""
    camera = await start_camera(ENTRANCE)
    camera.listening.post_to(receiver.url)
    document = camera.listening.slots.document(1)
    off = document.replace("</url>", "</url><enabled>false</enabled>")
    camera.listening.slots.put(1, off.encode())
    await camera.vehicle_passes()
    await camera.drain()
    assert receiver.received == []


@pytest.mark.parametrize("linked", [True, False])
async def test_link_to_the_centre_decides(
    linked: bool, start_camera: StartCamera, connect: Connect, receiver: Receiver
) -> None:
    """Tell nobody of passages that are not linked to the surveillance centre."""
    camera = await start_camera(replace(DEEPINVIEW, linked_to_centre=linked))
    camera.listening.post_to(receiver.url)
    async with armed(await connect(camera)) as client:
        await camera.vehicle_passes(pictures=())
        camera.send_event("VMD")
        told = text((await client.part()).body, "eventType")
        await camera.drain()
    assert told == ("ANPR" if linked else "VMD")
    assert len(receiver.received) == (2 if linked else 1)
    assert [kept.plate for kept in camera.plates] == ["AB123CD"]
    assert camera.missed == []


async def test_link_can_be_made(
    start_camera: StartCamera, connect: Connect, receiver: Receiver
) -> None:
    """Post once a client has linked vehicle detection, and no more when it unlinks."""
    camera = await start_camera(replace(DEEPINVIEW, linked_to_centre=False))
    camera.listening.post_to(receiver.url)
    session = await connect(camera)
    for methods, expected in ((("FTP", "center"), 1), (("FTP",), 1)):
        notified = "".join(
            f"<notificationMethod>{name}</notificationMethod>" for name in methods
        )
        body = f"<EventTrigger>{notified}</EventTrigger>"
        async with session.put(TRIGGER, data=body) as response:
            assert text(await response.read(), "statusCode") == "1"
        await camera.vehicle_passes(pictures=())
        await camera.drain()
        assert len(receiver.received) == expected


async def test_second_message_is_posted(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Post the plate first and the pictures later, with the same UUID."""
    camera.listening.post_to(receiver.url)
    passage = await camera.vehicle_passes(has_more_data=True)
    await camera.passage_completes(passage)
    await camera.drain()
    first, second = receiver.received
    document, *pictures = second.parts()
    assert text(first.body, "UUID") == text(document.body, "UUID") == passage.uuid
    assert [part.body for part in pictures] == [*passage.jpegs.values()]


async def test_duplicates(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Post the same passage twice."""
    camera.listening.post_to(receiver.url)
    camera.faults.on(Fault.DUPLICATE_EVENT, times=1)
    await camera.vehicle_passes("A", pictures=())
    await camera.vehicle_passes("B", pictures=())
    await camera.drain()
    assert [one.plate for one in receiver.received] == ["A", "A", "B"]


async def test_reordered(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Hold a POST back until the next one was answered."""
    camera.listening.post_to(receiver.url)
    camera.faults.on(Fault.POST_REORDERED, times=1)
    await camera.vehicle_passes("A", pictures=())
    await camera.drain()
    assert receiver.received == []
    for plate in "BC":
        await camera.vehicle_passes(plate, pictures=())
    await camera.drain()
    assert [one.plate for one in receiver.received] == ["B", "A", "C"]


async def test_host_with_a_certificate_of_its_own(camera: SimulatedCamera) -> None:
    """Post over TLS without asking who signed."""
    context = await asyncio.to_thread(self_signed_context, "192.0.2.7")
    async with receiving(context) as receiver:
        camera.listening.post_to(receiver.url)
        await camera.vehicle_passes()
        await camera.drain()
        (received,) = receiver.received
    assert text(received.parts()[0].body, "protocol") == "HTTPS"


async def test_posts_come_from_the_cameras_address(receiver: Receiver) -> None:
    """Post from the loopback address that the camera answers on."""
    camera = SimulatedCamera(ENTRANCE)
    await camera.start("127.0.0.9")
    camera.listening.post_to(receiver.url)
    camera.send_event("VMD")
    await camera.drain()
    await camera.stop()
    assert [received.source for received in receiver.received] == ["127.0.0.9"]


def log_in(camera: SimulatedCamera, receiver: Receiver, method: str) -> None:
    """Fill slot 1 with a login."""
    camera.listening.post_to(receiver.url)
    login = f"<userName>u</userName><password>p</password><{METHOD}>{method}<"
    document, count = re.subn(
        rf"<userName></userName>\s*<{METHOD}>none<",
        login,
        camera.listening.slots.document(1),
    )
    assert count == 1
    camera.listening.slots.put(1, document.encode())


def md5(whole: str) -> str:
    """Return the digest of a text in hexadecimal."""
    return hashlib.md5(whole.encode()).hexdigest()


async def test_credentials(start_camera: StartCamera, receiver: Receiver) -> None:
    """Send a password only to a host that the slot has one for."""
    camera = await start_camera(ENTRANCE)
    for method in ("none", "basic", "MD5digest"):
        log_in(camera, receiver, method)
        if method == "MD5digest":
            receiver.answers.append(CHALLENGE)
        camera.send_event("VMD")
        await camera.drain()
    none, basic, asked, digest = receiver.received
    for plain in (none, asked):
        assert "Authorization" not in dict(plain.headers)
    assert basic.header("Authorization") == "Basic dTpw"
    kind, _, fields = digest.header("Authorization").partition(" ")
    values = dict(part.split("=", 1) for part in fields.replace('"', "").split(", "))
    secret, request = md5("u:r:p"), md5("POST:/api/webhook/1")
    whole = f"{secret}:n:{values['nc']}:{values['cnonce']}:auth:{request}"
    assert (kind, values["response"]) == ("Digest", md5(whole))
    assert values["opaque"] == "o"
    assert names(digest.body) == names(none.body)
