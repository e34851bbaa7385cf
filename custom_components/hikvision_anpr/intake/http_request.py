"""Read the requests of cameras, also those that strict servers refuse.

Own code because Home Assistant's web server answers 400 to what some devices send:
blanks in the request line, which the querystring format leaves unencoded, and odd
header lines (reference 1.10, 3.4). All that a request may have is bounded.
"""

import asyncio
from asyncio import StreamReader
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
import re
from typing import Final
from urllib.parse import parse_qsl

from ..isapi.encoding import text_of
from .mailbox import TornError

MAX_HEAD_BYTES: Final = 16 * 1024
MAX_HEADERS: Final = 64
MAX_VALUES: Final = 64
"""How many values a query may have; devices send about ten."""

MAX_CHUNKS: Final = 16 * 1024
"""How many chunks a body may have; whoever sends single bytes is given up."""

_PIECE: Final = 64 * 1024
_CHUNKS_AT_ONCE: Final = 64
_VERSIONS: Final = {b"HTTP/1.0": False, b"HTTP/1.1": True}
_AUTHORITY: Final = re.compile(rb"(?i)https?://[^/?]*")
_CHUNK: Final = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?\r?\n")


class BadRequestError(Exception):
    """Report what cannot be understood as a request, or exceeds a bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHead:
    """Hold what comes before a body.

    `path` and `raw_query` are as they came; `length` is 0 where there is no body.
    """

    method: str
    path: bytes
    raw_query: bytes
    headers: Mapping[str, str]
    is_persistent: bool
    is_chunked: bool
    length: int

    @property
    def query(self) -> Mapping[str, str]:
        """Return the values of the query, in UTF-8 or the older Chinese encoding."""
        text = text_of(self.raw_query)
        try:
            return dict(
                parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_VALUES)
            )
        except ValueError:
            return {}

    @property
    def waits(self) -> bool:
        """Tell whether the sender waits to be told to send the body."""
        return self.headers.get("expect", "").lower() == "100-continue"


async def read_head(reader: StreamReader) -> RequestHead | None:
    """Read a request up to its body; None where the sender has no more.

    Raises BadRequestError.
    """
    lines = await _lines(reader)
    return _head(lines[0], lines[1:]) if lines else None


class RequestBody:
    """Read the body of a request; `is_whole` once its last byte was read."""

    def __init__(self, reader: StreamReader, head: RequestHead) -> None:
        """Begin before the first byte."""
        self._reader = reader
        self._head = head
        self.is_whole = not head.is_chunked and not head.length

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body. Raises TornError and OSError."""
        if self._head.is_chunked:
            async for piece in self._chunks():
                yield piece
        else:
            async for piece in self._sized(self._head.length):
                yield piece
        self.is_whole = True

    async def _sized(self, length: int) -> AsyncIterator[bytes]:
        """Yield so many bytes."""
        while length:
            piece = await self._reader.read(min(length, _PIECE))
            if not piece:
                raise TornError("The body was cut off")
            length -= len(piece)
            yield piece

    async def _chunks(self) -> AsyncIterator[bytes]:
        """Yield chunk after chunk, and read what stands behind the last."""
        for number in range(MAX_CHUNKS):
            if not (size := _chunk_size(await self._line())):
                await self._trailers()
                return
            async for piece in self._sized(size):
                yield piece
            if (await self._line()).strip():
                raise TornError("The body has a chunk of another length")
            if number % _CHUNKS_AT_ONCE == 0:
                await asyncio.sleep(0)
        raise TornError("The body has too many chunks")

    async def _trailers(self) -> None:
        """Pass over what some send behind the last chunk."""
        for _ in range(MAX_HEADERS):
            if not (await self._line()).strip():
                return
        raise TornError("The body does not end")

    async def _line(self) -> bytes:
        """Read one line between chunks."""
        try:
            return await _line(self._reader)
        except BadRequestError as error:
            raise TornError(str(error)) from error


async def _lines(reader: StreamReader) -> list[bytes]:
    """Read the lines of a head, passing over blank ones before it."""
    lines: list[bytes] = []
    size = 0
    while True:
        line = await _line(reader)
        size += len(line)
        if size > MAX_HEAD_BYTES or len(lines) > MAX_HEADERS:
            raise BadRequestError("The head is too large")
        if not line.endswith(b"\n"):
            if lines or line.strip():
                raise BadRequestError("The head was cut off")
            return []
        if line.strip(b"\r\n"):
            lines.append(line.rstrip(b"\r\n"))
        elif lines:
            return lines


async def _line(reader: StreamReader) -> bytes:
    """Read one line with its end, or what there is."""
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as error:
        return error.partial
    except asyncio.LimitOverrunError as error:
        raise BadRequestError("A line is too long") from error


def _head(request: bytes, lines: list[bytes]) -> RequestHead:
    """Understand a head. Raises BadRequestError."""
    method, target, version = _request_line(request)
    path, _, query = _AUTHORITY.sub(b"", target, count=1).partition(b"?")
    headers = _headers(lines)
    connection = headers.get("connection", "").lower()
    is_new = _VERSIONS[version]
    return RequestHead(
        method=method.decode(errors="replace").upper(),
        path=path if path.startswith(b"/") else b"/" + path,
        raw_query=query,
        headers=headers,
        is_persistent=(
            "close" not in connection if is_new else "keep-alive" in connection
        ),
        is_chunked="chunked" in headers.get("transfer-encoding", "").lower(),
        length=_length(headers.get("content-length", "0")),
    )


def _request_line(line: bytes) -> tuple[bytes, bytes, bytes]:
    """Take a request line apart; all between method and version is the target.

    Raises BadRequestError.
    """
    method, _, rest = line.strip().partition(b" ")
    target, _, version = rest.rpartition(b" ")
    if version not in _VERSIONS or not target.strip():
        raise BadRequestError("This is no request")
    return method, target.strip(), version


def _headers(lines: Iterable[bytes]) -> dict[str, str]:
    """Read header lines; what is none is left out, of two the first counts.

    Raises BadRequestError where two lengths contradict each other.
    """
    headers: dict[str, str] = {}
    for name, value in map(_header, _unfolded(lines)):
        if headers.setdefault(name, value) != value and name == "content-length":
            raise BadRequestError("The body has two lengths")
    return headers


def _header(line: bytes) -> tuple[str, str]:
    """Return name and value of a line; blanks before the colon are none of either."""
    name, _, value = line.decode(errors="replace").partition(":")
    return name.strip().lower(), value.strip()


def _unfolded(lines: Iterable[bytes]) -> list[bytes]:
    """Join lines that begin with a blank to the line before them."""
    joined: list[bytes] = []
    for line in lines:
        if joined and line[:1] in {b" ", b"\t"}:
            joined[-1] += b" " + line.strip()
        else:
            joined.append(line)
    return joined


def _length(text: str) -> int:
    """Read a length. Raises BadRequestError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise BadRequestError("The body has no length")
    return int(text)


def _chunk_size(line: bytes) -> int:
    """Read how long the next chunk is. Raises TornError."""
    if not (found := _CHUNK.fullmatch(line)):
        raise TornError("The body has a chunk without length")
    return int(found[1], 16)
