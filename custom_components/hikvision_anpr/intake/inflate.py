"""Decompress the body of a post."""

from typing import Final
import zlib

from ..isapi.listening import MAX_BODY_BYTES

_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_RAW: Final = -zlib.MAX_WBITS
_ENCODINGS: Final = {
    "gzip": (_GZIP_OR_ZLIB,),
    "x-gzip": (_GZIP_OR_ZLIB,),
    "deflate": (_GZIP_OR_ZLIB, _RAW),
}


def inflate(body: bytes, encoding: str) -> bytes | None:
    """Return what a body holds; None where that is too large.

    What does not unpack is returned as it is: the bytes decide, not their name.
    """
    for window in _ENCODINGS.get(encoding.strip().lower(), ()):
        try:
            found = zlib.decompressobj(window).decompress(body, MAX_BODY_BYTES + 1)
        except zlib.error:
            continue
        return found if len(found) <= MAX_BODY_BYTES else None
    return body
