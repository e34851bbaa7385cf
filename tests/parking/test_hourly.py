"""Test summing up the visits of each hour."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, strategies as st
import pytest
from sqlalchemy import Connection, create_engine

from custom_components.hikvision_anpr.archive.schema import METADATA
from custom_components.hikvision_anpr.intake.passage import ListName
from custom_components.hikvision_anpr.parking.hourly import (
    HOUR,
    _inside,
    first_moment,
    hours,
)
from custom_components.hikvision_anpr.parking.occupancy import Stay, steps_of
from custom_components.hikvision_anpr.parking.visit import Visit
from custom_components.hikvision_anpr.parking.visit_store import keep_visits

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """Return a time after noon."""
    return NOON + timedelta(minutes=minutes)


def visit(
    number: int, entered: int | None, left: int | None, listed: ListName = "none"
) -> Visit:
    """Return a visit by minutes after noon."""
    return Visit(
        visit_id=str(number),
        area="Yard",
        plate=f"AB{number}",
        list=listed,
        entered_at=None if entered is None else at(entered),
        left_at=None if left is None else at(left),
        closed_by=None if left is None else "exit",
    )


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Open a database with a few visits of a yard."""
    engine = create_engine(f"sqlite:///{tmp_path / 'visits.db'}")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        keep_visits(
            connection,
            [
                visit(1, -90, 30, "allow"),
                visit(2, 15, 45, "block"),
                visit(3, 59, None),
                visit(4, None, 10),
                visit(5, 120, 121),
            ],
        )
        yield connection
    engine.dispose()


def test_hours(connection: Connection) -> None:
    """Count what happened in each hour, and weigh who was inside with the time."""
    first, second, third = hours(connection, "Yard", NOON, NOON + 3 * HOUR)
    assert (first.start, second.start, third.start) == (at(0), at(60), at(120))
    assert first.entries == {"block": 1, "none": 1}
    assert first.exits == {"allow": 1, "block": 1, "none": 1}
    assert first.mean == pytest.approx((30 + 30 + 1) / 60)
    assert (first.least, first.most) == (0, 2)
    assert (second.entries, second.exits) == ({}, {})
    assert (second.mean, second.least, second.most) == (1, 1, 1)
    assert (third.entries, third.exits) == ({"none": 1}, {"none": 1})
    assert third.mean == pytest.approx(1 + 1 / 60)


def test_first_moment(connection: Connection) -> None:
    """Know when the history of an area begins."""
    assert first_moment(connection, "Yard") == at(-90)
    assert first_moment(connection, "Garage") is None
    (hour,) = hours(connection, "Garage", NOON, NOON + HOUR)
    assert (hour.entries, hour.mean, hour.most) == ({}, 0, 0)


_NOON = int(NOON.timestamp()) * 1000
STAYS = st.lists(
    st.tuples(st.integers(-300, 300), st.integers(0, 300)).map(
        lambda pair: Stay(
            area="Yard",
            begin=_NOON + pair[0] * 60_000,
            end=_NOON + (pair[0] + pair[1]) * 60_000,
        )
    ),
    max_size=8,
)


@given(STAYS)
def test_nothing_is_lost_between_hours(stays: list[Stay]) -> None:
    """Count each minute of each stay once."""
    start, end = (int(one.timestamp() * 1000) for one in (NOON, NOON + 4 * HOUR))
    steps = steps_of(stays, start, end)
    total = sum(
        (
            step.count * length
            for _, inside in _inside(steps, NOON, NOON + 4 * HOUR)
            for step, length in inside
        ),
        timedelta(),
    )
    wanted = sum(
        max(0, min(stay.end or end, end) - max(stay.begin, start)) for stay in stays
    )
    assert total == timedelta(milliseconds=wanted)
