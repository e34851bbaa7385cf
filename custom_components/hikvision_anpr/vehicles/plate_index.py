"""Find known vehicles by a plate, misreads included."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz.distance import Levenshtein

from ..intake.folding import fold_plate
from ..intake.passage import ListName, Match
from .matches import NOTHING, Found, found_among
from .national_plates import national_forms
from .near_plates import MOST_EDITS, NearPlates
from .vehicle import Vehicle

type Tolerance = Mapping[ListName, int]


class PlateIndex:
    """Hold the vehicles by what their plates may be read as."""

    def __init__(
        self, tolerance: Tolerance, exact_lists: Collection[ListName] = ()
    ) -> None:
        """Start without vehicles; `tolerance` tells how many edits a list allows.

        Vehicles on `exact_lists` are found by their exact plate alone; where another
        plate may be theirs, it still is nobody else's.
        """
        self._tolerance = tolerance
        self._exact_lists = exact_lists
        most = max(tolerance.values(), default=0)
        self._near_plates = NearPlates(min(MOST_EDITS, most)) if most else None
        self._exact: dict[str, Vehicle] = {}
        self._folded: defaultdict[str, dict[str, Vehicle]] = defaultdict(dict)
        self._misreads: dict[str, set[str]] = {}

    def learn(self, misreads: Iterable[tuple[str, str]]) -> None:
        """Take what plates were read as before, and what they were, for all there is.

        What hardly resembles the plate is not learned: a camera that once read what is
        written on a tailgate would let in all that have it there.
        """
        learned: defaultdict[str, set[str]] = defaultdict(set)
        for read, plate in misreads:
            if _may_be_misread(read, plate):
                learned[read].add(plate)
        self._misreads = dict(learned)

    def add(self, vehicle: Vehicle) -> None:
        """Let a vehicle be found."""
        plate = vehicle.normalized
        folded = fold_plate(plate)
        self._exact[plate] = vehicle
        if self._near_plates and folded not in self._folded:
            self._near_plates.add(folded)
        self._folded[folded][plate] = vehicle

    def remove(self, vehicle: Vehicle) -> None:
        """Let a vehicle no longer be found."""
        plate = vehicle.normalized
        folded = fold_plate(plate)
        del self._exact[plate]
        del self._folded[folded][plate]
        if self._folded[folded]:
            return
        del self._folded[folded]
        if self._near_plates:
            self._near_plates.remove(folded)

    def get(self, plate: str) -> Vehicle | None:
        """Return the vehicle with just this normalized plate."""
        return self._exact.get(plate)

    def find(self, plate: str, country: str | None = None) -> Found:
        """Return what a normalized plate may be: the nearest kind of match counts.

        The plate as it is; then by the formats of its country, as ISO 3166-1 alpha-2;
        then with look-alikes made equal; then what users corrected it to before; then
        within the edits that a list allows.
        """
        if exact := self._exact.get(plate):
            return Found(vehicle=exact, match="exact")
        found = self._find_alike(plate, country)
        if found.vehicle and found.vehicle.list in self._exact_lists:
            return NOTHING
        return found

    def _find_alike(self, plate: str, country: str | None) -> Found:
        """Return what a plate that nobody has may be."""
        folded = fold_plate(plate)
        steps: tuple[tuple[Match, Iterable[Vehicle]], ...] = (
            ("folded", self._national(plate, folded, country)),
            ("folded", self._folded.get(folded, {}).values()),
            ("folded", self._corrected(plate)),
        )
        for match, vehicles in steps:
            if found := found_among(vehicles, match):
                return found
        return self._near(folded)

    def _national(self, plate: str, folded: str, country: str | None) -> list[Vehicle]:
        """Return the vehicles that a plate may belong to by the formats of its country.

        A blocked vehicle whose plate looks alike stays among them, whatever its format.
        """
        forms = national_forms(plate, country)
        found = [self._exact[form] for form in forms if form in self._exact]
        if not found:
            return []
        alike = self._folded.get(folded, {}).values()
        blocked = [one for one in alike if one.list == "block" and one not in found]
        return found + blocked

    def _corrected(self, plate: str) -> list[Vehicle]:
        """Return the vehicles that a plate was corrected to before."""
        corrected = self._misreads.get(plate, ())
        return [self._exact[one] for one in corrected if one in self._exact]

    def _near(self, folded: str) -> Found:
        """Return the only vehicle near a plate.

        Several are ambiguous, even where the list of one of them allows fewer edits.
        """
        if self._near_plates is None:
            return NOTHING
        near = [
            (vehicle, edits)
            for other, edits in self._near_plates.find(folded)
            for vehicle in self._folded[other].values()
        ]
        if len(near) == 1 and near[0][1] > self._tolerance[near[0][0].list]:
            return NOTHING
        return found_among((vehicle for vehicle, _ in near), "fuzzy")


def _may_be_misread(read: str, plate: str) -> bool:
    """Tell whether at least half of what was read is the plate."""
    edits = Levenshtein.distance(fold_plate(read), fold_plate(plate))
    return 2 * edits <= len(plate)
