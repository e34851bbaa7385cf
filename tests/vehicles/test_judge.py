"""Test the word of the centre on a vehicle."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import AsyncMock, MagicMock

from homeassistant.util import dt as dt_util
import pytest

from custom_components.hikvision_anpr.archive.errors import ArchiveUnavailableError
from custom_components.hikvision_anpr.intake.passage import (
    MovementName,
    Passage,
    Verdict,
)
from custom_components.hikvision_anpr.vehicles.guests import ONE_ENTRY, Guests
from custom_components.hikvision_anpr.vehicles.judge import Judge
from custom_components.hikvision_anpr.vehicles.matches import Found, found_among
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle
from custom_components.hikvision_anpr.vehicles.week import week_of
from tests.archive.passages import START, passage

VAN = Vehicle(vehicle_id="1", plate="AB-123", name="Van")


def judge_of(*vehicles: Vehicle, **min_confidence: int) -> Judge:
    """Return a judge who finds just these vehicles."""
    registry = MagicMock()
    registry.find.return_value = found_among(vehicles, "folded") or Found()
    registry.async_use = AsyncMock()
    guests = Guests(registry, MagicMock())
    return Judge(registry=registry, guests=guests, min_confidence=min_confidence)  # type: ignore[arg-type]


def word(
    judge: Judge,
    movement: MovementName = "entry",
    one: Passage | None = None,
    area: str | None = "yard",
) -> Verdict | None:
    """Return what is said of a passage."""
    passing = one or passage(1, "AB123")
    return judge(replace(passing, area=area, movement=movement), START)


def test_known_vehicle() -> None:
    """Say who it is, and how that is known."""
    assert word(judge_of(VAN)) == Verdict(
        list="allow", vehicle_name="Van", match="folded", vehicle_id="1"
    )


def test_unknown_vehicle() -> None:
    """Say nothing, so that the device's word counts."""
    assert word(judge_of()) is None


@pytest.mark.parametrize(
    ("plate", "original", "name"),
    [
        ("MUAB1", "MÜAB1", "Van"),
        ("MUAB1", "MUAB1", None),
        ("MUAB1", None, None),
        ("MUAB1", "NÜAB1", None),
        ("MAB2", "MÄB2", "Car"),
        ("MAB2", "MÜAB1", "Van"),
    ],
)
async def test_plate_in_plain_letters(
    plate: str, original: str | None, name: str | None
) -> None:
    """Know a vehicle by its plate also where the device reports it in plain letters."""
    vehicles = {
        "MÜAB1": replace(VAN, plate="MÜ-AB 1"),
        "MAB2": replace(VAN, name="Car"),
    }
    registry = MagicMock()
    registry.find.side_effect = lambda plate, _: found_among(
        [vehicles[plate]] if plate in vehicles else [], "exact"
    )
    judge = Judge(
        registry=registry, guests=Guests(registry, MagicMock()), min_confidence={}
    )
    verdict = word(judge, one=passage(1, plate, original_plate=original))
    assert (verdict.vehicle_name if verdict else None) == name


def test_plate_that_only_resembles_the_original() -> None:
    """Let a plate in its own letters count where it is exactly a known one alone."""
    verdict = word(judge_of(VAN), one=passage(1, "AB1230", original_plate="ÄB1230"))
    assert verdict is not None
    assert verdict.match == "folded"


def test_ambiguous() -> None:
    """Let nobody in who may be somebody else."""
    verdict = word(judge_of(VAN, replace(VAN, vehicle_id="2")))
    assert verdict == Verdict(list="none", match="folded", reasons=("ambiguous_plate",))


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"valid_from": START + timedelta(seconds=1)}, "not_yet_valid"),
        ({"valid_from": START}, None),
        ({"valid_to": START}, "no_longer_valid"),
        ({"valid_to": START + timedelta(seconds=1)}, None),
        (
            {"week": week_of({"sunday": [{"from": "00:00", "to": "24:00"}]})},
            "outside_hours",
        ),
        ({"areas": ("garage",)}, "wrong_area"),
        ({"areas": ("garage", "yard")}, None),
        ({"uses": 0}, "used_up"),
        ({"uses": 1}, None),
    ],
)
def test_limits(limits: dict[str, Any], reason: str | None) -> None:
    """Put a vehicle on no list where it may not pass, and say why."""
    verdict = word(judge_of(replace(VAN, **limits)))
    assert verdict is not None
    assert verdict.list == ("none" if reason else "allow")
    assert verdict.reasons == ((reason,) if reason else ())
    assert verdict.vehicle_name == "Van"


