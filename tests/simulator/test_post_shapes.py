"""Test what POSTs look like on the wire, model by model and fault by fault."""

from collections.abc import Sequence
from dataclasses import replace
import json

import pytest

from simulator import (
    DEEPINVIEW,
    ENTRANCE,
    Fault,
    ListeningSettings,
    Passage,
    Picture,
    Profile,
    SimulatedCamera,
)

from .armed import ReceivedPart
from .conftest import StartCamera
from .receiver import Received, Receiver
from .xml_reading import text

PLATE_FILE = "licensePlatePicture.jpg"


async def posted(
    camera: SimulatedCamera, receiver: Receiver, plate: str = "AB123CD"
) -> tuple[Passage, Received]:
    """Return a passage and the POST that told of it."""
    camera.listening.post_to(receiver.url)
    passage = await camera.vehicle_passes(plate)
    await camera.drain()
    return passage, receiver.received[-1]


def dispositions(parts: Sequence[ReceivedPart]) -> list[str]:
    """Return what the parts say about themselves."""
    return [part.headers["Content-Disposition"] for part in parts]


async def test_deepinview(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Post as the captured iDS-2CD7A46G0 does."""
    passage, received = await posted(camera, receiver)
    assert received.headers == [
        ("Content-Type", "multipart/form-data; boundary=boundary"),
        ("Host", f"127.0.0.1:{receiver.port}"),
        ("Connection", "close"),
        ("Content-Length", str(len(received.body))),
    ]
    document, *pictures = received.parts()
    assert document.headers["Content-Type"] == 'application/xml; charset="UTF-8"'
    assert text(document.body, "UUID") == passage.uuid
    assert dispositions([document, *pictures]) == [
        f'form-data; name="{name}"; filename="{name}"'
        for name in (
            "anpr.xml",
            PLATE_FILE,
            "vehiclePicture.jpg",
            "detectionPicture.jpg",
        )
    ]
    assert {part.headers["Content-Type"] for part in pictures} == {"image/jpeg"}
    assert [part.body for part in pictures] == [*passage.jpegs.values()]


async def test_entrance(start_camera: StartCamera, receiver: Receiver) -> None:
    """Post as the captured DS-TCG406-E does: pId as names, pictures in other order."""
    passage, received = await posted(await start_camera(ENTRANCE), receiver)
    boundary = "-------------------------7e13971310878"
    assert received.headers == [
        ("Accept", "*/*"),
        ("Content-Length", str(len(received.body))),
        ("Content-Type", f"multipart/form-data; boundary={boundary}"),
        ("Host", f"127.0.0.1:{receiver.port}"),
        ("User-Agent", "cpp-httplib/0.9"),
    ]
    assert received.body.startswith(b"---------------------------7e13971310878\r\n")
    document, *pictures = received.parts()
    assert document.headers["Content-Type"] == "application/xml"
    assert passage.pictures == (Picture.PLATE, Picture.SCENE)
    assert dispositions(pictures) == [
        f'form-data; name="{passage.picture_ids[one]}"; filename="{one.file_name}"'
        for one in (Picture.SCENE, Picture.PLATE)
    ]
    assert [part.body for part in pictures] == [*passage.jpegs.values()][::-1]


@pytest.mark.parametrize("profile", [DEEPINVIEW, ENTRANCE], ids=lambda one: one.name)
async def test_picture_type_chooses(
    profile: Profile, start_camera: StartCamera, receiver: Receiver
) -> None:
    """Post the pictures that the slot asks for, in the model's words."""
    camera = await start_camera(profile)
    for kind in profile.listening.picture_types:
        camera.listening.post_to(receiver.url, picture_type=kind)
        await camera.vehicle_passes()
        await camera.drain()
    _, plate, scene, *none = receiver.received
    for received, name in ((plate, "licensePlate"), (scene, "detection")):
        _, picture = received.parts()
        assert f'filename="{name}Picture.jpg"' in dispositions([picture])[0]
    assert [text(one.body, "picNum") for one in none] == ["2"] * len(none)


async def test_event_without_pictures_is_the_whole_body(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Post other events bare."""
    camera.listening.post_to(receiver.url)
    camera.send_event("VMD")
    await camera.drain()
    (received,) = receiver.received
    assert received.header("Content-Type") == 'application/xml; charset="UTF-8"'
    assert text(received.body, "eventType") == "VMD"


async def test_bare(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Post the document alone, with the semicolon that dangles."""
    camera.faults.on(Fault.POST_BARE)
    passage, received = await posted(camera, receiver)
    assert received.header("Content-Type") == "application/xml;"
    assert text(received.body, "UUID") == passage.uuid


async def test_tight(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Leave out the blank behind each semicolon."""
    camera.faults.on(Fault.POST_TIGHT)
    _, received = await posted(camera, receiver)
    expected = 'form-data;name="anpr.xml";filename="anpr.xml"'
    assert dispositions(received.parts())[0] == expected


async def test_without_filename(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Name parts, but no files."""
    camera.faults.on(Fault.POST_WITHOUT_FILENAME)
    _, received = await posted(camera, receiver)
    expected = [f'form-data; name="{name}"' for name in ("anpr.xml", PLATE_FILE)]
    assert dispositions(received.parts())[:2] == expected


async def test_untyped(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Say neither type nor file name of the document."""
    camera.faults.on(Fault.POST_UNTYPED)
    _, received = await posted(camera, receiver)
    document, *_ = received.parts()
    assert document.headers.keys() == {"Content-Disposition", "Content-Length"}
    assert dispositions([document]) == ['form-data; name="anpr.xml"']


async def test_as_in_guide(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Name the parts as the vendor's guide does."""
    camera.faults.on(Fault.POST_AS_IN_GUIDE)
    _, received = await posted(camera, receiver)
    assert received.header("Content-Type").startswith("multipart/form-data;boundary=")
    document, *pictures = received.parts()
    assert document.headers["Content-Type"] == "text/xml"
    assert dispositions([document]) == ['form-data; name="Event_Type"']
    assert {*dispositions(pictures)} == {'form-data; name="Picture_Name"'}


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.POST_PJPEG, "image/pjpeg"),
        (Fault.POST_OCTET_STREAM, "application/octet-stream"),
    ],
)
async def test_picture_content_type(
    fault: Fault, expected: str, camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Call pictures something else than image/jpeg."""
    camera.faults.on(fault)
    _, received = await posted(camera, receiver)
    kinds = {part.headers["Content-Type"] for part in received.parts()[1:]}
    assert kinds == {expected}


async def test_pictures_by_content_id(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Link pictures by Content-ID alone."""
    camera.faults.on(Fault.PICTURES_BY_CONTENT_ID)
    passage, received = await posted(camera, receiver)
    _, *pictures = received.parts()
    identities = [*passage.picture_ids.values()]
    assert [part.headers["Content-ID"] for part in pictures] == identities


async def test_pictures_missing_and_reversed(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Promise pictures that do not come, then send them in another order."""
    camera.faults.on(Fault.PICTURES_MISSING, times=1)
    _, without = await posted(camera, receiver)
    assert text(without.body, "picNum") == "3"
    camera.faults.on(Fault.PICTURES_REVERSED)
    passage, received = await posted(camera, receiver)
    _, *pictures = received.parts()
    assert [part.body for part in pictures] == [*passage.jpegs.values()][::-1]


@pytest.mark.parametrize("asked", [True, False])
async def test_json(asked: bool, start_camera: StartCamera, receiver: Receiver) -> None:
    """Post JSON to a host that asked for it, or to any."""
    camera = await start_camera()
    camera.listening.post_to(receiver.url)
    if asked:
        document = camera.listening.slots.document(1).replace(">XML<", ">JSON<")
        plain = document.replace(' opt="all,licensePlatePicture,detectionPicture"', "")
        camera.listening.slots.put(1, plain.encode())
    else:
        camera.faults.on(Fault.POST_JSON)
    passage = await camera.vehicle_passes("AB")
    camera.send_event("VMD")
    await camera.drain()
    with_pictures, bare = receiver.received
    part, *pictures = with_pictures.parts()
    assert part.headers["Content-Type"] == "application/json"
    alert = json.loads(part.body)["EventNotificationAlert"]
    assert alert["UUID"] == passage.uuid
    assert alert["ANPR"]["licensePlate"] == "AB"
    infos = alert["ANPR"]["pictureInfoList"]["pictureInfo"]
    assert [info["pId"] for info in infos] == [*passage.picture_ids.values()]
    assert [one.body for one in pictures] == [*passage.jpegs.values()]
    assert bare.header("Content-Type") == "application/json"
    assert json.loads(bare.body)["EventNotificationAlert"]["eventType"] == "VMD"


async def test_json_of_a_broken_document(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Write JSON although the document would be no XML."""
    camera.faults.on(Fault.POST_JSON, Fault.POST_BARE, Fault.UNESCAPED_AMPERSAND)
    passage, received = await posted(camera, receiver)
    assert passage.uuid == json.loads(received.body)["EventNotificationAlert"]["UUID"]


async def test_querystring(camera: SimulatedCamera, receiver: Receiver) -> None:
    """Put the values into the request line, blanks and all, and pictures below."""
    camera.faults.on(Fault.POST_QUERYSTRING)
    passage, received = await posted(camera, receiver, "AB 12 CD")
    path, _, query = received.line.removesuffix(" HTTP/1.1").partition("?")
    assert path == "POST /api/webhook/1"
    values = dict(pair.split("=", 1) for pair in query.split("&"))
    assert values["licensePlate"] == "AB 12 CD"
    assert values["lane"] == "1"
    assert values["dateTime"] == passage.captured_at.isoformat(timespec="seconds")
    assert [part.body for part in received.parts()] == [*passage.jpegs.values()]


async def test_querystring_without_pictures(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Append the values to a query that is there, and send no body."""
    camera.faults.on(Fault.POST_QUERYSTRING)
    camera.listening.post_to(f"{receiver.url}?key=1")
    camera.send_event("VMD")
    await camera.drain()
    (received,) = receiver.received
    assert received.line.startswith("POST /api/webhook/1?key=1&channelID=1&")
    assert (received.header("Content-Length"), received.body) == ("0", b"")
    assert "Content-Type" not in dict(received.headers)


async def test_framing_faults_show_in_posts(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Break the framing of a POST as that of the stream."""
    camera.faults.on(Fault.LF_ONLY, Fault.MISSING_LENGTH, Fault.QUOTED_BOUNDARY)
    _, received = await posted(camera, receiver)
    expected = 'multipart/form-data; boundary="boundary"'
    assert received.header("Content-Type") == expected
    assert received.body.startswith(b"--boundary\nContent-Disposition: ")
    assert received.body.endswith(b"\n--boundary--\n")
    assert b"Content-Length" not in received.body


async def test_occurrence_is_one_post(
    camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Show a fault in the whole of one POST, and in the next no more."""
    camera.faults.on(Fault.POST_TIGHT, times=1)
    for blank in ("", " "):
        _, received = await posted(camera, receiver)
        starts = {
            told[: told.index("name=")] for told in dispositions(received.parts())
        }
        assert starts == {f"form-data;{blank}"}


async def test_own_shape(start_camera: StartCamera, receiver: Receiver) -> None:
    """Post in a shape of the test's own."""
    shape = replace(DEEPINVIEW.listening.shape, boundary="AaB03x", named_by_id=True)
    camera = await start_camera(listening=ListeningSettings(shape=shape))
    passage, received = await posted(camera, receiver)
    assert received.header("Content-Type").endswith("boundary=AaB03x")
    assert passage.picture_ids[Picture.PLATE] in dispositions(received.parts())[1]
