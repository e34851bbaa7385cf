"""Test what makes a device's list and the centre agree."""

from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi.plate_list_entry import ListEntry
from custom_components.hikvision_anpr.vehicles.list_plan import (
    Conflict,
    Listing,
    adopted,
    plan_lists,
    there,
    wanted,
    within,
)
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle
from custom_components.hikvision_anpr.vehicles.week import week_of
from tests.archive.passages import START

ALLOW = Listing(list="allow")
BLOCK = Listing(list="block")
VAN = Vehicle(vehicle_id="1", plate="AB-1")
TODAY = START.date()


def entry(listing: Listing, plate: str = "A1") -> ListEntry:
    """Return an entry of a device."""
    return ListEntry(plate=plate, list=listing.list, valid_to=listing.valid_to)


def plan(
    ours: Listing | None,
    theirs: Listing | None,
    before: Listing | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Return what is to be done with one plate, without what is nothing."""
    found = plan_lists(
        {"A1": ours} if ours else {},
        {"A1": entry(theirs)} if theirs else {},
        {"A1": before} if before else {},
        options.pop("known", ("A1",) if ours else ()),
        today=TODAY,
        **options,
    )
    parts = ("put", "remove", "adopt", "drop", "conflicts")
    return {name: value for name in parts if (value := getattr(found, name))}


def test_agreement() -> None:
    """Do nothing where both agree, whatever was before."""
    for before in (None, ALLOW, BLOCK):
        assert plan(ALLOW, ALLOW, before) == {}
    assert plan(None, None, ALLOW) == {}


def test_first_comparison_empties_nothing() -> None:
    """Take over what only the device has, and put there what only the centre has."""
    assert plan(None, ALLOW) == {"adopt": {"A1": entry(ALLOW)}}
    assert plan(ALLOW, None) == {"put": {"A1": ALLOW}}
    assert list(plan(ALLOW, BLOCK)) == ["conflicts"]


def test_changes_of_the_centre() -> None:
    """Change the device where only the centre has changed."""
    assert plan(BLOCK, ALLOW, ALLOW) == {"put": {"A1": BLOCK}}
    assert plan(None, ALLOW, ALLOW) == {"remove": ("A1",)}
    assert plan(None, ALLOW, ALLOW, known=("A1",)) == {"remove": ("A1",)}


def test_changes_of_the_device() -> None:
    """Overwrite nothing that somebody changed at the device."""
    conflict = (Conflict(plate="A1", ours=ALLOW, theirs=None),)
    assert plan(ALLOW, None, ALLOW) == {"conflicts": conflict}
    assert list(plan(ALLOW, BLOCK, ALLOW)) == ["conflicts"]
    assert list(plan(None, BLOCK, ALLOW)) == ["conflicts"]


def test_vehicle_that_the_centre_keeps_off_the_list() -> None:
    """Take over nobody whom the centre knows and does not want there."""
    assert list(plan(None, ALLOW, known=("A1",))) == ["conflicts"]


@pytest.mark.parametrize(
    ("ours", "theirs", "before"),
    [(ALLOW, BLOCK, None), (ALLOW, None, ALLOW), (None, BLOCK, ALLOW)],
)
def test_resolved(
    ours: Listing | None, theirs: Listing | None, before: Listing | None
) -> None:
    """Do as the side that was chosen has it."""
    expected = {"put": {"A1": ours}} if ours else {"remove": ("A1",)}
    assert plan(ours, theirs, before, resolve="ours") == expected
    taken = {"adopt": {"A1": entry(theirs)}} if theirs else {"drop": ("A1",)}
    assert plan(ours, theirs, before, resolve="theirs") == taken


@pytest.mark.parametrize(
    ("changes", "is_wanted"),
    [
        ({}, True),
        ({"list": "block"}, True),
        ({"list": "none"}, False),
        ({"uses": 1}, False),
        ({"week": week_of({"monday": []})}, False),
        ({"valid_from": START + timedelta(seconds=1)}, False),
        ({"valid_to": START}, False),
        ({"areas": ("garage",)}, False),
        ({"areas": ("garage", "yard")}, True),
    ],
)
def test_who_is_wanted(changes: dict[str, Any], is_wanted: bool) -> None:
    """Put nobody on a device's list whose limits it does not know."""
    found = wanted([replace(VAN, **changes)], "yard", START, UTC)
    assert bool(found) is is_wanted
    assert set(found) <= {"AB1"}


def test_last_day() -> None:
    """Let a vehicle count to the end of its last day."""
    until = replace(VAN, valid_to=START.replace(hour=0) + timedelta(days=1))
    found = wanted([until], None, START, UTC)
    assert found["AB1"].valid_to == date(2026, 11, 25)


def test_other_lists_are_left_alone() -> None:
    """See only the two plain lists of a device."""
    entries = [
        ListEntry(plate="A-1", list="allow"),
        ListEntry(plate="A2", list="temporary"),
        ListEntry(plate="--", list="allow"),
    ]
    assert set(there(entries)) == {"A1"}


@pytest.mark.parametrize(
    ("free", "put", "no_room"),
    [
        (None, ["OLD", "C", "A", "B"], ()),
        (2, ["OLD", "C", "A", "B"], ()),
        (1, ["OLD", "C", "A"], ("B",)),
        (0, ["OLD", "C"], ("A", "B")),
    ],
)
def test_room(free: int | None, put: list[str], no_room: tuple[str, ...]) -> None:
    """Change what is there, then block, then allow as many as fit in."""
    ours = {"A": ALLOW, "B": ALLOW, "C": BLOCK, "OLD": BLOCK}
    theirs = {"OLD": entry(ALLOW, "OLD"), "GONE": entry(ALLOW, "GONE")}
    before = {"OLD": ALLOW, "GONE": ALLOW}
    found = within(plan_lists(ours, theirs, before, ours, today=TODAY), theirs, free)
    assert found.remove == ("GONE",)
    assert (list(found.put), found.no_room) == (put, no_room)


@pytest.mark.parametrize(("days", "is_taken"), [(0, True), (1, False)])
def test_entry_that_does_not_count_yet(days: int, is_taken: bool) -> None:
    """Leave alone what is yet to begin on a device: the centre would let it in now."""
    theirs = replace(entry(ALLOW), valid_from=TODAY + timedelta(days=days))
    found = plan_lists({}, {"A1": theirs}, {}, (), today=TODAY)
    assert (set(found.adopt) == {"A1"}) is is_taken
    assert not (found.remove or found.conflicts)


def test_begin_that_is_taken_over() -> None:
    """Let a known vehicle in no sooner than the device whose word counts."""
    theirs = replace(entry(ALLOW), valid_from=TODAY + timedelta(days=1))
    vehicle = adopted(theirs, replace(VAN, list="block"), "2", START)
    assert vehicle.list == "allow"
    assert vehicle.why_not(START) == "not_yet_valid"
    assert vehicle.why_not(START + timedelta(days=1)) is None


LISTINGS = st.sampled_from([None, ALLOW, BLOCK])


@given(
    ours=LISTINGS,
    theirs=LISTINGS,
    before=LISTINGS,
    known=st.booleans(),
    resolve=st.sampled_from([None, "ours", "theirs"]),
)
def test_ends_in_agreement_or_conflict(
    ours: Listing | None,
    theirs: Listing | None,
    before: Listing | None,
    known: bool,
    resolve: Any,
) -> None:
    """Make both sides equal, except where nobody said which one is right."""
    done = plan(
        ours, theirs, before, known=("A1",) if ours or known else (), resolve=resolve
    )
    if "conflicts" in done:
        assert resolve is None
        return
    after_theirs = done["put"]["A1"] if "put" in done else theirs
    after_theirs = None if "remove" in done else after_theirs
    after_ours = theirs if "adopt" in done else ours
    after_ours = None if "drop" in done else after_ours
    assert after_ours == after_theirs
