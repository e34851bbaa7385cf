"""Write a time zone as devices do, with the rules of its summer time (reference 7.6)."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path
import re
from typing import Final
from zoneinfo import TZPATH, available_timezones

_NAME: Final = r"(?:[A-Za-z]+|<[^>]+>)"
_OFFSET: Final = r"([+-]?\d{1,2}(?::\d{2})?)"
_FOOTER: Final = re.compile(
    rf"{_NAME}{_OFFSET}(?:{_NAME}{_OFFSET}?,([^,]+),([^,]+))?", re.ASCII
)
_CHANGE: Final = re.compile(r"(M\d+\.\d\.\d)(?:/(\d{1,2})(?::(\d{2}))?)?", re.ASCII)
_HOUR: Final = timedelta(hours=1)


class UnknownZoneError(ValueError):
    """Say that there is no such time zone."""


class UnwritableZoneError(ValueError):
    """Say that a zone's summer time follows rules that devices have no words for."""


def device_time_zone(name: str) -> str:
    """Return what a device is told of a zone such as Europe/Berlin.

    CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00 for that one. Reads a file.
    Raises UnknownZoneError and UnwritableZoneError.
    """
    found = _FOOTER.fullmatch(_footer(name))
    if found is None:
        raise UnwritableZoneError(name)
    standard = _behind(found[1])
    if found[3] is None:
        return f"CST{_signed(standard)}"
    summer = _behind(found[2]) if found[2] else standard - _HOUR
    begin, end = _change(found[3], name), _change(found[4], name)
    if summer > standard:
        standard, summer, begin, end = summer, standard, end, begin
    return f"CST{_signed(standard)}DST0{standard - summer},{begin},{end}"


def _footer(name: str) -> str:
    """Return how a zone goes on, as the last line of its file says it."""
    if name not in available_timezones():
        raise UnknownZoneError(name)
    places = (Path(folder) / name for folder in TZPATH)
    file = next((place for place in places if place.is_file()), None)
    shipped = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    content = (file or shipped).read_bytes()
    return content.rstrip(b"\n").rpartition(b"\n")[2].decode()


def _behind(offset: str) -> timedelta:
    """Return an offset as POSIX counts it: what is west of Greenwich is more."""
    hours, _, minutes = offset.lstrip("+-").partition(":")
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return -size if offset.startswith("-") else size


def _signed(behind: timedelta) -> str:
    """Write an offset with its sign, which is the other way round."""
    return f"{'-' if behind < timedelta() else '+'}{abs(behind)}"


def _change(rule: str, name: str) -> str:
    """Return when summer time begins or ends, with the hour in full."""
    found = _CHANGE.fullmatch(rule)
    hour = int((found and found[2]) or 2)
    if found is None or hour > 23:
        raise UnwritableZoneError(name)
    return f"{found[1]}/{hour:02}:{found[3] or '00'}:00"
