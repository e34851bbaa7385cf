"""Test arming: the stream's head, its parts, heartbeats, and the slots."""

import asyncio
from http import HTTPStatus
from typing import Final

import aiohttp
import pytest

from simulator import DEEPINVIEW, ENTRANCE, Fault, SimulatedCamera

from .armed import ALERT_STREAM, PATIENCE, ArmedClient, armed
from .conftest import Connect, StartCamera
from .xml_reading import text, tree

SUBSCRIPTION: Final = "/ISAPI/Event/notification/subscribeEvent"


async def test_head_has_no_length_and_no_chunks(
    session: aiohttp.ClientSession, camera: SimulatedCamera
) -> None:
    """Answer a body that ends with the connection."""
    async with armed(session) as client:
        head = client.response.headers
    assert head["MIME-Version"] == "1.0"
    assert head["Connection"] == "close"
    assert head["Content-Type"] == "multipart/mixed; boundary=boundary"
    assert "Content-Length" not in head
    assert "Transfer-Encoding" not in head


async def test_passage_comes_as_document_and_pictures(
    session: aiohttp.ClientSession, camera: SimulatedCamera
) -> None:
    """Send the document first, then its pictures, each as a part of its own."""
    async with armed(session) as client:
        passage = await camera.vehicle_passes("MXY123")
        document, *pictures = [await client.part() for _ in range(4)]
    assert document.headers["Content-Type"] == 'application/xml; charset="UTF-8"'
    assert "Content-Disposition" not in document.headers
    assert text(document.body, "ANPR/licensePlate") == "MXY123"
    assert [part.body for part in pictures] == list(passage.jpegs.values())
    assert [part.headers["Content-Disposition"] for part in pictures] == [
        f'form-data; name="{name}.jpg"; filename="{name}.jpg";'
        for name in ("licensePlatePicture", "vehiclePicture", "detectionPicture")
    ]
    assert {part.headers["Content-Type"] for part in pictures} == {"image/pjpeg"}


