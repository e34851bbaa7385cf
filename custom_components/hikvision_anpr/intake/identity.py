"""Recognize reads that are the same read, or of the same vehicle passing."""

from functools import lru_cache
from typing import Final

from ..isapi.plate_read import PlateRead
from .folding import fold_plate
from .passage import normalize_plate

MIN_UUID_CHARACTERS: Final = 16
"""Shorter identifiers are placeholders; real ones have 32 and more (reference 1.3)."""

MIN_PARTIAL_CHARACTERS: Final = 5
"""A shorter plate is not taken for a longer one with a character missing."""

type ReadKey = tuple[str, ...]


def read_key(read: PlateRead) -> ReadKey:
    """Return what identifies a read however often and by whatever way it comes.

    The whole UUID, which share long beginnings; where there is none, channel,
    plate and capture time.
    """
    if read.uuid and len(read.uuid) >= MIN_UUID_CHARACTERS:
        return (read.uuid,)
    captured_at = read.captured_at.isoformat() if read.captured_at else ""
    return (str(read.channel), read.plate or "", captured_at, str(read.vehicle_index))


def is_certain(read: PlateRead) -> bool:
    """Tell whether a read carries an identity of its own."""
    return len(read_key(read)) == 1


def is_same_vehicle(earlier: PlateRead, later: PlateRead) -> bool:
    """Tell whether two reads within moments on one channel are one vehicle.

    A readable and an unreadable plate never join: they are announced differently,
    and devices number each of their reads. Direction and country take no part: devices
    change their mind within a second (reference 1.11).
    """
    if earlier.plate is None and later.plate is None:
        return _is_same_unreadable(earlier, later)
    return is_same_plate(earlier.plate, later.plate)


def _is_same_unreadable(earlier: PlateRead, later: PlateRead) -> bool:
    """Tell whether two reads without a plate are of one vehicle."""
    if earlier.vehicle_index and later.vehicle_index:
        return earlier.vehicle_index == later.vehicle_index
    return earlier.lane == later.lane


def is_same_plate(first: str | None, second: str | None) -> bool:
    """Tell whether two plates are nearly the same, or none could be read."""
    if first is None or second is None:
        return first is second
    return is_nearly_same_plate(first, second)


def is_nearly_same_plate(first: str, second: str) -> bool:
    """Tell whether two plates differ by look-alikes or one lost end character."""
    one, other = folded_plate(first), folded_plate(second)
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return (
        len(long) - len(short) == 1
        and len(short) >= MIN_PARTIAL_CHARACTERS
        and (long.startswith(short) or long.endswith(short))
    )


@lru_cache(maxsize=256)
def folded_plate(plate: str) -> str:
    """Return a plate, written in any way, with look-alike characters made equal."""
    return fold_plate(normalize_plate(plate))
