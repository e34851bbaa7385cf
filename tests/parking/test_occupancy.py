"""Test how many were inside, from the visits alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, strategies as st
import pytest
from sqlalchemy import Connection, create_engine

from custom_components.hikvision_anpr.archive.errors import SearchError
from custom_components.hikvision_anpr.archive.schema import METADATA
from custom_components.hikvision_anpr.parking.occupancy import Stay, occupancy, steps_of
from custom_components.hikvision_anpr.parking.visit import Visit
from custom_components.hikvision_anpr.parking.visit_store import keep_visits

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """Return a time after noon."""
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Open a database with a few visits of a yard."""
    engine = create_engine(f"sqlite:///{tmp_path / 'visits.db'}")
    METADATA.create_all(engine)
    visit = Visit(visit_id="1", area="Yard", plate="A1", entered_at=at(0))
    with engine.begin() as connection:
        keep_visits(
            connection,
            [
                Visit(
                    visit_id="0",
                    area="Yard",
                    plate="A1",
                    entered_at=at(-60),
                    closed_by="reentry",
                ),
                visit,
                Visit(
                    visit_id="2",
                    area="Yard",
                    plate=None,
                    entered_at=at(10),
                    left_at=at(20),
                    closed_by="exit",
                ),
                Visit(
                    visit_id="3",
                    area="Yard",
                    plate="B2",
                    left_at=at(15),
                    closed_by="exit",
                ),
                Visit(visit_id="4", area="Garage", plate="C3", entered_at=at(5)),
            ],
        )
        yield connection
    engine.dispose()


def counts(
    connection: Connection, start: int, end: int, *areas: str
) -> dict[str, list[tuple[int, int]]]:
    """Return the steps as minutes after noon, with their counts."""
    found = occupancy(connection, areas, at(start), at(end))
    return {
        area: [((step.at - NOON) // timedelta(minutes=1), step.count) for step in steps]
        for area, steps in found.items()
    }


def test_steps(connection: Connection) -> None:
    """Count each entry and exit, and one vehicle once at its second entry."""
    assert counts(connection, -90, 60) == {
        "Yard": [(-90, 0), (-60, 1), (10, 2), (20, 1)],
        "Garage": [(-90, 0), (5, 1)],
    }
    assert counts(connection, -30, 30, "Yard") == {"Yard": [(-30, 1), (10, 2), (20, 1)]}


def test_edges(connection: Connection) -> None:
    """Begin with those who are inside, and tell of an area without visits."""
    assert counts(connection, 10, 20, "Yard") == {"Yard": [(10, 2)]}
    assert counts(connection, 20, 30, "Yard", "Roof") == {
        "Yard": [(20, 1)],
        "Roof": [(20, 0)],
    }
    with pytest.raises(SearchError, match="time_range_reversed"):
        counts(connection, 10, 10)


moments = st.integers(0, 50)


@given(st.lists(st.tuples(moments, st.none() | moments)), moments, st.integers(1, 50))
def test_each_moment(
    pairs: list[tuple[int, int | None]], start: int, length: int
) -> None:
    """Say of each moment what counting by hand says."""
    stays = [
        Stay(area="Yard", begin=begin, end=None if long is None else begin + long)
        for begin, long in pairs
    ]
    end = start + length
    steps = [
        (
            (step.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1),
            step,
        )
        for step in steps_of(stays, start, end)
    ]
    assert steps[0][0] == start
    for moment in range(start, end):
        inside = sum(
            stay.begin <= moment and (stay.end is None or moment < stay.end)
            for stay in stays
        )
        assert [step for since, step in steps if since <= moment][-1].count == inside
