"""Test that what was sent to a device is known to be ours."""

from collections.abc import Sequence
from datetime import date
from unittest.mock import AsyncMock

import pytest

from custom_components.hikvision_anpr.channel_lists import ChannelLists
from custom_components.hikvision_anpr.isapi.device_list import DeviceList
from custom_components.hikvision_anpr.isapi.errors import (
    RejectedError,
    UnreachableError,
)
from custom_components.hikvision_anpr.isapi.plate_list_entry import ListEntry
from custom_components.hikvision_anpr.list_writing import MOST_REFUSED, async_write
from custom_components.hikvision_anpr.vehicles.list_plan import Listing, plan_lists

TODAY = date(2026, 11, 29)
ALLOW = Listing(list="allow")
BLOCK = Listing(list="block")
OURS = dict.fromkeys(("A1", "A2", "A3"), ALLOW)


async def test_device_that_goes_away_before_it_is_read_back() -> None:
    """Remove what was sent and is wanted no more, and take nothing over."""
    plates = AsyncMock(spec=DeviceList)
    plates.async_entries.side_effect = UnreachableError("gone")
    lists = ChannelLists()
    with pytest.raises(UnreachableError):
        await async_write(plates, lists, plan_lists(OURS, {}, {}, OURS, today=TODAY))
    there = {plate: ListEntry(plate=plate, list="allow") for plate in OURS}
    lists.settle(OURS, there)
    plan = plan_lists({"A1": ALLOW}, there, lists.agreed, ("A1",), today=TODAY)
    assert (plan.remove, dict(plan.adopt)) == (("A2", "A3"), {})


async def test_device_that_keeps_nothing_of_many() -> None:
    """Put one by one what was not kept, and agree on nothing before that."""
    plates = AsyncMock(spec=DeviceList)
    plates.async_entries.return_value = [ListEntry(plate="A1", list="allow")]
    plates.async_put.side_effect = [None, UnreachableError("gone")]
    lists = ChannelLists()
    with pytest.raises(UnreachableError):
        await async_write(plates, lists, plan_lists(OURS, {}, {}, OURS, today=TODAY))
    assert lists.agreed == {"A1": ALLOW}
    there = {"A1": ListEntry(plate="A1", list="allow")}
    plan = plan_lists(OURS, there, lists.agreed, OURS, today=TODAY)
    assert (list(plan.put), plan.conflicts) == (["A2", "A3"], ())


async def test_device_that_refuses_everything() -> None:
    """Ask no more after so many refusals in a row."""
    plates = AsyncMock(spec=DeviceList)
    plates.async_add.side_effect = RejectedError("no")
    plates.async_put.side_effect = RejectedError("no")
    plates.async_entries.return_value = []
    ours = {f"A{number:04}": ALLOW for number in range(1000)}
    with pytest.raises(RejectedError):
        await async_write(
            plates, ChannelLists(), plan_lists(ours, {}, {}, ours, today=TODAY)
        )
    assert plates.async_add.call_count == MOST_REFUSED
    assert plates.async_put.call_count == MOST_REFUSED


async def test_refused_plates_among_many() -> None:
    """Send the others in few requests, and each of them alone that was with one."""

    async def add(entries: Sequence[ListEntry]) -> None:
        if any(entry.plate in refused for entry in entries):
            raise RejectedError("no")
        taken.extend(entry.plate for entry in entries)

    async def put(entry: ListEntry) -> ListEntry:
        await add([entry])
        return entry

    taken: list[str] = []
    ours = {f"A{number:04}": ALLOW for number in range(1000)}
    refused = {"A0100", "A0300", "A0500"}
    plates = AsyncMock(spec=DeviceList)
    plates.async_add.side_effect, plates.async_put.side_effect = add, put
    plates.async_entries.side_effect = lambda: [
        ListEntry(plate=plate, list="allow") for plate in taken
    ]
    with pytest.raises(RejectedError):
        await async_write(
            plates, ChannelLists(), plan_lists(ours, {}, {}, ours, today=TODAY)
        )
    assert set(taken) == ours.keys() - refused
    assert plates.async_add.call_count + plates.async_put.call_count < 200


def test_what_was_sent_is_ours_though_nobody_saw_it_arrive() -> None:
    """Change and remove what a lost request put there, and take nothing over."""
    lists = ChannelLists()
    lists.begin({"A1": ALLOW, "A2": ALLOW, "A3": None})
    there = {plate: ListEntry(plate=plate, list="allow") for plate in ("A1", "A2")}
    lists.settle(lists.unfinished.keys(), there)
    plan = plan_lists({"A1": BLOCK}, there, lists.agreed, ("A1",), today=TODAY)
    assert (dict(plan.put), plan.remove) == ({"A1": BLOCK}, ("A2",))
    assert (dict(plan.adopt), plan.conflicts) == ({}, ())


def test_what_somebody_else_changed_meanwhile_stays_a_conflict() -> None:
    """Overwrite nothing that is neither what was there nor what was sent."""
    lists = ChannelLists(agreed={"A1": ALLOW})
    lists.begin({"A1": BLOCK})
    day = Listing(list="allow", valid_to=date(2027, 1, 1))
    there = {"A1": ListEntry(plate="A1", list="allow", valid_to=day.valid_to)}
    lists.settle(lists.unfinished.keys(), there)
    plan = plan_lists({"A1": BLOCK}, there, lists.agreed, ("A1",), today=TODAY)
    assert [one.theirs for one in plan.conflicts] == [day]


def test_unfinished_change_is_owed_though_the_centre_took_it_back() -> None:
    """Look again at a plate that may have reached the device."""
    lists = ChannelLists(carried={"A1": ALLOW})
    lists.begin({"A1": BLOCK})
    assert lists.owed({"A1": ALLOW}) == {"A1"}
    lists.note("A1", ALLOW)
    assert lists.owed({"A1": ALLOW}) == set()
