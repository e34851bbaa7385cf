"""Tell whether what is drawn for a camera's detection can be."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final, Literal

from .geometry import (
    Point,
    Points,
    area,
    cross,
    crosses_itself,
    edges,
    holds,
    meet,
    x_at,
)
from .offers import unnumbered
from .shapes import MOST_POINTS, Shape
from .stored_document import UnknownSettingError

type ShapeProblem = Literal[
    "too_few_points",
    "too_many_points",
    "point_outside",
    "lines_cross",
    "too_narrow",
    "no_length",
    "lane_too_narrow",
    "lane_lines_cross",
    "trigger_outside",
]
type _Check = Callable[[Shape, Iterable[Shape]], ShapeProblem | None]

FEWEST_POINTS: Final = 3
SMALLEST_AREA: Final = 0.001
"""A thousandth of the picture; no plate fits into less."""

NARROWEST_LANE: Final = 0.05
"""A twentieth of the picture's width: a plate that is just high enough to be read (20
pixels, 95 wide) in a picture 1920 wide."""


class ShapeProblemError(UnknownSettingError):
    """Say what is wrong with a shape; `setting` is its path."""

    def __init__(self, path: str, problem: ShapeProblem) -> None:
        """Name the shape and its problem."""
        super().__init__(path)
        self.problem = problem


def shape_problem(shape: Shape, others: Iterable[Shape]) -> ShapeProblem | None:
    """Return what is wrong with a shape among others; None where nothing is.

    One without points is not drawn, and all right.
    """
    if not shape.points:
        return None
    others = [one for one in others if one.points and one.path != shape.path]
    return next(
        (problem for check in _CHECKS if (problem := check(shape, others))), None
    )


def _of_its_own(shape: Shape, _others: Iterable[Shape]) -> ShapeProblem | None:
    """Tell what is wrong whatever else there is."""
    points = shape.points
    if not all(0 <= one.x <= 1 and 0 <= one.y <= 1 for one in points):
        return "point_outside"
    if shape.is_closed:
        return polygon_problem(points)
    if len(points) > MOST_POINTS:
        return "too_many_points"
    if all(one == other for one, other in pairwise(points)):
        return "no_length"
    return "lines_cross" if crosses_itself(points, is_closed=False) else None


def polygon_problem(points: Points) -> ShapeProblem | None:
    """Return what is wrong with a polygon within the picture."""
    if len(points) < FEWEST_POINTS:
        return "too_few_points"
    if len(points) > MOST_POINTS:
        return "too_many_points"
    if crosses_itself(points, is_closed=True):
        return "lines_cross"
    return "too_narrow" if area(points) < SMALLEST_AREA else None


def _lane_width(shape: Shape, others: Iterable[Shape]) -> ShapeProblem | None:
    """Tell whether a lane has no room for a plate."""
    widths = []
    if shape.purpose == "lane" and shape.is_closed:
        heights = [one.y for one in shape.points]
        widths = [area(shape.points) / (max(heights) - min(heights))]
    elif shape.purpose == "lane_line":
        widths = [_between(shape.points, one.points) for one in _beside(shape, others)]
    return (
        "lane_too_narrow" if any(0 < one < NARROWEST_LANE for one in widths) else None
    )


def _between(one: Points, other: Points) -> float:
    """Return the width between two lines, on average; 0 where they are not side by side.

    The same line for two lanes has no width either.
    """
    top = max(min(a.y for a in one), min(b.y for b in other))
    bottom = min(max(a.y for a in one), max(b.y for b in other))
    if top >= bottom:
        return 0
    widths = [
        x_at(one[0], one[-1], y) - x_at(other[0], other[-1], y) for y in (top, bottom)
    ]
    return abs(sum(widths)) / 2


def _lines_cross(shape: Shape, others: Iterable[Shape]) -> ShapeProblem | None:
    """Tell whether a line of a lane goes through another one of its list."""
    crossed = shape.purpose == "lane_line" and any(
        cross(part, other)
        for one in _beside(shape, others)
        for part in edges(shape.points, is_closed=False)
        for other in edges(one.points, is_closed=False)
    )
    return "lane_lines_cross" if crossed else None


def _beside(shape: Shape, others: Iterable[Shape]) -> list[Shape]:
    """Return the other shapes of the same list."""
    return [one for one in others if unnumbered(one.path) == unnumbered(shape.path)]


def _trigger(shape: Shape, others: Iterable[Shape]) -> ShapeProblem | None:
    """Tell whether a trigger line lies wholly outside of all lanes and regions."""
    grounds = [*_areas(others), *_between_lines(others)]
    if shape.purpose != "trigger_line" or not grounds:
        return None
    is_reached = any(_reaches(shape, ground) for ground in grounds)
    return None if is_reached else "trigger_outside"


def _areas(others: Iterable[Shape]) -> Iterator[Points]:
    """Yield the polygons of lanes and regions."""
    for one in others:
        if one.is_closed and one.purpose in {"lane", "region"}:
            yield one.points


def _between_lines(others: Iterable[Shape]) -> Iterator[Points]:
    """Yield the part of the picture that lines of lanes stand in."""
    points = [
        point for one in others if one.purpose == "lane_line" for point in one.points
    ]
    if points:
        left, right = (end(one.x for one in points) for end in (min, max))
        top, bottom = (end(one.y for one in points) for end in (min, max))
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        yield tuple(Point(x=x, y=y) for x, y in corners)


def _reaches(line: Shape, ground: Points) -> bool:
    """Tell whether any of a line is within a polygon."""
    return holds(ground, line.points[0]) or any(
        meet(part, edge)
        for part in edges(line.points, is_closed=line.is_closed)
        for edge in edges(ground, is_closed=True)
    )


_CHECKS: Final[tuple[_Check, ...]] = (_of_its_own, _lines_cross, _lane_width, _trigger)


def check_shapes(before: Iterable[Shape], after: Iterable[Shape]) -> None:
    """Look at what is drawn anew. Raises ShapeProblemError.

    What is wrong on the device already, and stays as it is, is its own affair. Of what
    is wrong, what is drawn itself is named before what it was drawn beside.
    """
    before, after = list(before), list(after)
    known = {one.path: (_rounded(one), shape_problem(one, before)) for one in before}
    found = {one.path: (_rounded(one), shape_problem(one, after)) for one in after}
    new = [path for path, told in found.items() if told[1] and told != known.get(path)]
    for path in sorted(new, key=lambda path: found[path][0] == known[path][0]):
        if problem := found[path][1]:
            raise ShapeProblemError(path, problem)


def _rounded(shape: Shape) -> list[tuple[float, float]]:
    """Return points as they are told."""
    return [(round(one.x, 4), round(one.y, 4)) for one in shape.points]
