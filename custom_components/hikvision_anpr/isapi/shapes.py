"""Find the lines and regions that a device's document draws into its picture.

Most of their names are not public and differ between models (reference 7.2). What they
have in common is that they are lists of points: whatever holds two coordinates named
alike but for `x` and `y` is one. What a shape is for is what its names say, no more.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
import re
from typing import Final, Literal

from .geometry import Point, Points
from .leaves import leaf_elements
from .offers import Offer
from .shape_grid import (
    FRACTIONS,
    NUMBER,
    Found,
    Grid,
    Pair,
    grid_of,
    is_in_fractions,
    said,
    screen,
)
from .stored_document import UnknownSettingError
from .writable_document import Element, name_of

type Purpose = Literal["trigger_line", "lane_line", "lane", "line", "region"]

MOST_SHAPES: Final = 64
"""How many are looked at; four lanes have a few lines each."""

MOST_POINTS: Final = 10
_LONGEST: Final = 100
"""How many points a list may have to be a shape at all."""

SAME: Final = 0.00005
"""Coordinates that differ by less are the same; answers have four digits."""

_X: Final = re.compile(r"(.*)x(\d*(?:\[\d+\])?)")
_PURPOSES: Final[tuple[tuple[Purpose, tuple[str, ...]], ...]] = (
    ("trigger_line", ("trigger",)),
    ("lane_line", ("lane", "line")),
    ("lane", ("lane",)),
    ("line", ("line",)),
    ("region", ("region",)),
)
_LINES: Final = frozenset({"trigger_line", "lane_line", "line"})
_ENDS_OF_A_LINE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Hold a line or a polygon of a document.

    `path` is where its points are; `purpose` what its names say; no points are those of
    a shape that is not drawn: devices have zeros then.
    """

    path: str
    purpose: Purpose | None
    is_closed: bool
    points: tuple[Point, ...]
    grid: Grid


class PointCountError(UnknownSettingError):
    """Say that a shape has another number of points, and keeps it."""

    def __init__(self, path: str, count: int) -> None:
        """Name the shape, and how many it has."""
        super().__init__(path)
        self.count = count


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnShape:
    """Hold a shape and the elements of its document by which it is drawn."""

    shape: Shape
    pairs: tuple[Pair, ...]

    @property
    def elements(self) -> Iterator[Element]:
        """Iterate over the elements that hold its coordinates."""
        for pair in self.pairs:
            yield from pair

    def draw(self, points: Points) -> None:
        """Put other points in place. Raises PointCountError.

        Coordinates that stay keep their very text.
        """
        if not points and not self.shape.points:
            return
        count, grid = len(points), self.shape.grid
        drawn = zip(self._pairs_for(count), self._before(count), points, strict=True)
        for (x, y), before, after in drawn:
            if before is None or abs(before.x - after.x) >= SAME:
                x.text = grid.written(after.x * grid.width, x.text)
            if before is None or abs(before.y - after.y) >= SAME:
                down = after.y if grid.origin == "top_left" else 1 - after.y
                y.text = grid.written(down * grid.height, y.text)

    def _before(self, count: int) -> list[Point | None]:
        """Return the points that are there, None for those that are not."""
        before: list[Point | None] = [*self.shape.points[:count]]
        return before + [None] * (count - len(before))

    def _pairs_for(self, count: int) -> list[Pair]:
        """Return the elements for so many points; a polygon has as many as it is given."""
        pairs = list(self.pairs)
        if len(pairs) == count:
            return pairs
        if not count or not self.shape.is_closed or not _is_list(self.pairs):
            raise PointCountError(self.shape.path, len(pairs))
        for surplus, _ in pairs[count:]:
            _remove(surplus.getparent())
        while len(pairs) < count:
            pairs.append(_another(pairs[-1]))
        _tell_size(pairs[0], count)
        return pairs[:count]


