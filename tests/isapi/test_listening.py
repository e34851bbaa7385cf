"""Test reading what devices deliver to us."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta, timezone

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi.events import DeviceEvent
from custom_components.hikvision_anpr.isapi.listening import (
    MAX_BODY_BYTES,
    MAX_DOCUMENT_BYTES,
    MAX_LINES,
    MAX_PARTS,
    Delivery,
    parse_post,
    parse_query,
)
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

from .fixtures import (
    FUZZ,
    PLATE_DOCUMENTS,
    Framing,
    Piece,
    alert,
    at,
    document,
    jpeg,
    picture_piece,
    plate_alert,
    read_of,
)

HERE = timezone(timedelta(hours=2))
TYPE = "multipart/form-data; boundary=boundary"
ENTRANCE = document("entrance.xml")
DETECTION = jpeg(900, seed=1)
PLATE = jpeg(120, seed=2)
HEARTBEAT = document("heartbeat_camera.xml")
MOTION = document("motion.xml")

QUERY = {
    "channelID": "2",
    "dateTime": "2026-04-07T08:15:30 02:00",
    "eventType": "ANPR",
    "country": "UKR",
    "licensePlate": "AB 12 CDE",
    "lane": "3",
    "direction": "reverse",
    "confidenceLevel": "91",
    "macAddress": "02:00:5e:10:00:02",
}


def piece(
    body: bytes, disposition: str | None = None, content_type: str | None = None
) -> Piece:
    """Return a part with the headers that it has, if any."""
    headers = (
        f"Content-Disposition: form-data; {disposition}" if disposition else "",
        f"Content-Type: {content_type}" if content_type else "",
    )
    return Piece(body=body, headers=tuple(filter(None, headers)))


def posted(*pieces: Piece, framing: Framing | None = None) -> Delivery:
    """Return what is read of a multipart POST."""
    framing = framing or Framing()
    content_type = f"multipart/form-data; boundary={framing.boundary}"
    return parse_post(content_type, framing.multipart(*pieces), UTC)


def plates(delivery: Delivery) -> list[str | None]:
    """Return the plates of a delivery."""
    return [read.plate for read in delivery.messages if isinstance(read, PlateRead)]


def pictures(delivery: Delivery) -> dict[tuple[str | None, str], bytes]:
    """Return the pictures of a delivery, by plate and kind."""
    return {
        (picture.read.plate, picture.info.kind): picture.data
        for picture in delivery.pictures
    }


XML = piece(
    ENTRANCE, 'name="anpr.xml"; filename="anpr.xml"', 'application/xml; charset="UTF-8"'
)
EXPECTED = {
    ("XA4207BB", "licensePlatePicture"): PLATE,
    ("XA4207BB", "detectionPicture"): DETECTION,
}

# As the table of reference 3.4 lists them.
VARIANTS: dict[str, tuple[Framing, tuple[Piece, ...]]] = {
    "named by id, boundary of dashes": (
        Framing(boundary="-------------------------7e13971310878"),
        (
            XML,
            piece(
                DETECTION,
                'name="AB123456700000000000002"; filename="detectionPicture.jpg"',
                "image/jpeg",
            ),
            piece(
                PLATE,
                'name="AB123456700000000000001"; filename="licensePlatePicture.jpg"',
                "image/jpeg",
            ),
        ),
    ),
    "without a blank": (
        Framing(),
        (
            piece(ENTRANCE, 'name="anpr.xml";filename="anpr.xml"'),
            piece(
                PLATE,
                'name="licensePlatePicture.jpg";filename="licensePlatePicture.jpg"',
            ),
            piece(
                DETECTION, 'name="detectionPicture.jpg";filename="detectionPicture.jpg"'
            ),
        ),
    ),
    "without file names": (
        Framing(),
        (
            piece(ENTRANCE, 'name="anpr.xml"', "application/xml"),
            piece(PLATE, 'name="licensePlatePicture.jpg"', "image/jpeg"),
            piece(DETECTION, 'name="detectionPicture.jpg"', "image/jpeg"),
        ),
    ),
    "vendor's example": (
        Framing(),
        (
            piece(ENTRANCE, 'name="Event_Type"', "text/xml"),
            piece(PLATE, 'name="Picture_Name"', "image/jpeg"),
            piece(DETECTION, 'name="Picture_Name"', "image/jpeg"),
        ),
    ),
    "without any header": (
        Framing(length_error=None),
        (piece(ENTRANCE), piece(PLATE), piece(DETECTION)),
    ),
    "other types": (
        Framing(length_error=-2),
        (
            piece(ENTRANCE, 'name="a"', "text/plain"),
            piece(PLATE, 'name="b"', "application/octet-stream"),
            piece(DETECTION, 'name="c"', "image/pjpeg"),
        ),
    ),
    "pictures first": (
        Framing(),
        (
            piece(DETECTION, 'name="x"; filename="detectionPicture.jpg"', "image/jpeg"),
            piece(PLATE, 'name="AB123456700000000000001"', "image/jpeg"),
            XML,
        ),
    ),
    "pictures on both sides": (Framing(), (piece(PLATE), XML, piece(DETECTION))),
    "a heartbeat beside it": (
        Framing(),
        (piece(HEARTBEAT), XML, piece(HEARTBEAT), piece(PLATE), piece(DETECTION)),
    ),
}


@pytest.mark.parametrize(("framing", "pieces"), VARIANTS.values(), ids=list(VARIANTS))
def test_variants(framing: Framing, pieces: tuple[Piece, ...]) -> None:
    """Read a POST with its pictures in all the forms that devices send it in."""
    delivery = posted(*pieces, framing=framing)
    assert delivery.messages.count(read_of(ENTRANCE)) == 1
    assert pictures(delivery) == EXPECTED
    assert replace(delivery, messages=(), pictures=()) == Delivery()


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=another",
        'multipart/mixed;BOUNDARY="boundary"',
        "application/xml",
        "image/jpeg",
        "application/x-www-form-urlencoded",
    ],
)
def test_multipart_of_any_type(content_type: str) -> None:
    """Look at the bytes of a multipart, not at what it is called."""
    body = Framing().multipart(
        XML, picture_piece(PLATE), picture_piece(DETECTION, "detectionPicture.jpg")
    )
    assert pictures(parse_post(content_type, body, UTC)) == EXPECTED


@pytest.mark.parametrize(
    "content_type",
    [
        "application/xml;",
        'application/xml; charset="UTF-8"',
        "text/xml",
        "application/json",
        "image/jpeg",
        "multipart/form-data; boundary=boundary",
        "multipart/form-data",
        "",
    ],
)
@pytest.mark.parametrize("name", PLATE_DOCUMENTS)
def test_bare_documents_of_any_type(name: str, content_type: str) -> None:
    """Read a document that is the whole body, XML or JSON."""
    body = document(name)
    expected = read_of(body)
    for framed in (body, b"\r\n" + body + b"\r\n", b"\xef\xbb\xbf" + body):
        delivery = parse_post(content_type, framed, UTC)
        assert delivery == Delivery(messages=(expected,))


def test_several_bare_documents() -> None:
    """Read documents glued together."""
    body = plate_alert("AA11111") + HEARTBEAT + plate_alert("BB22222")
    delivery = parse_post("application/xml", body, UTC)
    assert plates(delivery) == ["AA11111", "BB22222"]
    assert isinstance(delivery.messages[1], DeviceEvent)


def test_zone_of_times_without_offset() -> None:
    """Take the zone of the device where its time has no offset."""
    body = alert(
        "<licensePlate>A1</licensePlate>", "<dateTime>2026-04-07T08:15:30</dateTime>"
    )
    (read,) = parse_post("", body, HERE).messages
    assert isinstance(read, PlateRead)
    assert read.captured_at == at("2026-04-07T08:15:30+02:00")


def listing(plate: str) -> Piece:
    """Return a document that lists one picture without a name of its own."""
    info = "<pictureInfo><fileName>licensePlatePicture.jpg</fileName></pictureInfo>"
    return piece(
        alert(
            f"<licensePlate>{plate}</licensePlate>"
            f"<pictureInfoList>{info}</pictureInfoList>"
        )
    )


FIRST, SECOND = (jpeg(200, seed=7), jpeg(200, seed=8))


@pytest.mark.parametrize("headers", [None, 'name="licensePlatePicture.jpg"'])
@pytest.mark.parametrize(
    "order",
    ["A1B2", "1A2B", "AB12"],
    ids=["behind each", "before each", "behind all"],
)
def test_two_reads_in_one_post(order: str, headers: str | None) -> None:
    """Give each read the picture that its place says is its own."""
    made = {
        "A": listing("AA11111"),
        "B": listing("BB22222"),
        "1": piece(FIRST, headers),
        "2": piece(SECOND, headers),
    }
    delivery = posted(*(made[letter] for letter in order))
    found = pictures(delivery)
    assert found.pop(("AA11111", "licensePlatePicture")) == FIRST
    second = found.pop(("BB22222", "licensePlatePicture"), None)
    is_guess = order == "AB12" and headers is None
    assert second == (None if is_guess else SECOND)
    assert delivery.pictures_without_read == is_guess
    assert found == {}


@pytest.mark.parametrize("other", [MOTION, b"<unheard/>", b"<of></of>"])
def test_no_guess_beside_other_events(other: bytes) -> None:
    """Give no nameless picture to a read when another document may own it."""
    delivery = posted(listing("AA11111"), piece(other), piece(FIRST))
    assert plates(delivery) == ["AA11111"]
    assert delivery.pictures == ()
    assert delivery.pictures_without_read == 1


def test_counts_of_what_is_of_no_use() -> None:
    """Count pictures without a read, and what is neither picture nor document."""
    delivery = posted(
        piece(jpeg()), piece(b"text", content_type="text/plain"), piece(b"<of></of>")
    )
    assert delivery == Delivery(pictures_without_read=1, not_understood=2)


def test_torn_body() -> None:
    """Take what is whole of a body that was cut."""
    body = Framing().multipart(XML, picture_piece(PLATE), picture_piece(DETECTION))
    delivery = parse_post(TYPE, body[: body.index(DETECTION) + 400], UTC)
    assert pictures(delivery) == {("XA4207BB", "licensePlatePicture"): PLATE}
    assert delivery.parts_given_up == 1


@pytest.mark.parametrize("body", [b"", b"\r\n\0 ", b"plate=AB12", b"--boundary--\r\n"])
def test_empty_deliveries(body: bytes) -> None:
    """Read nothing where there is nothing."""
    assert parse_post(TYPE, body, UTC) == Delivery()


def test_query() -> None:
    """Read values from the address and pictures from the body."""
    body = Framing().multipart(
        picture_piece(PLATE),
        picture_piece(FIRST, "vehiclePicture.jpg"),
        picture_piece(DETECTION, "detectionPicture.jpg"),
    )
    delivery = parse_query(QUERY, TYPE, body, UTC)
    (read,) = delivery.messages
    assert read == PlateRead(
        plate="AB 12 CDE",
        channel=2,
        captured_at=at("2026-04-07T08:15:30+02:00"),
        lane=3,
        direction="reverse",
        confidence=91,
        country="UA",
        mac_address="02:00:5e:10:00:02",
    )
    assert pictures(delivery) == {
        ("AB 12 CDE", "licensePlatePicture"): PLATE,
        ("AB 12 CDE", "vehiclePicture"): FIRST,
        ("AB 12 CDE", "detectionPicture"): DETECTION,
    }


@pytest.mark.parametrize(
    ("sent", "captured_at"),
    [
        ("2026-04-07T08:15:30+02:00", "2026-04-07T08:15:30+02:00"),
        ("2026-04-07T08:15:30 02:00", "2026-04-07T08:15:30+02:00"),
        ("2026-04-07T08:15:30.120 0200", "2026-04-07T08:15:30.120+02:00"),
        ("2026-04-07T08:15:30Z", "2026-04-07T08:15:30+00:00"),
        ("2026-04-07T08:15:30", "2026-04-07T08:15:30+00:00"),
        ("2026-04-07 08:15:30", "2026-04-07T08:15:30+00:00"),
    ],
)
def test_plus_that_arrives_as_blank(sent: str, captured_at: str) -> None:
    """Read a time whose offset lost its plus on the way, and no other blank."""
    delivery = parse_query({**QUERY, "dateTime": sent}, "", b"", UTC)
    (read,) = delivery.messages
    assert isinstance(read, PlateRead)
    assert read.captured_at == at(captured_at)


def test_plates_keep_their_blanks() -> None:
    """Change no value but the time."""
    query = {**QUERY, "licensePlate": "AB 1 2345"}
    assert plates(parse_query(query, "", b"", UTC)) == ["AB 1 2345"]


@pytest.mark.parametrize("name", ["licensePlate", "LicensePlate", "LICENSEPLATE"])
def test_query_of_a_plate_alone(name: str) -> None:
    """Need no event type, and no particular spelling."""
    assert plates(parse_query({name: "A1"}, "", b"", UTC)) == ["A1"]


def test_query_of_another_event() -> None:
    """Tell an event by its type, even when it comes with a plate's field."""
    query = {"eventType": "videoloss", "eventState": "inactive", "licensePlate": ""}
    (event,) = parse_query(query, "", b"", UTC).messages
    assert isinstance(event, DeviceEvent)
    assert event.kind == "heartbeat"


