"""Find out how a document counts the points of its shapes (reference 7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Final, Literal

from .geometry import Point
from .offers import Offer, unnumbered
from .writable_document import Element, name_of, text

type Origin = Literal["top_left", "bottom_left"]
type Pair = tuple[Element, Element]
type Found = list[tuple[str, Pair]]

GRID: Final = 1000
"""Coordinates go from 0 to this where a document does not say otherwise."""

NUMBER: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)
_DIGITS: Final = 3
"""How many digits a fraction has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Hold how a document counts: how far to the right and up or down, and from where.

    Whole numbers begin at the bottom, as those of the device's other detections do
    (§7.2); fractions are taken to begin at the top.
    """

    width: float = GRID
    height: float = GRID
    origin: Origin = "bottom_left"

    def point(self, x: float, y: float) -> Point:
        """Return a point of the picture."""
        down = y / self.height
        return Point(
            x=x / self.width, y=down if self.origin == "top_left" else 1 - down
        )

    def written(self, number: float, before: str | None) -> str:
        """Return a coordinate with as many digits as the one before had."""
        digits = len((before or "").strip().partition(".")[2])
        return f"{number:.{max(digits, 0 if self.width > 1 else _DIGITS)}f}"


FRACTIONS: Final = Grid(width=1, height=1, origin="top_left")


def is_in_fractions(pairs: Found) -> bool:
    """Tell whether coordinates are parts of the picture, and not of a grid."""
    written = said(pairs)
    return all(NUMBER.fullmatch(one) and float(one) <= 1 for one in written) and (
        any("." in one for one in written) or {"0", "1"} == set(written)
    )


def said(pairs: Found) -> list[str]:
    """Return the coordinates as they are written."""
    return [(one.text or "").strip() for _, pair in pairs for one in pair]


def grid_of(pairs: Found, offers: Mapping[str, Offer], usual: Grid) -> Grid:
    """Return how a shape counts: as it is seen, as the device offers, or as usual."""
    offered = offers.get(unnumbered(pairs[0][0]), Offer()).highest or 0
    if is_in_fractions(pairs) or offered == 1:
        return FRACTIONS
    return Grid(width=offered, height=offered) if offered > 1 else usual


def screen(root: Element) -> Grid:
    """Return the grid that a document names, or the usual one."""
    for element in root.iter("{*}*"):
        if name_of(element) == "normalizedscreensize":
            width = text(element, "normalizedScreenWidth") or ""
            height = text(element, "normalizedScreenHeight") or ""
            if NUMBER.fullmatch(width) and NUMBER.fullmatch(height):
                return Grid(width=float(width) or GRID, height=float(height) or GRID)
    return Grid()
