"""Test how devices' times are read."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi.timestamps import parse_device_time

HERE = timezone(timedelta(hours=2))


def zone(hours: float) -> timezone:
    """Return a zone so many hours ahead of UTC."""
    return timezone(timedelta(hours=hours))


@pytest.mark.parametrize(
    ("text", "microsecond", "expected_zone"),
    [
        ("2026-01-02T03:04:05+08:00", 0, zone(8)),
        ("2026-01-02T03:04:05-03:30", 0, zone(-3.5)),
        ("2026-01-02T03:04:05Z", 0, UTC),
        ("2026-01-02t03:04:05z", 0, UTC),
        ("2026-01-02T03:04:05", 0, HERE),
        ("2026-01-02 03:04:05", 0, HERE),
        ("2026/01/02 03:04:05 +08:00", 0, zone(8)),
        ("\n 2026-01-02T03:04:05.123Z ", 123_000, UTC),
        ("2026-01-02T03:04:05,5+08:00", 500_000, zone(8)),
        ("2026-01-02T03:04:05.123456789", 123_456, HERE),
        ("2026-01-02T03:04:05+0800", 0, zone(8)),
        ("2026-01-02T03:04:05+08", 0, zone(8)),
        ("2026-01-02T03:04:05-5:00", 0, zone(-5)),
        ("2026-01-02T03:04:0500:00", 0, UTC),
        ("2026-01-02T03:04:0508:00", 0, zone(8)),
        ("2026-01-02T03:04:05.12308:00", 123_000, zone(8)),
        ("20260102030405", 0, HERE),
        ("20260102030405123", 123_000, HERE),
        ("20260102T030405", 0, HERE),
        ("20260102T030405-500", 0, zone(-5)),
        ("20260102T030405+0800", 0, zone(8)),
        ("20260102T0304056700", 670_000, HERE),
        ("202601020304056700", 670_000, HERE),
        ("2026010203040567005400873", 670_054, HERE),
    ],
)
def test_spellings(text: str, microsecond: int, expected_zone: tzinfo) -> None:
    """Read every spelling seen, in the zone it names or else the default."""
    found = parse_device_time(text, HERE)
    assert found == datetime(2026, 1, 2, 3, 4, 5, microsecond, expected_zone)
    assert found.utcoffset() == expected_zone.utcoffset(None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "garbage",
        "2026-01-02",
        "2026-01-02T03:04",
        "2026-13-02T03:04:05Z",
        "2026-02-30T03:04:05Z",
        "2026-01-02T24:00:00Z",
        "2026-01-02T03:04:60Z",
        "2026-01-02T03:04:05+99:00",
        "2026-01-02T03:04:05 and more",
        "2026-01/02T03:04:05.",
        "0000-01-02T03:04:05Z",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59-08:00",
        "٢٠٢٦-01-02T03:04:05Z",
        "202601020304",
    ],
)
def test_no_time(text: str) -> None:
    """Return nothing for what is no time, or an impossible one."""
    assert parse_device_time(text, HERE) is None


@given(
    st.one_of(
        st.text(),
        st.from_regex(r"\A\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.{0,12}\Z"),
        st.text(alphabet="0123456789T+-:Z. ", min_size=14, max_size=30),
    )
)
def test_any_text(text: str) -> None:
    """Return an aware time that can be reckoned with, or nothing; never raise."""
    found = parse_device_time(text, HERE)
    if found is not None:
        assert found.astimezone(UTC) - found == timedelta()


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 1),
        max_value=datetime(9998, 12, 31),
        timezones=st.integers(-1439, 1439).map(
            lambda minutes: timezone(timedelta(minutes=minutes))
        ),
    )
)
def test_iso_times(time: datetime) -> None:
    """Read back what ISO 8601 writes."""
    assert parse_device_time(time.isoformat(), HERE) == time
