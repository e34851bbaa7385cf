"""Test that every fault of the stream breaks exactly what it says."""

from collections.abc import AsyncGenerator
from typing import Final

import aiohttp
from lxml import etree
import pytest

from simulator import Fault, SimulatedCamera

from .armed import ArmedClient, armed
from .xml_reading import text, tree

END: Final = b"</EventNotificationAlert>"


@pytest.fixture
async def client(
    session: aiohttp.ClientSession, camera: SimulatedCamera
) -> AsyncGenerator[ArmedClient]:
    """Return a client that armed the camera before any fault is on."""
    async with armed(session) as opened:
        yield opened


async def whole(camera: SimulatedCamera, client: ArmedClient) -> bytes:
    """Return all bytes of the stream, which is ended for that."""
    await camera.drain()
    camera.drop_streams()
    return await client.rest()


async def test_cut_in_xml(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Close the connection in the middle of a document."""
    camera.faults.on(Fault.CUT_IN_XML)
    await camera.vehicle_passes()
    data = await client.rest()
    head, _, body = data.partition(b"\r\n\r\n")
    announced = int(head.rpartition(b": ")[2])
    assert 0 < len(body) < announced
    assert END not in body


async def test_cut_in_picture(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Close the connection in the middle of the first picture."""
    camera.faults.on(Fault.CUT_IN_PICTURE)
    passage = await camera.vehicle_passes()
    assert text((await client.part()).body, "UUID") == passage.uuid
    _, _, body = (await client.rest()).partition(b"\r\n\r\n")
    plate = next(iter(passage.jpegs.values()))
    assert 0 < len(body) < len(plate)
    assert plate.startswith(body)


async def test_stall(
    session: aiohttp.ClientSession, camera: SimulatedCamera, client: ArmedClient
) -> None:
    """Say nothing more on the old stream; a new one is fine."""
    camera.faults.on(Fault.STALL, times=1)
    camera.send_event("VMD")
    camera.send_event("VMD")
    async with armed(session) as fresh:
        assert camera.open_streams == 2
        camera.send_event("IO")
        assert text((await fresh.part()).body, "eventType") == "IO"
    assert await whole(camera, client) == b""


async def test_stall_in_picture(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Fall silent in the middle of a picture, connection open."""
    camera.faults.on(Fault.STALL_IN_PICTURE)
    passage = await camera.vehicle_passes()
    await client.part()
    assert await client.line() == b"--boundary\r\n"
    camera.send_event("VMD")
    assert camera.open_streams == 1
    _, _, body = (await whole(camera, client)).partition(b"\r\n\r\n")
    assert 0 < len(body) < len(next(iter(passage.jpegs.values())))


async def test_slow_bytes(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Send the same bytes, in drops."""
    camera.faults.drip_bytes, camera.faults.drip_seconds = 100, 0
    camera.faults.on(Fault.SLOW_BYTES)
    passage = await camera.vehicle_passes(pictures=("plate",))
    assert text((await client.part()).body, "UUID") == passage.uuid
    assert (await client.part()).body == next(iter(passage.jpegs.values()))


async def test_glued_documents(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Put a heartbeat and the passage into one part."""
    camera.faults.on(Fault.GLUED_DOCUMENTS)
    passage = await camera.vehicle_passes()
    first, second, rest = (await client.part()).body.split(END)
    assert text(first + END, "eventType") == "videoloss"
    assert text(second + END, "UUID") == passage.uuid
    assert rest.strip() == b""


async def test_glued_response(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Send an HTTP answer between a document and the next boundary."""
    camera.faults.on(Fault.GLUED_RESPONSE)
    camera.send_event("VMD")
    data = await whole(camera, client)
    head, _, rest = data.partition(b"\r\n\r\n")
    body = rest[int(head.rpartition(b": ")[2]) :]
    assert body.startswith(b"HTTP/1.1 200 OK\r\n")


async def test_double_boundary(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Send two boundary lines in a row."""
    camera.faults.on(Fault.DOUBLE_BOUNDARY, times=1)
    camera.send_event("VMD")
    assert await client.line() == b"--boundary\r\n"
    assert text((await client.part()).body, "eventType") == "VMD"


async def test_missing_first_boundary(
    camera: SimulatedCamera, client: ArmedClient
) -> None:
    """Begin the stream without a boundary, and go on with them."""
    camera.faults.on(Fault.MISSING_FIRST_BOUNDARY)
    camera.send_event("VMD")
    camera.send_event("IO")
    data = await whole(camera, client)
    assert data.startswith(b"Content-Type: application/xml")
    assert data.count(b"--boundary\r\n") == 1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.QUOTED_BOUNDARY, 'multipart/mixed; boundary="boundary"'),
        (Fault.FORM_DATA, "multipart/form-data; boundary=boundary"),
    ],
)
async def test_unusual_content_type(
    fault: Fault,
    expected: str,
    session: aiohttp.ClientSession,
    camera: SimulatedCamera,
) -> None:
    """Open the stream with another Content-Type."""
    camera.faults.on(fault)
    async with armed(session) as client:
        assert client.response.headers["Content-Type"] == expected


async def test_lf_only(camera: SimulatedCamera, client: ArmedClient) -> None:
    """End the lines around a part with LF alone."""
    camera.faults.on(Fault.LF_ONLY)
    camera.send_document(b"<a/>")
    expected = b'--boundary\nContent-Type: application/xml; charset="UTF-8"\n'
    expected += b"Content-Length: 4\n\n<a/>\n"
    assert await whole(camera, client) == expected


async def test_missing_length(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Leave Content-Length out of every part."""
    camera.faults.on(Fault.MISSING_LENGTH)
    await camera.vehicle_passes()
    data = await whole(camera, client)
    assert b"Content-Length" not in data
    assert data.count(b"--boundary\r\n") == 4


@pytest.mark.parametrize(
    ("fault", "error"), [(Fault.LENGTH_TOO_SHORT, -16), (Fault.LENGTH_TOO_LONG, 16)]
)
async def test_wrong_length(
    fault: Fault, error: int, camera: SimulatedCamera, client: ArmedClient
) -> None:
    """Announce another length than the body has."""
    camera.faults.on(fault)
    camera.send_document(b"<a>" + b" " * 100 + b"</a>")
    data = await whole(camera, client)
    assert f"Content-Length: {107 + error}\r\n".encode() in data
    assert data.endswith(b" </a>\r\n")


async def test_boundary_in_picture(
    camera: SimulatedCamera, client: ArmedClient
) -> None:
    """Send pictures that hold what looks like a boundary."""
    camera.faults.on(Fault.BOUNDARY_IN_PICTURE)
    passage = await camera.vehicle_passes(pictures=("plate",))
    await client.part()
    body = (await client.part()).body
    assert body.startswith(next(iter(passage.jpegs.values())))
    assert b"\r\n--boundary\r\n" in body


async def test_pictures_missing(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Promise pictures that never come."""
    camera.faults.on(Fault.PICTURES_MISSING)
    await camera.vehicle_passes()
    camera.send_event("VMD")
    assert text((await client.part()).body, "picNum") == "3"
    assert text((await client.part()).body, "eventType") == "VMD"


async def test_pictures_reversed(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Send the pictures in another order than the document's."""
    camera.faults.on(Fault.PICTURES_REVERSED)
    passage = await camera.vehicle_passes()
    _, *pictures = [await client.part() for _ in range(4)]
    expected = list(passage.jpegs.values())[::-1]
    assert [part.body for part in pictures] == expected


async def test_pictures_by_content_id(
    camera: SimulatedCamera, client: ArmedClient
) -> None:
    """Link pictures by Content-ID alone."""
    camera.faults.on(Fault.PICTURES_BY_CONTENT_ID)
    passage = await camera.vehicle_passes()
    document, *pictures = [await client.part() for _ in range(4)]
    linked = [part.headers["Content-ID"] for part in pictures]
    assert linked == list(passage.picture_ids.values())
    found = tree(document.body).findall(".//{*}contentID")
    assert [element.text for element in found] == linked
    assert {part.headers["Content-Disposition"] for part in pictures} == {
        'form-data; name="Picture_Name"'
    }


async def test_unescaped_ampersand(
    camera: SimulatedCamera, client: ArmedClient
) -> None:
    """Send a channel name that makes the document no XML."""
    camera.faults.on(Fault.UNESCAPED_AMPERSAND)
    await camera.vehicle_passes()
    body = (await client.part()).body
    assert b"<channelName>Gate & Yard</channelName>" in body
    with pytest.raises(etree.XMLSyntaxError):
        tree(body)


async def test_gbk_bytes(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Encode a Chinese plate in GBK although the part says UTF-8."""
    camera.faults.on(Fault.GBK_BYTES)
    await camera.vehicle_passes("蓝皖A7XG66")
    part = await client.part()
    assert "蓝皖A7XG66".encode("gbk") in part.body
    assert "UTF-8" in part.headers["Content-Type"]
    with pytest.raises(UnicodeDecodeError):
        part.body.decode()


async def test_duplicate_event(camera: SimulatedCamera, client: ArmedClient) -> None:
    """Send the same event twice."""
    camera.faults.on(Fault.DUPLICATE_EVENT, times=1)
    passage = await camera.vehicle_passes(pictures=())
    await camera.vehicle_passes("OTHER1", pictures=())
    told = [text((await client.part()).body, "UUID") for _ in range(3)]
    assert told[:2] == [passage.uuid, passage.uuid]
    assert told[2] != passage.uuid


async def test_faults_can_be_switched_off(
    camera: SimulatedCamera, client: ArmedClient
) -> None:
    """Send well-formed parts again after the fault."""
    camera.faults.on(Fault.LF_ONLY, Fault.MISSING_LENGTH)
    camera.faults.off(Fault.LF_ONLY)
    assert camera.faults.active() == [Fault.MISSING_LENGTH]
    camera.faults.clear()
    camera.send_event("VMD")
    assert text((await client.part()).body, "eventType") == "VMD"
