"""Work with points, lines and polygons of a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Hold a point of the picture, 0 to 1 each, with its origin at the top left."""

    x: float
    y: float


type Points = Sequence[Point]
type Edge = tuple[Point, Point]


def edges(points: Points, *, is_closed: bool) -> list[Edge]:
    """Return the straight parts of a line, and of what leads back to its start."""
    found = list(pairwise(points))
    return [*found, (points[-1], points[0])] if is_closed else found


def crosses_itself(points: Points, *, is_closed: bool) -> bool:
    """Tell whether two parts that are no neighbours meet."""
    parts = edges(points, is_closed=is_closed)
    neighbours = {1, len(parts) - 1} if is_closed else {1}
    return any(
        other - one not in neighbours and meet(parts[one], parts[other])
        for one, other in combinations(range(len(parts)), 2)
    )


def meet(one: Edge, other: Edge) -> bool:
    """Tell whether two straight lines cross or touch."""
    (a, b), (c, d) = one, other
    sides = (_side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b))
    if 0 not in sides:
        return sides[0] != sides[1] and sides[2] != sides[3]
    return any(
        side == 0 and _is_between(start, end, point)
        for side, start, end, point in zip(
            sides, (a, a, c, c), (b, b, d, d), (c, d, a, b), strict=True
        )
    )


def cross(one: Edge, other: Edge) -> bool:
    """Tell whether two straight lines go through each other; touching is not enough."""
    (a, b), (c, d) = one, other
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def area(points: Points) -> float:
    """Return how much of the picture a polygon covers."""
    twice = sum(
        one.x * other.y - other.x * one.y
        for one, other in edges(points, is_closed=True)
    )
    return abs(twice) / 2


def holds(polygon: Points, point: Point) -> bool:
    """Tell whether a point is inside of a polygon."""
    inside = False
    for one, other in edges(polygon, is_closed=True):
        if (one.y > point.y) != (other.y > point.y):
            inside ^= point.x < x_at(one, other, point.y)
    return inside


def x_at(one: Point, other: Point, y: float) -> float:
    """Return where a line that is not level is at a height."""
    return one.x + (y - one.y) / (other.y - one.y) * (other.x - one.x)


def _side(a: Point, b: Point, point: Point) -> int:
    """Return on which side of a line a point lies, 0 for on it."""
    product = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
    return (product > 0) - (product < 0)


def _is_between(a: Point, b: Point, point: Point) -> bool:
    """Tell whether a point on a line is between its ends."""
    return min(a.x, b.x) <= point.x <= max(a.x, b.x) and (
        min(a.y, b.y) <= point.y <= max(a.y, b.y)
    )
