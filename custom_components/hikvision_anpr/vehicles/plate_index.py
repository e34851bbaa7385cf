"""Find known vehicles by a plate as a camera read it, mis-reads included."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ..archive.folding import fold_plate
from ..intake.passage import ListName, Match
from .matches import NOTHING, Found, found_among
from .vehicle import Vehicle

MOST_EDITS: Final = 2
_SHORTEST: Final = (0, 5, 7)
"""How many characters a plate needs at least to be taken for another one that differs
by none, one, or two."""

type Tolerance = Mapping[ListName, int]
type _Piece = tuple[int, int, str]


class PlateIndex:
    """Hold the vehicles by what their plates may be read as.

    Within a distance of n edits, one of n + 1 pieces of a plate stays whole: the pieces
    lead to the few plates that are compared.
    """

    def __init__(self, tolerance: Tolerance) -> None:
        """Start without vehicles; `tolerance` tells how many edits a list allows."""
        self._tolerance = tolerance
        self._most = min(MOST_EDITS, max(tolerance.values(), default=0))
        self._exact: dict[str, Vehicle] = {}
        self._folded: defaultdict[str, dict[str, Vehicle]] = defaultdict(dict)
        self._pieces: defaultdict[_Piece, set[str]] = defaultdict(set)
        self._misreads: dict[str, set[str]] = {}

    def learn(self, misreads: Iterable[tuple[str, str]]) -> None:
        """Take what plates were read as before, and what they were, for all there is."""
        learned: defaultdict[str, set[str]] = defaultdict(set)
        for read, plate in misreads:
            learned[read].add(plate)
        self._misreads = dict(learned)

    def add(self, vehicle: Vehicle) -> None:
        """Let a vehicle be found."""
        plate = vehicle.normalized
        folded = fold_plate(plate)
        self._exact[plate] = vehicle
        self._folded[folded][plate] = vehicle
        if self._most:
            for piece in _pieces(folded, self._most):
                self._pieces[piece].add(folded)

    def remove(self, vehicle: Vehicle) -> None:
        """Let a vehicle no longer be found."""
        plate = vehicle.normalized
        folded = fold_plate(plate)
        del self._exact[plate]
        del self._folded[folded][plate]
        if self._folded[folded]:
            return
        del self._folded[folded]
        if self._most:
            for piece in _pieces(folded, self._most):
                self._pieces[piece].discard(folded)
                if not self._pieces[piece]:
                    del self._pieces[piece]

    def get(self, plate: str) -> Vehicle | None:
        """Return the vehicle with just this normalized plate."""
        return self._exact.get(plate)

    def find(self, plate: str) -> Found:
        """Return what a normalized plate may be: the nearest kind of match counts.

        The plate as it is; then with look-alikes made equal; then what users corrected
        it to before; then within the edits that a list allows.
        """
        if exact := self._exact.get(plate):
            return Found(vehicle=exact, match="exact")
        folded = fold_plate(plate)
        steps: tuple[tuple[Match, Iterable[Vehicle]], ...] = (
            ("folded", self._folded.get(folded, {}).values()),
            ("folded", self._corrected(plate)),
        )
        for match, vehicles in steps:
            if found := found_among(vehicles, match):
                return found
        return self._near(folded) if self._most else NOTHING

    def _corrected(self, plate: str) -> list[Vehicle]:
        """Return the vehicles that a plate was corrected to before."""
        corrected = self._misreads.get(plate, ())
        return [self._exact[one] for one in corrected if one in self._exact]

    def _near(self, folded: str) -> Found:
        """Return the only vehicle near a plate.

        Several are ambiguous, even where the list of one of them allows fewer edits.
        """
        near: list[Vehicle] = []
        distances: list[int] = []
        for other, distance, _ in process.extract(
            folded,
            self._candidates(folded),
            scorer=Levenshtein.distance,
            score_cutoff=self._most,
            limit=None,
        ):
            if distance <= _edits_for(min(len(other), len(folded))):
                for vehicle in self._folded[other].values():
                    near.append(vehicle)
                    distances.append(int(distance))
        if len(near) == 1 and distances[0] > self._tolerance[near[0].list]:
            return NOTHING
        return found_among(near, "fuzzy") or NOTHING

    def _candidates(self, folded: str) -> set[str]:
        """Return the plates that share a piece with one."""
        most = self._most
        found: set[str] = set()
        for length in range(
            max(_SHORTEST[1], len(folded) - most), len(folded) + most + 1
        ):
            for number, (start, end) in enumerate(_edges(length, most)):
                for shift in range(-most, most + 1):
                    if start + shift >= 0:
                        piece = folded[start + shift : end + shift]
                        found |= self._pieces.get((length, number, piece), set())
        return found


def _edits_for(length: int) -> int:
    """Return how many edits a plate of a length may differ by."""
    return sum(length >= shortest for shortest in _SHORTEST) - 1


def _pieces(folded: str, most: int) -> list[_Piece]:
    """Return the pieces of a plate with its length and their numbers."""
    return [
        (len(folded), number, folded[start:end])
        for number, (start, end) in enumerate(_edges(len(folded), most))
    ]


def _edges(length: int, most: int) -> list[tuple[int, int]]:
    """Return where a plate of a length is cut into one piece more than edits."""
    count = most + 1
    return list(pairwise(length * part // count for part in range(count + 1)))
