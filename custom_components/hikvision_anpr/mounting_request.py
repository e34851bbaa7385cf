"""Parse the position and the lens of a camera."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .mounting import (
    ANY_MODE,
    PLATE_PIXELS,
    Advice,
    Mounting,
    View,
    judge,
    measured_angle,
    view_angle,
)

CAMERA_HEIGHT: Final = "camera_height"
DISTANCE: Final = "distance"
OFFSET: Final = "offset"
PLATE_ABOVE_ROAD: Final = "plate_above_road"
VIEW_ANGLE: Final = "view_angle"
FOCAL_LENGTH: Final = "focal_length"
SENSOR: Final = "sensor"
SENSOR_WIDTH: Final = "sensor_width"
PICTURE_WIDTH: Final = "picture_width"
PICTURE_HEIGHT: Final = "picture_height"
PLATE_WIDTH: Final = "plate_width"
PLATE_HEIGHT: Final = "plate_height"
PLATE_MODE: Final = "plate_mode"


SENSOR_WIDTHS: Final[Mapping[str, float]] = {
    "1/1.2": 11.1,
    "1/1.8": 7.7,
    "1/1.9": 7.2,
    "1/2.5": 5.8,
    "1/2.7": 5.4,
    "1/2.8": 5.6,
    "1/3": 4.8,
}
"""How wide the picture of a sensor is, in millimetres, by its size in inches.

Those of common sensors with a picture of 16 to 9; the inches are but a name.
"""

USUAL_SENSOR: Final = "1/1.8"
"""What most cameras have that are made for plates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Hold how high plates are in a picture of a width and a height, in pixels."""

    plate_height: float
    picture: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Hold between what a number is, in what unit, and what it is if not said."""

    least: float
    most: float
    unit: str
    usual: float | None = None


MEASURES: Final[Mapping[str, Measure]] = {
    CAMERA_HEIGHT: Measure(least=0.1, most=50, unit="m"),
    DISTANCE: Measure(least=0.1, most=200, unit="m"),
    OFFSET: Measure(least=-100, most=100, unit="m", usual=0.0),
    PLATE_ABOVE_ROAD: Measure(least=0, most=5, unit="m", usual=0.5),
    VIEW_ANGLE: Measure(least=0.5, most=170, unit="°"),
    FOCAL_LENGTH: Measure(least=1, most=500, unit="mm"),
    SENSOR_WIDTH: Measure(least=1, most=50, unit="mm"),
    PICTURE_WIDTH: Measure(least=100, most=20000, unit="px", usual=1920),
    PICTURE_HEIGHT: Measure(least=100, most=20000, unit="px", usual=1080),
    PLATE_WIDTH: Measure(least=0.05, most=2, unit="m", usual=0.52),
    PLATE_HEIGHT: Measure(least=0.05, most=2, unit="m", usual=0.11),
}
_PICTURE: Final = (PICTURE_WIDTH, PICTURE_HEIGHT)


def pixels_wanted(said: Mapping[str, Any]) -> tuple[float, float]:
    """Return the least and the greatest height of a plate, in pixels."""
    return PLATE_PIXELS.get(said.get(PLATE_MODE, ""), ANY_MODE)


def advice_for(
    said: Mapping[str, Any], measured: Measured | None = None
) -> Advice | None:
    """Return what comes of a place and a lens; None where nothing is known of the lens.

    Where nothing is said of it, plates that were measured tell it.
    """
    known: dict[str, Any] = {name: one.usual for name, one in MEASURES.items()}
    if measured:
        known |= dict(zip(_PICTURE, measured.picture, strict=True))
    known |= dict(said)
    mounting = Mounting(
        camera_height=known[CAMERA_HEIGHT],
        distance=known[DISTANCE],
        offset=known[OFFSET],
        plate_above_road=known[PLATE_ABOVE_ROAD],
    )
    plate = (known[PLATE_WIDTH], known[PLATE_HEIGHT])
    angle = _angle(said)
    if angle is None and measured:
        pixels = measured.plate_height
        angle = measured_angle(mounting, measured.picture, plate[1], pixels)
    if angle is None:
        return None
    width, height = (int(known[name]) for name in _PICTURE)
    view = View(angle=angle, width=width, height=height)
    return judge(mounting, view, plate, pixels_wanted(said))


def _angle(said: Mapping[str, Any]) -> float | None:
    """Return the angle that a camera sees across, in degrees; None where none is said."""
    if VIEW_ANGLE in said:
        return float(said[VIEW_ANGLE])
    if FOCAL_LENGTH not in said:
        return None
    of_sensor = SENSOR_WIDTHS[said.get(SENSOR, USUAL_SENSOR)]
    return view_angle(said[FOCAL_LENGTH], said.get(SENSOR_WIDTH, of_sensor))
