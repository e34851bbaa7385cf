"""Test the device's clock, its zone text, and the ways in which it is wrong."""

from datetime import UTC, datetime, timedelta

import aiohttp
from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, strategies as st
import pytest

from simulator import Fault, SimulatedCamera
from simulator.clock import DeviceClock, digits, time_zone
from simulator.faults import Faults

from .xml_reading import text

SUMMER = datetime(2026, 7, 1, 12, 0, 0, 250000, UTC)
WINTER = datetime(2026, 12, 1, 12, tzinfo=UTC)

TIME = "/ISAPI/System/time"


def clock(*faults: Fault) -> DeviceClock:
    """Return a clock with faults."""
    made = Faults()
    made.on(*faults)
    return DeviceClock(faults=made)


@pytest.mark.parametrize(
    ("fault", "moment", "expected"),
    [
        (None, SUMMER, "2026-07-01T14:00:00+02:00"),
        (None, WINTER, "2026-12-01T13:00:00+01:00"),
        (Fault.CLOCK_WITHOUT_DST, SUMMER, "2026-07-01T13:00:00+01:00"),
        (Fault.CLOCK_WITHOUT_DST, WINTER, "2026-12-01T13:00:00+01:00"),
        (Fault.CLOCK_WRONG_ZONE, SUMMER, "2026-07-01T20:00:00+08:00"),
        (Fault.CLOCK_WITHOUT_OFFSET, SUMMER, "2026-07-01T14:00:00"),
        (Fault.CLOCK_LOST_PLUS, SUMMER, "2026-07-01T14:00:0002:00"),
        (Fault.CLOCK_ZULU, SUMMER, "2026-07-01T12:00:00Z"),
        (Fault.CLOCK_OFF, WINTER, "2036-11-28T16:00:00+01:00"),
    ],
)
def test_times_as_written(fault: Fault | None, moment: datetime, expected: str) -> None:
    """Write a moment as a device with this fault does."""
    device = clock(*([fault] if fault else []))
    assert device.text(device.at(moment)) == expected


def test_milliseconds() -> None:
    """Write milliseconds when asked, and in absTime always."""
    device = clock()
    shown = device.at(SUMMER)
    assert device.text(shown, milliseconds=True) == "2026-07-01T14:00:00.250+02:00"
    assert digits(shown) == "20260701140000250"


@pytest.mark.parametrize(
    ("zone", "summer", "winter"),
    [
        ("CST+5:00:00", -5, -5),
        ("CST-8:00:00", 8, 8),
        ("CST-5:30:00", 5.5, 5.5),
        ("CST+5:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00", -4, -5),
        ("CST-10:00:00DST01:00:00,M10.1.0/02:00:00,M4.1.0/03:00:00", 10, 11),
        ("CST-1:00:00DST00:30:00,M3.5.0/02:00:00,M10.5.0/03:00:00", 1.5, 1),
    ],
)
def test_zone_text_has_the_sign_inverted(
    zone: str, summer: float, winter: float
) -> None:
    """Read a zone as POSIX does: minus is east."""
    found = time_zone(zone)
    assert SUMMER.astimezone(found).utcoffset() == timedelta(hours=summer)
    assert WINTER.astimezone(found).utcoffset() == timedelta(hours=winter)


@given(st.integers(0, 14), st.integers(0, 59), st.sampled_from("+-"))
def test_every_fixed_offset_reads_back(hours: int, minutes: int, sign: str) -> None:
    """Read every offset that a device can be set to."""
    found = time_zone(f"CST{sign}{hours}:{minutes:02}:00")
    west = 1 if sign == "+" else -1
    offset = timedelta(hours=hours, minutes=minutes) * west
    assert SUMMER.astimezone(found).utcoffset() == -offset


@pytest.mark.parametrize("zone", ["", "Europe/Oslo", "CST", "CST-1:00", "UTC+25"])
def test_other_zone_texts_are_refused(zone: str) -> None:
    """Refuse what no device says."""
    with pytest.raises(ValueError, match="Not a device time zone"):
        time_zone(zone)


async def test_time_is_told_and_set(
    camera: SimulatedCamera,
    session: aiohttp.ClientSession,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Set time and zone at once, in manual mode."""
    freezer.move_to(SUMMER)
    body = (
        "<Time><timeMode>manual</timeMode>"
        "<localTime>2026-07-01T09:00:00-04:00</localTime>"
        "<timeZone>CST+4:00:00</timeZone></Time>"
    )
    async with session.put(TIME, data=body) as response:
        assert text(await response.read(), "statusCode") == "1"
    async with session.get(TIME) as response:
        told = await response.read()
    assert text(told, "timeMode") == "manual"
    assert text(told, "timeZone") == "CST+4:00:00"
    assert text(told, "localTime") == "2026-07-01T09:00:00-04:00"
    assert camera.clock.now() - datetime.now(UTC) == timedelta(
        minutes=59, seconds=59.75
    )


async def test_local_time_without_offset_is_in_the_new_zone(
    camera: SimulatedCamera,
    session: aiohttp.ClientSession,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Take a time without offset as one of the zone that comes with it."""
    freezer.move_to(WINTER)
    body = (
        "<Time><timeMode>manual</timeMode><localTime>2026-12-01T20:00:00</localTime>"
        "<timeZone>CST-8:00:00</timeZone></Time>"
    )
    async with session.put(TIME, data=body) as response:
        assert response.status == 200
    assert camera.clock.drift == timedelta()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<Time", "5"),
        ("<Time><timeZone>Oslo</timeZone></Time>", "6"),
        ("<Time><localTime>yesterday</localTime></Time>", "6"),
    ],
)
async def test_nonsense_is_refused(
    body: str, code: str, camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Refuse what is no XML or no time, and keep the clock."""
    async with session.put(TIME, data=body) as response:
        assert text(await response.read(), "statusCode") == code
    assert camera.clock.mode == "NTP"
