"""Apply a file to the registry: completely, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.util.ulid import ulid_now

from ...intake.passage import normalize_plate
from ..errors import VehicleError
from ..fields import changed
from ..typed_plate import without_symbols
from ..vehicle import Vehicle, check
from .reading import ReadFile, RowProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Hold what would change: new vehicles, changed ones, and those that would go."""

    added: tuple[Vehicle, ...]
    changed: tuple[Vehicle, ...]
    removed: tuple[Vehicle, ...]
    unchanged: int
    problems: tuple[RowProblem, ...]


def plan(file: ReadFile, known: Mapping[str, Vehicle], *, replace: bool) -> Taking:
    """Return what taking a file would change; `known` is by id.

    With `replace`, vehicles that the file does not have are removed.
    """
    by_plate = {vehicle.normalized: vehicle for vehicle in known.values()}
    pairs: list[tuple[Vehicle | None, Vehicle]] = []
    problems = list(file.problems)
    for read in file.vehicles:
        before = by_plate.get(normalize_plate(read.data["plate"]))
        try:
            pairs.append((before, _after(before, read.data)))
        except VehicleError as error:
            written = str(read.data["plate"])
            problems.append(RowProblem(row=read.row, plate=written, error=error))
    named = {normalize_plate(read.data["plate"]) for read in file.vehicles}
    return Taking(
        added=tuple(after for before, after in pairs if before is None),
        changed=tuple(after for before, after in pairs if before and before != after),
        removed=tuple(
            by_plate[one] for one in by_plate if replace and one not in named
        ),
        unchanged=sum(before == after for before, after in pairs),
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
    )


def _after(before: Vehicle | None, data: Mapping[str, Any]) -> Vehicle:
    """Return a vehicle as a row has it. Raises VehicleError."""
    plate = data["plate"]
    start = before or Vehicle(vehicle_id=ulid_now(), plate=without_symbols(plate))
    # How a plate is written is no reason to change a vehicle.
    rest = {name: value for name, value in data.items() if name != "plate"}
    after = changed(start, rest)
    check(after)
    return after
