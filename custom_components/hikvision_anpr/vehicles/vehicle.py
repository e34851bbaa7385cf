"""Represent a known vehicle, and when it may enter."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from ..archive.schema import PLATE_LENGTH
from ..intake.passage import ListName, normalize_plate
from .errors import VehicleError
from .week import Week, is_open, week_as_dict

type Reason = Literal["not_yet_valid", "no_longer_valid", "outside_hours", "used_up"]

TEXTS: Final = ("name", "owner", "group", "card_id", "color", "note")
TEXT_LENGTH: Final = 255
NOTE_LENGTH: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """Hold a vehicle of the registry.

    `valid_from` and `valid_to` are aware, the second is not part of the time; `week`
    is empty where every time will do; `areas` is empty where every area will do;
    `uses` is how often a guest may still come in, None where that is not counted.
    `normalized` is the plate as plates are compared.
    """

    vehicle_id: str
    plate: str
    list: ListName = "allow"
    name: str | None = None
    owner: str | None = None
    group: str | None = None
    card_id: str | None = None
    color: str | None = None
    note: str | None = None
    areas: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    week: Week = field(default_factory=dict)
    uses: int | None = None
    normalized: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Normalize the plate once: lists of thousands are compared by it."""
        object.__setattr__(self, "normalized", normalize_plate(self.plate))

    def why_not(self, moment: datetime, *, leaving: bool = False) -> Reason | None:
        """Return why it may not pass at a moment in the zone of the home.

        A guest whose only entry is used up may still leave.
        """
        if self.valid_from and moment < self.valid_from:
            return "not_yet_valid"
        if self.valid_to and moment >= self.valid_to:
            return "no_longer_valid"
        if not is_open(self.week, moment):
            return "outside_hours"
        if self.uses is not None and self.uses <= 0 and not leaving:
            return "used_up"
        return None

    def fits_device(self, now: datetime) -> bool:
        """Tell whether a device's list, which knows days alone, can hold it.

        Such a list would let in at any hour who may come at some, for ever a guest who
        may come once, and for the rest of the day whose time is over.
        """
        is_over = self.valid_to is not None and self.valid_to <= now
        return not (
            self.list == "none" or self.week or self.uses is not None or is_over
        )

    def as_dict(self) -> dict[str, object]:
        """Return the vehicle under its public names, ready for JSON."""
        return {
            "vehicle_id": self.vehicle_id,
            "plate": self.plate,
            "plate_normalized": self.normalized,
            "list": self.list,
            "vehicle_name": self.name,
            "owner": self.owner,
            "group": self.group,
            "card_id": self.card_id,
            "color": self.color,
            "note": self.note,
            "areas": list(self.areas),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "week": week_as_dict(self.week),
            "uses": self.uses,
        }


def check(vehicle: Vehicle) -> None:
    """Raise VehicleError for a vehicle that cannot be kept."""
    if not vehicle.normalized:
        raise VehicleError("plate_without_characters")
    if len(vehicle.normalized) > PLATE_LENGTH or len(vehicle.plate) > TEXT_LENGTH:
        raise VehicleError("plate_too_long")
    if (
        vehicle.valid_from
        and vehicle.valid_to
        and vehicle.valid_from >= vehicle.valid_to
    ):
        raise VehicleError("ends_before_it_begins", plate=vehicle.plate)
    for name in TEXTS:
        limit = NOTE_LENGTH if name == "note" else TEXT_LENGTH
        if len(getattr(vehicle, name) or "") > limit:
            raise VehicleError("text_too_long", field=name, limit=str(limit))
