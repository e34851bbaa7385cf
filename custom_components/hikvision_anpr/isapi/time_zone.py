"""Read the time zone of a device, with the rules of its summer time."""

from datetime import UTC, timedelta, timezone, tzinfo
from io import BytesIO
import re
from typing import Final
from zoneinfo import ZoneInfo

from .clock import DeviceTime, utc_offset

_SUMMER: Final = re.compile(r"DST(\d{1,2}):(\d{2})(?::\d{2})?,([\w./:,]+)", re.ASCII)

# A zone file without any history, whose footer alone says how time goes on (RFC 9636).
_BLOCK: Final = (
    b"TZif2" + bytes(15) + bytes(4 * 4) + b"\0\0\0\1\0\0\0\4" + bytes(6) + b"UTC\0"
)


def parse_time_zone(text: str) -> tzinfo | None:
    """Return the zone that a device describes, None for what describes none.

    As in POSIX, but that the summer time says by how much it is ahead:
    CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00 (reference 7.6).
    """
    offset = utc_offset(text)
    if offset is None:
        return None
    if (summer := _SUMMER.search(text)) is None:
        return timezone(offset)
    ahead = timedelta(hours=int(summer[1]), minutes=int(summer[2]))
    rule = f"STD{_posix(offset)}DST{_posix(offset + ahead)},{summer[3]}"
    try:
        return ZoneInfo.from_file(BytesIO(_BLOCK * 2 + f"\n{rule}\n".encode()))
    except ValueError:
        return timezone(offset)


def zone_of(answer: DeviceTime) -> tzinfo:
    """Return the zone of a device's clock, with its summer time.

    Its rules count where they explain its offset of now; old devices write UTC
    whatever their clock shows (reference 0.4).
    """
    offset = answer.local_time.utcoffset()
    zone = parse_time_zone(answer.time_zone or "")
    if zone and (
        not offset or answer.local_time.astimezone(zone).utcoffset() == offset
    ):
        return zone
    return answer.local_time.tzinfo or UTC


def _posix(offset: timedelta) -> str:
    """Write an offset as POSIX does, which counts the other way."""
    minutes = -round(offset / timedelta(minutes=1))
    return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02}"
