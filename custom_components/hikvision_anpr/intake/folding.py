"""Fold characters that cameras and people confuse with each other."""

from string import ascii_uppercase
from typing import Final
from unicodedata import normalize

_LOOK_ALIKES: Final = str.maketrans(
    "DOQILZBS" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "АВЕЗКМНОРСТУХІ",
    "00011285" + "A8E2H1KMN0PTYX" + "A8E3KMH0PCTYX1",
)
_ZEROS: Final = (
    "٠۰०০๐໐၀០"  # Arabic, Persian, Devanagari, Bengali, Thai, Lao, Burmese, Khmer
)
_DIGITS: Final = {
    ord(zero) + digit: str(digit) for zero in _ZEROS for digit in range(10)
}
_MARKED: Final = str.maketrans("ÆĐØŁ", "A001") | {
    ord(letter): plain.translate(_LOOK_ALIKES)
    for letter in map(chr, range(ord("À"), ord("ſ")))
    if (plain := normalize("NFD", letter)[0]) in ascii_uppercase
}
_FOLDED: Final = _LOOK_ALIKES | _DIGITS | _MARKED


def fold_plate(normalized: str) -> str:
    """Return a normalized plate with look-alikes as one character; length stays.

    The digits of other scripts are the same digits; letters with marks, such as Ü and
    Š, are what many cameras take them for.
    """
    return normalized.translate(_FOLDED)
