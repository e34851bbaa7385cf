"""Test cutting the multipart bodies of devices into parts."""

from dataclasses import replace
from itertools import combinations
import tracemalloc

import pytest

from custom_components.hikvision_anpr.isapi.errors import BadAnswerError
from custom_components.hikvision_anpr.isapi.multipart import (
    MAX_HEADER_BYTES,
    MAX_PARTS_AT_END,
    MultipartReader,
)
from custom_components.hikvision_anpr.isapi.scanned_body import MAX_DOCUMENT_BYTES

from .fixtures import (
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
    real_jpeg,
)

PICTURES = [jpeg(150, seed=1), jpeg(90, seed=2), jpeg(220, seed=3)]
HEARTBEAT = (
    b"<EventNotificationAlert><eventType>videoloss</eventType>"
    b"<eventState>inactive</eventState></EventNotificationAlert>"
)
PIECES = (
    Piece(body=plate_alert("AA11111")),
    picture_piece(PICTURES[0]),
    picture_piece(PICTURES[1], "detectionPicture.jpg"),
    Piece(body=HEARTBEAT),
    Piece(body=b'{"eventType": "ANPR", "ANPR": {"licensePlate": "BB22222"}}'),
    picture_piece(PICTURES[2]),
)
PLATES = ["AA11111", "BB22222"]
HTTP_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

MALFORMATIONS: dict[str, Framing] = {
    "none": Framing(),
    "doubled boundary": Framing(times=2),
    "tripled boundary": Framing(times=3),
    "no first boundary": Framing(first_boundary=False),
    "no length": Framing(length_error=None),
    "length 1 short": Framing(length_error=-1),
    "length 2 short": Framing(length_error=-2),
    "length 17 short": Framing(length_error=-17),
    "length 1 long": Framing(length_error=1),
    "length 2 long": Framing(length_error=2),
    "length 15 long": Framing(length_error=15),
    "length 60 long": Framing(length_error=60),
    "line feeds": Framing(newline=b"\n"),
    "dashed boundary": Framing(boundary="--------------------7e13971310878"),
    "boundary of one character": Framing(boundary="x"),
    "boundary of other signs": Framing(boundary="=_(a+b).?*"),
    "glued answer": Framing(glued=HTTP_ANSWER),
    "glued document": Framing(glued=HEARTBEAT),
    "preamble": Framing(preamble=b"\r\nThis is a message\r\n-- in parts\r\n"),
    "blank line": Framing(padding=b"\r\n"),
    "no end": Framing(closing=None),
    "end without line end": Framing(closing=b"--"),
    "epilogue": Framing(closing=b"--\r\nthe end <\r\n"),
    "end in mid-line": Framing(closing=b""),
}


def combined(first: Framing, second: Framing) -> Framing | None:
    """Return both malformations in one framing, None where they exclude each other."""
    plain = Framing()
    changes = [
        {
            name: getattr(framing, name)
            for name in Framing.__slots__
            if getattr(framing, name) != getattr(plain, name)
        }
        for framing in (first, second)
    ]
    if changes[0].keys() & changes[1].keys():
        return None
    return replace(plain, **changes[0], **changes[1])


PAIRS = {
    f"{first} and {second}": framing
    for first, second in combinations(MALFORMATIONS, 2)
    if (framing := combined(MALFORMATIONS[first], MALFORMATIONS[second]))
}


@pytest.mark.parametrize("framing", MALFORMATIONS.values(), ids=MALFORMATIONS)
def test_malformations_at_every_step(framing: Framing) -> None:
    """Find every read and every picture, byte for byte, in pieces of any size."""
    body = framing.multipart(*PIECES)
    for declared in (framing.boundary, None, "another"):
        expected = read_whole(body, declared)
        assert plates(expected) == PLATES
        assert pictures(expected) == PICTURES
        for step in range(1, 65):
            assert read_in_steps(body, step, declared) == expected


@pytest.mark.parametrize("declared", ["the right one", None, "another"])
def test_malformations_in_pairs(declared: str | None) -> None:
    """Find every read and every picture though two things are wrong at once."""
    for name, framing in PAIRS.items():
        body = framing.multipart(*PIECES)
        boundary = framing.boundary if declared == "the right one" else declared
        for step in (1, 29, len(body)):
            parts = read_in_steps(body, step, boundary)
            assert (name, step, plates(parts)) == (name, step, PLATES)
            assert (name, step, pictures(parts)) == (name, step, PICTURES)


