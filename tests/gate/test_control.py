"""Test that a gate is told to open once, and only by what is live."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from custom_components.hikvision_anpr.gate import control
from custom_components.hikvision_anpr.gate.barrier import Barrier
from custom_components.hikvision_anpr.gate.control import GateControl
from custom_components.hikvision_anpr.gate.openings import Openings
from custom_components.hikvision_anpr.gate.policy import Rules
from custom_components.hikvision_anpr.intake.passage import Passage, Verdict
from custom_components.hikvision_anpr.isapi.barrier import (
    BarrierCommand,
    BarrierPosition,
)
from custom_components.hikvision_anpr.isapi.errors import BusyError
from tests.archive.passages import passage


@dataclass(slots=True)
class Boom(Barrier):
    """Keep what was commanded."""

    commands = frozenset[BarrierCommand]({"open"})
    tells_position = False
    is_there = True
    place: str = "boom"
    taken: list[str] = field(default_factory=list)
    error: Exception | None = None

    async def async_command(self, command: BarrierCommand) -> None:
        """Take a command, or fail with it."""
        self.taken.append(command)
        if self.error:
            raise self.error

    async def async_position(self) -> BarrierPosition | None:
        """Know nothing."""
        return None

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell nobody."""
        return lambda: None


@dataclass(slots=True)
class Street:
    """Hold a gate with its barrier, and a clock that the test turns."""

    rules: Rules = field(
        default_factory=lambda: Rules(control="home_assistant", role="entry")
    )
    boom: Boom = field(default_factory=Boom)
    openings: Openings | None = None
    now: float = 0.0
    told: list[Exception | None] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    control: GateControl = field(init=False)

    def __post_init__(self) -> None:
        """Wire the gate."""
        self.control = GateControl(
            lambda _: self.rules,
            lambda _: 5.0,
            self.openings or Openings(lambda: self.now),
            self.run,
            lambda _, error: self.told.append(error),
        )
        self.control.barriers[1] = self.boom

    def run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a command."""
        self.tasks.append(asyncio.create_task(work, name=name))

    async def take(self, one: Passage, *, live: bool = True) -> Passage:
        """Take a read of a passage, and let the command go out."""
        taken = self.control.take(one, one.read, live=live)
        await asyncio.gather(*self.tasks)
        return taken


def passing(number: int = 1, plate: str = "AB123CD", listed: str = "allow") -> Passage:
    """Return a judged passage."""
    verdict = Verdict(list=listed, vehicle_id=plate)  # type: ignore[arg-type]
    return replace(passage(number, plate), verdict=verdict)


async def test_one_command_for_a_passage() -> None:
    """Open with the first read, and leave the others of the passage alone."""
    street = Street()
    first = await street.take(passing())
    again = await street.take(replace(first, verdict=None, reads=2))
    assert street.boom.taken == ["open"]
    assert street.told == [None]
    assert (first.decision, again.decision) == ("open", "open")


async def test_better_read_opens() -> None:
    """Open when a later read of the passage shows who it is."""
    street = Street()
    first = await street.take(passing(listed="none"))
    assert first.decision == "deny"
    assert street.boom.taken == []
    later = await street.take(replace(passing(), reads=2))
    assert later.decision == "open"
    assert street.boom.taken == ["open"]


async def test_late_read_of_a_live_passage_opens_nothing() -> None:
    """Leave a passage as it was decided when something of it comes late."""
    street = Street()
    await street.take(passing(listed="none"))
    late = await street.take(replace(passing(), reads=2), live=False)
    assert late.decision == "none"
    assert street.boom.taken == []


async def test_late_passage() -> None:
    """Open nothing for what came late, and say so."""
    street = Street()
    late = await street.take(replace(passing(), live=False), live=False)
    assert (late.decision, late.reasons) == ("none", ("late",))
    assert street.boom.taken == []


async def test_reads_that_agree() -> None:
    """Count reads of the same plate; the second half of a read is none."""
    street = Street(
        rules=Rules(control="home_assistant", role="entry", required_reads=2)
    )
    await street.take(passing())
    await street.take(passing())
    await street.take(replace(passing(plate="XY123CD"), passage_id="", reads=2))
    assert street.boom.taken == []
    opened = await street.take(replace(passing(), reads=2))
    assert opened.decision == "open"
    assert street.boom.taken == ["open"]


async def test_cool_down_is_for_one_vehicle() -> None:
    """Open for the vehicle behind, and for the same one when time has passed."""
    street = Street()
    await street.take(passing(1))
    again = await street.take(passing(2))
    assert (again.decision, again.reasons) == ("none", ("allowed", "cool_down"))
    await street.take(passing(3, plate="SECOND1"))
    assert street.boom.taken == ["open"] * 2
    street.now += 5
    await street.take(passing(4))
    assert street.boom.taken == ["open"] * 3


async def test_two_cameras_of_one_gate() -> None:
    """Open once for a vehicle that two cameras read, and for both where gates differ."""
    openings = Openings(lambda: 0.0)
    front, rear = Street(openings=openings), Street(openings=openings)
    await front.take(passing(1))
    second = await rear.take(passing(2))
    assert (second.decision, second.reasons) == ("none", ("allowed", "cool_down"))
    other = Street(openings=openings, boom=Boom(place="other"))
    assert (await other.take(passing(3))).decision == "open"
    assert (front.boom.taken, rear.boom.taken) == (["open"], [])


@pytest.mark.parametrize("error", [BusyError("busy"), ValueError("broken")])
async def test_failed_command_is_told_and_not_repeated(error: Exception) -> None:
    """Tell that the gate did not open, and send nothing again."""
    street = Street(boom=Boom(error=error))
    first = await street.take(passing())
    await street.take(replace(first, reads=2))
    assert street.boom.taken == ["open"]
    assert street.told == [error]


async def test_without_a_barrier() -> None:
    """Decide also where nothing can be moved: an automation may act on it."""
    street = Street()
    street.control.barriers.clear()
    assert (await street.take(passing())).decision == "open"
    assert street.told == []


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the oldest reads; what opened once still opens no second time."""
    monkeypatch.setattr(control, "REMEMBERED", 2)
    street = Street(
        rules=Rules(control="home_assistant", role="entry", required_reads=2)
    )
    await street.take(passing(0))
    for number in (1, 2):
        await street.take(passing(number, plate=f"CAR{number}"))
    await street.take(replace(passing(0), reads=2))
    assert street.boom.taken == []
    opened = await street.take(replace(passing(0), reads=3))
    assert street.boom.taken == ["open"]
    for number in (1, 2):
        await street.take(passing(number, plate=f"CAR{number}"))
    await street.take(replace(opened, reads=4))
    assert street.boom.taken == ["open"]
