"""Judge by geometry whether a camera, where it is mounted, can read plates.

The rules are those of the vendor's ANPR manual ("Camera Mounting"): at most 30° from
above and from aside, and a distance of at least √3 times the camera's height; the manual
rounds that to 1.7. The height of a plate in pixels is what the lens makes of it.
"""

from dataclasses import dataclass
from math import atan, atan2, cos, degrees, hypot, radians, sqrt, tan
from typing import Final, Literal

type Problem = Literal[
    "too_steep", "too_far_aside", "plate_too_small", "plate_too_large"
]
type PlateMode = Literal["large", "small"]

WIDEST_ANGLE: Final = 30.0
"""How many degrees a camera may look at a plate from above, and from aside."""

PLATE_PIXELS: Final[dict[PlateMode, tuple[float, float]]] = {
    "large": (20, 30),
    "small": (30, 40),
}
"""How high a plate has to be in the picture, by the device's plate mode, in pixels.

As the manual has it for 2 megapixels, although the two look exchanged.
"""
ANY_MODE: Final = (20.0, 40.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounting:
    """Hold where a camera is, seen from a plate, in metres.

    `distance` is along the road, `offset` across it, heights are above the road.
    """

    camera_height: float
    distance: float
    offset: float = 0.0
    plate_above_road: float = 0.5

    @property
    def rise(self) -> float:
        """Return how much higher the camera is."""
        return self.camera_height - self.plate_above_road

    @property
    def ground(self) -> float:
        """Return how far away it is over the ground."""
        return hypot(self.distance, self.offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Hold what a camera sees: the angle in degrees across, and a picture in pixels."""

    angle: float
    width: int
    height: int

    @property
    def half_width(self) -> float:
        """Return half the width of what is seen at a distance of one metre."""
        return tan(radians(self.angle) / 2)

    @property
    def half_height(self) -> float:
        """Return half the height of what is seen at a distance of one metre."""
        return self.half_width * self.height / self.width


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Hold what comes of a mounting: metres, degrees and pixels.

    `nearest` and `farthest` are the distances along the road between which the angles
    and the height of the plate are right; None where there is no such distance.
    """

    vertical_angle: float
    horizontal_angle: float
    line_of_sight: float
    view_width: float
    plate_pixels_wide: float
    plate_pixels_high: float
    nearest: float
    farthest: float | None
    problems: tuple[Problem, ...]


def view_angle(focal_length: float, sensor_width: float) -> float:
    """Return the angle that a lens sees across, in degrees; both are in millimetres."""
    return degrees(2 * atan(sensor_width / 2 / focal_length))


def measured_angle(
    mounting: Mounting, picture: tuple[int, int], plate_height: float, pixels: float
) -> float:
    """Return the angle that a camera sees across, by how high a plate is in its picture.

    `picture` is its width and height in pixels, the plate's height is in metres.
    """
    along, rise = mounting.ground, mounting.rise
    half_height = picture[1] * plate_height * along / (2 * hypot(along, rise) ** 2)
    half_width = half_height / pixels * picture[0] / picture[1]
    return degrees(2 * atan(half_width))


def judge(
    mounting: Mounting,
    view: View,
    plate: tuple[float, float],
    pixels: tuple[float, float] = ANY_MODE,
) -> Advice:
    """Return what comes of a mounting for a plate of a width and a height in metres.

    `pixels` are the least and the greatest height that the plate may have.
    """
    rise, ground = mounting.rise, mounting.ground
    away = hypot(ground, rise)
    vertical = atan2(rise, ground)
    horizontal = atan2(mounting.offset, mounting.distance)
    height = view.height * plate[1] * cos(vertical) / (2 * away * view.half_height)
    width = view.width * plate[0] * cos(horizontal) / (2 * away * view.half_width)
    problems: dict[Problem, bool] = {
        "too_steep": abs(degrees(vertical)) > WIDEST_ANGLE
        or mounting.distance < sqrt(3) * mounting.camera_height,
        "too_far_aside": abs(degrees(horizontal)) > WIDEST_ANGLE,
        "plate_too_small": height < pixels[0],
        "plate_too_large": height > pixels[1],
    }
    return Advice(
        vertical_angle=degrees(vertical),
        horizontal_angle=degrees(horizontal),
        line_of_sight=away,
        view_width=2 * away * view.half_width,
        plate_pixels_wide=width,
        plate_pixels_high=height,
        nearest=sqrt(3) * max(mounting.camera_height, abs(mounting.offset)),
        farthest=_farthest(mounting, view, plate[1], pixels[0]),
        problems=tuple(name for name, is_there in problems.items() if is_there),
    )


def _farthest(
    mounting: Mounting, view: View, plate_height: float, least: float
) -> float | None:
    """Return how far away along the road a plate is still high enough.

    With D for the line of sight, its height in pixels is k·√(D²-rise²)/D².
    """
    rise = mounting.rise
    k = view.height * plate_height / (2 * view.half_height)
    root = k**4 - 4 * (least * k * rise) ** 2
    if root < 0:
        return None
    square = (k**2 + sqrt(root)) / (2 * least**2)
    along = square - rise**2 - mounting.offset**2
    return sqrt(along) if along > 0 else None
