"""Make device documents, pictures and multipart bodies for the tests."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
import random
from typing import Final

from hypothesis import settings

from custom_components.hikvision_anpr.isapi.events import DeviceEvent, parse_messages
from custom_components.hikvision_anpr.isapi.multipart import MultipartReader
from custom_components.hikvision_anpr.isapi.part import Part
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead

FUZZ: Final = settings(deadline=None, database=None)
"""How hypothesis runs: no timing assertion, and no file written between tests."""

FOLDER: Final = Path(__file__).parents[1] / "fixtures" / "isapi"
PLATE_DOCUMENTS: Final = (
    "access.json",
    "bare.json",
    "chinese.xml",
    "deepinview.xml",
    "emirates.xml",
    "entrance.xml",
    "entrance_again.xml",
    "ftp.xml",
    "no_namespace.xml",
    "old_namespace.xml",
    "prefixed.xml",
    "unreadable.xml",
    "wrapped.json",
)
ALL_DOCUMENTS: Final = tuple(
    sorted(path.name for path in FOLDER.iterdir() if path.is_file())
)
OTHER_DOCUMENTS: Final = tuple(
    name for name in ALL_DOCUMENTS if name not in PLATE_DOCUMENTS
)


def document(name: str) -> bytes:
    """Return a document as a device would send it."""
    return (FOLDER / name).read_bytes()


def alert(anpr: str = "", envelope: str = "", *, event_type: str = "ANPR") -> bytes:
    """Return a small alert with elements in its ANPR block and beside it."""
    return (
        f"<EventNotificationAlert><eventType>{event_type}</eventType>{envelope}"
        f"<ANPR>{anpr}</ANPR></EventNotificationAlert>"
    ).encode()


def plate_alert(plate: str) -> bytes:
    """Return a small alert that reads a plate."""
    return alert(f"<licensePlate>{plate}</licensePlate>")


def read_of(body: bytes) -> PlateRead:
    """Return the one read of a document."""
    (message,) = parse_messages(body, UTC)
    assert isinstance(message, PlateRead)
    return message


def event_of(body: bytes) -> DeviceEvent:
    """Return the one event of a document that is no read."""
    (message,) = parse_messages(body, UTC)
    assert isinstance(message, DeviceEvent)
    return message


def plates(parts: list[Part]) -> list[str | None]:
    """Return the plates that parts carry, in their order."""
    return [
        message.plate
        for part in parts
        if part.is_document
        for message in parse_messages(part.body, UTC)
        if isinstance(message, PlateRead)
    ]


def pictures(parts: list[Part]) -> list[bytes]:
    """Return the pictures among parts, in their order."""
    return [part.body for part in parts if part.is_picture]


def real_jpeg(*, inside: bytes = b"") -> bytes:
    """Return bytes with the segments of a JPEG, others inside of the first."""
    segment = (len(inside) + 2).to_bytes(2) + inside
    return b"\xff\xd8\xff\xe1" + segment + b"\xff\xda\0\2\x12\xff\0\x34\xff\xd9"


def jpeg(size: int = 300, *, seed: int = 0, inside: bytes = b"") -> bytes:
    """Return bytes that begin and end as a JPEG does, others somewhere inside.

    Line ends and blanks stand beside both ends, where a careless reader strips.
    """
    noise = random.Random(seed).randbytes(size).replace(b"\xff\xd9", b"\xff\xd8")
    half = size // 2
    return (
        b"\xff\xd8\xff\xea\r\n"
        + noise[:half]
        + inside
        + noise[half:]
        + b" \r\n\xff\xd9"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Hold what becomes a part of a multipart body."""

    body: bytes
    headers: tuple[str, ...] = ("Content-Type: application/xml; charset=UTF-8",)


def picture_piece(body: bytes, name: str = "licensePlatePicture.jpg") -> Piece:
    """Return a picture as a camera sends it."""
    return Piece(
        body=body,
        headers=(
            f'Content-Disposition: form-data; name="{name}"; filename="{name}";',
            "Content-Type: image/pjpeg",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """Hold how a device frames its parts; `length_error` None omits the length."""

    boundary: str = "boundary"
    newline: bytes = b"\r\n"
    first_boundary: bool = True
    times: int = 1
    length_error: int | None = 0
    glued: bytes = b""
    preamble: bytes = b""
    padding: bytes = b""
    closing: bytes | None = b"--\r\n"

    def multipart(self, *pieces: Piece) -> bytes:
        """Return the body."""
        line = b"--" + self.boundary.encode() + self.newline
        body = self.preamble
        for index, piece in enumerate(pieces):
            if index or self.first_boundary:
                body += line * self.times
            body += self._part(piece)
        if self.closing is None:
            return body.removesuffix(self.newline)
        return body + line.rstrip() + self.closing

    def _part(self, piece: Piece) -> bytes:
        """Return a part, from its headers to the line end before the next boundary."""
        headers = list(piece.headers)
        if self.length_error is not None:
            length = max(0, len(piece.body) + self.length_error)
            headers.append(f"Content-Length: {length}")
        head = b"".join(header.encode() + self.newline for header in headers)
        body = piece.body
        if not body.startswith(b"\xff\xd8"):
            body = self.padding + body + self.glued
        return head + self.newline + body + self.newline


def read_whole(body: bytes, boundary: str | None = "boundary") -> list[Part]:
    """Return the parts of a body that comes at once."""
    return read_in_steps(body, max(1, len(body)), boundary)


def read_in_steps(
    body: bytes, step: int, boundary: str | None = "boundary"
) -> list[Part]:
    """Return the parts of a body that comes in pieces of one size."""
    reader = MultipartReader(boundary)
    parts: list[Part] = []
    for start in range(0, len(body), step):
        parts += reader.feed(body[start : start + step])
    return parts + reader.finish()


def at(text: str) -> datetime:
    """Return an aware time from its ISO form."""
    return datetime.fromisoformat(text)