def drawn_shapes(root: Element, offers: Mapping[str, Offer]) -> dict[str, DrawnShape]:
    """Return every shape of a document by its path.

    `offers` is what the device's capabilities say. Points that are no numbers, or lie
    outside of the grid, make no shape, nor do very many.
    """
    found = {}
    lists = _lists(root)
    usual = FRACTIONS if any(map(is_in_fractions, lists.values())) else screen(root)
    for path, pairs in islice(lists.items(), MOST_SHAPES):
        grid = grid_of(pairs, offers, usual)
        points = _points(pairs, grid)
        if points is None:
            continue
        purpose = _purpose(path)
        is_closed = purpose not in _LINES and len(pairs) > _ENDS_OF_A_LINE
        shape = Shape(
            path=path, purpose=purpose, is_closed=is_closed, points=points, grid=grid
        )
        found[path] = DrawnShape(shape=shape, pairs=tuple(pair for _, pair in pairs))
    return found


def _lists(root: Element) -> dict[str, Found]:
    """Return the coordinates of each list of points, with the path to each x.

    A list is an element with several of them, or one whose children are points.
    """
    holders: dict[str, Found] = {}
    for path, pair in _pairs(root):
        holders.setdefault(path.rpartition("/")[0], []).append((path, pair))
    found: dict[str, Found] = {}
    for holder, pairs in holders.items():
        if len(pairs) > 1:
            found[holder] = pairs
        elif _is_point(pairs[0][1]):
            found.setdefault(holder.rpartition("/")[0], []).extend(pairs)
    return {
        path: pairs
        for path, pairs in found.items()
        if path and 1 < len(pairs) <= _LONGEST
    }


def _pairs(root: Element) -> Iterator[tuple[str, Pair]]:
    """Yield each x with its y, and the path to the x."""
    there = {path.lower(): (path, one) for path, one in leaf_elements(root)}
    for lowered, (path, x) in there.items():
        above, _, name = lowered.rpartition("/")
        if not (match := _X.fullmatch(name)):
            continue
        partner = f"{above}/{match[1]}y{match[2]}".removeprefix("/")
        if partner in there:
            yield path, (x, there[partner][1])


def _points(pairs: Found, grid: Grid) -> tuple[Point, ...] | None:
    """Return the points, none where all are zero.

    None where one is no number, or off the grid.
    """
    if not all(map(NUMBER.fullmatch, said(pairs))):
        return None
    numbers = [(float(x.text or 0), float(y.text or 0)) for _, (x, y) in pairs]
    if not any(x or y for x, y in numbers):
        return ()
    if any(x > grid.width or y > grid.height for x, y in numbers):
        return None
    return tuple(grid.point(x, y) for x, y in numbers)


def _purpose(path: str) -> Purpose | None:
    """Return what the names on a path say that a shape is for."""
    lowered = path.lower()
    return next(
        (
            purpose
            for purpose, words in _PURPOSES
            if all(word in lowered for word in words)
        ),
        None,
    )


def _is_point(pair: Pair) -> bool:
    """Tell whether an element holds two coordinates and nothing else."""
    point = pair[0].getparent()
    return point is not None and sum(map(bool, map(name_of, point))) == len(pair)


def _is_list(pairs: tuple[Pair, ...]) -> bool:
    """Tell whether each point has an element of its own, all of one name."""
    points = [x.getparent() for x, _ in pairs]
    names = {name_of(one) for one in points if one is not None}
    return len(names) == 1 and len(set(points)) == len(points)


def _another(pair: Pair) -> Pair:
    """Add a point that is written like another one, after it."""
    point = pair[0].getparent()
    holder = point.getparent() if point is not None else None
    if point is None or holder is None:
        raise ValueError("A point is in a list")
    made = deepcopy(point)
    holder.insert(holder.index(point) + 1, made)
    return made[point.index(pair[0])], made[point.index(pair[1])]


def _remove(point: Element | None) -> None:
    """Take a point out of its list."""
    if point is not None and (holder := point.getparent()) is not None:
        holder.remove(point)


def _tell_size(pair: Pair, count: int) -> None:
    """Let a list that tells its length tell the right one."""
    point = pair[0].getparent()
    holder = point.getparent() if point is not None else None
    if holder is not None and "size" in holder.attrib:
        holder.set("size", str(count))
