"""The clock of a simulated device, with the ways in which such clocks are wrong."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from io import BytesIO
import re
from typing import Final
from zoneinfo import ZoneInfo

from .faults import Fault, Faults

#: UTC+1 with European summer time; the sign is inverted, POSIX style (reference 7.6).
CENTRAL_EUROPE: Final = "CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00"

_ZONE: Final = re.compile(
    r"[A-Z]+(?P<sign>[+-]?)(?P<hours>\d{1,2}):(?P<minutes>\d\d):\d\d"
    r"(?:DST(?P<dst_hours>\d\d):(?P<dst_minutes>\d\d):\d\d(?P<rules>,.*))?"
)


def time_zone(text: str) -> tzinfo:
    """Return the zone that a device's timeZone text describes.

    Raises:
        ValueError: The text is no such description.
    """
    match = _ZONE.fullmatch(text)
    if match is None:
        raise ValueError(f"Not a device time zone: {text}")
    minutes = _minutes(match["hours"], match["minutes"])
    west = minutes if match["sign"] != "-" else -minutes
    if not match["rules"]:
        return timezone(timedelta(minutes=-west))
    summer = west - _minutes(match["dst_hours"], match["dst_minutes"])
    return _from_rule(f"CST{_posix(west)}DST{_posix(summer)}{match['rules']}")


def _minutes(hours: str, minutes: str) -> int:
    """Return a duration in minutes."""
    return int(hours) * 60 + int(minutes)


def _posix(west_minutes: int) -> str:
    """Return an offset as POSIX writes it: hours west of Greenwich."""
    sign = "-" if west_minutes < 0 else ""
    return f"{sign}{abs(west_minutes) // 60}:{abs(west_minutes) % 60:02}"


def _from_rule(rule: str) -> ZoneInfo:
    """Let the standard library read a POSIX rule, as the footer of an empty zone file."""
    counts = b"".join(count.to_bytes(4) for count in (0, 0, 0, 0, 1, 4))
    block = b"TZif2" + bytes(15) + counts + bytes(6) + b"CST\0"
    return ZoneInfo.from_file(BytesIO(block + block + f"\n{rule}\n".encode()))


def digits(moment: datetime) -> str:
    """Return a device time as the 17 digits of absTime (reference 1.6)."""
    return f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03}"


@dataclass(slots=True, kw_only=True)
class DeviceClock:
    """Tell the time as the device believes it to be.

    Attributes:
        zone_text: The device's timeZone setting.
        drift: How far ahead of true time the device is.
        mode: The device's timeMode setting, NTP or manual.
    """

    faults: Faults
    zone_text: str = CENTRAL_EUROPE
    drift: timedelta = timedelta()
    mode: str = "NTP"
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        """Return the device's time in the device's zone."""
        return self.at(datetime.now(UTC))

    def at(self, moment: datetime) -> datetime:
        """Return what the device would say at a true moment, which has a zone."""
        error = (
            self.faults.clock_error if Fault.CLOCK_OFF in self.faults else timedelta()
        )
        return (moment + self.drift + error).astimezone(self.zone())

    def uptime(self) -> timedelta:
        """Return the time since the device started."""
        return datetime.now(UTC) - self.started

    def restart(self) -> None:
        """Count the uptime from now."""
        self.started = datetime.now(UTC)

    def set(self, moment: datetime) -> None:
        """Set the device's time, as PUT /ISAPI/System/time does."""
        self.drift = moment - datetime.now(UTC)

    def text(self, moment: datetime, *, milliseconds: bool = False) -> str:
        """Return a device time as the device writes it, faults included.

        The offset form is usual; Z, no offset at all, and an offset that lost its
        plus sign were seen too (reference 1.3, 2.1).
        """
        precision = "milliseconds" if milliseconds else "seconds"
        if Fault.CLOCK_ZULU in self.faults:
            utc = moment.astimezone(UTC).replace(tzinfo=None)
            return f"{utc.isoformat(timespec=precision)}Z"
        if Fault.CLOCK_WITHOUT_OFFSET in self.faults:
            return moment.replace(tzinfo=None).isoformat(timespec=precision)
        text = moment.isoformat(timespec=precision)
        return text.replace("+", "") if Fault.CLOCK_LOST_PLUS in self.faults else text

    def zone(self) -> tzinfo:
        """Return the zone in which the device shows its time now."""
        if Fault.CLOCK_WRONG_ZONE in self.faults:
            return timezone(timedelta(hours=8))
        zone = self.zone_text
        if Fault.CLOCK_WITHOUT_DST in self.faults:
            zone = zone.partition("DST")[0]
        return time_zone(zone)
