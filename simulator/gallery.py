"""Keep the pictures of vehicles on a device's card or disk (reference 8.3)."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from .passage import Passage, Picture

#: What stands in a name for each picture of a camera; the digits of a vehicle crop are
#: not public.
_DIGITS: Final = {Picture.PLATE: "00", Picture.SCENE: "02"}

_VEHICLES: Final = "recordType.meta.hikvision.com/vehicleDetection"
_MOTION: Final = "recordType.meta.hikvision.com/motion"

_MOST: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPicture:
    """Hold one picture that can be searched for.

    Attributes:
        moment: By the device's clock, in its zone.
        descriptor: What it is a picture of.
    """

    channel: int
    moment: datetime
    name: str
    jpeg: bytes
    descriptor: str = _VEHICLES


@dataclass(slots=True, kw_only=True)
class Gallery:
    """Hold the newest pictures.

    Attributes:
        is_used: Whether the device stores pictures of vehicles; cameras have no card
            unless a test puts one in.
        is_of_recorder: Whether names are those of a recorder, and a vehicle has one
            picture; a camera stores its plate and the scene.
        by_address: Whether a picture can be fetched at the address that it has.
        by_download: Whether it can be downloaded; models know the one or the other.
    """

    is_used: bool = False
    is_of_recorder: bool = False
    by_address: bool = True
    by_download: bool = True
    pictures: deque[StoredPicture] = field(default_factory=lambda: deque(maxlen=_MOST))
    _vehicles: int = 0

    def keep(
        self, channel: int, passage: Passage, jpegs: Mapping[Picture, bytes]
    ) -> None:
        """Store the pictures of a passage."""
        if not self.is_used:
            return
        self._vehicles += 1
        for picture, name in self._names(channel, passage):
            if picture in jpegs:
                self.pictures.append(
                    StoredPicture(
                        channel=channel,
                        moment=passage.captured_at,
                        name=name,
                        jpeg=jpegs[picture],
                    )
                )

    def motion(self, channel: int, moment: datetime) -> StoredPicture:
        """Return a picture of something else, with a name that looks the same."""
        return StoredPicture(
            channel=channel,
            moment=moment,
            name=f"ch{channel:02}_0000001970000999999_00@{moment:%Y%m%d%H%M%S}_MOTION",
            jpeg=b"",
            descriptor=_MOTION,
        )

    def between(
        self, channel: int, start: datetime, end: datetime, plate: str = ""
    ) -> list[StoredPicture]:
        """Return what was stored of a channel, to the second, the oldest first.

        The plate, or a part of one, is looked for in the names.
        """
        found = (
            picture
            for picture in self.pictures
            if picture.channel == channel
            and plate in picture.name.rpartition("_")[2]
            and start <= picture.moment.replace(microsecond=0) <= end
        )
        return sorted(found, key=lambda picture: (picture.moment, picture.name))

    def find(self, name: str) -> bytes | None:
        """Return a picture by its name; None when it is there no more."""
        return next((one.jpeg for one in self.pictures if one.name == name), None)

    def _names(self, channel: int, passage: Passage) -> Iterator[tuple[Picture, str]]:
        """Yield which pictures are stored, and what they are called."""
        number, moment = 1970000000000 + self._vehicles, passage.captured_at
        if self.is_of_recorder:
            yield Picture.SCENE, f"ch{channel:05}_{number:029}_{passage.plate}"
            return
        for picture, digits in _DIGITS.items():
            local = f"{moment:%Y%m%d%H%M%S}"
            name = f"ch{channel:02}_{number:019}_{digits}@{local}_{passage.plate}"
            yield picture, name