async def test_entrance_camera_names_parts_by_pid(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Send the scene before the plate, named after the pId of the document."""
    camera = await start_camera(ENTRANCE)
    async with armed(await connect(camera)) as client:
        passage = await camera.vehicle_passes()
        _, scene, plate = [await client.part() for _ in range(3)]
    plate_id, scene_id = passage.picture_ids.values()
    assert scene.headers["Content-Disposition"] == (
        f'form-data; name="{scene_id}"; filename="detectionPicture.jpg"'
    )
    assert plate.headers["Content-Disposition"] == (
        f'form-data; name="{plate_id}"; filename="licensePlatePicture.jpg"'
    )
    assert scene.headers["Content-Type"] == "image/jpeg"


async def test_heartbeats_fill_the_silence(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Say "still here" again and again while nothing happens."""
    camera = await start_camera(heartbeat_seconds=0.01)
    async with armed(await connect(camera)) as client:
        for _ in range(3):
            body = (await client.part()).body
            assert text(body, "eventType") == "videoloss"
            assert text(body, "eventState") == "inactive"
            assert text(body, "activePostCount") == "0"


async def test_streams_hear_the_same(
    session: aiohttp.ClientSession, camera: SimulatedCamera
) -> None:
    """Send an event to every stream."""
    async with armed(session) as one, armed(session) as other:
        camera.send_event("IO", extra={"inputIOPortID": "1"})
        first, second = await one.part(), await other.part()
    assert first == second
    assert text(first.body, "inputIOPortID") == "1"
    assert camera.stream_opens == 2


async def test_slots_run_out(start_camera: StartCamera, connect: Connect) -> None:
    """Refuse one stream too many as armingFull, until one ends."""
    camera = await start_camera(stream_slots=1)
    session = await connect(camera)
    async with armed(session), session.get(ALERT_STREAM) as refused:
        assert refused.status == HTTPStatus.FORBIDDEN
        assert text(await refused.read(), "subStatusCode") == "armingFull"
    async with asyncio.timeout(PATIENCE):
        await camera.wait_for_no_stream()
    async with armed(session):
        assert camera.open_streams == 1


async def test_reboot_ends_streams_and_counters(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Close every stream on reboot, and count alarms from the beginning."""
    camera = await start_camera(ENTRANCE)
    session = await connect(camera)
    async with armed(session) as client:
        await camera.vehicle_passes(pictures=())
        await client.part()
        async with session.put("/ISAPI/System/reboot") as response:
            assert response.status == HTTPStatus.OK
        assert await client.rest() == b""
    async with armed(session) as client:
        await camera.vehicle_passes(pictures=())
        body = (await client.part()).body
    assert text(body, "activePostCount") == "1"
    assert text(body, "ANPR/vehicleInfo/index") == "1"


async def test_camera_comes_back_on_the_same_port(
    camera: SimulatedCamera, connect: Connect
) -> None:
    """Go dark, refuse connections, and answer again."""
    session, port = await connect(camera), camera.port
    await camera.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await session.get(ALERT_STREAM)
    await camera.start(port=port)
    async with armed(session):
        assert camera.open_streams == 1


async def test_arming_can_be_waited_for(
    session: aiohttp.ClientSession, camera: SimulatedCamera
) -> None:
    """Wake whoever waits for streams to open or to end."""
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(camera.wait_for_stream(2))
        async with armed(session), armed(session):
            await camera.wait_for_stream(2)
    async with asyncio.timeout(PATIENCE):
        await camera.wait_for_no_stream()
    assert (camera.open_streams, camera.stream_opens) == (0, 2)


async def test_raw_bytes_go_out_as_they_are(
    session: aiohttp.ClientSession, camera: SimulatedCamera
) -> None:
    """Send the caller's own bytes, framed by nobody."""
    async with armed(session) as client:
        camera.send_raw(b"no multipart at all")
        assert await client.exactly(19) == b"no multipart at all"


async def test_own_document_becomes_a_part(
    session: aiohttp.ClientSession, camera: SimulatedCamera
) -> None:
    """Frame a document of the caller's own, of any type."""
    async with armed(session) as client:
        camera.send_document(b"{}", content_type="application/json")
        part = await client.part()
    assert (part.headers["Content-Type"], part.body) == ("application/json", b"{}")


async def test_open_stream_is_in_the_log(
    session: aiohttp.ClientSession, camera: SimulatedCamera
) -> None:
    """Log an arming request when its answer begins."""
    async with armed(session):
        assert camera.requests[-1].path == ALERT_STREAM
        assert camera.requests[-1].status == HTTPStatus.OK


async def test_heartbeat_has_the_cameras_namespace(
    start_camera: StartCamera, connect: Connect
) -> None:
    """Write heartbeats in the namespace of the model, without a declaration."""
    camera = await start_camera(DEEPINVIEW, heartbeat_seconds=0.01)
    async with armed(await connect(camera)) as client:
        body = (await client.part()).body
    assert body.startswith(b"<EventNotificationAlert")
    assert tree(body).tag == f"{{{DEEPINVIEW.namespace}}}EventNotificationAlert"


async def test_subscription(
    session: aiohttp.ClientSession, camera: SimulatedCamera
) -> None:
    """Answer first, then send what a stream sends, and heartbeats of another kind."""
    camera.faults.on(Fault.ALERT_STREAM_MISSING)
    async with session.get(ALERT_STREAM) as refused:
        assert refused.status == HTTPStatus.FORBIDDEN
    asked = (
        "<SubscribeEvent><heartbeat>1</heartbeat><eventMode>all</eventMode>"
        "</SubscribeEvent>"
    )
    async with session.post(SUBSCRIPTION, data=asked) as response:
        client = ArmedClient(response)
        answer = await client.part()
        heartbeat = await client.part()
        await camera.vehicle_passes("MXY123", pictures=[])
        passage = await client.part()
    assert text(answer.body, "id") == "1"
    assert text(heartbeat.body, "eventType") == "heartBeat"
    assert text(passage.body, "ANPR/licensePlate") == "MXY123"


@pytest.mark.parametrize(
    "asked",
    [
        "<SubscribeEvent><heartbeat>31</heartbeat><eventMode>all</eventMode>",
        "<SubscribeEvent><heartbeat>30</heartbeat>",
    ],
)
async def test_refused_subscription(session: aiohttp.ClientSession, asked: str) -> None:
    """Refuse what the capabilities do not list."""
    body = f"{asked}</SubscribeEvent>"
    async with session.post(SUBSCRIPTION, data=body) as response:
        assert response.status == HTTPStatus.BAD_REQUEST
    async with session.get(f"{SUBSCRIPTION}Cap") as response:
        assert "heartbeat" in await response.text()