@pytest.mark.parametrize("framing", MALFORMATIONS.values(), ids=MALFORMATIONS)
def test_every_split_in_two(framing: Framing) -> None:
    """Find the same parts wherever a body is cut in two."""
    body = framing.multipart(*PIECES)
    expected = read_whole(body, framing.boundary)
    for cut in range(1, len(body)):
        reader = MultipartReader(framing.boundary)
        parts = reader.feed(body[:cut]) + reader.feed(body[cut:]) + reader.finish()
        assert (cut, parts) == (cut, expected)
        assert reader.losses.torn == 0


@pytest.mark.parametrize(
    "name", ["deepinview.xml", "entrance.xml", "chinese.xml", "wrapped.json"]
)
def test_every_split_of_a_real_document(name: str) -> None:
    """Hand a long document on unchanged wherever it is cut."""
    body = Framing().multipart(Piece(body=document(name)), PIECES[1])
    expected = [document(name).strip(), PICTURES[0]]
    for cut in range(len(body)):
        reader = MultipartReader("boundary")
        parts = reader.feed(body[:cut]) + reader.feed(body[cut:]) + reader.finish()
        assert [part.body.strip() for part in parts[:1]] == expected[:1]
        assert [part.body for part in parts[1:]] == expected[1:]


TRAPS = {
    "boundary line": b"\r\n--boundary\r\n",
    "end line": b"\r\n--boundary--\r\n",
    "boundary and header": b"\r\n--boundary\r\nContent-Type: application/xml\r\n\r\n<a>",
    "whole part": b"\r\n--boundary\r\n\r\n"
    + plate_alert("CC33333")
    + b"\r\n--boundary\r\n",
    "end of a thumbnail": b"\xff\xd9\r\n--boundary\r\n",
    "boundary without a line": b"--boundary",
    "blanks": b"\r\n\0 \r\n\r\n",
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_picture_that_holds_a_boundary(trap: bytes) -> None:
    """Take a picture by its length, whatever stands in it (trap 30)."""
    pieces = (*PIECES[:1], picture_piece(jpeg(60, inside=trap)), *PIECES[1:])
    for framing in (Framing(), Framing(closing=None), Framing(newline=b"\n")):
        body = framing.multipart(*pieces)
        for step in (*range(1, 65), len(body)):
            parts = read_in_steps(body, step)
            assert plates(parts) == PLATES
            assert pictures(parts) == [jpeg(60, inside=trap), *PICTURES]


def test_picture_that_ends_the_body_holds_a_boundary() -> None:
    """Take the last picture by its length when nothing follows."""
    body = jpeg(60, inside=TRAPS["whole part"])
    framing = Framing(closing=None)
    assert pictures(read_whole(framing.multipart(picture_piece(body)))) == [body]


@pytest.mark.parametrize(
    "headers",
    [
        ('Content-Disposition: form-data; name="p"; filename="f.jpg";',),
        ('Content-Disposition: form-data;name="p";filename="f.jpg"',),
        ('content-disposition:form-data;NAME = "p" ; FileName="f.jpg"',),
        ("Content-Disposition: form-data; name=p; filename=f.jpg",),
        ('Content-Disposition: form-data; filename="f.jpg"; name="p"',),
    ],
)
def test_disposition(headers: tuple[str, ...]) -> None:
    """Understand a Content-Disposition in every spelling (traps 31, 40)."""
    headers += ("Content-Type: IMAGE/pjpeg; x=y", "Content-ID: <id 1>")
    (part,) = read_whole(Framing().multipart(Piece(body=PICTURES[0], headers=headers)))
    assert (part.name, part.filename) == ("p", "f.jpg")
    assert (part.content_type, part.content_id) == ("image/pjpeg", "id 1")
    assert part.is_picture
    assert not part.is_document


@pytest.mark.parametrize(
    "headers",
    [
        (),
        ("Content-Type: text/plain",),
        ("Content-Disposition: form-data",),
        ('Content-Disposition: form-data; name=""', "no colon"),
    ],
)
def test_part_without_names(headers: tuple[str, ...]) -> None:
    """Take parts whose headers say nothing, and pictures that claim to be text."""
    pieces = [replace(piece, headers=headers) for piece in PIECES]
    parts = read_whole(Framing().multipart(*pieces))
    assert plates(parts) == PLATES
    assert pictures(parts) == PICTURES
    assert {part.name for part in parts} == {None}


@pytest.mark.parametrize(
    "ending", [b"", b"\r\n", b"\r\n\r\n", b"\n"], ids=["bare", "line", "lines", "feed"]
)
@pytest.mark.parametrize("piece", [PIECES[0], PIECES[4]])
@pytest.mark.parametrize("length_error", [None, 0, 7, -7])
def test_document_does_not_wait(
    piece: Piece, ending: bytes, length_error: int | None
) -> None:
    """Hand a document on when it is complete, not a heartbeat later."""
    framing = Framing(length_error=length_error, closing=None)
    reader = MultipartReader("boundary")
    parts = reader.feed(framing.multipart(piece) + ending)
    assert [part.body.strip() for part in parts] == [piece.body]
    assert reader.feed(b"--boundary--\r\n") + reader.finish() == []


@pytest.mark.parametrize("closing", [None, b"--\r\n"])
def test_empty_element_is_a_document(closing: bytes | None) -> None:
    """Take a document that is one empty tag when the next boundary ends it."""
    (part,) = read_whole(Framing(closing=closing).multipart(Piece(body=b"<a b='c' />")))
    assert part.body == b"<a b='c' />"


def test_picture_does_not_wait() -> None:
    """Hand a picture on when its length is there."""
    body = Framing(closing=None).multipart(picture_piece(PICTURES[0]))
    assert pictures(MultipartReader("boundary").feed(body)) == PICTURES[:1]


@pytest.mark.parametrize("name", sorted(TRAPS.keys() - {"end of a thumbnail"}))
def test_picture_that_holds_a_boundary_does_not_wait(name: str) -> None:
    """Hand it on before the next part unless it may be two pictures."""
    picture = jpeg(60, inside=TRAPS[name])
    body = Framing(closing=None).multipart(picture_piece(picture))
    assert pictures(MultipartReader("boundary").feed(body)) == [picture]


@pytest.mark.parametrize("step", [1, 7, 1000])
@pytest.mark.parametrize(
    "trailer", [b"\0" * 9, b"\xff\xd8\xff\xd9 \0", b"\r\n<a/>\r\n"]
)
def test_picture_with_bytes_behind_its_end_does_not_wait(
    trailer: bytes, step: int
) -> None:
    """Hand it on, with what stands behind it, when its length is there."""
    picture = real_jpeg() + trailer
    body = Framing(closing=None).multipart(picture_piece(picture))
    reader = MultipartReader("boundary")
    fed = [reader.feed(body[at : at + step]) for at in range(0, len(body), step)]
    assert pictures([part for parts in fed for part in parts]) == [picture]


@pytest.mark.parametrize("step", [1, 7, 1000])
@pytest.mark.parametrize("trailer", [b"", b"\0" * 9, b"\r\n"])
@pytest.mark.parametrize("excess", [5, 30, 3000])
def test_picture_whose_length_reaches_into_the_next_part(
    trailer: bytes, excess: int, step: int
) -> None:
    """Hand the picture on at the boundary, and hold no read up until a length is there."""
    picture = real_jpeg() + trailer
    framing = Framing(closing=None, length_error=excess)
    begun = framing.multipart(picture_piece(picture)) + b"\r\n--boundary\r\n"
    reader = MultipartReader("boundary")
    fed = [reader.feed(begun[at : at + step]) for at in range(0, len(begun), step)]
    if excess > len(b"\r\n--boundary\r\n") + 64:
        assert pictures([part for parts in fed for part in parts]) == [picture]
    read = plate_alert("AA11111")
    fed.append(reader.feed(b"Content-Type: application/xml\r\n\r\n" + read))
    parts = [part for parts in fed for part in parts]
    assert pictures(parts) == [picture]
    assert plates(parts) == ["AA11111"]


@pytest.mark.parametrize("step", [1, 7, 1000])
@pytest.mark.parametrize("name", TRAPS)
def test_real_picture_that_holds_a_boundary_does_not_wait(name: str, step: int) -> None:
    """Take a picture by its length wherever its segments show where it ends."""
    picture = real_jpeg(inside=TRAPS[name]) + b"\0 behind"
    body = Framing(closing=None).multipart(picture_piece(picture))
    reader = MultipartReader("boundary")
    fed = [reader.feed(body[at : at + step]) for at in range(0, len(body), step)]
    assert pictures([part for parts in fed for part in parts]) == [picture]


def test_part_that_is_neither_waits_for_its_end() -> None:
    """Doubt a length until a boundary confirms it, where the content cannot."""
    text = Piece(body=b"plain text", headers=("Content-Type: text/plain",))
    body = Framing().multipart(text)
    reader = MultipartReader("boundary")
    head = body.index(b"text\r\n--boundary") + 4
    assert reader.feed(body[:head]) == []
    assert [part.body for part in reader.feed(body[head:])] == [b"plain text"]
    (part,) = read_whole(Framing(closing=None).multipart(text))
    assert part.body == b"plain text"
    assert not part.is_picture
    assert not part.is_document


def test_blank_lines_without_end_before_a_boundary() -> None:
    """Stop doubting a length when nothing but blanks follows."""
    text = Framing(closing=None).multipart(
        Piece(body=b"plain text", headers=("Content-Type: text/plain",))
    )
    for step in (1, 50, 5000):
        parts = read_in_steps(text + b"\r\n" * 100 + Framing().multipart(*PIECES), step)
        assert parts[0].body.strip() == b"plain text"
        assert plates(parts) == PLATES
        assert pictures(parts) == PICTURES


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n\r\n", b" \0"])
@pytest.mark.parametrize("length_error", [None, 0, 9])
def test_empty_parts_are_none(body: bytes, length_error: int | None) -> None:
    """Pass over parts that hold nothing."""
    empty = Piece(body=body)
    typed = Piece(body=body, headers=("Content-Type: image/jpeg",))
    whole = Framing(length_error=length_error).multipart(empty, typed, *PIECES, empty)
    for step in (1, 2, 3, 10, len(whole)):
        parts = read_in_steps(whole, step)
        assert plates(parts) == PLATES
        assert pictures(parts) == PICTURES
    alone = Framing(length_error=length_error, closing=None).multipart(typed)
    assert read_whole(alone + b" \r\n") == []


def test_no_blank_line_before_a_document() -> None:
    """End the headers where a document begins."""
    body = Framing().multipart(*PIECES).replace(b"\r\n\r\n<", b"\r\n<")
    for step in (1, len(body)):
        parts = read_in_steps(body.replace(b"\r\n\r\n{", b"\r\n{"), step)
        assert plates(parts) == PLATES
        assert pictures(parts) == PICTURES


def test_torn_at_every_byte() -> None:
    """Hand on what was complete when the connection broke, and count what was not."""
    body = Framing().multipart(*PIECES)
    ends = [body.index(piece.body) + len(piece.body) for piece in PIECES]
    starts = [end - len(piece.body) for end, piece in zip(ends, PIECES, strict=True)]
    for cut in range(len(body)):
        reader = MultipartReader("boundary")
        parts = reader.feed(body[:cut]) + reader.finish()
        whole = [p.body for p, end in zip(PIECES, ends, strict=True) if end <= cut]
        assert [part.body for part in parts] == whole
        torn = any(start < cut < end for start, end in zip(starts, ends, strict=True))
        assert (cut, reader.losses.torn) == (cut, int(torn))


def test_torn_without_length_at_every_byte() -> None:
    """Take no picture without its end, where nothing else says how long it is."""
    body = Framing(length_error=None).multipart(*PIECES)
    for cut in range(len(body)):
        reader = MultipartReader("boundary")
        parts = reader.feed(body[:cut]) + reader.finish()
        assert pictures(parts) == PICTURES[: len(pictures(parts))]
        assert plates(parts) == PLATES[: len(plates(parts))]


def test_length_beyond_the_end() -> None:
    """Find the parts that a length beyond the end of the body would swallow."""
    pieces = [replace(PIECES[1], headers=(*PIECES[1].headers, "Content-Length: 5000"))]
    body = Framing(length_error=None).multipart(*pieces, *PIECES)
    for step in (1, 100, len(body)):
        parts = read_in_steps(body, step)
        assert pictures(parts) == [PICTURES[0], *PICTURES]
        assert plates(parts) == PLATES


@pytest.mark.parametrize(
    "length", ["", "0", "-5", "abc", "1e3", "٣", "9" * 20, "0x10", "12 12"]
)
def test_absurd_length(length: str) -> None:
    """Do without a length that makes no sense."""
    pieces = [
        replace(piece, headers=(*piece.headers, f"Content-Length: {length}"))
        for piece in PIECES
    ]
    parts = read_whole(Framing(length_error=None).multipart(*pieces))
    assert plates(parts) == PLATES
    assert pictures(parts) == PICTURES


def test_length_of_thousands_of_digits() -> None:
    """Do without a length that no integer could hold."""
    headers = ("Content-Length: " + "9" * 5000,)
    pieces = [replace(piece, headers=headers) for piece in PIECES]
    parts = read_whole(Framing(length_error=None).multipart(*pieces))
    assert plates(parts) == PLATES


@pytest.mark.parametrize("length_error", [None, 0])
def test_part_over_the_cap(length_error: int | None) -> None:
    """Give a picture up that is too long, and go on with the next part."""
    huge = picture_piece(jpeg(5000))
    body = Framing(length_error=length_error).multipart(huge, *PIECES)
    for step in (1, 500, len(body)):
        reader = MultipartReader("boundary", max_part=2000)
        parts = [
            part
            for start in range(0, len(body), step)
            for part in reader.feed(body[start : start + step])
        ]
        assert plates(parts) == PLATES
        assert pictures(parts)[-3:] == PICTURES
        assert reader.losses.oversized == (1 if step < len(body) else 0)


def test_document_over_the_cap() -> None:
    """Give a document up that does not end, and go on with the next part."""
    endless = Piece(body=b"<a>" + b"<b>1</b>\r\n" * (MAX_DOCUMENT_BYTES // 9))
    body = Framing().multipart(endless, *PIECES)
    reader = MultipartReader("boundary")
    parts = [
        part
        for start in range(0, len(body), 65536)
        for part in reader.feed(body[start : start + 65536])
    ]
    assert plates(parts) == PLATES
    assert pictures(parts) == PICTURES
    assert reader.losses.oversized == 1


@pytest.mark.parametrize(
    "flood",
    [
        b"X-Flood: " + b"y" * MAX_HEADER_BYTES * 3,
        b"X-Flood: y\r\n" * MAX_HEADER_BYTES,
        b"y" * MAX_HEADER_BYTES * 3,
        b"--" + b"y" * MAX_HEADER_BYTES * 3,
    ],
    ids=["one line", "many lines", "rubbish", "boundary"],
)
def test_header_flood(flood: bytes) -> None:
    """Drop headers without end, and go on with the next part."""
    body = b"--boundary\r\n" + flood + b"\r\n" + Framing().multipart(*PIECES)
    for step in (1000, len(body)):
        parts = read_in_steps(body, step)
        assert plates(parts) == PLATES
        assert pictures(parts) == PICTURES


def test_rubbish_without_end_is_not_kept() -> None:
    """Hold no more than a line of what is between two parts."""
    tracemalloc.start()
    reader = MultipartReader("boundary")
    for _ in range(200):
        assert reader.feed(b"y" * MAX_HEADER_BYTES) == []
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 20 * MAX_HEADER_BYTES
    assert reader.feed(b"\r\n" + Framing().multipart(PIECES[0]))


def test_body_over_the_limit() -> None:
    """Refuse a body that exceeds what a listener takes, and none that does not."""
    body = Framing().multipart(*PIECES)
    reader = MultipartReader("boundary", max_total=len(body))
    assert plates(reader.feed(body)) == PLATES
    with pytest.raises(BadAnswerError):
        reader.feed(b"x")


def test_picture_is_copied_once() -> None:
    """Make no second copy of a picture of megabytes."""
    body = Framing().multipart(picture_piece(jpeg(4_000_000)))
    reader = MultipartReader("boundary")
    tracemalloc.start()
    (part,) = reader.feed(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert part.is_picture
    assert peak < 1.5 * len(body)


def test_boundary_of_any_bytes() -> None:
    """Take a boundary that is no text."""
    body = b"--b\xff\r\n\r\n" + plate_alert("AA11111") + b"\r\n--b\xff--\r\n"
    assert plates(read_whole(body, "b\udcff")) == ["AA11111"]


def test_end_of_a_stream_is_not_read_without_limit() -> None:
    """Give up on what claims lengths that are not there, after so many parts."""
    liar = b"--boundary\r\nContent-Length: 7000000\r\n\r\nzz\xff\xd9\r\n"
    reader = MultipartReader("boundary")
    assert reader.feed(liar * 1000) == []
    assert len(reader.finish()) == MAX_PARTS_AT_END


def test_body_with_too_many_parts_is_refused() -> None:
    """Refuse a body beyond its limit of parts, and take one within."""
    part = b"--boundary\r\n\r\n<a></a>\r\n"
    assert len(MultipartReader("boundary", max_parts=3).feed(part * 3)) == 3
    with pytest.raises(BadAnswerError):
        MultipartReader("boundary", max_parts=3).feed(part * 4)
