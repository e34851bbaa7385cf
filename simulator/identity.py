"""Make the identities that events and pictures carry (reference 1.3, 1.6)."""

from datetime import datetime, timedelta
from random import Random
import string
from typing import Final

from .clock import digits
from .profiles import Dialect, Profile

_ALPHABET: Final = string.ascii_letters + string.digits


def event_uuid(profile: Profile, captured_at: datetime, chance: Random) -> str:
    """Return an event's UUID.

    DeepinView cameras write 63 characters that begin with the time of upload, entrance
    cameras what looks like RFC 4122 and shares its middle with all others.
    """
    if profile.dialect is Dialect.ENTRANCE:
        low, node = chance.getrandbits(32), chance.getrandbits(48)
        return f"{low:08x}-1dd2-11b2-{chance.getrandbits(16):04x}-{node:012x}"
    return _timed(captured_at + timedelta(milliseconds=502), 63, chance)


def picture_id(profile: Profile, captured_at: datetime, chance: Random) -> str:
    """Return a picture's pId: 32 characters, or the serial number and 14 digits."""
    if profile.dialect is Dialect.ENTRANCE:
        return f"{profile.serial_number[-9:]}{chance.randrange(10**14):014}"
    return _timed(captured_at + timedelta(milliseconds=506), 32, chance)


def _timed(moment: datetime, length: int, chance: Random) -> str:
    """Return time digits, two zeros and random characters up to the length."""
    head = f"{digits(moment)}00"
    return head + "".join(chance.choices(_ALPHABET, k=length - len(head)))
