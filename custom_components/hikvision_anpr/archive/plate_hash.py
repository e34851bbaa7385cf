"""Replace plates with tokens that can be compared but not read."""

from dataclasses import dataclass
from hmac import digest
from typing import Final

KEY_BYTES: Final = 32

_MARK: Final = "#"
_FIRST_DOT_PATTERN: Final = 0x2800
_TOKEN_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateHash:
    """Make tokens with a key; without it, no plate can be tried out."""

    key: bytes

    def token(self, normalized: str) -> str:
        """Return what stands for a normalized plate.

        It is of signs that no search for a part of a plate can hold (braille).
        """
        hashed = digest(self.key, normalized.encode(), "sha256")[:_TOKEN_BYTES]
        return _MARK + "".join(chr(_FIRST_DOT_PATTERN + byte) for byte in hashed)


def is_token(plate: str) -> bool:
    """Tell a token from a plate, which holds letters and digits alone."""
    return plate.startswith(_MARK)
