"""Hold vehicles, passages and an oracle for the benchmarks of the gate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import random
from typing import Final, Literal

from custom_components.hikvision_anpr.gate.barrier import Barrier
from custom_components.hikvision_anpr.intake.passage import ListName
from custom_components.hikvision_anpr.isapi.barrier import (
    BarrierCommand,
    BarrierPosition,
)
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle

from .archive_set import plate_of

NOW: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
LEAST_CONFIDENCE: Final = 60
ALIKE: Final = ("0DOQ", "1IL", "2Z", "5S", "8B")
"""Characters that are taken for each other, as the documentation says it."""

type Kind = Literal["exact", "look-alike", "one wrong", "stranger"]


@dataclass(slots=True)
class Boom(Barrier):
    """Count commands."""

    commands = frozenset[BarrierCommand]({"open"})
    tells_position = False
    is_there = True
    place: str = "boom"
    opened: int = 0

    async def async_command(self, command: BarrierCommand) -> None:
        """Open."""
        self.opened += 1

    async def async_position(self) -> BarrierPosition | None:
        """Know nothing."""
        return None

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell nobody."""
        return lambda: None


def vehicles(count: int) -> Iterator[Vehicle]:
    """Yield vehicles: most allowed, some blocked, some whose time is over."""
    seen: set[str] = set()
    for number in range(count):
        plate = plate_of(number)
        if plate in seen:
            continue
        seen.add(plate)
        listed: ListName = "block" if number % 10 == 0 else "allow"
        ended = NOW - timedelta(days=1) if number % 10 == 1 else None
        yield Vehicle(vehicle_id=str(number), plate=plate, list=listed, valid_to=ended)


def misread(plate: str, kind: Kind, chance: random.Random) -> str:
    """Return a plate as a camera might read it."""
    if kind == "look-alike":
        for alike in ALIKE:
            for letter in alike:
                if letter in plate:
                    other = chance.choice(alike.replace(letter, ""))
                    return plate.replace(letter, other, 1)
    if kind == "one wrong":
        place = chance.randrange(len(plate))
        return f"{plate[:place]}X{plate[place + 1 :]}"
    return plate if kind != "stranger" else f"9{plate[::-1]}9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Hold a passage as a camera might report it, one read after the other."""

    plate: str
    confidence: int
    direction: Literal["forward", "reverse"]
    live: bool
    reads: int


def cases(plates: list[str], count: int) -> Iterator[Case]:
    """Yield passages of all sorts."""
    chance = random.Random(2)
    kinds: tuple[Kind, ...] = ("exact", "look-alike", "one wrong", "stranger")
    for _ in range(count):
        plate = misread(chance.choice(plates), chance.choice(kinds), chance)
        yield Case(
            plate=plate,
            confidence=chance.randrange(40, 100),
            direction="reverse" if chance.random() < 0.1 else "forward",
            live=chance.random() < 0.9,
            reads=chance.randrange(1, 4),
        )


class Oracle:
    """Say who may enter, without anything of what is measured."""

    def __init__(self, known: list[Vehicle]) -> None:
        """Know the vehicles by their plate, and by all that these may be read as."""
        self._plain = {vehicle.plate: vehicle for vehicle in known}
        self._alike: dict[str, list[Vehicle]] = {}
        for vehicle in known:
            self._alike.setdefault(self._bare(vehicle.plate), []).append(vehicle)

    def opens(self, case: Case) -> bool:
        """Tell whether the gate has to open."""
        found = self._plain.get(case.plate)
        if found is None:
            alike = self._alike.get(self._bare(case.plate), [])
            found = alike[0] if len(alike) == 1 else None
        return (
            found is not None
            and found.list == "allow"
            and (found.valid_to is None or found.valid_to > NOW)
            and case.live
            and case.direction == "forward"
            and case.confidence >= LEAST_CONFIDENCE
        )

    def _bare(self, plate: str) -> str:
        """Return a plate with the first of each kind of look-alikes."""
        for alike in ALIKE:
            for letter in alike[1:]:
                plate = plate.replace(letter, alike[0])
        return plate
