"""Tell whether a region can be one that a camera reads in."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final, Literal

from .vehicle_detection import MOST_POINTS, Point

type PolygonProblem = Literal[
    "too_few_points",
    "too_many_points",
    "point_outside",
    "lines_cross",
    "too_narrow",
]

FEWEST_POINTS: Final = 3
SMALLEST_AREA: Final = 0.001
"""A thousandth of the picture; no plate fits into less."""


def polygon_problem(polygon: Sequence[Point]) -> PolygonProblem | None:
    """Return what is wrong with a region; None where nothing is."""
    if len(polygon) < FEWEST_POINTS:
        return "too_few_points"
    if len(polygon) > MOST_POINTS:
        return "too_many_points"
    if not all(0 <= point.x <= 1 and 0 <= point.y <= 1 for point in polygon):
        return "point_outside"
    if _crosses(polygon):
        return "lines_cross"
    return "too_narrow" if _area(polygon) < SMALLEST_AREA else None


def _crosses(polygon: Sequence[Point]) -> bool:
    """Tell whether two edges that are no neighbours meet."""
    count = len(polygon)
    for one, other in combinations(range(count), 2):
        if other - one in {1, count - 1}:
            continue
        if _meet(
            polygon[one],
            polygon[(one + 1) % count],
            polygon[other],
            polygon[(other + 1) % count],
        ):
            return True
    return False


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Tell whether the line from a to b crosses or touches that from c to d."""
    sides = (_side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b))
    if 0 in sides:
        return any(
            side == 0 and _is_between(start, end, point)
            for side, start, end, point in zip(
                sides, (a, a, c, c), (b, b, d, d), (c, d, a, b), strict=True
            )
        )
    return sides[0] != sides[1] and sides[2] != sides[3]


def _side(a: Point, b: Point, point: Point) -> int:
    """Return on which side of a line a point lies, 0 for on it."""
    cross = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
    return (cross > 0) - (cross < 0)


def _is_between(a: Point, b: Point, point: Point) -> bool:
    """Tell whether a point on a line is between its ends."""
    return min(a.x, b.x) <= point.x <= max(a.x, b.x) and (
        min(a.y, b.y) <= point.y <= max(a.y, b.y)
    )


def _area(polygon: Sequence[Point]) -> float:
    """Return how much of the picture a region covers."""
    return (
        abs(
            sum(
                one.x * other.y - other.x * one.y
                for one, other in zip(polygon, (*polygon[1:], polygon[0]), strict=True)
            )
        )
        / 2
    )
