"""Test that what was sent to a device is known to be ours."""

from unittest.mock import AsyncMock

import pytest

from custom_components.hikvision_anpr.channel_lists import ChannelLists
from custom_components.hikvision_anpr.isapi.errors import UnreachableError
from custom_components.hikvision_anpr.isapi.plate_list_entry import ListEntry
from custom_components.hikvision_anpr.isapi.plate_lists import PlateList
from custom_components.hikvision_anpr.list_writing import async_write
from custom_components.hikvision_anpr.vehicles.list_plan import Listing, plan_lists

ALLOW = Listing(list="allow")
OURS = dict.fromkeys(("A1", "A2", "A3"), ALLOW)


async def test_device_that_goes_away_before_it_is_read_back() -> None:
    """Remove what was sent and is wanted no more, and take nothing over."""
    plates = AsyncMock(spec=PlateList)
    plates.async_entries.side_effect = UnreachableError("gone")
    lists = ChannelLists()
    with pytest.raises(UnreachableError):
        await async_write(plates, lists, plan_lists(OURS, {}, {}, OURS))
    there = {plate: ListEntry(plate=plate, list="allow") for plate in OURS}
    plan = plan_lists({"A1": ALLOW}, there, lists.agreed, ("A1",))
    assert (plan.remove, dict(plan.adopt)) == (("A2", "A3"), {})


async def test_device_that_keeps_nothing_of_many() -> None:
    """Put one by one what was not kept, and agree on nothing before that."""
    plates = AsyncMock(spec=PlateList)
    plates.async_entries.return_value = [ListEntry(plate="A1", list="allow")]
    plates.async_put.side_effect = [None, UnreachableError("gone")]
    lists = ChannelLists()
    with pytest.raises(UnreachableError):
        await async_write(plates, lists, plan_lists(OURS, {}, {}, OURS))
    assert lists.agreed == {"A1": ALLOW}
    there = {"A1": ListEntry(plate="A1", list="allow")}
    plan = plan_lists(OURS, there, lists.agreed, OURS)
    assert (list(plan.put), plan.conflicts) == (["A2", "A3"], ())
