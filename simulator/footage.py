"""What is recorded on a device's card or disk, and the film that it is (reference 8.4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
import re
from typing import Final

import av

FRAMES_A_SECOND: Final = 10
GROUP_SECONDS: Final = 2
FILM_SECONDS: Final = 10
SIZE: Final = (320, 180)

_START_CODE: Final = re.compile(b"\x00\x00\x00?\x01")
_SLICES: Final = {1, 5}
_SEQUENCE, _PICTURE = 7, 8

type Nals = tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Hold one recording; aware times by the device's clock."""

    start: datetime
    end: datetime


@dataclass(slots=True, kw_only=True)
class Footage:
    """Hold the recordings of a device.

    Attributes:
        spans: The recordings by channel, the oldest first.
        page: Most items of a search that are on one page, whatever is asked for.
        local_times: Whether searches speak the device's own time, and call it UTC, as
            old recorders do.
    """

    spans: dict[int, list[Span]] = field(default_factory=dict)
    page: int = 40
    local_times: bool = False

    def record(self, channel: int, now: datetime) -> None:
        """Let a channel be recorded from a day ago until a day from now."""
        day = timedelta(days=1)
        self.spans[channel] = [Span(start=now - day, end=now + day)]

    def between(self, channel: int, start: datetime, end: datetime) -> list[Span]:
        """Return the recordings that overlap two times."""
        spans = self.spans.get(channel, [])
        return [span for span in spans if span.start < end and span.end > start]

    def at(self, channel: int, start: datetime) -> Span | None:
        """Return what is played at a time: another recording where there is none."""
        spans = self.spans.get(channel, [])
        later = [span for span in spans if span.end > start]
        return next(iter(later or spans), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """Hold some groups of pictures, which are played again and again."""

    sequence: bytes
    picture: bytes
    frames: Sequence[Nals]


@cache
def film() -> Film:
    """Return a small film in H.264, which grows brighter."""
    nals = [nal for packet in _packets() for nal in _nals(packet)]
    return Film(
        sequence=next(nal for nal in nals if _kind(nal) == _SEQUENCE),
        picture=next(nal for nal in nals if _kind(nal) == _PICTURE),
        frames=list(_frames(nals)),
    )


def _packets() -> Iterator[bytes]:
    """Yield encoded groups of pictures."""
    codec = av.CodecContext.create("libx264", "w")
    codec.width, codec.height = SIZE
    codec.pix_fmt = "yuv420p"
    codec.framerate = FRAMES_A_SECOND
    codec.gop_size = FRAMES_A_SECOND * GROUP_SECONDS
    codec.options = {"tune": "zerolatency", "preset": "ultrafast", "threads": "1"}
    for number in range(FRAMES_A_SECOND * FILM_SECONDS):
        for packet in codec.encode(_picture(number)):
            yield bytes(packet)
    for packet in codec.encode(None):
        yield bytes(packet)


def _picture(number: int) -> av.VideoFrame:
    """Return a picture of a colour of its own."""
    picture = av.VideoFrame(*SIZE, "yuv420p")
    for place, plane in enumerate(picture.planes):
        plane.update(bytes((40 + number + 30 * place,)) * plane.buffer_size)
    return picture


def _nals(packet: bytes) -> Iterator[bytes]:
    """Yield the units of a packet."""
    yield from (nal for nal in _START_CODE.split(packet) if nal)


def _frames(nals: Sequence[bytes]) -> Iterator[Nals]:
    """Yield the slices of each picture, with what an own decoder needs before them."""
    for nal in nals:
        if _kind(nal) in _SLICES:
            yield (nal,)


def _kind(nal: bytes) -> int:
    """Return the kind of a unit."""
    return nal[0] & 0x1F
