"""Hold one part of a multipart body and what its headers call it."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Final

BLANK: Final = b" \t\r\n\0"
DOCUMENT_STARTS: Final = (b"<", b"{", b"[", b"\xef\xbb\xbf")

_BOUNDARY: Final = re.compile(r'boundary\s*=\s*(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
_PARAMETER: Final = r'(?:^|[;\s]){}\s*=\s*(?:"([^"]*)"|([^;\s]+))'
_NAME: Final = re.compile(_PARAMETER.format("name"), re.IGNORECASE)
_FILENAME: Final = re.compile(_PARAMETER.format("filename"), re.IGNORECASE)


def boundary_of(content_type: str) -> str | None:
    """Return the boundary that a Content-Type names, quoted or not, or None."""
    found = _BOUNDARY.search(content_type)
    return (found[1] or found[2]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Hold one part: what its headers call it, and its body without framing."""

    body: bytes
    content_type: str = ""
    name: str | None = None
    filename: str | None = None
    content_id: str | None = None

    @property
    def is_document(self) -> bool:
        """Tell whether the body is XML or JSON, by content and not by its type."""
        return self.body.lstrip(BLANK).startswith(DOCUMENT_STARTS)

    @property
    def is_picture(self) -> bool:
        """Tell whether the body is a JPEG, whatever type it is sent as."""
        return self.body.startswith(b"\xff\xd8")


def make_part(headers: Mapping[str, str], body: bytes) -> Part:
    """Make a part of a body and its headers, whose names are in lower case."""
    disposition = headers.get("content-disposition", "")
    return Part(
        body=body,
        content_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
        name=_parameter(_NAME, disposition),
        filename=_parameter(_FILENAME, disposition),
        content_id=headers.get("content-id", "").strip("<> ") or None,
    )


def _parameter(pattern: re.Pattern[str], disposition: str) -> str | None:
    """Return a parameter of a Content-Disposition, or None."""
    found = pattern.search(disposition)
    return (found[1] or found[2]) if found else None
