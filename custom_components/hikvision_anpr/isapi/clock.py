"""Read a device's clock, which is often wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
import re
from typing import Final

from .client import IsapiClient
from .errors import BadAnswerError
from .timestamps import parse_device_time

TIME: Final = "/ISAPI/System/time"
_POSIX: Final = re.compile(
    r"(?:[A-Za-z]+|<[^>]+>)([+-]?)(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTime:
    """Hold what a device takes for the time; `mode` is NTP, manual or another."""

    local_time: datetime
    mode: str | None
    time_zone: str | None


async def async_get_time(client: IsapiClient) -> DeviceTime:
    """Ask a device for the time; `local_time` is aware.

    Raises BadAnswerError where the device's time makes no sense.
    """
    document = await client.get(TIME)
    time_zone = document.value("timeZone")
    zone = timezone(utc_offset(time_zone or "") or timedelta())
    local_time = parse_device_time(document.value("localTime") or "", zone)
    if local_time is None:
        raise BadAnswerError("The device's time makes no sense", path=TIME)
    return DeviceTime(
        local_time=local_time, mode=document.value("timeMode"), time_zone=time_zone
    )


def utc_offset(time_zone: str) -> timedelta | None:
    """Return how far a POSIX time zone is ahead of UTC outside summer time.

    POSIX counts the other way: CST-1:00:00 is an hour ahead (reference 7.6).
    Returns None for what is no such time zone.
    """
    found = _POSIX.match(time_zone.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.group(2, 3, 4))
    behind = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if behind >= timedelta(days=1):
        return None
    return behind if found[1] == "-" else -behind
