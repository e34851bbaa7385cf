"""Represent a stay of a vehicle in an area."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ..intake.passage import ListName, PassageValue

type Closing = Literal["exit", "reentry", "hand"]
type Pairing = Literal["exact", "similar", "anonymous"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Hold a vehicle coming into or going out of an area; `at` is aware.

    `plate` is normalized, None for one that could not be read.
    """

    area: str
    plate: str | None
    at: datetime
    passage_id: str | None = None
    vehicle_name: str | None = None
    list: ListName = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Hold a visit: who came when, and when that ended and how.

    `entered_at` is None where nobody saw the vehicle come, `left_at` where nobody saw
    it go. `closed_by` is None while it is inside: an exit ended it, a second entry
    without an exit, or somebody by hand. `paired` says how sure it is that entry and
    exit are of one vehicle.
    """

    visit_id: str
    area: str
    plate: str | None
    vehicle_name: str | None = None
    list: ListName = "none"
    entered_at: datetime | None = None
    entry_passage_id: str | None = None
    left_at: datetime | None = None
    exit_passage_id: str | None = None
    closed_by: Closing | None = None
    paired: Pairing | None = None
    overstayed: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether the vehicle is inside."""
        return self.closed_by is None

    @property
    def is_unmatched(self) -> bool:
        """Tell whether the visit is over and half of it was not seen."""
        return not self.is_open and (self.entered_at is None or self.left_at is None)

    def is_strange(self, before: datetime) -> bool:
        """Tell whether it was over before a time, of a vehicle that nobody knows."""
        last = self.left_at or self.entered_at
        is_known = self.list != "none" or self.vehicle_name is not None
        return not (self.is_open or is_known) and last is not None and last < before

    def seconds(self, now: datetime) -> int | None:
        """Return how long the visit lasted or lasts, None where nobody knows."""
        end = now if self.is_open else self.left_at
        if self.entered_at is None or end is None:
            return None
        return max(0, int((end - self.entered_at).total_seconds()))

    def as_dict(self, now: datetime) -> dict[str, PassageValue]:
        """Return the visit under its public names, ready for JSON."""
        return {
            "visit_id": self.visit_id,
            "area": self.area,
            "plate": self.plate,
            "vehicle_name": self.vehicle_name,
            "list": self.list,
            "entered_at": _iso(self.entered_at),
            "left_at": _iso(self.left_at),
            "inside": self.is_open,
            "seconds": self.seconds(now),
            "closed_by": self.closed_by,
            "paired": self.paired,
            "unmatched": self.is_unmatched,
            "overstayed": self.overstayed,
            "entry_passage_id": self.entry_passage_id,
            "exit_passage_id": self.exit_passage_id,
        }


def first_difference(before: Visit | None, after: Visit) -> datetime | None:
    """Return the earliest time of which a change of a visit tells something new."""
    if before is None or before.list != after.list or before.area != after.area:
        changed = {*_moments(before), *_moments(after)}
    else:
        changed = {*_moments(before)} ^ {*_moments(after)}
    return min(changed, default=None)


def _moments(visit: Visit | None) -> list[datetime]:
    """Return when a visit began and ended, as far as that was seen."""
    if visit is None:
        return []
    return [moment for moment in (visit.entered_at, visit.left_at) if moment]


def _iso(moment: datetime | None) -> str | None:
    """Return a time as the database keeps it."""
    return moment.isoformat(timespec="milliseconds") if moment else None
