"""Make up a believable day at a gate: who comes, who comes again, who is unreadable."""

from dataclasses import dataclass
from random import Random
from typing import Final

from .passage import Facts

#: Country index, letters and digits of an invented plate (reference 1.8).
_PATTERNS: Final = (
    ("3", "AA AA999"),
    ("7", "AA9999A"),
    ("14", "AA9999AA"),
    ("6", "AA999A"),
    ("43", "AAA99A"),
)

_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"

_BODIES: Final = ("vehicle", "vehicle", "vehicle", "SUVMPV", "SUVMPV", "van", "truck")
_COLORS: Final = (
    "white",
    "black",
    "gray",
    "silver",
    "blue",
    "red",
    "deepBlue",
    "green",
)
_BRANDS: Final = (1053, 1028, 1037, 1036, 1060, 1064, 1105, 1121, 1134, 1144)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Hold a vehicle that comes by now and then."""

    plate: str
    facts: Facts


class Visitors:
    """Choose who passes next; the same seed makes the same day."""

    def __init__(self, seed: int | None = None) -> None:
        """Know a few residents, two who are banned, and expect strangers."""
        self._chance = Random(seed)
        self._residents = [self._vehicle("allow") for _ in range(6)]
        self._banned = [self._vehicle("block") for _ in range(2)]
        self._inside: set[str] = set()

    def next(self) -> tuple[str | None, Facts]:
        """Return the next plate, None when it cannot be read, and the vehicle's facts.

        Vehicles that came in go out again, in the other direction.
        """
        vehicle = self._who()
        facts = vehicle.facts.copy()
        leaves = vehicle.plate in self._inside
        self._inside ^= {vehicle.plate}
        facts["direction"] = "reverse" if leaves else "forward"
        facts["confidence"] = self._chance.choice((99, 98, 98, 97, 94, 88, 76))
        if self._chance.random() < 0.06:
            facts["list_name"] = None
            return None, facts
        return vehicle.plate, facts

    def _who(self) -> Vehicle:
        """Return a resident mostly, a stranger often, a banned one seldom."""
        draw = self._chance.random()
        if draw < 0.5:
            return self._chance.choice(self._residents)
        if draw < 0.58:
            return self._chance.choice(self._banned)
        return self._vehicle(None)

    def _vehicle(self, list_name: str | None) -> Vehicle:
        """Return a new vehicle with an invented plate."""
        country, pattern = self._chance.choice(_PATTERNS)
        plate = "".join(self._character(kind) for kind in pattern if kind != " ")
        facts = Facts(
            country=country,
            list_name=list_name,
            vehicle_type=self._chance.choice(_BODIES),
            color=self._chance.choice(_COLORS),
            brand=self._chance.choice(_BRANDS),
        )
        return Vehicle(plate, facts)

    def _character(self, kind: str) -> str:
        """Return a letter or a digit."""
        return self._chance.choice(_LETTERS if kind == "A" else "0123456789")
