"""Gather a body without a length until it ends by itself, or at a boundary."""

from dataclasses import dataclass
import re
from typing import Final

from .boundary import Boundary
from .document import begin_of_xml
from .json_document import end_of_json
from .part import BLANK, DOCUMENT_STARTS

MAX_DOCUMENT_BYTES: Final = 1024 * 1024

_PIECE: Final = 8 * 1024
"""How much is taken at first: documents are small, and pictures come right behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hold a body that ended, None where it is given up, and what came behind it."""

    body: bytes | None
    rest: bytes


class ScannedBody:
    """Gather a body, looking at each byte once."""

    def __init__(self, boundary: Boundary, max_bytes: int, begun: bytes = b"") -> None:
        """Begin with what is there of a body of so many bytes at most.

        `found` is the body once it ended.
        """
        self.found: Found | None = None
        self._boundary = boundary
        self._max_bytes = max_bytes
        self._body = bytearray(begun)
        self._searched = 0
        self._root: tuple[int, re.Pattern[bytes]] | None = None

    def take(self, data: bytes, position: int) -> int:
        """Take some of what came, twice as much each time; return where that ends."""
        size = max(_PIECE, len(self._body))
        piece = memoryview(data)[position : position + size]
        self._body += piece
        self.found = self._find_end()
        self._searched = len(self._body)
        return position + len(piece)

    def at_last(self) -> bytes:
        """Return what is there at the end of a stream, without a boundary behind it."""
        end = self._boundary.find(self._body + b"\n", 0, len(self._body) + 1)
        return bytes(self._body[:end]).rstrip(BLANK)

    def _find_end(self) -> Found | None:
        """Return the body once its end is known."""
        is_document = self._body.startswith(DOCUMENT_STARTS)
        end = self._end_of_document() if is_document else None
        overlap = self._boundary.overlap
        limit = len(self._body) if end is None else end
        boundary = self._boundary.find(self._body, self._searched - overlap, limit)
        end = end if boundary is None else boundary
        if end is not None:
            return Found(body=bytes(self._body[:end]), rest=bytes(self._body[end:]))
        if len(self._body) > (MAX_DOCUMENT_BYTES if is_document else self._max_bytes):
            return Found(body=None, rest=bytes(self._body[-overlap:]))
        return None

    def _end_of_document(self) -> int | None:
        """Return where a document ends by itself, None where it goes on."""
        if self._body.startswith((b"{", b"[")):
            return end_of_json(self._body)
        self._root = self._root or begin_of_xml(self._body)
        if self._root is None:
            return None
        begin, end_tag = self._root
        start = max(begin, self._searched - len(end_tag.pattern) - 8)
        found = end_tag.search(self._body, start)
        return found.end() if found else None
