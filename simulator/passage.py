"""What happened in front of a simulated camera."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypedDict


class Picture(StrEnum):
    """Name a picture of a passage (reference 1.6)."""

    PLATE = "plate"
    SCENE = "scene"
    VEHICLE = "vehicle"

    @property
    def kind(self) -> str:
        """Return the picture's type on the wire."""
        return _KINDS[self]

    @property
    def file_name(self) -> str:
        """Return the picture's file name on the wire."""
        return f"{self.kind}.jpg"


_KINDS: Final = {
    Picture.PLATE: "licensePlatePicture",
    Picture.SCENE: "detectionPicture",
    Picture.VEHICLE: "vehiclePicture",
}


class Facts(TypedDict, total=False):
    """Name what can be said about a vehicle that passes; see Passage."""

    direction: str
    lane: int
    confidence: int
    country: str
    list_name: str | None
    vehicle_type: str
    color: str
    brand: int
    plate_color: str
    plate_box: tuple[int, int, int, int]
    retransmitted: bool
    history: bool
    has_more_data: bool
    overrides: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Hold the facts of one vehicle passing, as the device reports them.

    Attributes:
        uuid: The identity that the event carries.
        plate: The plate as read; "unknown" when it could not be read.
        captured_at: The device's time, with its zone; wrong when the clock is.
        index: The vehicle's running number since the device started.
        pictures: The pictures in the order of the document.
        picture_ids: Their pId.
        jpegs: Their bytes.
        direction: forward, reverse or unknown.
        lane: Number of the lane, from 1.
        confidence: 0 to 100.
        country: Index of the country, or three letters (reference 1.8).
        list_name: "allow", "block", "temporary", or a list's own name; None for a
            vehicle on no list.
        vehicle_type: ANPR/vehicleType as on the wire (reference 1.4).
        color: The vehicle's colour as on the wire (reference 1.5).
        brand: Index of the brand (reference 1.8).
        plate_color: The plate's colour as on the wire (reference 1.4).
        plate_box: Left, top, width and height of the plate in the full picture, in per
            mille.
        retransmitted: Whether it is uploaded again after an outage.
        history: Whether it is not from now (alarmDataType 1).
        has_more_data: Whether a second message with the same UUID brings the pictures.
        overrides: Texts that replace elements, by path below the root, such as
            "ANPR/country"; None removes the element.
        picture_urls: Where pictures can be fetched that do not come along.
    """

    uuid: str
    plate: str
    captured_at: datetime
    index: int
    pictures: tuple[Picture, ...]
    picture_ids: Mapping[Picture, str]
    jpegs: Mapping[Picture, bytes]
    direction: str = "forward"
    lane: int = 1
    confidence: int = 98
    country: str = "3"
    list_name: str | None = None
    vehicle_type: str = "vehicle"
    color: str = "white"
    brand: int = 1053
    plate_color: str = "white"
    plate_box: tuple[int, int, int, int] = (441, 702, 112, 50)
    retransmitted: bool = False
    history: bool = False
    has_more_data: bool = False
    overrides: Mapping[str, str | None] = field(default_factory=dict)
    picture_urls: Mapping[Picture, str] = field(default_factory=dict)

    @property
    def readable(self) -> bool:
        """Tell whether the plate could be read."""
        return self.plate.lower() not in {"unknown", "noplate"}
