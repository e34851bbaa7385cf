"""Frame documents and pictures as the parts of a message (reference 2.1, 3.4)."""

from dataclasses import dataclass, replace
from typing import Final

from .faults import Fault, Faults

XML_TYPE: Final = 'application/xml; charset="UTF-8"'

#: What a doorbell glues behind a document (reference 2.1).
GLUED_RESPONSE: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Describe one part of a multipart body.

    Attributes:
        content_type: Value of the Content-Type header; empty leaves it out.
        disposition: Value of the Content-Disposition header; empty leaves it out.
        content_id: Value of the Content-ID header; empty leaves it out.
    """

    body: bytes
    content_type: str = XML_TYPE
    disposition: str = ""
    content_id: str = ""

    @property
    def is_picture(self) -> bool:
        """Tell whether the part is a picture."""
        return self.content_type.startswith(("image/", "application/octet-stream"))


@dataclass(frozen=True, slots=True)
class Frame:
    """Hold the bytes of one part on the wire.

    Attributes:
        body_start: Where the part's body begins.
    """

    data: bytes
    body_start: int
    is_picture: bool

    def torn(self) -> Frame:
        """Return the frame up to the middle of its body."""
        middle = self.body_start + (len(self.data) - self.body_start) // 2
        return replace(self, data=self.data[:middle])


def frame(part: Part, faults: Faults, *, boundary: str, first: bool) -> Frame:
    """Return one part as bytes, malformed as the faults say.

    Args:
        part: The part.
        faults: The device's faults.
        boundary: The boundary, without the dashes before it.
        first: Whether this is the first part of the stream or the POST.
    """
    line = b"\n" if Fault.LF_ONLY in faults else b"\r\n"
    body = _body(part, faults)
    lines = _boundary_lines(faults, f"--{boundary}", first=first)
    lines += _headers(part, faults, len(body))
    head = line.join(text.encode() for text in [*lines, "", ""])
    glued = GLUED_RESPONSE if _glues_response(part, faults) else b""
    return Frame(head + body + glued + line, len(head), part.is_picture)


def _boundary_lines(faults: Faults, delimiter: str, *, first: bool) -> list[str]:
    """Return the delimiter as often as it stands before the part."""
    if first and faults.strikes(Fault.MISSING_FIRST_BOUNDARY):
        return []
    return [delimiter] * (2 if faults.strikes(Fault.DOUBLE_BOUNDARY) else 1)


def _headers(part: Part, faults: Faults, length: int) -> list[str]:
    """Return the part's header lines."""
    headers = []
    if part.disposition:
        headers.append(f"Content-Disposition: {part.disposition}")
    if part.content_type:
        headers.append(f"Content-Type: {part.content_type}")
    if not faults.strikes(Fault.MISSING_LENGTH):
        headers.append(f"Content-Length: {length + _length_error(faults)}")
    if part.content_id:
        headers.append(f"Content-ID: {part.content_id}")
    return headers


def _length_error(faults: Faults) -> int:
    """Return by how much the part's Content-Length is wrong."""
    if faults.strikes(Fault.LENGTH_TOO_SHORT):
        return -faults.length_error
    return faults.length_error if faults.strikes(Fault.LENGTH_TOO_LONG) else 0


def _body(part: Part, faults: Faults) -> bytes:
    """Return the part's body; pictures may hold what looks like a boundary."""
    if part.is_picture and faults.strikes(Fault.BOUNDARY_IN_PICTURE):
        return part.body + b"\r\n--boundary\r\nContent-Type: text/plain\r\n\r\n"
    return part.body


def _glues_response(part: Part, faults: Faults) -> bool:
    """Tell whether an HTTP answer is glued behind the document."""
    return not part.is_picture and faults.strikes(Fault.GLUED_RESPONSE)
