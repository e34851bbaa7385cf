"""Mutate what devices send, and see that nothing worse than a loss comes of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
import json
import random
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi.events import parse_messages
from custom_components.hikvision_anpr.isapi.multipart import MultipartReader
from custom_components.hikvision_anpr.isapi.part import Part
from custom_components.hikvision_anpr.isapi.pictures import PictureMatcher
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

from .fixtures import (
    ALL_DOCUMENTS,
    FUZZ,
    PLATE_DOCUMENTS,
    Framing,
    Piece,
    document,
    jpeg,
    picture_piece,
    pictures,
    plate_alert,
    plates,
    read_in_steps,
    read_whole,
)

type Mutate = Callable[[bytes, random.Random], bytes]

ROUNDS: Final = 60
FRAGMENTS: Final = (
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<!--",
    b"<?",
    b"<![CDATA[",
    b"<!DOCTYPE a>",
    b"\0",
    b"\xff",
    b"\r\n",
    b'"',
    b"{",
    b"}",
    b"</ANPR>",
    b"<ANPR>",
    b"<FTP>",
    b"99999999999999999999",
    b"&x;",
)


def flip(body: bytes, chance: random.Random) -> bytes:
    """Change some bytes."""
    changed = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def delete(body: bytes, chance: random.Random) -> bytes:
    """Leave a stretch out."""
    start = chance.randrange(len(body))
    return body[:start] + body[start + chance.randint(1, 60) :]


def duplicate(body: bytes, chance: random.Random) -> bytes:
    """Repeat a stretch."""
    start = chance.randrange(len(body))
    end = start + chance.randint(1, 200)
    return body[:end] + body[start:end] + body[end:]


def insert(body: bytes, chance: random.Random) -> bytes:
    """Put something in that has a meaning."""
    start = chance.randrange(len(body))
    return body[:start] + chance.choice(FRAGMENTS) + body[start:]


def splice(body: bytes, chance: random.Random) -> bytes:
    """Go on with the rest of another document."""
    other = document(chance.choice(ALL_DOCUMENTS))
    return body[: chance.randrange(len(body))] + other[chance.randrange(len(other)) :]


def truncate(body: bytes, chance: random.Random) -> bytes:
    """Cut the end off."""
    return body[: chance.randrange(len(body))]


MUTATIONS: Final[tuple[Mutate, ...]] = (
    flip,
    delete,
    duplicate,
    insert,
    splice,
    truncate,
)


def mutants(body: bytes, mutate: Mutate, seed: str) -> Iterator[bytes]:
    """Yield mutations of a body, the same ones in each run."""
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        yield mutate(body, chance)


def well_formed(read: PlateRead) -> None:
    """Check that a read can be stored and shown, whatever the device sent."""
    assert read.plate is None or 1 <= len(read.plate) <= 32
    assert read.captured_at is None or read.captured_at.tzinfo is not None
    assert read.confidence is None or 0 <= read.confidence <= 100
    repr(read).encode()
    if read.captured_at:
        read.captured_at.astimezone(UTC).isoformat()


@pytest.mark.parametrize("name", ALL_DOCUMENTS)
@pytest.mark.parametrize("mutate", MUTATIONS)
def test_mutated_documents_are_harmless(name: str, mutate: Mutate) -> None:
    """Raise nothing on a faulty document, and make no read that is none."""
    for body in mutants(document(name), mutate, f"{name} {mutate.__name__}"):
        for message in parse_messages(body, UTC):
            if isinstance(message, PlateRead):
                well_formed(message)


@pytest.mark.parametrize("name", PLATE_DOCUMENTS)
def test_truncated_document_gives_no_read(name: str) -> None:
    """Make no read of a document that was cut off, alone or before another part."""
    body = document(name).rstrip()
    after = Piece(body=plate_alert("ZZ99999"))
    for end in range(1, len(body), 2):
        assert parse_messages(body[:end], UTC) == []
        stream = Framing().multipart(Piece(body=body[:end]), after)
        assert plates(read_whole(stream)) == ["ZZ99999"]


@pytest.mark.parametrize("name", PLATE_DOCUMENTS)
@pytest.mark.parametrize("mutate", MUTATIONS)
def test_next_part_survives(name: str, mutate: Mutate) -> None:
    """Read the part after a mutated one, and its picture, as if nothing were."""
    after = Piece(body=plate_alert("ZZ99999"))
    picture = jpeg(400)
    for body in mutants(document(name), mutate, f"{mutate.__name__} {name}"):
        pieces = (Piece(body=body), after, picture_piece(picture))
        for length_error in (0, None, len(document(name)) - len(body)):
            stream = Framing(length_error=length_error).multipart(*pieces)
            stream_of_right_lengths = length_error in {0, None}
            parts = read_whole(stream)
            assert plates(parts)[-1] == "ZZ99999"
            if stream_of_right_lengths:
                assert pictures(parts)[-1] == picture


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_next_part_survives_a_mutated_picture(mutate: Mutate) -> None:
    """Read the part after a mutated picture whose length is wrong."""
    picture = jpeg(400)
    after = Piece(body=plate_alert("ZZ99999"))
    for body in mutants(picture, mutate, mutate.__name__):
        piece = picture_piece(picture)
        headers = (*piece.headers, f"Content-Length: {len(picture)}")
        pieces = (Piece(body=body, headers=headers), after, after, after)
        stream = Framing(length_error=None).multipart(*pieces)
        assert plates(read_whole(stream))[-1] == "ZZ99999"


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_mutated_headers(mutate: Mutate) -> None:
    """Read the part after one whose headers are spoilt, but for its length."""
    header = 'Content-Disposition: form-data; name="anpr.xml"; filename="anpr.xml"'
    after = Piece(body=plate_alert("ZZ99999"))
    for text in mutants(header.encode(), mutate, mutate.__name__):
        headers = (text.decode("latin-1"),)
        stream = Framing(length_error=None).multipart(
            Piece(body=document("deepinview.xml"), headers=headers), after
        )
        assert plates(read_whole(stream))[-1] == "ZZ99999"


def test_chunking_never_changes_the_result() -> None:
    """Find the same parts in a mutated stream whatever pieces it comes in."""
    stream = Framing().multipart(
        Piece(body=document("entrance.xml")),
        picture_piece(jpeg(200, seed=1)),
        Piece(body=document("wrapped.json")),
        picture_piece(jpeg(300, seed=2)),
        Piece(body=document("heartbeat_camera.xml")),
    )
    chance = random.Random(1)
    for mutate in MUTATIONS:
        for body in mutants(stream, mutate, mutate.__name__):
            expected = read_whole(body)
            for step in (1, chance.randint(2, 400)):
                assert read_in_steps(body, step) == expected


STREAM: Final = Framing().multipart(
    Piece(body=plate_alert("AA11111")),
    picture_piece(jpeg(80, inside=b"\r\n--boundary\r\nContent-Type: a\r\n\r\n<a>")),
    Piece(body=document("bare.json")),
    Piece(body=document("heartbeat_camera.xml")),
)


@FUZZ
@given(st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_any_chunking(cuts: list[int]) -> None:
    """Find the same parts wherever the pieces begin and end."""
    reader = MultipartReader("boundary")
    edges = [0, *sorted(cuts), len(STREAM)]
    parts = [
        part
        for start, end in pairwise(edges)
        for part in reader.feed(STREAM[start:end])
    ]
    assert parts + reader.finish() == read_whole(STREAM)


MORSELS: Final = (
    b"--boundary",
    b"--boundary--",
    b"\r\n",
    b"\n",
    b"--",
    b"Content-Length: 5",
    b"Content-Length: 90",
    b"Content-Type: image/jpeg",
    b"\xff\xd8",
    b"\xff\xd9",
    b"\xef\xbb\xbf",
    b"<a>",
    b"</a>",
    b"{",
    b"}",
    b" ",
    b"\0",
    b"x",
    plate_alert("AA11111"),
)


@FUZZ
@given(
    st.lists(st.sampled_from(MORSELS) | st.binary(max_size=5), max_size=25),
    st.integers(1, 50),
    st.sampled_from(["boundary", None, "other", ""]),
)
def test_any_stream_is_harmless(
    morsels: list[bytes], step: int, boundary: str | None
) -> None:
    """Raise nothing on any bytes, and hand on nothing that is empty."""
    body = b"".join(morsels)
    parts: list[Part] = read_in_steps(body, step, boundary)
    matcher = PictureMatcher()
    for part in parts:
        assert part.body.strip(b" \t\r\n\0")
        for message in parse_messages(part.body, UTC):
            if isinstance(message, PlateRead):
                matcher.expect(message)
        matcher.match(part)
    total = sum(len(part.body) for part in parts)
    assert total <= len(body)


@FUZZ
@given(st.datetimes(), st.text(max_size=40), st.integers())
def test_any_values(moment: datetime, text: str, number: int) -> None:
    """Make a read that can be stored of whatever stands in the fields."""
    fields: dict[str, object] = {
        "licensePlate": "AB12",
        **dict.fromkeys(
            ("country", "area", "vehicleListName", "plateColor", "category"), text
        ),
        **dict.fromkeys(
            ("line", "confidenceLevel", "CRIndex", "picNum", "alarmDataType"), number
        ),
        "plateCharBelieve": f"{number},{text}",
        "pictureInfoList": {
            "pictureInfo": [{"fileName": text, "plateRect": {"X": number}}]
        },
    }
    body = {
        "eventType": "ANPR",
        "dateTime": moment.isoformat(),
        "channelID": number,
        "UUID": text,
        "ANPR": fields,
    }
    (message,) = parse_messages(json.dumps(body).encode(), UTC)
    assert isinstance(message, PlateRead)
    well_formed(message)
