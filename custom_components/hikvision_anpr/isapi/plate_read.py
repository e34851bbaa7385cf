"""Read a plate out of an ANPR document of a device (reference 1.3 to 1.6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
import re
from typing import Final

from .node import NOTHING, Node
from .tables.brands import brand_name
from .tables.countries import country_code
from .tables.lists import device_list
from .tables.plates import is_unreadable, strip_color_prefix
from .tables.vehicles import (
    Direction,
    direction,
    plate_color,
    plate_type,
    vehicle_color,
    vehicle_type,
)
from .timestamps import parse_device_time

MAX_PLATE_CHARACTERS: Final = 32
"""The longest plate of the vendor's schema (reference 1.4)."""

_FIRST_DIGITAL_CHANNEL: Final = 33
_CONFIDENCES: Final = re.compile(r"\s*\d{1,3}\s*(?:,\s*\d{1,3}\s*)*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """Hold a rectangle in fractions of the scene picture, origin top left."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureInfo:
    """Hold what a read says of one of its pictures (reference 1.6).

    `kind` is the file name without number and extension: licensePlatePicture,
    vehiclePicture, detectionPicture (the scene) and others. `url` is set where
    the device sends an address instead of the bytes.
    """

    kind: str
    file_name: str
    picture_id: str | None = None
    content_id: str | None = None
    url: str | None = None
    plate_rectangle: Rectangle | None = None
    vehicle_rectangle: Rectangle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateRead:
    """Hold one message of a device about one vehicle.

    `plate` is as the device sent it, None for a vehicle whose plate could not be
    read; `captured_at` is device time, aware, None where it makes no sense;
    `confidence` is 0 to 100; `country` ISO 3166-1 alpha-2; `list_name` is what
    tables.lists.device_list makes of the device's verdict. `retransmitted` marks
    a read that the device kept back (isDataRetransmission, alarmDataType).
    `scene_size` is the width and height of the scene picture in pixels.
    """

    plate: str | None
    channel: int = 1
    uuid: str | None = None
    captured_at: datetime | None = None
    original_plate: str | None = None
    lane: int | None = None
    direction: Direction = "unknown"
    confidence: int | None = None
    character_confidences: tuple[int, ...] = ()
    country: str | None = None
    region: str | None = None
    plate_color: str | None = None
    plate_type: str | None = None
    plate_category: str | None = None
    vehicle_type: str | None = None
    vehicle_color: str | None = None
    vehicle_brand: str | None = None
    vehicle_index: int | None = None
    speed: int | None = None
    list_name: str | None = None
    pictures: tuple[PictureInfo, ...] = ()
    picture_count: int | None = None
    scene_size: tuple[int, int] | None = None
    has_more_data: bool = False
    retransmitted: bool = False
    mac_address: str | None = None
    device_uuid: str | None = None
    channel_name: str | None = None

    @property
    def is_unreadable(self) -> bool:
        """Tell whether a vehicle passed without a readable plate."""
        return self.plate is None


def parse_plate_read(alert: Node, default_zone: tzinfo) -> PlateRead | None:
    """Return the plate read of a document, or None where it holds none.

    `default_zone` applies to times without an offset. The ANPR block hangs below
    the root; files sent by FTP have its fields at the root (reference 12).
    """
    anpr = alert if alert.name.upper() == "FTP" else alert.child("ANPR")
    if anpr is None or (plate := anpr.child("licensePlate")) is None:
        return None
    if any(plate.nodes()) or len(plate.text) > MAX_PLATE_CHARACTERS:
        return None
    return _plate_read(alert, anpr, plate.text, default_zone)


def _plate_read(alert: Node, anpr: Node, plate: str, default_zone: tzinfo) -> PlateRead:
    """Gather the fields of a read."""
    unreadable = is_unreadable(plate)
    prefix_color, _ = strip_color_prefix(plate)
    vehicle = anpr.child("vehicleInfo") or NOTHING
    return PlateRead(
        plate=None if unreadable else plate,
        channel=channel_of(alert),
        uuid=alert.value("UUID"),
        captured_at=parse_device_time(alert.value("dateTime") or "", default_zone),
        original_plate=None if unreadable else anpr.value("originalLicensePlate"),
        lane=_lane(anpr),
        direction=direction(anpr.value("direction")),
        confidence=None if unreadable else _percent(anpr),
        character_confidences=_character_confidences(anpr),
        country=country_code(
            anpr.value("country"), anpr.value("CRIndex"), anpr.value("ISO-CR")
        ),
        region=_known(anpr, "area") or _known(anpr, "province"),
        plate_color=plate_color(anpr.value("plateColor")) or prefix_color,
        plate_type=plate_type(anpr.value("plateType")),
        plate_category=anpr.value("plateCategory") or anpr.value("category"),
        vehicle_type=vehicle_type(anpr.value("vehicleType")),
        vehicle_color=vehicle_color(vehicle.value("color")),
        vehicle_brand=brand_name(vehicle.value("vehicleLogoRecog")),
        vehicle_index=vehicle.integer("index") or None,
        speed=vehicle.integer("speed") or None,
        list_name=device_list(anpr.value("vehicleListName"), anpr.value("listType")),
        pictures=tuple(_pictures(anpr)),
        picture_count=_first_integer(alert, anpr, "picNum"),
        scene_size=_scene_size(alert, anpr),
        has_more_data=anpr.flag("hasMoreData") or False,
        retransmitted=_is_retransmitted(alert, anpr),
        mac_address=alert.value("macAddress"),
        device_uuid=alert.value("deviceUUID"),
        channel_name=alert.value("channelName"),
    )


def channel_of(alert: Node) -> int:
    """Return the channel of a document, 1 where it names none.

    Recorders name a digital channel in dynChannelID, or count them from 33 in
    channelID (reference 1.9).
    """
    if dynamic := alert.integer("dynChannelID"):
        return dynamic
    channel = alert.integer("channelID") or 1
    return channel - 32 if channel >= _FIRST_DIGITAL_CHANNEL else channel


def _lane(anpr: Node) -> int | None:
    """Return the lane, which some documents call differently."""
    for name in ("line", "lane", "laneNo"):
        if (lane := anpr.integer(name)) is not None:
            return lane
    return None


def _percent(anpr: Node) -> int | None:
    """Return the confidence as 0 to 100; recorders count to 1000 (reference 1.4)."""
    confidence = anpr.integer("confidenceLevel")
    if confidence is None or confidence < 0:
        return None
    return min(100, round(confidence / 10) if confidence > 100 else confidence)


def _character_confidences(anpr: Node) -> tuple[int, ...]:
    """Return the confidence of each character, empty where it makes no sense."""
    text = anpr.value("plateCharBelieve") or ""
    return tuple(map(int, text.split(","))) if _CONFIDENCES.fullmatch(text) else ()


def _known(anpr: Node, name: str) -> str | None:
    """Return a text, None where the device says that it does not know."""
    text = anpr.value(name)
    return None if text is None or text.lower() in {"unknown", "0"} else text


def _first_integer(alert: Node, anpr: Node, name: str) -> int | None:
    """Return a number that stands at the root or in the ANPR block."""
    found = alert.integer(name)
    return anpr.integer(name) if found is None else found


def _scene_size(alert: Node, anpr: Node) -> tuple[int, int] | None:
    """Return the size of the scene picture, which rectangles are parts of."""
    name = "detectionBackgroundImageResolution"
    size = alert.child(name) or anpr.child(name) or NOTHING
    width, height = size.integer("width"), size.integer("height")
    return (width, height) if width and height and min(width, height) > 1 else None


def _is_retransmitted(alert: Node, anpr: Node) -> bool:
    """Tell whether the device kept the read back (reference 1.3, 1.4, 2.4)."""
    return bool(
        alert.flag("isDataRetransmission")
        or anpr.flag("isDataRetransmission")
        or anpr.integer("alarmDataType") == 1
    )


def _pictures(anpr: Node) -> Iterator[PictureInfo]:
    """Read the list of pictures, in the order of the document."""
    for info in _picture_infos(anpr):
        file_name = info.value("fileName") or info.value("type") or ""
        yield PictureInfo(
            kind=picture_kind(file_name),
            file_name=file_name,
            picture_id=info.value("pId"),
            content_id=info.value("contentID"),
            url=info.value("pictureURL") if info.integer("dataType") == 1 else None,
            plate_rectangle=_rectangle(info.child("plateRect")),
            vehicle_rectangle=_rectangle(info.child("vehicelRect")),
        )


def _picture_infos(anpr: Node) -> Iterator[Node]:
    """Yield what is said of each picture; JSON may list them without a name."""
    for listed in anpr.every("pictureInfoList"):
        infos = listed.every("pictureInfo")
        yield from infos or ([listed] if any(listed.nodes()) else [])


def picture_kind(file_name: str) -> str:
    """Return a picture's kind: its file name without number and extension."""
    return file_name.strip().partition(".")[0].partition("_")[0]


def _rectangle(node: Node | None) -> Rectangle | None:
    """Read per-mille, or fractions if written as such; all zeros mean none."""
    if node is None:
        return None
    texts = [node.value(name) or "0" for name in ("x", "y", "width", "height")]
    try:
        sides = [float(text) for text in texts]
    except ValueError:
        return None
    if not any("." in text for text in texts) or max(sides) > 1:
        sides = [side / 1000 for side in sides]
    if not any(sides) or not all(0 <= side <= 1 for side in sides):
        return None
    left, top, width, height = sides
    return Rectangle(left=left, top=top, width=width, height=height)
