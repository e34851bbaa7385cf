"""Test reading the time zone of a device."""

from datetime import datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi.time_zone import parse_time_zone

from .fixtures import FUZZ

EUROPE = "CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00"
WINTER, SUMMER = datetime(2026, 1, 15, 12), datetime(2026, 7, 15, 12)


@pytest.mark.parametrize(
    ("text", "winter", "summer"),
    [
        (EUROPE, 1, 2),
        ("CST-8:00:00", 8, 8),
        ("CST+5:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", -5, -4),
        ("CST-5:30:00", 5.5, 5.5),
        ("CST-9:30:00DST01:00:00,M10.1.0/02:00:00,M4.1.0/03:00:00", 10.5, 9.5),
        ("CST-10:30:00DST00:30:00,M10.1.0/02:00:00,M4.1.0/02:00:00", 11, 10.5),
        ("CST+0:00:00DST01:00:00,M3.5.0/01:00:00,M10.5.0/02:00:00", 0, 1),
        ("CST+3:30:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", -3.5, -2.5),
        ("CST-1:00:00DST01:00:00,M99.5.0/02:00:00,M10.5.0/03:00:00", 1, 1),
        ("CST-1:00:00DST01:00:00,sometimes", 1, 1),
    ],
)
def test_offsets(text: str, winter: float, summer: float) -> None:
    """Know the offset in January and in July; bad rules leave none to follow."""
    zone = parse_time_zone(text)
    assert zone is not None
    assert zone.utcoffset(WINTER) == timedelta(hours=winter)
    assert zone.utcoffset(SUMMER) == timedelta(hours=summer)


def test_summer_time_begins_and_ends_to_the_second() -> None:
    """Change when the rules say so."""
    zone = parse_time_zone(EUROPE)
    before = datetime(2026, 3, 29, 1, 59, 59, tzinfo=zone)
    after = datetime(2026, 3, 29, 3, 0, 0, tzinfo=zone)
    assert after.timestamp() - before.timestamp() == 1
    before = datetime(2026, 10, 25, 2, 59, 59, tzinfo=zone)
    assert before.utcoffset() == timedelta(hours=2)
    assert before.replace(fold=1).utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize("text", ["", "Berlin", "CST", "CST-99:00:00"])
def test_what_is_no_zone(text: str) -> None:
    """Describe nothing by what describes nothing."""
    assert parse_time_zone(text) is None


@FUZZ
@given(st.text(max_size=60) | st.from_regex(r"CST-1:00:00DST01:00:00,[\w./:,]{0,30}"))
def test_nothing_fails(text: str) -> None:
    """Raise nothing, whatever a device says."""
    zone = parse_time_zone(text)
    assert zone is None or zone.utcoffset(SUMMER) is not None
