"""Plan what brings the list of a device and the centre in line."""

from collections.abc import Collection
from datetime import tzinfo
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.util import dt as dt_util

from .archive.errors import ArchiveError
from .centre import Centre
from .channel_lists import ChannelLists
from .channel_options import channel_options
from .isapi.client import IsapiClient
from .isapi.device_list import DeviceList
from .isapi.errors import UnreadableListError
from .isapi.plate_list_entry import ListEntry
from .vehicles.list_plan import (
    Listing,
    ListPlan,
    Side,
    plan_lists,
    there,
    wanted,
    within,
)
from .vehicles.registry import Registry

FEW: Final = 10
"""Up to so many plates are asked for one by one; for more the whole list is read."""


class ListPlanner:
    """Ask the channels of a device for their lists, and plan what is to be changed.

    Every method that asks raises IsapiError and ArchiveError.
    """

    def __init__(self, entry: ConfigEntry, client: IsapiClient, centre: Centre) -> None:
        """Prepare; nothing is asked yet."""
        self.model = ""
        self._entry = entry
        self._client = client
        self._centre = centre
        self._lists: dict[tuple[int, tzinfo], DeviceList] = {}

    def of(self, channel: int) -> DeviceList:
        """Return the list of a channel, whose days are those of the home as it is now."""
        key = (channel, zone := dt_util.get_default_time_zone())
        if key not in self._lists:
            self._lists[key] = DeviceList(self._client, channel, self.model, zone)
        return self._lists[key]

    def open_registry(self) -> Registry:
        """Return the known vehicles. Raises ArchiveError where they are not open."""
        if (registry := self._centre.vehicles) is None:
            raise ArchiveError("the centre is not open")
        return registry

    def wanted(self, channel: int) -> dict[str, Listing]:
        """Return what the centre wants on the list of a channel. Raises ArchiveError."""
        area = channel_options(self._entry.options, channel).area or None
        vehicles = self.open_registry().vehicles.values()
        zone = dt_util.get_default_time_zone()
        return wanted(vehicles, area, dt_util.now(), zone)

    def begin(self, channel: int, lists: ChannelLists) -> None:
        """Count what the centre wants now as carried, the first time.

        Raises ArchiveError.
        """
        if lists.carried is None:
            lists.carried = self.wanted(channel)

    async def async_compare(
        self, channel: int, lists: ChannelLists, resolve: Side | None
    ) -> ListPlan:
        """Return what makes both sides agree. Raises IsapiError and ArchiveError."""
        listed = await self._async_listed(channel, lists)
        entries = there(listed)
        lists.read(len(listed), entries)
        known = self.open_registry().vehicles.values()
        ours = self.wanted(channel)
        lists.settle(lists.unfinished.keys(), entries)
        lists.agree(ours, entries)
        plan = plan_lists(
            ours,
            entries,
            lists.agreed,
            (vehicle.normalized for vehicle in known),
            resolve,
            today=dt_util.now().date(),
        )
        return within(plan, entries, lists.free)

    async def async_plan_changes(
        self,
        channel: int,
        lists: ChannelLists,
        plates: Collection[str],
        resolve: Side | None,
    ) -> ListPlan:
        """Return what carries changes to the device. Raises IsapiError and ArchiveError.

        The first time, nothing but `plates` counts as changed.
        """
        self.begin(channel, lists)
        ours = self.wanted(channel)
        owed = lists.owed(ours).union(plates)
        entries = await self._async_find(channel, lists, owed)
        lists.settle(owed, entries)
        plan = plan_lists(
            {plate: ours[plate] for plate in owed & ours.keys()},
            entries,
            lists.agreed,
            owed,
            resolve,
            today=dt_util.now().date(),
        )
        for plate in owed - _plates_of(plan):
            lists.note(plate, ours.get(plate))
        others = [one for one in lists.conflicts if one.plate not in owed]
        lists.conflicts = (*others, *plan.conflicts)
        return within(plan, entries, lists.free)

    async def _async_listed(
        self, channel: int, lists: ChannelLists, plate: str | None = None
    ) -> list[ListEntry]:
        """Return what is on the device, of one plate or of all. Raises IsapiError.

        Where the device does not show it, that is what was put there.
        """
        plates = self.of(channel)
        try:
            return await (plates.async_find(plate) if plate else plates.async_entries())
        except UnreadableListError:
            return [one for one in lists.as_put() if plate in {None, one.plate}]

    async def _async_find(
        self, channel: int, lists: ChannelLists, plates: Collection[str]
    ) -> dict[str, ListEntry]:
        """Return what the device has of some plates. Raises IsapiError."""
        if len(plates) > FEW:
            entries = there(await self._async_listed(channel, lists))
        else:
            entries = {}
            for plate in sorted(plates):
                entries |= there(await self._async_listed(channel, lists, plate))
        return {plate: entries[plate] for plate in entries.keys() & set(plates)}


def _plates_of(plan: ListPlan) -> set[str]:
    """Return the plates that are not yet as both sides want them."""
    conflicts = {conflict.plate for conflict in plan.conflicts}
    return {*plan.put, *plan.remove, *conflicts}