def test_channel_without_an_area_is_open_to_all() -> None:
    """Let the areas of a vehicle count only where there are areas."""
    verdict = word(judge_of(replace(VAN, areas=("garage",))), area=None)
    assert verdict is not None
    assert verdict.list == "allow"


@pytest.mark.parametrize(
    ("confidence", "expected"), [(79, "none"), (None, "none"), (80, "block")]
)
def test_confidence_of_a_list(confidence: int | None, expected: str) -> None:
    """Let a list count only for reads that are sure enough."""
    judge = judge_of(replace(VAN, list="block"), block=80)
    verdict = word(judge, one=passage(1, "AB123", confidence=confidence))
    assert verdict is not None
    assert verdict.list == expected


def test_guest_leaves() -> None:
    """Let a guest out whose only entry is used up, and count no entry for it."""
    judge = judge_of(replace(VAN, uses=0))
    verdict = word(judge, "exit")
    assert verdict is not None
    assert verdict.list == "allow"
    assert not verdict.counts


class Counted:
    """Run what guests write, and keep what was counted."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.registry = MagicMock()
        self.registry.async_use = AsyncMock()
        self.work: list[Any] = []
        self.guests = Guests(self.registry, self.work.append)

    def enter(self, **changes: Any) -> None:
        """Let a guest pass."""
        verdict = Verdict(list="allow", vehicle_id="1", counts=True)
        one = replace(passage(1, "AB123"), verdict=verdict, decision="open")
        self.guests.take(replace(one, **changes), "new")

    async def times(self) -> int:
        """Return how many entries were counted."""
        while self.work:
            await self.work.pop()
        return int(self.registry.async_use.await_count)


async def test_entry_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count one entry for all reads of a stay at the gate."""
    now = START
    monkeypatch.setattr(dt_util, "utcnow", lambda: now)
    counted = Counted()
    counted.enter()
    counted.enter()
    assert await counted.times() == 1
    assert counted.guests.is_passing("1", now)
    now += ONE_ENTRY
    assert not counted.guests.is_passing("1", now)
    counted.enter()
    assert await counted.times() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"live": False},
        {"decision": "deny"},
        {"verdict": None},
        {"verdict": Verdict(list="allow", vehicle_id="1")},
    ],
)
async def test_no_entry(changes: dict[str, Any]) -> None:
    """Count nothing for those who were not let in, or come as often as they like."""
    counted = Counted()
    counted.enter(**changes)
    assert await counted.times() == 0


async def test_database_is_away(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let no guest in more often because it cannot be written, and write it later."""
    monkeypatch.setattr(dt_util, "utcnow", lambda: START)
    counted = Counted()
    counted.registry.async_use.side_effect = ArchiveUnavailableError("locked")
    counted.enter()
    await counted.times()
    assert "could not be counted" in caplog.text
    guest = replace(VAN, uses=1)
    counted.registry.find.return_value = found_among([guest], "exact")
    judge = Judge(registry=counted.registry, guests=counted.guests, min_confidence={})
    verdict = judge(passage(2, "AB123"), START + ONE_ENTRY)
    assert verdict is not None
    assert (verdict.list, verdict.reasons) == ("none", ("used_up",))
    counted.registry.async_use = AsyncMock()
    counted.enter(verdict=Verdict(list="allow", vehicle_id="2", counts=True))
    assert await counted.times() == 2
    assert counted.guests.as_counted(guest) == guest
