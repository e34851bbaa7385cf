"""Find where a JPEG ends, whatever stands in it and behind it."""

from typing import Final

START: Final = b"\xff\xd8"
END: Final = b"\xff\xd9"

_SCAN: Final = b"\xda"
_MOST_SEGMENTS: Final = 1000
"""How many segments before its first scan a picture may have; real ones have some ten."""


def end_of_jpeg(data: bytes) -> int | None:
    """Return where the JPEG that data begins with ends; None where it is none, or torn.

    Segments are passed over by their lengths: one may hold a small picture, which has
    an end of its own. From the first scan on there is one end (ITU-T T.81, B.1).
    """
    position = len(START) if data.startswith(START) else len(data)
    for _ in range(_MOST_SEGMENTS):
        if data[position : position + 1] != b"\xff":
            return None
        length = int.from_bytes(data[position + 2 : position + 4])
        if data[position + 1 : position + 2] == _SCAN:
            end = data.find(END, position + 2 + length)
            return None if end < 0 else end + len(END)
        position += 2 + length
    return None
