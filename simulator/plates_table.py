"""Keep the plates that a device has read, armed or not (reference 4.1)."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
import re
from typing import Final

from .clock import DeviceClock
from .countries import three_letters
from .passage import Passage

#: Digits of the longest picName seen.
_LONGEST: Final = 25

_OFFSET_OF_THREE_DIGITS: Final = re.compile(r"([+-])(\d{3})$")


class CaptureTime(StrEnum):
    """Name the two shapes of captureTime."""

    DIGITS = "digits"  # 20260701T1400000000
    OFFSET = "offset"  # 20260701T140000+200


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatesSettings:
    """Say what a device's table of plates is like.

    Attributes:
        size: How many plates it holds, the newest ones; 0: there is no table. The
            true number is not public (reference 4.1).
        name_digits: Digits of a picName, 18 to 25.
        capture_time: How captureTime is written.
    """

    size: int = 300
    name_digits: int = 18
    capture_time: CaptureTime = CaptureTime.DIGITS


NO_TABLE: Final = PlatesSettings(size=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlate:
    """Hold one row of the table; its fields are texts as on the wire.

    Attributes:
        name: The picName: digits of the device's local time.
        country: Three letters; empty when not known.
        jpeg: The plate crop.
    """

    capture_time: str
    plate: str
    name: str
    country: str
    lane: str
    direction: str
    jpeg: bytes


@dataclass(slots=True)
class PlatesTable:
    """Hold the last plates; a new one pushes the oldest out."""

    settings: PlatesSettings
    rows: deque[KeptPlate] = field(init=False)

    def __post_init__(self) -> None:
        """Begin empty.

        Raises:
            ValueError: No device has a picName of so many digits.
        """
        if not 18 <= self.settings.name_digits <= _LONGEST:
            raise ValueError(f"picName has 18 to {_LONGEST} digits")
        self.rows = deque(maxlen=self.settings.size)

    def keep(self, passage: Passage, clock: DeviceClock, jpeg: bytes) -> None:
        """Add the plate of a passage, with its crop."""
        self.rows.append(
            KeptPlate(
                capture_time=self._capture_time(passage.captured_at, clock),
                plate=passage.plate,
                name=self._free_name(passage),
                country=three_letters(passage.country) if passage.readable else "",
                lane=str(passage.lane),
                direction=passage.direction,
                jpeg=jpeg,
            )
        )

    def after(self, cursor: str, *, again: bool = False) -> list[KeptPlate]:
        """Return the rows after a cursor, by picName.

        Args:
            cursor: Digits of the device's local time, as cursor_digits returns them.
            again: Whether the row that the cursor names is returned once more.
        """
        bound = _comparable(cursor)
        found = [
            row
            for row in self.rows
            if (name := _comparable(row.name)) > bound or (again and name == bound)
        ]
        return sorted(found, key=lambda row: row.name)

    def picture(self, name: str) -> bytes | None:
        """Return the crop of the plate with this picName; None when it rolled out."""
        return next((row.jpeg for row in self.rows if row.name == name), None)

    def _free_name(self, passage: Passage) -> str:
        """Return a picName that no other row has: the time, and the vehicle's number."""
        digits = f"{passage.captured_at:%Y%m%d%H%M%S%f}{passage.index % 100_000:05}"
        name = digits[: self.settings.name_digits]
        taken = {row.name for row in self.rows}
        while name in taken:
            name = str(int(name) + 1)
        return name

    def _capture_time(self, moment: datetime, clock: DeviceClock) -> str:
        """Return the captureTime of a moment; its last four digits are always 0."""
        if self.settings.capture_time is CaptureTime.DIGITS:
            return f"{moment:%Y%m%dT%H%M%S}0000"
        text = clock.text(moment)
        return text[:19].replace("-", "").replace(":", "") + _short_offset(text[19:])


def cursor_digits(text: str, zone: tzinfo) -> str:
    """Return a picTime as digits of local time, whichever way it is written.

    Args:
        text: A picName, digits with or without a T, or ISO 8601, basic or extended,
            with an offset of three digits as well; "0" asks for everything.
        zone: The device's zone.

    Raises:
        ValueError: The text is none of these.
    """
    digits = text.replace("T", "", 1)
    if digits.isascii() and digits.isdigit():
        return digits
    moment = datetime.fromisoformat(_OFFSET_OF_THREE_DIGITS.sub(r"\g<1>0\2", text))
    local = moment.astimezone(zone) if moment.tzinfo else moment
    return f"{local:%Y%m%d%H%M%S%f}"


def _comparable(digits: str) -> str:
    """Return digits in a length in which they compare like their times."""
    return digits.ljust(_LONGEST, "0")


def _short_offset(offset: str) -> str:
    """Return +02:00 as +200, as captureTime writes it."""
    return re.sub(r"^([+-]?)0?(\d+):", r"\1\2", offset)
