"""Read the multipart bodies of Hikvision devices, piece by piece as they arrive.

Own code because devices send what strict readers refuse: doubled or missing
boundary lines, wrong or absent lengths, several documents in one part
(reference 2.1, 3.4). A document is handed on as soon as it is complete, without
waiting for the next boundary, which may be a heartbeat away.
"""

from collections.abc import Callable
from dataclasses import dataclass
import re
from sys import maxsize
from typing import Final

from .boundary import Boundary, without_line_end
from .errors import BadAnswerError
from .part import BLANK, DOCUMENT_STARTS, Part, make_part
from .scanned_body import ScannedBody
from .sized_body import SizedBody, is_whole

MAX_PART_BYTES: Final = 8 * 1024 * 1024
MAX_HEADER_BYTES: Final = 16 * 1024
MAX_PARTS_AT_END: Final = 64
"""How many parts are looked for in what is left when a stream ends: mending wrong
lengths reads the rest again for each."""

_MAX_LENGTH_DIGITS: Final = 10
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_HEADER_LINE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9-]*[ \t]*:")


@dataclass(slots=True)
class Losses:
    """Count what a reader had to give up."""

    oversized: int = 0
    torn: int = 0


class MultipartReader:
    """Turn the bytes of a multipart body into parts, whatever their framing.

    Give `boundary` as the Content-Type names it; None, or a wrong one, is learnt
    from the first boundary line. Never raises on content, except BadAnswerError
    when a body exceeds `max_total` bytes or `max_parts` parts; endless streams have
    neither limit.
    """

    def __init__(
        self,
        boundary: str | None,
        *,
        max_part: int = MAX_PART_BYTES,
        max_total: int | None = None,
        max_parts: int | None = None,
    ) -> None:
        """Start before the first boundary."""
        self.losses = Losses()
        self._max_part = max_part
        self._budget = max_total
        self._max_parts = max_parts
        self._emitted = 0
        self._enough = maxsize
        self._boundary = Boundary(boundary)
        self._data = b""
        self._pos = 0
        self._parts: list[Part] = []
        self._headers: dict[str, str] = {}
        self._header_bytes = 0
        self._scanned = ScannedBody(self._boundary, max_part)
        self._sized = SizedBody(0, self._boundary)
        self._read: Callable[[], bool] = self._read_gap

    def feed(self, data: bytes) -> list[Part]:
        """Take the next bytes and return the parts that they complete."""
        if self._budget is not None:
            self._budget -= len(data)
            if self._budget < 0:
                raise BadAnswerError("The body exceeds its size limit")
        self._data = self._data[self._pos :] + data if self._data else data
        self._pos = 0
        self._read_on()
        return self._handed_on()

    @property
    def is_between_parts(self) -> bool:
        """Tell whether nothing of a part was read that is not handed on."""
        return self._read == self._read_gap and not self._data

    def finish(self) -> list[Part]:
        """Return what is complete at the end of the body; count what is torn."""
        self._enough = self._emitted + MAX_PARTS_AT_END
        while self._read in {self._read_sized, self._read_sized_end}:
            self._finish_sized()
        if self._read == self._read_scanned:
            self._finish_scanned()
        self._data, self._pos = b"", 0
        self._read = self._read_gap
        return self._handed_on()

    def _read_on(self) -> None:
        """Read until the bytes that are there do not suffice, or it is enough."""
        while self._pos < len(self._data) and self._emitted < self._enough:
            if not self._read():
                break
        if self._pos >= len(self._data):
            self._data, self._pos = b"", 0

    def _finish_sized(self) -> None:
        """Emit a body of declared length, or look for its end if that was wrong."""
        body = self._sized.body()
        is_sure = is_whole(body) or self._boundary.inside(body) is None
        if self._sized.is_all_there and is_sure:
            self._emit(body)
            self._read = self._read_gap
            return
        self._data, self._pos = body + self._data[self._pos :], 0
        self._start_scan()
        self._read_on()

    def _finish_scanned(self) -> None:
        """Emit a body without length if it ends as such a body should."""
        body = self._scanned.at_last()
        if is_whole(body):
            self._emit(body)
        elif body:
            self.losses.torn += 1

    def _handed_on(self) -> list[Part]:
        """Hand the completed parts over."""
        parts, self._parts = self._parts, []
        return parts

    def _line(self) -> bytes | None:
        """Take the next line, without its end; None where it is not all there."""
        end = self._data.find(b"\n", self._pos)
        if end < 0:
            return None
        line = self._data[self._pos : end].strip(b"\r\0 \t")
        self._pos = end + 1
        return line

    def _read_gap(self) -> bool:
        """Look for the next part between two parts, passing over rubbish."""
        window = self._data[self._pos : self._pos + 64]
        rest = window.lstrip(BLANK)
        is_document = rest.startswith(DOCUMENT_STARTS)
        if is_document or _HEADER_LINE.match(rest):
            self._pos += len(window) - len(rest)
            self._start_part()
            self._read = self._read_body_start if is_document else self._read_headers
            return True
        line = self._line()
        if line is None:
            return self._pass_over_rubbish()
        if self._boundary.is_line(line) and not line.endswith(b"--"):
            self._start_part()
            self._read = self._read_headers
        return True

    def _pass_over_rubbish(self) -> bool:
        """Drop a long line that cannot be a boundary; wait for a short one."""
        if len(self._data) - self._pos > MAX_HEADER_BYTES:
            self._pos = len(self._data) - MAX_HEADER_BYTES // 2
        return False

    def _start_part(self) -> None:
        """Forget the headers of the part before."""
        self._headers = {}
        self._header_bytes = 0

    def _read_headers(self) -> bool:
        """Read one header line; a blank line or a document ends them."""
        if self._data[self._pos : self._pos + 1] in {b"<", b"{"}:
            self._read = self._read_body_start
            return True
        start = self._pos
        line = self._line()
        waiting = len(self._data) - start if line is None else self._pos - start
        if self._header_bytes + waiting > MAX_HEADER_BYTES:
            self.losses.oversized += 1
            self._pos = start + waiting
            self._read = self._read_gap
            return True
        if line is None:
            return False
        self._header_bytes += waiting
        self._take_header(line)
        return True

    def _take_header(self, line: bytes) -> None:
        """Keep one header, or turn to the body behind the last one."""
        if not line:
            self._read = self._read_body_start
        elif self._boundary.is_line(line):
            self._start_part()
        else:
            name, _, value = line.decode(errors="replace").partition(":")
            self._headers[name.strip().lower()] = value.strip()

    def _length(self) -> int | None:
        """Return the declared length, or None where it is absent or absurd."""
        text = self._headers.get("content-length", "")
        if not (text.isascii() and text.isdigit() and len(text) <= _MAX_LENGTH_DIGITS):
            return None
        length = int(text)
        return length if 0 < length <= self._max_part else None

    def _read_body_start(self) -> bool:
        """Choose how to read a body: as a document, by length, or by boundary."""
        length = self._length()
        window = self._data[self._pos : self._pos + 256]
        content = window.lstrip(BLANK)
        if self._boundary.is_at(content):
            self._read = self._read_gap
        elif content.startswith(DOCUMENT_STARTS):
            self._pos += len(window) - len(content.removeprefix(_BYTE_ORDER_MARK))
            self._start_scan()
        elif self._is_undecided(content) and len(window) < 256:
            return False
        elif length is not None:
            self._sized = SizedBody(length, self._boundary)
            self._read = self._read_sized
        else:
            self._start_scan()
        return True

    def _is_undecided(self, content: bytes) -> bool:
        """Tell whether the first bytes are too few to choose by."""
        if self._headers.get("content-type", "").lower().startswith("image/"):
            return False
        return _BYTE_ORDER_MARK.startswith(content) or content == b"-"

    def _start_scan(self, begun: bytes = b"") -> None:
        """Read the body up to where it ends by itself or at a boundary."""
        self._scanned = ScannedBody(self._boundary, self._max_part, begun)
        self._read = self._read_scanned

    def _read_scanned(self) -> bool:
        """Gather a body until it is a whole document or a boundary follows."""
        self._pos = self._scanned.take(self._data, self._pos)
        found = self._scanned.found
        if found is None:
            return True
        if found.body is None:
            self.losses.oversized += 1
        else:
            self._emit(found.body)
        self._put_back(found.rest)
        self._read = self._read_gap
        return True

    def _put_back(self, taken: bytes) -> None:
        """Read the last bytes that were taken again."""
        if len(taken) <= self._pos:
            self._pos -= len(taken)
        else:
            self._data, self._pos = taken + self._data[self._pos :], 0

    def _read_sized(self) -> bool:
        """Gather a body of declared length, unless it ends before that."""
        self._pos = self._sized.take(self._data, self._pos)
        if (end := self._sized.early_end()) is not None:
            self._cut(end)
            return True
        if not self._sized.is_all_there:
            return False
        self._read = self._read_sized_end
        return self._read_sized_end()

    def _read_sized_end(self) -> bool:
        """Check a declared length against what follows, and mend a wrong one."""
        fits = self._sized.fits(self._data, self._pos)
        if fits is None:
            return False
        body = self._sized.body()
        self._read = self._read_gap
        if fits:
            self._emit(self._without_boundary(body))
        elif (boundary := self._boundary.inside(body)) is not None:
            self._cut(boundary)
        else:
            self._start_scan(body)
        return True

    def _cut(self, boundary: int) -> None:
        """Take a body that ended at a boundary, and read on from there."""
        body = self._sized.body()
        self._emit(body[:boundary])
        self._put_back(body[boundary:])
        self._read = self._read_gap

    def _without_boundary(self, body: bytes) -> bytes:
        """Cut off the line end of the boundary that follows, taken for the body's."""
        if self._data.startswith(b"--", self._pos):
            return without_line_end(body)
        if self._data.startswith(b"\n", self._pos):
            return body.removesuffix(b"\r")
        return body

    def _emit(self, body: bytes) -> None:
        """Add a completed part, unless it is empty."""
        if not body.strip(BLANK):
            return
        self._emitted += 1
        if self._max_parts is not None and self._emitted > self._max_parts:
            raise BadAnswerError("The body has too many parts")
        self._parts.append(make_part(self._headers, body))
