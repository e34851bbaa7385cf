"""Test following the event stream of a device on loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from lxml import etree
import pytest

from custom_components.hikvision_anpr.isapi.arming import (
    ALERT_STREAM,
    SUBSCRIPTION,
    AlertStream,
    StreamCounts,
    StreamMessage,
    open_alert_stream,
)
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.device_address import DeviceAddress
from custom_components.hikvision_anpr.isapi.errors import (
    BusyError,
    IsapiError,
    NotSupportedError,
    StreamSlotsFullError,
    UnreachableError,
)
from custom_components.hikvision_anpr.isapi.events import DeviceEvent
from custom_components.hikvision_anpr.isapi.login import Credentials
from custom_components.hikvision_anpr.isapi.pictures import ReadPicture
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

from .fixtures import Framing, Piece, document, jpeg, picture_piece
from .web_server import WebServer

type Play = Callable[[web.StreamResponse], Awaitable[None]]

READ = Piece(body=document("deepinview.xml"))
HEARTBEAT = Piece(body=document("heartbeat_camera.xml"))
OPEN = Framing(closing=None)
PLATE, SCENE, VEHICLE = (jpeg(5000, seed=seed) for seed in range(3))
PICTURES = (
    picture_piece(SCENE, "detectionPicture.jpg"),
    picture_piece(PLATE, "2026040708153049900AAAAAAAAAAAAA"),
    picture_piece(VEHICLE, "vehiclePicture.jpg"),
)


@asynccontextmanager
async def stream_of(
    play: Play,
    *,
    counts: StreamCounts | None = None,
    zone: tzinfo = UTC,
    silence_seconds: float = 10,
    content_type: str = 'multipart/mixed; boundary="boundary"',
) -> AsyncIterator[AlertStream]:
    """Open the stream of a device that plays something."""

    async def answer(request: web.Request) -> web.StreamResponse:
        """Answer as cameras do: without a length, to be ended by closing."""
        response = web.StreamResponse(headers={"Content-Type": content_type})
        response.force_close()
        await response.prepare(request)
        await play(response)
        return response

    app = web.Application()
    app.router.add_get(ALERT_STREAM, answer)
    async with TestServer(app, host="127.0.0.1") as server, ClientSession() as session:
        assert server.port
        client = IsapiClient(
            session,
            DeviceAddress(host="127.0.0.1", port=server.port),
            Credentials(username="admin", password="secret"),
        )
        async with open_alert_stream(
            client,
            lambda: zone,
            counts or StreamCounts(),
            silence_seconds=silence_seconds,
        ) as stream:
            yield stream


def writing(*pieces: bytes) -> Play:
    """Return a device that writes pieces and then closes."""

    async def play(response: web.StreamResponse) -> None:
        """Write one piece after the other."""
        for piece in pieces:
            await response.write(piece)

    return play


async def messages_of(stream: AlertStream) -> list[StreamMessage]:
    """Return the messages of a stream up to its end."""
    return [message async for message in stream]


@pytest.fixture(autouse=True)
def sockets(socket_enabled: None) -> None:
    """Let the tests talk over loopback."""


async def test_read_comes_before_its_pictures() -> None:
    """Hand a read on when its document is there, pictures as they come."""
    handed_on = asyncio.Event()

    async def play(response: web.StreamResponse) -> None:
        """Wait with the pictures until the read was handed on."""
        await response.write(OPEN.multipart(READ))
        await handed_on.wait()
        await response.write(b"\r\n" + Framing().multipart(*PICTURES))

    async with stream_of(play) as stream:
        messages = []
        async for message in stream:
            messages.append(message)
            handed_on.set()
    read, *pictures = messages
    assert isinstance(read, PlateRead)
    assert read.plate == "MAB4711"
    found = [picture for picture in pictures if isinstance(picture, ReadPicture)]
    assert [(one.info.kind, one.data) for one in found] == [
        ("detectionPicture", SCENE),
        ("licensePlatePicture", PLATE),
        ("vehiclePicture", VEHICLE),
    ]
    assert all(one.read is read for one in found)


async def test_every_piece_is_handed_on_at_once() -> None:
    """Wait for no boundary with a heartbeat, an event or a picture."""
    handed_on = asyncio.Event()
    pieces = (READ, PICTURES[0], HEARTBEAT, Piece(body=document("motion.xml")))

    async def play(response: web.StreamResponse) -> None:
        """Send a piece when the one before was handed on."""
        for piece in pieces:
            await response.write(OPEN.multipart(piece))
            await handed_on.wait()
            handed_on.clear()
            await response.write(b"\r\n")

    async with stream_of(play) as stream:
        messages = []
        async for message in stream:
            messages.append(type(message))
            handed_on.set()
    assert messages == [PlateRead, ReadPicture, DeviceEvent, DeviceEvent]


async def test_counts() -> None:
    """Count everything that came, understood or not."""
    counts = StreamCounts()
    body = OPEN.multipart(
        READ,
        *PICTURES,
        PICTURES[1],
        HEARTBEAT,
        HEARTBEAT,
        Piece(body=document("video_loss.xml")),
        Piece(body=document("input.xml")),
        picture_piece(jpeg(), "foreign"),
        Piece(body=b"<nothing></nothing>"),
        Piece(body=b"plain", headers=("Content-Type: text/plain",)),
        Piece(body=document("deepinview.xml")[:400]),
    )
    for _ in range(2):
        async with stream_of(
            writing(body[:3000], body[3000:]), counts=counts
        ) as stream:
            messages = await messages_of(stream)
        assert len(messages) == 8
    assert counts == StreamCounts(
        streams=2,
        received_bytes=2 * len(body),
        reads=2,
        pictures=6,
        heartbeats=4,
        video_losses=2,
        other_events=2,
        not_understood=4,
        pictures_without_read=4,
        parts_given_up=2,
    )


@pytest.mark.parametrize("other", ["motion.xml", "refusal.xml"])
async def test_pictures_of_other_events(other: str) -> None:
    """Give a nameless picture to no read after a document of something else."""
    nameless = Piece(body=SCENE, headers=("Content-Type: image/jpeg",))
    pieces = (READ, nameless, HEARTBEAT, nameless, Piece(body=document(other)))
    async with stream_of(writing(OPEN.multipart(*pieces, nameless))) as stream:
        messages = await messages_of(stream)
    kinds = [one.info.kind for one in messages if isinstance(one, ReadPicture)]
    assert kinds == ["licensePlatePicture", "vehiclePicture"]


async def test_zone_is_asked_for_each_document() -> None:
    """Read times without offset in the zone of the device."""
    body = document("heartbeat_camera.xml").replace(b"+02:00", b"")
    zone = ZoneInfo("Asia/Dubai")
    play = writing(OPEN.multipart(Piece(body=body)))
    async with stream_of(play, zone=zone) as stream:
        (event,) = await messages_of(stream)
    assert isinstance(event, DeviceEvent)
    assert event.sent_at
    assert event.sent_at.tzinfo == zone


@pytest.mark.parametrize(
    ("sub_status", "error"),
    [("armingFull", StreamSlotsFullError), ("deviceBusy", BusyError)],
)
@pytest.mark.parametrize("content_type", ["multipart/mixed", "application/xml"])
async def test_refusal_instead_of_a_stream(
    sub_status: str, error: type[IsapiError], content_type: str
) -> None:
    """Raise what a device answers in place of events, wrapped or bare."""
    body = document("refusal.xml").replace(b"armingFull", sub_status.encode())
    if content_type.startswith("multipart"):
        content_type += "; boundary=boundary"
        body = OPEN.multipart(Piece(body=body))
    with pytest.raises(error):
        async with stream_of(writing(body), content_type=content_type) as stream:
            await messages_of(stream)


async def test_success_is_no_refusal() -> None:
    """Go on after an answer that reports success."""
    body = document("refusal.xml").replace(b">3<", b">1<").replace(b"armingFull", b"ok")
    play = writing(OPEN.multipart(Piece(body=body), HEARTBEAT))
    async with stream_of(play) as stream:
        assert len(await messages_of(stream)) == 1


async def test_silence() -> None:
    """Raise UnreachableError when nothing at all arrives."""
    is_over = asyncio.Event()

    async def play(response: web.StreamResponse) -> None:
        """Send one heartbeat, and then nothing."""
        await response.write(OPEN.multipart(HEARTBEAT))
        await is_over.wait()

    async def follow(counts: StreamCounts) -> None:
        """Follow the stream, then let the device go."""
        async with stream_of(play, counts=counts, silence_seconds=0.05) as stream:
            try:
                await messages_of(stream)
            finally:
                is_over.set()

    counts = StreamCounts()
    with pytest.raises(UnreachableError):
        await follow(counts)
    assert counts.heartbeats == 1


async def test_device_closes() -> None:
    """End without an error when the device closes, with what was complete."""
    body = Framing().multipart(READ, PICTURES[0])
    async with stream_of(writing(body[: body.index(SCENE) + 100])) as stream:
        assert [type(one) for one in await messages_of(stream)] == [PlateRead]


async def test_closing_ends_the_last_picture() -> None:
    """Hand a picture on that has no length when the device closes behind it."""
    body = Framing(length_error=None, closing=None).multipart(READ, PICTURES[0])
    async with stream_of(writing(body)) as stream:
        read, picture = await messages_of(stream)
    assert isinstance(read, PlateRead)
    assert isinstance(picture, ReadPicture)
    assert picture.data == SCENE


async def test_connection_breaks() -> None:
    """Raise UnreachableError when the connection breaks in the middle."""

    async def play(response: web.StreamResponse) -> None:
        """Reset the connection after a heartbeat."""
        await response.write(OPEN.multipart(HEARTBEAT))
        assert response._req  # noqa: SLF001
        assert response._req.transport  # noqa: SLF001
        response._req.transport.abort()  # noqa: SLF001

    with pytest.raises(UnreachableError):
        async with stream_of(play) as stream:
            await messages_of(stream)


async def test_age_of_what_is_handed_on() -> None:
    """Tell how long ago the bytes of a message arrived."""
    async with stream_of(writing(OPEN.multipart(READ, HEARTBEAT))) as stream:
        ages = []
        async for _ in stream:
            ages.append(stream.seconds_since_arrival())
            await asyncio.sleep(0.01)
    assert 0 <= ages[0] < ages[1]


async def test_subscription_where_there_is_no_stream(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Ask for all events where the device knows subscriptions alone (reference 2.5)."""
    body = OPEN.multipart(Piece(body=document("subscribed.xml")), READ, HEARTBEAT)

    async def subscribe(request: web.Request) -> web.Response:
        """Answer a right subscription as a stream that ends at once."""
        asked = etree.fromstring(await request.read())
        texts = {etree.QName(one).localname: one.text for one in asked}
        assert texts == {"heartbeat": "10", "eventMode": "all"}
        kind = "multipart/mixed; boundary=boundary"
        return web.Response(body=body, headers={"Content-Type": kind})

    web_server.answers[SUBSCRIPTION] = subscribe
    counts = StreamCounts()
    async with open_alert_stream(client, lambda: UTC, counts) as stream:
        _, read, heartbeat = await messages_of(stream)
    assert isinstance(read, PlateRead)
    assert isinstance(heartbeat, DeviceEvent)
    assert (counts.streams, counts.not_understood) == (1, 0)


@pytest.mark.parametrize("status", [400, 404])
async def test_neither_stream_nor_subscription(
    client: IsapiClient, web_server: WebServer, status: int
) -> None:
    """Say that there is no stream, whatever the device says of subscriptions."""
    web_server.answer(SUBSCRIPTION, b"", status=status)
    with pytest.raises(NotSupportedError) as raised:
        async with open_alert_stream(client, lambda: UTC, StreamCounts()):
            pass
    assert raised.value.path == ALERT_STREAM


async def test_no_subscription_where_the_stream_is_taken(
    client: IsapiClient, web_server: WebServer
) -> None:
    """Take no subscription where other clients use every stream."""
    full = b"<ResponseStatus><subStatusCode>armingFull</subStatusCode></ResponseStatus>"
    web_server.answer(ALERT_STREAM, full, status=403)
    with pytest.raises(StreamSlotsFullError):
        async with open_alert_stream(client, lambda: UTC, StreamCounts()):
            pass
    assert {seen.target for seen in web_server.seen} == {ALERT_STREAM}
