"""Judge a passage: whose vehicle it is, and which list that is on now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ..intake.passage import ListName, Passage, Verdict
from ..isapi.plate_read import PlateRead
from .guests import Guests
from .matches import Found
from .registry import Registry
from .vehicle import Reason, Vehicle

type JudgeReason = Literal["ambiguous_plate", "confidence_too_low", "wrong_area"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Judge by the registry; a list may ask for a confidence, in percent."""

    registry: Registry
    guests: Guests
    min_confidence: Mapping[ListName, int]

    def __call__(self, passage: Passage, now: datetime) -> Verdict | None:
        """Return the word of the centre, None where it knows nothing.

        `now` is in the zone of the home. A vehicle that is known but may not pass now
        is on no list, and the verdict says why; a block is always one.
        """
        found = self._found(passage.read)
        if found.is_ambiguous:
            return Verdict(list="none", match=found.match, reasons=("ambiguous_plate",))
        if found.vehicle is None:
            return None
        reason = self._why_not(passage, found.vehicle, now)
        return _verdict(found, passage, reason)

    def _found(self, read: PlateRead) -> Found:
        """Return whose plate was read.

        Some devices report a plate in plain letters, and as it is beside that: the
        latter says more, if a vehicle has just this plate (reference 1.4).
        """
        if read.original_plate and read.original_plate != read.plate:
            found = self.registry.find(read.original_plate, read.country)
            if found.match == "exact":
                return found
        return self.registry.find(read.plate, read.country)

    def _why_not(
        self, passage: Passage, vehicle: Vehicle, now: datetime
    ) -> JudgeReason | Reason | None:
        """Return why the list of a vehicle does not count."""
        least = self.min_confidence.get(vehicle.list, 0)
        if least and (passage.read.confidence or 0) < least:
            return "confidence_too_low"
        if vehicle.areas and passage.area and passage.area not in vehicle.areas:
            return "wrong_area"
        is_still_here = self.guests.is_passing(vehicle.vehicle_id, now)
        leaving = passage.movement == "exit"
        counted = self.guests.as_counted(vehicle)
        return counted.why_not(now, leaving=leaving or is_still_here)


def _verdict(found: Found, passage: Passage, reason: str | None) -> Verdict:
    """Return the verdict on a vehicle that was found."""
    vehicle = found.vehicle
    assert vehicle is not None
    return Verdict(
        list="none" if reason else vehicle.list,
        vehicle_name=vehicle.name,
        match=found.match,
        vehicle_id=vehicle.vehicle_id,
        reasons=(reason,) if reason else (),
        counts=vehicle.uses is not None
        and passage.movement != "exit"
        and reason is None,
    )
