"""Measure how plates look in the picture."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final, Literal

from .isapi.plate_read import PlateRead

type SizeProblem = Literal["plates_small", "plates_cut_off", "plates_skewed"]

REMEMBERED: Final = 100
ENOUGH: Final = 30
"""How many of the last plates are measured, and how many it takes to judge by them."""

LEAST_HEIGHT: Final = 16.0
"""Below this, in pixels, no document of the vendor promises a read."""
EDGE: Final = 0.005
MANY: Final = 0.2
"""How close to the edge a plate is cut off, and which part of plates may be."""

SKEWED_RATIO: Final = 2.4
"""A European plate of one line is 4.7 times as wide as high; at 13° its box is no more
than 2.4 times. Plates of two lines are less than 1.8 times."""
TWO_LINES: Final = 1.8
ALIKE: Final = 0.25
"""How much the boxes of plates differ: some devices give boxes that only hold one."""
_ONE_LINE: Final = frozenset(
    {
        *("AT", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR"),
        *("HR", "HU", "IE", "IT", "LT", "LU", "LV", "NL", "NO", "PL", "PT", "RO", "RS"),
        *("SE", "SI", "SK", "TR", "UA"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateBox:
    """Hold the box of a plate in a picture of a width and a height, all in pixels."""

    width: float
    height: float
    picture: tuple[int, int]
    is_cut_off: bool
    has_one_line: bool


def box_of(read: PlateRead) -> PlateBox | None:
    """Return the box of a read's plate, None where the device does not give it."""
    rectangle = next(
        (one for info in read.pictures if (one := info.plate_rectangle)), None
    )
    if rectangle is None or read.scene_size is None or read.plate is None:
        return None
    left, top = rectangle.left, rectangle.top
    right, bottom = left + rectangle.width, top + rectangle.height
    width, height = read.scene_size
    if not (rectangle.width and rectangle.height):
        return None
    return PlateBox(
        width=rectangle.width * width,
        height=rectangle.height * height,
        picture=(width, height),
        is_cut_off=min(left, top) < EDGE or max(right, bottom) > 1 - EDGE,
        has_one_line=read.country in _ONE_LINE,
    )


class PlateSizes:
    """Remember the boxes of the last plates of each channel."""

    def __init__(self) -> None:
        """Begin with none."""
        self._boxes: defaultdict[int, deque[PlateBox]] = defaultdict(
            lambda: deque(maxlen=REMEMBERED)
        )

    def take(self, read: PlateRead) -> bool:
        """Take a plate, if the device says where it is; tell whether it does."""
        box = box_of(read)
        if box:
            self._boxes[read.channel].append(box)
        return box is not None

    def heights(self, channel: int) -> list[float]:
        """Return how high the last plates are, in pixels, the oldest first."""
        return [box.height for box in self._boxes[channel]]

    def height(self, channel: int) -> float | None:
        """Return how high plates are, in pixels: half of them are higher."""
        heights = self.heights(channel)
        return median(heights) if heights else None

    def picture(self, channel: int) -> tuple[int, int] | None:
        """Return how wide and high the picture was in which a plate was last seen."""
        boxes = self._boxes[channel]
        return boxes[-1].picture if boxes else None

    def problems(self, channel: int) -> frozenset[SizeProblem] | None:
        """Return what is wrong with how plates look; None while they are too few."""
        boxes = self._boxes[channel]
        if len(boxes) < ENOUGH:
            return None
        found: dict[SizeProblem, bool] = {
            "plates_small": median(self.heights(channel)) < LEAST_HEIGHT,
            "plates_cut_off": sum(box.is_cut_off for box in boxes) > MANY * len(boxes),
            "plates_skewed": _are_skewed(boxes),
        }
        return frozenset(name for name, is_there in found.items() if is_there)


def _are_skewed(boxes: Iterable[PlateBox]) -> bool:
    """Tell whether the boxes are those of long plates that stand askew."""
    ratios = [box.width / box.height for box in boxes if box.has_one_line]
    if len(ratios) < ENOUGH:
        return False
    low, middle, high = quantiles(ratios, n=4)
    return TWO_LINES <= middle < SKEWED_RATIO and (high - low) / middle < ALIKE
