"""Find out which read, and which of its pictures, a picture part belongs to."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from .part import Part
from .plate_read import PictureInfo, PlateRead, picture_kind

PENDING_READS: Final = 8
"""How many reads wait for pictures; those that never come are given up."""

_KINDS: Final = frozenset(
    {
        "licensePlatePicture",
        "vehiclePicture",
        "detectionPicture",
        "featurePicture",
        "compositePicture",
        "plateBinaryPicture",
        "pilotPicture",
        "copilotPicture",
        "nonMotorPicture",
        "pedestrianPicture",
        "pedestrianDetectionPicture",
        "panoramaPicture",
    }
)
"""What a picture's name may say of it (reference 1.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPicture:
    """Hold a picture of a read that was handed on before."""

    read: PlateRead
    info: PictureInfo
    data: bytes


@dataclass(slots=True)
class _Pending:
    """Hold a read and those of its pictures that have not come."""

    read: PlateRead
    missing: list[PictureInfo]
    in_order: bool = True

    def take(self, info: PictureInfo, data: bytes) -> ReadPicture:
        """Fill one picture."""
        self.missing.remove(info)
        return ReadPicture(read=self.read, info=info, data=data)


class PictureMatcher:
    """Attach pictures to reads by the rules of reference 3.4.

    Part name equals the picture's id; file name or part name equals the picture's
    file name; Content-ID; the kind that it names; else the order of the document.
    Ids are looked up among all reads that wait, the rest at the latest read first.
    """

    def __init__(self) -> None:
        """Wait for nothing."""
        self._pending: deque[_Pending] = deque(maxlen=PENDING_READS)

    def expect(self, read: PlateRead) -> None:
        """Wait for the pictures of a read."""
        missing = [info for info in read.pictures if info.url is None]
        self._pending.appendleft(_Pending(read, missing))

    def interrupt(self) -> None:
        """Note an event that may bring pictures of its own: no more guessing."""
        for pending in self._pending:
            pending.in_order = False

    def match(self, part: Part) -> ReadPicture | None:
        """Return the read that a picture belongs to, or None."""
        return (
            self._by_id(part)
            or self._by_file_name(part)
            or self._by_kind(part)
            or self._by_order(part)
        )

    def _by_id(self, part: Part) -> ReadPicture | None:
        """Match the part's name or Content-ID to a picture's id."""
        ids = {part.name, part.content_id} - {None}
        for pending in self._pending:
            for info in pending.missing:
                if ids & ({info.picture_id, info.content_id} - {None}):
                    return pending.take(info, part.body)
        return None

    def _by_file_name(self, part: Part) -> ReadPicture | None:
        """Match the part's file name or name to a picture's file name."""
        names = _lowered(part.filename, part.name)
        for pending in self._pending:
            for info in pending.missing:
                if info.file_name and info.file_name.lower() in names:
                    return pending.take(info, part.body)
        return None

    def _by_kind(self, part: Part) -> ReadPicture | None:
        """Match a picture that names its kind to the latest read, listed or not."""
        named = _named_kind(part)
        if named is None or not self._pending:
            return None
        latest = self._pending[0]
        for info in latest.missing:
            if info.kind == named.kind:
                return latest.take(info, part.body)
        is_listed = any(info.kind == named.kind for info in latest.read.pictures)
        if is_listed or not latest.in_order:
            return None
        return ReadPicture(read=latest.read, info=named, data=part.body)

    def _by_order(self, part: Part) -> ReadPicture | None:
        """Give the next picture that the latest read misses to a nameless one."""
        if not self._pending or not self._pending[0].in_order or _named_kind(part):
            return None
        latest = self._pending[0]
        return latest.take(latest.missing[0], part.body) if latest.missing else None


def _named_kind(part: Part) -> PictureInfo | None:
    """Return the kind that a part names itself, or None."""
    for name in filter(None, (part.filename, part.name)):
        if (kind := picture_kind(name)) in _KINDS:
            return PictureInfo(kind=kind, file_name=name)
    return None


def _lowered(*names: str | None) -> set[str]:
    """Return the names that are there, in lower case."""
    return {name.lower() for name in names if name}
