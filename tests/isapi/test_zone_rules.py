"""Test writing time zones as devices do."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.hikvision_anpr.isapi.time_zone import parse_time_zone
from custom_components.hikvision_anpr.isapi.zone_rules import (
    UnknownZoneError,
    UnwritableZoneError,
    device_time_zone,
)

CENTRAL = "CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00"
HOUR = timedelta(hours=1)


async def written(name: str) -> str:
    """Return a zone in the words of devices; a file is read for it."""
    return await asyncio.to_thread(device_time_zone, name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Europe/Berlin", CENTRAL),
        ("Europe/London", "CST+0:00:00DST01:00:00,M3.5.0/01:00:00,M10.5.0/02:00:00"),
        ("Europe/Dublin", "CST+0:00:00DST01:00:00,M3.5.0/01:00:00,M10.5.0/02:00:00"),
        ("America/New_York", "CST+5:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00"),
        (
            "Australia/Lord_Howe",
            "CST-10:30:00DST00:30:00,M10.1.0/02:00:00,M4.1.0/02:00:00",
        ),
        ("Asia/Kolkata", "CST-5:30:00"),
        ("UTC", "CST+0:00:00"),
    ],
)
async def test_zone_in_the_words_of_devices(name: str, text: str) -> None:
    """Write zones with their summer time, also where that is counted the other way."""
    assert await written(name) == text
    assert parse_time_zone(text) is not None


@pytest.mark.parametrize("name", ["Europe/Dublin", "Australia/Adelaide"])
async def test_zone_means_the_same(name: str) -> None:
    """Be as far from Greenwich as the zone is, all year."""
    ours, theirs = parse_time_zone(await written(name)), ZoneInfo(name)
    for hours in range(0, 24 * 366, 7):
        moment = datetime(2027, 1, 1, tzinfo=UTC) + hours * HOUR
        offset = moment.astimezone(theirs).utcoffset()
        assert moment.astimezone(ours).utcoffset() == offset


async def test_zones_that_cannot_be_written() -> None:
    """Refuse what is no zone, and what devices have no words for."""
    with pytest.raises(UnknownZoneError):
        await written("../etc/passwd")
    with pytest.raises(UnwritableZoneError):
        await written("Asia/Jerusalem")
