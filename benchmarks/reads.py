"""Make reads as a camera sends them, each with a plate and an identity of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Final

from simulator.clock import DeviceClock, digits
from simulator.events import anpr_event
from simulator.faults import Faults
from simulator.message import event_parts
from simulator.multipart import Part, frame
from simulator.passage import Passage, Picture
from simulator.profiles import Profile

BOUNDARY: Final = "boundary"

PICTURE_BYTES: Final[dict[Picture, int]] = {
    Picture.PLATE: 9_000,
    Picture.VEHICLE: 71_000,
    Picture.SCENE: 230_000,
}
"""The sizes of a read's pictures, 310 KB together."""

# Without what is read for something else, so that no plate is taken for another one.
_PLATE_LETTERS: Final = "ACEFGHJKLMNPRTUVWXY34679"
_PLATE_LENGTH: Final = 7

_PLATE: Final = "?" * _PLATE_LENGTH
_UUID: Final = "!" * 63
_MOMENT: Final = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)


def plate_of(number: int) -> str:
    """Return the plate of a read; all have the same length."""
    letters = []
    for _ in range(_PLATE_LENGTH):
        number, letter = divmod(number, len(_PLATE_LETTERS))
        letters.append(_PLATE_LETTERS[letter])
    return "".join(letters)


def number_of(plate: str) -> int:
    """Return the number of the read that has this plate."""
    number = 0
    for letter in reversed(plate):
        number = number * len(_PLATE_LETTERS) + _PLATE_LETTERS.index(letter)
    return number


def picture_bytes(size: int) -> bytes:
    """Return what is as large and as dense as a JPEG, and begins and ends as one."""
    return b"\xff\xd8" + Random(size).randbytes(size - 4) + b"\xff\xd9"


class ReadMaker:
    """Make any number of reads quickly: one is rendered, the others filled in.

    The pictures, framed and one behind the other, are the same for all reads.
    """

    def __init__(
        self,
        profile: Profile,
        pictures: Sequence[Picture],
        overrides: Mapping[str, str | None] | None = None,
    ) -> None:
        """Render the read that the others are made of, with these pictures.

        `overrides` replace elements, as those by which a recorder names a channel.
        """
        self._clock = DeviceClock(faults=Faults())
        passage = replace(_passage(pictures), overrides=overrides or {})
        self._template = anpr_event(profile, self._clock, passage, 1)
        parts = event_parts(profile, Faults(), self._template, passage)
        self.pictures = b"".join(map(_framed, parts[1:]))

    def document(self, number: int, captured_at: datetime) -> bytes:
        """Return the document of a read, unframed; the capture time is aware."""
        filled = self._template.replace(_PLATE.encode(), plate_of(number).encode())
        filled = filled.replace(_UUID.encode(), f"{number:063}".encode())
        for old, new in zip(
            self._times(_MOMENT), self._times(captured_at), strict=True
        ):
            filled = filled.replace(old, new)
        return filled

    def framed_document(self, number: int, captured_at: datetime) -> bytes:
        """Return the document of a read as the part that comes before its pictures."""
        return _framed(Part(body=self.document(number, captured_at)))

    def body(self, number: int, captured_at: datetime) -> bytes:
        """Return a read as one whole multipart body, closed as a POST is."""
        end = f"--{BOUNDARY}--\r\n".encode()
        return self.framed_document(number, captured_at) + self.pictures + end

    def _times(self, moment: datetime) -> tuple[bytes, ...]:
        """Return a moment in all the ways in which documents write it."""
        return (
            self._clock.text(moment).encode(),
            self._clock.text(moment, milliseconds=True).encode(),
            digits(moment).encode(),
        )


def _passage(pictures: Sequence[Picture]) -> Passage:
    """Return a passage whose plate, identity and time are yet to be filled in."""
    return Passage(
        uuid=_UUID,
        plate=_PLATE,
        captured_at=_MOMENT,
        index=17,
        pictures=tuple(pictures),
        picture_ids={picture: f"{place:032}" for place, picture in enumerate(pictures)},
        jpegs={picture: picture_bytes(PICTURE_BYTES[picture]) for picture in pictures},
        list_name="allow",
    )


def _framed(part: Part) -> bytes:
    """Return a part between its boundary and its line end."""
    return frame(part, Faults(), boundary=BOUNDARY, first=False).data