@pytest.mark.parametrize("query", [{}, {"device": "gate"}])
def test_query_of_our_own(query: Mapping[str, str]) -> None:
    """Read the body alone where the query is part of the address that we gave."""
    delivery = parse_query(query, "application/xml", ENTRANCE, UTC)
    assert delivery == parse_post("application/xml", ENTRANCE, UTC)
    assert plates(delivery) == ["XA4207BB"]


def filled(unit: bytes, size: int = MAX_BODY_BYTES) -> bytes:
    """Return a body made of one thing over and over."""
    return (unit * (size // len(unit) + 1))[:size]


LONG = b"--boundary\r\nContent-Length: 5000000\r\n\r\n"
REFUSED: dict[str, bytes] = {
    "too large": filled(b"\0", MAX_BODY_BYTES + 1),
    "10,000 parts": Framing().multipart(*[piece(b"hello")] * 10_000),
    "10,000 parts of wrong lengths": (LONG + b"hello\r\n") * 10_000,
    "documents behind a wrong length": (
        LONG + b"x\r\n--boundary\r\n\r\n" + filled(b"<a></a>", 4_000_000)
    ),
    "many documents": filled(b"<a></a>"),
    "many objects": filled(b"{}"),
    "large documents": b"<a>" + filled(b"<b/>", MAX_DOCUMENT_BYTES) + b"</a>",
    "many large documents": (b"<a>" + filled(b" ", 100_000) + b"</a>") * 6,
    "line feeds": filled(b"\n"),
    "headers": filled(b"A:1\n"),
    "boundaries": filled(b"--boundary\r\n"),
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=list(REFUSED))
def test_refused(body: bytes) -> None:
    """Take nothing of a body that no device sends, not even a plate in it."""
    body = Framing().multipart(XML) + body
    assert parse_post(TYPE, body, UTC) == Delivery(refused=True)
    assert parse_query(QUERY, TYPE, body, UTC) == Delivery(refused=True)


USELESS: dict[str, bytes] = {
    "brackets": filled(b"["),
    "open objects": filled(b'{"a":'),
    "open tags": filled(b"<b>"),
    "empty tags": filled(b"<b/>"),
    "comments": filled(b"<!---->"),
    "instructions": filled(b"<?"),
    "dashes": filled(b"-"),
    "blanks": filled(b" "),
    "zeros": filled(b"\0"),
    "half a picture": b"--boundary\r\n\r\n\xff\xd8" + filled(b"ab", 8_000_000),
    "almost too many lines": filled(b"\n", MAX_LINES) + filled(b"\0", 8_000_000),
    "empty parts": filled(LONG + b"\r\n", 1_000_000),
    "deep document": filled(b"<b>", 3000) + filled(b"</b>", 4000),
    "bomb": (
        b'<!DOCTYPE a [<!ENTITY b "AB12"><!ENTITY c "&b;&b;">]>'
        b"<EventNotificationAlert><eventType>ANPR</eventType>"
        b"<ANPR><licensePlate>&c;</licensePlate></ANPR></EventNotificationAlert>"
    ),
    "file": (
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
        b"<EventNotificationAlert><eventType>&b;</eventType></EventNotificationAlert>"
    ),
}


@pytest.mark.parametrize("body", USELESS.values(), ids=list(USELESS))
def test_useless(body: bytes) -> None:
    """Get no message out of what is none, however long."""
    delivery = parse_post(TYPE, body, UTC)
    assert (delivery.messages, delivery.pictures) == ((), ())


def test_just_within_bounds() -> None:
    """Read a body with as many parts as there may be."""
    pieces = [picture_piece(jpeg(40, seed=seed)) for seed in range(MAX_PARTS - 1)]
    delivery = posted(XML, *pieces)
    assert plates(delivery) == ["XA4207BB"]
    assert posted(XML, *pieces, piece(b"one more")).refused


def test_large_pictures() -> None:
    """Read pictures several times as large as any that was seen."""
    large = jpeg(4 * 1024 * 1024, seed=3)
    delivery = posted(XML, picture_piece(large, "detectionPicture.jpg"))
    assert pictures(delivery) == {("XA4207BB", "detectionPicture"): large}


@FUZZ
@given(content_type=st.text(), body=st.binary())
def test_any_bytes(content_type: str, body: bytes) -> None:
    """Never raise."""
    assert isinstance(parse_post(content_type, body, UTC), Delivery)


@FUZZ
@given(
    query=st.dictionaries(
        st.sampled_from([*QUERY, "x", "ANPR", "pictureInfoList"]), st.text()
    ),
    body=st.binary(),
)
def test_any_query(query: dict[str, str], body: bytes) -> None:
    """Never raise on values either."""
    assert isinstance(parse_query(query, TYPE, body, UTC), Delivery)


@FUZZ
@given(
    order=st.permutations(
        [
            XML,
            piece(HEARTBEAT),
            picture_piece(PLATE),
            picture_piece(DETECTION, "detectionPicture.jpg"),
        ]
    ),
    newline=st.sampled_from([b"\r\n", b"\n"]),
    times=st.integers(1, 3),
    length_error=st.sampled_from([None, 0, -1, -2, 2, 60]),
    closing=st.sampled_from([b"--\r\n", b"--", b"\r\n"]),
)
def test_any_order(
    order: list[Piece],
    newline: bytes,
    times: int,
    length_error: int | None,
    closing: bytes,
) -> None:
    """Find the read and its named pictures in any order and framing."""
    framing = Framing(
        newline=newline, times=times, length_error=length_error, closing=closing
    )
    delivery = posted(*order, framing=framing)
    assert plates(delivery) == ["XA4207BB"]
    assert pictures(delivery) == EXPECTED
