"""Test that a capture tells nobody who passed, and shows the rest as it was."""

from datetime import UTC
import json

import pytest

from custom_components.hikvision_anpr.isapi.events import parse_messages
from custom_components.hikvision_anpr.isapi.masking import mask
from custom_components.hikvision_anpr.isapi.multipart import MultipartReader
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

EVENT = (
    b'<EventNotificationAlert version="2.0"'
    b' xmlns="http://www.hikvision.com/ver20/XMLSchema">\r\n'
    b"<ipAddress>192.168.17.64</ipAddress>\r\n<macAddress>44:a6:42:00:5e:01</macAddress>"
    b"<channelID>1</channelID><channelName>Rue de Rivoli</channelName>"
    b"<dateTime>2026-11-28T17:03:31+01:00</dateTime><eventType>ANPR</eventType>"
    b"<ANPR><licensePlate>AB-123-CD</licensePlate><direction>reverse</direction>"
    b"<vehicleListName>allowList</vehicleListName></ANPR>"
    b"<UUID>0c1f4a00-1dd1-11b2-8105-d0e9f1a2b3c4</UUID>"
    b"<DeviceGPSInfo><Longitude><degree>2</degree><sec>20.52</sec></Longitude>"
    b"</DeviceGPSInfo><pictureInfoList><pictureInfo>"
    b"<fileName>20261128_AB123CD_plate.jpg</fileName>"
    b"</pictureInfo></pictureInfoList></EventNotificationAlert>"
)
PICTURE = b"\xff\xd8\xff\xe1Exif AB123CD\r\n\r\n<x>AB123CD\r\nAt: home\r\n\xff\xd9"


def framed(*parts: tuple[bytes, bytes]) -> bytes:
    """Return a multipart body."""
    return b"".join(
        b"--boundary\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n"
        % (kind, len(body), body)
        for kind, body in parts
    )


STREAM = framed((b"application/xml", EVENT), (b"image/jpeg", PICTURE)) * 2


def only(data: bytes, *known: str) -> bytes:
    """Mask one message, which stays as long as it was."""
    (masked,) = mask([data], known)
    assert len(masked) == len(data)
    return masked


def read_of(data: bytes) -> PlateRead:
    """Return the read of a document."""
    (read,) = parse_messages(data, UTC)
    assert isinstance(read, PlateRead)
    return read


def test_nobody_is_told() -> None:
    """Take out plates, places and addresses, and the pictures."""
    masked = only(STREAM)
    for private in (b"AB-123", b"AB123", b"Rivoli", b"192.168", b"a6:42", b"20.52"):
        assert private in STREAM
        assert private not in masked
    assert b"Exif" not in masked
    assert b"home" not in masked


def test_what_matters_stays() -> None:
    """Keep what a reader of the stream goes by."""
    before, after = read_of(EVENT), read_of(only(EVENT))
    for name in ("captured_at", "channel", "direction", "uuid", "list_name"):
        assert getattr(before, name, None) == getattr(after, name, None)
    reader = MultipartReader("boundary")
    parts = reader.feed(only(STREAM))
    assert [len(part.body) for part in parts] == [len(EVENT), len(PICTURE)] * 2
    assert [part.is_picture for part in parts] == [False, True] * 2
    assert only(STREAM).count(b"--boundary\r\nContent-Type:") == 4
    assert b"20261128_" in only(STREAM)


def test_a_plate_is_another_of_its_pattern_everywhere() -> None:
    """Tell two vehicles apart, and one vehicle again, in all messages."""
    other = EVENT.replace(b"AB-123-CD", b"XY-987-ZZ")
    one, again, third = mask([EVENT, EVENT.replace(b"AB-", b"ab "), other], ())
    plates = [read_of(text).plate for text in (one, again, third)]
    assert plates[0]
    assert plates[1]
    assert plates[0].replace("-", "") == plates[1].upper().replace("-", "").replace(
        " ", ""
    )
    assert plates[0] != plates[2]
    assert [char.isalpha() for char in plates[0]] == [c.isalpha() for c in "AB-123-CD"]
    assert f"_{plates[0].replace('-', '')}_".encode() in one


@pytest.mark.parametrize("plate", ["unknown", "noPlate", ""])
def test_no_plate_stays_none(plate: str) -> None:
    """Keep what says that there is no plate."""
    data = EVENT.replace(b"AB-123-CD", plate.encode())
    assert f"<licensePlate>{plate}<".encode() in only(data)


@pytest.mark.parametrize(
    "document",
    [
        b'{"ANPR": {"licensePlate": "AB123CD", "longitude": -12.5}, "eventType": "x"}',
        b'{"ANPR":{"plateNo":"\\u4eacAB123CD","ownerName":"J. \\"Doe\\""}}',
        b"<a><ns:licensePlate xml:lang='fr'>AB123CD</ns:licensePlate></a>",
        b"<a><licensePlate><![CDATA[AB123CD]]></licensePlate></a>",
        b"<a><licensePlate>\xe4\xba\xacAB123CD&amp;</licensePlate></a>",
        b"<a><licensePlate>\xbe\xa9AB123CD</licensePlate></a>",
        b"\xef\xbb\xbf<a><licensePlate>AB123CD</licensePlate></a>",
        b"<a><licensePlate>AB123CD</licensePlate><torn>",
        b"<a><licensePlate>AB123CD",
        b"<a><userName>ab123cd</userName><password>AB123CD</password></a>",
        b"AB123CD are bytes of nothing that is known",
    ],
)
def test_whatever_the_form(document: bytes) -> None:
    """Find a plate in XML and JSON, whole and torn."""
    masked = only(b"--boundary\r\n\r\n" + document + b"\r\n--boundary\r\nA: b\r\n\r\n")
    assert b"ab123cd" not in masked.lower()
    assert masked.endswith(b"\r\n--boundary\r\nA: b\r\n\r\n")
    assert masked.startswith(b"--boundary\r\n\r\n")
    for private in (b"Doe", b"12.5", b"\xe4\xba\xac", b"\xbe\xa9"):
        assert private not in masked


def test_json_stays_json() -> None:
    """Break nothing that was whole."""
    masked = only(b'{"licensePlate":"AB\\u4eac1","channelName":"a\\"b","channelID":1}')
    found = json.loads(masked)
    assert found["channelID"] == 1
    assert found["channelName"] == "XXXX"


def test_what_is_known_is_masked_wherever_it_stands() -> None:
    """Find the serial number and the host in fields that nobody has seen."""
    data = b"<Gate><new>my.gate.example Gate 44a642005e01x</new><Gates>1</Gates></Gate>"
    masked = only(data, "my.gate.example", "44A642005E01", "Gate")
    assert masked == (
        b"<Gate><new>XX.XXXX.XXXXXXX XXXX 00X000000X00x</new><Gates>1</Gates></Gate>"
    )


def test_a_capture_ends_anywhere() -> None:
    """Let nothing of a picture through whose end was not recorded."""
    for end in range(len(STREAM) // 2):
        masked = only(STREAM[:end])
        for private in (b"AB123CD", b"AB-123-CD", b"Exif", b"home"):
            assert private not in masked
