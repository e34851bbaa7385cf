"""Test reading requests as cameras send them, and as attackers do."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.intake.http_request import (
    MAX_CHUNKS,
    MAX_HEAD_BYTES,
    MAX_HEADERS,
    MAX_VALUES,
    BadRequestError,
    RequestBody,
    RequestHead,
    read_head,
)
from custom_components.hikvision_anpr.intake.mailbox import TornError

LIMIT = 64 * 1024


def stream(data: bytes) -> asyncio.StreamReader:
    """Return what was sent, and nothing more to come."""
    reader = asyncio.StreamReader(limit=LIMIT)
    reader.feed_data(data)
    reader.feed_eof()
    return reader


async def head_of(data: bytes) -> RequestHead:
    """Return the head of a request."""
    head = await read_head(stream(data))
    assert head is not None
    return head


async def body_of(data: bytes) -> bytes:
    """Return the body of a request."""
    reader = stream(data)
    head = await read_head(reader)
    assert head is not None
    body = RequestBody(reader, head)
    pieces = b"".join([piece async for piece in body.pieces()])
    assert body.is_whole
    return pieces


@pytest.mark.parametrize(
    ("request_line", "path", "query"),
    [
        (b"POST /abc HTTP/1.1", b"/abc", {}),
        (b"post /abc HTTP/1.0", b"/abc", {}),
        (b"POST   /abc   HTTP/1.1  ", b"/abc", {}),
        (b"POST abc HTTP/1.1", b"/abc", {}),
        (b"POST http://192.0.2.5:8064/abc HTTP/1.1", b"/abc", {}),
        (b"POST HTTP://x?a=1 HTTP/1.1", b"/", {"a": "1"}),
        (
            b"POST /abc?plate=AB 12 CDE&dateTime=2026-04-07T08:15:30+02:00 HTTP/1.1",
            b"/abc",
            {"plate": "AB 12 CDE", "dateTime": "2026-04-07T08:15:30 02:00"},
        ),
        (b"POST /abc?a=1%2B2&b= HTTP/1.1", b"/abc", {"a": "1+2", "b": ""}),
        (
            b"POST /abc?plate=\xe4\xba\xacA12345 HTTP/1.1",
            b"/abc",
            {"plate": "\u4eacA12345"},
        ),
        (
            b"POST /abc?plate=\xbe\xa9A12345 HTTP/1.1",
            b"/abc",
            {"plate": "\u4eacA12345"},
        ),
        (b"POST /abc?" + b"a=1&" * (MAX_VALUES + 1) + b" HTTP/1.1", b"/abc", {}),
    ],
)
async def test_request_line(
    request_line: bytes, path: bytes, query: Mapping[str, str]
) -> None:
    """Take all between method and version for the target."""
    head = await head_of(request_line + b"\r\nHost: x\r\n\r\n")
    assert (head.method, head.path, head.query) == ("POST", path, query)


@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
async def test_odd_header_lines(newline: bytes) -> None:
    """Take what can be understood, and leave the rest out."""
    lines = [
        b"",
        b"POST / HTTP/1.1",
        b"Content-Type : multipart/form-data;",
        b"  boundary=---x",
        b"CONTENT-LENGTH:3",
        b"Content-Length: 3",
        b"no colon",
        b": no name",
        b"Na me: \xff\xfe",
        b"Host: one",
        b"Host: two",
        b"",
        b"abc",
    ]
    reader = stream(newline.join(lines))
    head = await read_head(reader)
    assert head is not None
    assert head.headers["content-type"] == "multipart/form-data; boundary=---x"
    assert head.headers["host"] == "one"
    assert head.length == 3


@pytest.mark.parametrize(
    ("version", "connection", "expected"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"Connection: Close\r\n", False),
        (b"1.0", b"", False),
        (b"1.0", b"Connection: Keep-Alive\r\n", True),
    ],
)
async def test_persistence(version: bytes, connection: bytes, expected: bool) -> None:
    """Know whether another request may follow."""
    head = await head_of(b"POST / HTTP/" + version + b"\r\n" + connection + b"\r\n")
    assert head.is_persistent is expected


@pytest.mark.parametrize(
    ("framing", "body"),
    [
        (b"\r\n", b""),
        (b"Content-Length: 0\r\n\r\n", b""),
        (b"Content-Length: 5\r\n\r\nhello", b"hello"),
        (b"Content-Length: 5\r\n\r\nhello, and more", b"hello"),
        (
            b"Transfer-Encoding: chunked\r\n\r\n"
            b"5;name=value\r\nhello\r\n 0A \r\n, 12345678\r\n0\r\nTrailer: x\r\n\r\n",
            b"hello, 12345678",
        ),
        (b"Transfer-Encoding: Chunked\r\n\r\n2\nab\n0\n\n", b"ab"),
        (
            b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            b"a",
        ),
    ],
)
async def test_bodies(framing: bytes, body: bytes) -> None:
    """Read a body to its end and no further."""
    assert await body_of(b"POST / HTTP/1.1\r\n" + framing) == body


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /\r\n\r\n",
        b"POST HTTP/1.1\r\n\r\n",
        b"POST / HTTP/2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /" + b" " * MAX_HEAD_BYTES + b"HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + b"A: b\r\n" * (MAX_HEADERS + 1) + b"\r\n",
        b"POST / HTTP/1.1\r\nA: " + b"b" * MAX_HEAD_BYTES + b"\r\n\r\n",
        b"A" * 3 * LIMIT,
        b"\r\n" * MAX_HEAD_BYTES,
    ],
)
async def test_what_is_no_request(data: bytes) -> None:
    """Refuse what cannot be understood, or has no end."""
    with pytest.raises(BadRequestError):
        await read_head(stream(data))


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n"])
async def test_no_request_at_all(data: bytes) -> None:
    """Know the end of a connection."""
    assert await read_head(stream(data)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"5\r\nhel",
        b"5\r\nhello",
        b"5\r\nhello!\r\n0\r\n\r\n",
        b"x\r\n",
        b"-1\r\n",
        b"fffffffff\r\n",
        b"1" * 3 * LIMIT,
        b"1\r\na\r\n" * (MAX_CHUNKS + 1),
        b"0\r\n" + b"A: b\r\n" * (MAX_HEADERS + 1),
    ],
)
async def test_torn_chunks(body: bytes) -> None:
    """Give up chunks that are cut off, make no sense or have no end."""
    with pytest.raises(TornError):
        await body_of(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body)


async def test_torn_body() -> None:
    """Give up a body that is shorter than it was to be."""
    with pytest.raises(TornError):
        await body_of(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhell")


@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.builds(
            lambda head, body: b"POST / HTTP/1.1\r\n" + head + b"\r\n\r\n" + body,
            st.sampled_from(
                [b"Transfer-Encoding: chunked", b"Content-Length: 9", b"A", b":"]
            ),
            st.binary(max_size=300),
        ),
    )
)
def test_any_bytes(data: bytes) -> None:
    """Fail in no other way than those that are told."""

    async def attempt() -> None:
        with suppress(BadRequestError, TornError):
            if await read_head(stream(data)):
                await body_of(data)

    asyncio.run(attempt())
