"""Test what regions a camera can read in."""

import pytest

from custom_components.hikvision_anpr.isapi.polygons import polygon_problem
from custom_components.hikvision_anpr.isapi.vehicle_detection import Point

type Corners = list[tuple[float, float]]

SQUARE: Corners = [(0, 0), (1, 0), (1, 1), (0, 1)]


@pytest.mark.parametrize(
    ("corners", "problem"),
    [
        (SQUARE, None),
        ([(0.1, 0.9), (0.9, 0.9), (0.5, 0.1)], None),
        ([(0, 0), (1, 0), (0.5, 0.5), (1, 1), (0, 1)], None),
        (SQUARE[:2], "too_few_points"),
        ([(number / 20, number % 2) for number in range(11)], "too_many_points"),
        ([(0, 0), (1.01, 0), (1, 1)], "point_outside"),
        ([(0, -0.01), (1, 0), (1, 1)], "point_outside"),
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "lines_cross"),
        ([(0, 0), (1, 0), (1, 1), (0.5, 0), (0, 1)], "lines_cross"),
        ([(0, 0), (1, 0), (1, 0.001)], "too_narrow"),
        ([(0, 0), (0.5, 0), (1, 0)], "too_narrow"),
    ],
)
def test_regions(corners: Corners, problem: str | None) -> None:
    """Say what is wrong with a region."""
    assert polygon_problem([Point(x=x, y=y) for x, y in corners]) == problem
