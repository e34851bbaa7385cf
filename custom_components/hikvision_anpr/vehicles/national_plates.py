"""Know what a read may be by the way in which a country writes its plates.

Countries where owners choose the whole text are left out, for nothing is excluded there.
Sources: the patterns of OpenALPR (runtime_data/postprocess/eu.patterns, for NL, PT, RO,
RU and TR), and the articles of Wikipedia on the vehicle registration plates of each
country, old formats that are still on the road included.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
import string
from typing import Final

_CLASSES: Final = {
    "0": string.digits,
    "A": string.ascii_uppercase,
    "B": "BCDFGHJKLMNPRSTVWXYZ",  # no vowels and no Q: Spain since 2000
    "C": "ABCDEFGHJKLMNPQRSTVWXYZ",  # no I, O and U: France since 2009
    "E": "EH",  # electric and historic vehicles of Germany
    "U": "U",  # dealers of Switzerland
}
# A class, and how often it may come.
_FORMATS: Final[dict[str, tuple[str, ...]]] = {
    "CH": ("A2 01-6", "A2 01-6 U1", "A1 01-6"),
    "DE": ("A2-5 01-4", "A2-5 01-4 E1", "A1-3 01-6"),
    "ES": ("04 B3", "A1 04 B3", "A1-2 04 A1-2", "A1-2 01-6"),
    "FR": ("C2 03 C2", "01-4 A1-3 02"),
    "GR": ("A3 04",),
    "IT": ("A2 03 A2", "A2 05", "A2 06", "A3 05"),
    "NL": (
        *("A2 04", "04 A2", "02 A2 02", "A2 02 A2", "A4 02", "02 A4", "02 A3 01"),
        *("01 A3 02", "A2 03 A1", "A1 03 A2", "A3 02 A1", "A1 02 A3", "01 A2 03"),
        "03 A2 01",
    ),
    "PT": ("A2 04", "04 A2", "02 A2 02", "A2 02 A2"),
    "RO": ("A1-2 02-3 A3", "A1-2 05-6"),
    "RU": ("A1 03 A2 02-3", "A2 05-7", "04 A2 02-3", "A1 06-7"),
    "TR": ("02 A1 04-5", "02 A2 03-4", "02 A3 02-3"),
}
COUNTRIES: Final = frozenset(_FORMATS)
"""The countries whose formats are known, as ISO 3166-1 alpha-2."""

_MOST_MISREAD: Final = 2
_LOOK_ALIKES: Final = ("0ODQ", "1IL", "2Z", "4A", "5S", "6G", "7T", "8B")


def national_forms(plate: str, country: str | None) -> tuple[str, ...]:
    """Return what a read plate may be, for a country as ISO 3166-1 alpha-2.

    In a format of the country, up to two characters that cannot stand where they stand
    give way to those that look alike and can. Nothing is returned for a plate that is
    well formed, and where the country or a plate of this length is not known.
    """
    formats = _formats(country or "").get(len(plate), frozenset())
    misread = {one: _misread(plate, one) for one in formats}
    if 0 in misread.values():
        return ()
    near = [one for one, count in misread.items() if count <= _MOST_MISREAD]
    return tuple(sorted({form for one in near for form in _forms(plate, one)}))


def _misread(plate: str, classes: tuple[str, ...]) -> int:
    """Return how many characters cannot stand where they stand."""
    return sum(
        character not in allowed
        for character, allowed in zip(plate, classes, strict=True)
    )


def _forms(plate: str, classes: tuple[str, ...]) -> Iterator[str]:
    """Yield the plates of a format that a read may be."""
    options = [
        character if character in allowed else _alike(character, allowed)
        for character, allowed in zip(plate, classes, strict=True)
    ]
    for form in product(*options):
        yield "".join(form)


def _alike(character: str, allowed: str) -> str:
    """Return the characters that look like one, of those that are allowed."""
    group = next((one for one in _LOOK_ALIKES if character in one), "")
    return "".join(other for other in group if other in allowed)


@cache
def _formats(country: str) -> dict[int, frozenset[tuple[str, ...]]]:
    """Return the formats of a country by their length: what is allowed in each place."""
    found: dict[int, set[tuple[str, ...]]] = {}
    for written in _FORMATS.get(country, ()):
        for parts in product(*map(_runs, written.split())):
            classes = tuple(one for part in parts for one in part)
            found.setdefault(len(classes), set()).add(classes)
    return {length: frozenset(formats) for length, formats in found.items()}


def _runs(written: str) -> list[tuple[str, ...]]:
    """Return the runs that a part such as "A1-2" stands for."""
    least, _, most = written[1:].partition("-")
    counts = range(int(least), int(most or least) + 1)
    return [(_CLASSES[written[0]],) * count for count in counts]
