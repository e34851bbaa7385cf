"""Test what can be drawn for the detection of a camera."""

from collections.abc import Sequence

import pytest

from custom_components.hikvision_anpr.isapi.geometry import Point
from custom_components.hikvision_anpr.isapi.shape_grid import Grid
from custom_components.hikvision_anpr.isapi.shape_problems import (
    ShapeProblemError,
    check_shapes,
    polygon_problem,
    shape_problem,
)
from custom_components.hikvision_anpr.isapi.shapes import Purpose, Shape

type Corners = Sequence[tuple[float, float]]

SQUARE: Corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
LEFT: Corners = [(0.4, 0), (0.1, 1)]
RIGHT: Corners = [(0.6, 0), (0.9, 1)]


def points(corners: Corners) -> tuple[Point, ...]:
    """Return points of the picture."""
    return tuple(Point(x=x, y=y) for x, y in corners)


def drawn(purpose: Purpose | None, path: str, corners: Corners) -> Shape:
    """Return a shape, a line where it has two points."""
    return Shape(
        path=path,
        purpose=purpose,
        is_closed=len(corners) > 2,
        points=points(corners),
        grid=Grid(),
    )


def lane_line(number: int, corners: Corners) -> Shape:
    """Return a line of a lane."""
    return drawn("lane_line", f"LaneLineList/LaneLine[{number}]", corners)


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
    shape = drawn("region", "Region", corners)
    if len(corners) > 2:
        assert shape_problem(shape, [shape]) == problem
    else:
        assert polygon_problem(shape.points) == problem


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        (RIGHT, None),
        (LEFT, None),
        ([(0.4, 0), (0.9, 1)], None),
        ([(0.1, 0), (0.4, 1)], "lane_lines_cross"),
        ([(0.42, 0), (0.12, 1)], "lane_too_narrow"),
        ([(0.3, 0.3), (0.3, 0.3)], "no_length"),
        ([(0.1, 0.5), (1.2, 0.5)], "point_outside"),
    ],
)
def test_lines_of_lanes(other: Corners, problem: str | None) -> None:
    """Say what is wrong with a line beside another one; two lanes may share one."""
    line = lane_line(2, other)
    assert shape_problem(line, [lane_line(1, LEFT), line]) == problem


def test_lines_of_other_lists() -> None:
    """Let lines of different lists cross."""
    crossing = drawn("lane_line", "StopLaneLines/Line[1]", [(0, 0.5), (1, 0.5)])
    assert shape_problem(crossing, [lane_line(1, LEFT), crossing]) is None


@pytest.mark.parametrize(
    ("corners", "problem"),
    [
        ([(0.4, 0), (0.5, 0), (0.3, 1), (0, 1)], None),
        ([(0.4, 0), (0.44, 0), (0.34, 1), (0.3, 1)], "lane_too_narrow"),
    ],
)
def test_width_of_a_lane(corners: Corners, problem: str | None) -> None:
    """Need room for a plate."""
    lane = drawn("lane", "Lane", corners)
    assert shape_problem(lane, [lane]) == problem


GROUND: Corners = [(0.2, 0.4), (0.8, 0.4), (0.8, 0.9), (0.2, 0.9)]


@pytest.mark.parametrize(
    ("others", "line", "problem"),
    [
        ([drawn("region", "R", GROUND)], [(0.3, 0.5), (0.7, 0.5)], None),
        ([drawn("lane", "L", GROUND)], [(0, 0.5), (1, 0.5)], None),
        ([drawn("lane", "L", GROUND)], [(0, 0.2), (1, 0.2)], "trigger_outside"),
        ([drawn(None, "X", GROUND)], [(0, 0.2), (1, 0.2)], None),
        ([drawn("region", "R", [])], [(0, 0.2), (1, 0.2)], None),
        ([], [(0, 0.2), (1, 0.2)], None),
        ([lane_line(1, LEFT), lane_line(2, RIGHT)], [(0.2, 0.8), (0.8, 0.8)], None),
        (
            [lane_line(1, LEFT), lane_line(2, [(0.6, 0), (0.8, 0.9)])],
            [(0.95, 0.1), (0.95, 0.9)],
            "trigger_outside",
        ),
    ],
)
def test_trigger_lines(others: list[Shape], line: Corners, problem: str | None) -> None:
    """Say where a trigger line is wholly outside of what is there."""
    trigger = drawn("trigger_line", "TriggerLine", line)
    assert shape_problem(trigger, [*others, trigger]) == problem


def test_trouble_of_before() -> None:
    """Leave what is wrong already, and see what a change does to others."""
    trigger = drawn("trigger_line", "T", [(0.3, 0.5), (0.7, 0.5)])
    crossed = [lane_line(1, SQUARE[:2]), lane_line(2, [(0.1, 0), (0.1, 0)])]
    ground, far = drawn("lane", "L", GROUND), [(0, 0), (0.2, 0), (0.2, 0.2)]
    before = [trigger, ground, *crossed]
    check_shapes(before, before)
    with pytest.raises(ShapeProblemError) as error:
        check_shapes(before, [trigger, drawn("lane", "L", far), *crossed])
    assert (error.value.setting, error.value.problem) == ("T", "trigger_outside")
