"""Test the times of a week."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from custom_components.hikvision_anpr.vehicles.errors import VehicleError
from custom_components.hikvision_anpr.vehicles.week import (
    WeekValue,
    is_open,
    week_as_dict,
    week_of,
)

WORK: WeekValue = {
    "monday": [
        {"from": "13:00", "to": "18:00:30"},
        {"from": "8:00", "to": "12:00"},
    ],
    "sunday": [{"from": "00:00", "to": "24:00"}],
}
MONDAY = datetime(2026, 11, 23, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ((7, 59, 59), False),
        ((8, 0, 0), True),
        ((11, 59, 59), True),
        ((12, 0, 0), False),
        ((18, 0, 29), True),
        ((18, 0, 30), False),
    ],
)
def test_edges(clock: tuple[int, int, int], expected: bool) -> None:
    """Begin with the first second, and end before the last."""
    hour, minute, second = clock
    moment = MONDAY.replace(hour=hour, minute=minute, second=second)
    assert is_open(week_of(WORK), moment) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2027-03-28T00:59:59+00:00", False),  # 01:59:59, then the clock shows 03:00
        ("2027-03-28T01:00:00+00:00", True),
        ("2027-10-31T00:30:00+00:00", False),  # 02:30 in summer time, and an hour later
        ("2027-10-31T01:30:00+00:00", False),
        ("2027-10-31T02:00:00+00:00", True),
    ],
)
def test_days_on_which_the_clock_changes(moment: str, expected: bool) -> None:
    """Go by the clock on the wall, also where it leaves an hour out or has one twice."""
    week = week_of({"sunday": [{"from": "03:00", "to": "04:00"}]})
    there = datetime.fromisoformat(moment).astimezone(ZoneInfo("Europe/Berlin"))
    assert is_open(week, there) is expected


def test_days() -> None:
    """Know a whole day, a day without entry, and a vehicle without limits."""
    week = week_of(WORK)
    assert is_open(week, MONDAY.replace(day=29, hour=23, minute=59, second=59))
    assert not is_open(week, MONDAY.replace(day=24, hour=9))
    assert is_open(week_of({}), MONDAY)


def test_round_trip() -> None:
    """Write a week as it is read, the first range first."""
    week = week_of(WORK)
    assert week_as_dict(week)["monday"] == [
        {"from": "08:00:00", "to": "12:00:00"},
        {"from": "13:00:00", "to": "18:00:30"},
    ]
    assert week_of(week_as_dict(week)) == week


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"someday": []}, "unknown_day"),
        ({"monday": [{"from": "22:00", "to": "06:00"}]}, "range_without_length"),
        ({"monday": [{"from": "08:00", "to": "08:00"}]}, "range_without_length"),
        ({"monday": [{"from": "08:00", "to": "24:01"}]}, "no_time_of_day"),
        ({"monday": [{"from": "08:60", "to": "09:00"}]}, "no_time_of_day"),
        ({"monday": [{"from": "eight", "to": "09:00"}]}, "no_time_of_day"),
        ({"monday": [{"to": "09:00"}]}, "no_time_of_day"),
    ],
)
def test_nonsense(value: WeekValue, problem: str) -> None:
    """Name what is wrong."""
    with pytest.raises(VehicleError) as error:
        week_of(value)
    assert error.value.problem == problem
