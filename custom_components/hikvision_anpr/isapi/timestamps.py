"""Read the times devices write, in all their spellings."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
import re
from typing import Final

_YEARS: Final = range(1970, 9999)
_OFFSET_TEXT: Final = r"(Z|[+-]\d{1,2}(?::?\d{2})?|\d{2}:\d{2})?"

# As in events. An offset may have lost its plus: "…:1500:00" (reference 0.4, 2.1).
_SEPARATED: Final = re.compile(
    r"(\d{4})[-/](\d{2})[-/](\d{2})[T ]?(\d{2}):(\d{2}):(\d{2})"
    rf"(?:[.,](\d{{1,9}}?))?\s*{_OFFSET_TEXT}",
    re.ASCII | re.IGNORECASE,
)
# As in absTime, captureTime and picTime, which end in decimals (reference 1.6, 4.1).
_TOGETHER: Final = re.compile(
    r"(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})"
    rf"(\d{{1,11}})?\s*{_OFFSET_TEXT}",
    re.ASCII | re.IGNORECASE,
)
_OFFSET: Final = re.compile(r"([+-]?)(\d{1,2}?):?(\d{2})?", re.ASCII)


def parse_device_time(text: str, default: tzinfo) -> datetime | None:
    """Read a device's time; `default` is its zone where it names no offset.

    Returns an aware time, or None for what is no time. Never raises.
    """
    text = text.strip()
    found = _SEPARATED.fullmatch(text) or _TOGETHER.fullmatch(text)
    if found is None or int(found[1]) not in _YEARS:
        return None
    year, month, day, hour, minute, second = map(int, found.group(1, 2, 3, 4, 5, 6))
    microsecond = int((found[7] or "")[:6].ljust(6, "0"))
    try:
        zone = _zone(found[8]) if found[8] else default
        return datetime(
            year, month, day, hour, minute, second, microsecond, tzinfo=zone
        )
    except ValueError:
        return None


def _zone(offset: str) -> tzinfo:
    """Return the zone of an offset such as Z, +08:00, +0800, -500 or 08:00.

    Raises ValueError beyond a day.
    """
    found = _OFFSET.fullmatch(offset)
    if found is None:
        return UTC
    distance = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-distance if found[1] == "-" else distance)
