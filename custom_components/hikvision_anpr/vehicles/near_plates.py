"""Find plates that differ by few characters, without comparing all of them."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise, product
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

MOST_EDITS: Final = 2
_SHORTEST: Final = (0, 5, 7)
"""How many characters a plate needs at least to be taken for another one that differs
by none, one, or two."""

type _Span = tuple[int, int]
type _Recipe = tuple[str, tuple[_Span, ...]]


class NearPlates:
    """Hold plates by halves of them.

    Cut a plate into 2n pieces: within a distance of n edits, n of them stay whole. They
    lead to the few plates that are compared.
    """

    def __init__(self, edits: int) -> None:
        """Start without plates; `edits` is how many characters may differ, 0 to 2."""
        self._edits = edits
        self._by_half: dict[str, tuple[str, ...]] = {}

    def add(self, plate: str) -> None:
        """Let a plate be found."""
        for half in self._halves(plate):
            self._by_half[half] = (*self._by_half.get(half, ()), plate)

    def remove(self, plate: str) -> None:
        """Let a plate no longer be found."""
        for half in self._halves(plate):
            left = tuple(one for one in self._by_half[half] if one != plate)
            if left:
                self._by_half[half] = left
            else:
                del self._by_half[half]

    def find(self, plate: str) -> list[tuple[str, int]]:
        """Return the plates near one, with how many characters they differ by."""
        found = process.extract(
            plate,
            self._candidates(plate),
            scorer=Levenshtein.distance,
            score_cutoff=self._edits,
            limit=None,
        )
        return [
            (other, int(distance))
            for other, distance, _ in found
            if distance <= _allowed(min(len(other), len(plate)), self._edits)
        ]

    def _halves(self, plate: str) -> Iterator[str]:
        """Yield the halves by which a plate is found."""
        for head, spans in _recipes(len(plate), len(plate), self._edits, 0):
            yield head + "".join([plate[start:end] for start, end in spans])

    def _candidates(self, plate: str) -> set[str]:
        """Return the plates that share half of their pieces with one."""
        found: set[str] = set()
        length = len(plate)
        for other in range(length - self._edits, length + self._edits + 1):
            for head, spans in _recipes(length, other, self._edits, self._edits):
                half = head + "".join([plate[start:end] for start, end in spans])
                found.update(self._by_half.get(half, ()))
        return found


def _allowed(length: int, most: int) -> int:
    """Return how many edits a plate of a length may differ by."""
    return min(most, sum(length >= shortest for shortest in _SHORTEST) - 1)


@cache
def _recipes(length: int, other: int, most: int, shift: int) -> tuple[_Recipe, ...]:
    """Return where halves of plates of another length are in a plate of one length.

    Each comes with the head of its key. A piece may have moved by `shift` at most, by
    what was inserted or left out before it.
    """
    edits = _allowed(other, most)
    if edits < 1:
        return ()
    count = 2 * edits
    pieces = pairwise(other * part // count for part in range(count + 1))
    return tuple(
        (f"{chr(other)}{number}", spans)
        for number, half in enumerate(combinations(pieces, edits))
        for moves in _moves(edits, length - other, min(edits, shift))
        if (spans := _moved(half, moves, length))
    )


def _moved(
    half: tuple[_Span, ...], moves: tuple[int, ...], length: int
) -> tuple[_Span, ...]:
    """Return where pieces are after they moved; empty where one is not all there."""
    spans = tuple(
        (start + move, end + move)
        for (start, end), move in zip(half, moves, strict=True)
    )
    return spans if all(start >= 0 and end <= length for start, end in spans) else ()


def _moves(pieces: int, last: int, most: int) -> list[tuple[int, ...]]:
    """Return by how much pieces may have moved within so many edits.

    Behind the last piece everything has moved by `last`.
    """
    return [
        moves
        for moves in product(range(-most, most + 1), repeat=pieces)
        if sum(abs(to - by) for by, to in pairwise((0, *moves, last))) <= most
    ]
