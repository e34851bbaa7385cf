"""Keep the lists on a device in step with the vehicles that the centre knows."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .archive.errors import ArchiveError
from .centre import async_get_centre
from .channel_lists import ChannelLists, ListStore, SyncResult, state_after, state_of
from .const import (
    CONF_KEEP_LISTS,
    DEFAULT_KEEP_LISTS,
    DOMAIN,
    KEEP_LISTS_IN_STEP,
    KEEP_LISTS_OFF,
)
from .isapi.client import IsapiClient
from .isapi.device_list import DeviceList
from .isapi.errors import IsapiError
from .list_planning import ListPlanner
from .list_taking import async_take_over
from .list_writing import async_write
from .listeners import Listeners
from .vehicles.list_plan import ListPlan, Side, listing_of, next_change
from .vehicles.registry import Registry
from .vehicles.store import Author

_LOGGER = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 2.0
"""How long changes of the vehicles are gathered before the devices are changed."""
RETRY_SECONDS: Final = 300.0
PROGRESS_SECONDS: Final = 5.0
"""How often it is shown how far the writing of a list is."""
_AT_REST: Final = {"off", "in_sync", "conflict", "not_supported"}


class DeviceLists:
    """Compare and write the lists of a device's channels, one after the other.

    It compares what is with what should be, so that what was broken off by a restart or
    an outage goes on with the next comparison.
    """

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, client: IsapiClient
    ) -> None:
        """Prepare; nothing is asked yet."""
        self.by_channel: dict[int, ChannelLists] = {}
        self.capacity: int | None = None
        self._hass = hass
        self._entry = entry
        self._centre = async_get_centre(hass)
        self._planner = ListPlanner(entry, client, self._centre)
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._listeners = Listeners[CALLBACK_TYPE]()
        self._store = ListStore(hass, entry.entry_id)

    @property
    def are_written(self) -> bool:
        """Tell whether what changes in the centre is carried to the device."""
        return self._mode != KEEP_LISTS_OFF

    @property
    def _are_in_step(self) -> bool:
        """Tell whether whole lists are compared, and not changes alone carried over."""
        return self._mode == KEEP_LISTS_IN_STEP

    @property
    def _mode(self) -> str:
        """Return how far the user wants the lists kept."""
        mode: str = self._entry.options.get(CONF_KEEP_LISTS, DEFAULT_KEEP_LISTS)
        return mode

    @property
    def model(self) -> str:
        """Return the model of the device, which tells the words of its lists."""
        return self._planner.model

    @model.setter
    def model(self, model: str) -> None:
        """Tell the model, once it is known."""
        self._planner.model = model

    def of(self, channel: int) -> DeviceList:
        """Return the list of a channel."""
        return self._planner.of(channel)

    async def async_load(self, channels: Iterable[int]) -> None:
        """Begin with what was known before."""
        self.by_channel = await self._store.async_load(channels, self.capacity)
        for lists in self.by_channel.values():
            lists.state = "pending" if self.are_written else "off"

    @callback
    def start(self) -> None:
        """Keep the lists, if that is wanted."""
        self._entry.async_on_unload(self._async_end)
        if self.are_written:
            follow = self._centre.follow_vehicles(self._follow)
            self._entry.async_on_unload(follow)
            self._entry.async_create_background_task(
                self._hass, self._async_keep(), f"{DOMAIN} keep lists"
            )

    async def _async_end(self) -> None:
        """Let whoever follows begin with what is known, once nothing is written."""
        async with self._turn:
            await self._store.async_save_now(self.by_channel)

    async def async_remove(self) -> None:
        """Forget what was known."""
        await self._store.async_remove()

    @callback
    def wake(self) -> None:
        """Compare soon: the device is there, or the vehicles have changed."""
        self._wake.set()

    @callback
    def async_subscribe(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener when something has changed; return how to stop."""
        return self._listeners.add(listener)

    async def async_sync(
        self, channel: int, resolve: Side | None = None, *, dry_run: bool = False
    ) -> SyncResult:
        """Compare a channel's list, and make both sides agree; never raises."""

        async def agree(lists: ChannelLists) -> ListPlan:
            plan = await self._planner.async_compare(channel, lists, resolve)
            if dry_run:
                return plan
            lists.conflicts = plan.conflicts
            await self._async_carry_out(channel, lists, plan)
            lists.carried = self._planner.wanted(channel)
            for plate in plan.no_room:
                lists.carried.pop(plate, None)
            lists.state = state_after(plan)
            return plan

        return await self._async_in_turn(channel, agree)

    async def async_carry(
        self, channel: int, plates: Collection[str] = ()
    ) -> SyncResult:
        """Carry what changed in the centre to the device, these plates in any case.

        What else is on the device's list is left alone. Never raises.
        """

        async def carry(lists: ChannelLists) -> ListPlan:
            plan = await self._async_plan_changes(channel, lists, plates)
            await self._async_carry_out(channel, lists, plan)
            if plan.no_room or plan.conflicts or not self._are_in_step:
                lists.state = state_after(plan)
            return plan

        return await self._async_in_turn(channel, carry)

    async def _async_in_turn(
        self, channel: int, work: Callable[[ChannelLists], Awaitable[ListPlan]]
    ) -> SyncResult:
        """Do something with the lists of a channel, and show how they stand then."""
        async with self._turn:
            lists = self._of_channel(channel)
            try:
                result = SyncResult(plan=await work(lists))
            except (IsapiError, ArchiveError) as error:
                lists.state = state_of(error)
                result = SyncResult(error=error)
        self._tell()
        return result

    async def _async_keep(self) -> None:
        """Compare again and again: after changes, and after trouble."""
        try:
            while True:
                self._wake.clear()
                for channel in list(self.by_channel):
                    if self._centre.vehicles is not None:
                        await self._async_settle(channel)
                try:
                    async with asyncio.timeout(self._rest()):
                        await self._wake.wait()
                except TimeoutError:
                    continue
                await asyncio.sleep(SETTLE_SECONDS)
        except Exception:
            _LOGGER.exception(
                "The lists of %s are no longer kept in step", self._entry.title
            )

    async def _async_settle(self, channel: int) -> None:
        """Do for a channel what the user wants kept up."""
        if self._are_in_step:
            await self.async_sync(channel)
        else:
            await self.async_carry(channel)

    def _rest(self) -> float | None:
        """Return the seconds until something is to be done again; None for never."""
        if self._centre.vehicles is None:
            return None
        if any(lists.state not in _AT_REST for lists in self.by_channel.values()):
            return RETRY_SECONDS
        now = dt_util.utcnow()
        moment = next_change(self._centre.vehicles.vehicles.values(), now)
        return (moment - now).total_seconds() + 1 if moment else None

    @callback
    def _follow(self, registry: Registry) -> None:
        """Carry what changes from now on: the vehicles are open, perhaps anew."""
        for channel, lists in self.by_channel.items():
            self._planner.begin(channel, lists)
        self._store.async_save(self.by_channel)
        self._entry.async_on_unload(
            registry.async_subscribe(lambda _changes: self.wake())
        )
        self.wake()

    def _of_channel(self, channel: int) -> ChannelLists:
        """Return how a channel stands, which may be a new one."""
        return self.by_channel.setdefault(channel, ChannelLists(capacity=self.capacity))

    async def _async_plan_changes(
        self, channel: int, lists: ChannelLists, plates: Collection[str]
    ) -> ListPlan:
        """Return what carries changes to the device. Raises IsapiError and ArchiveError.

        Of what was changed the centre's word counts, unless all conflicts of the list
        are left to the user.
        """
        resolve: Side | None = None if self._are_in_step else "ours"
        plan = await self._planner.async_plan_changes(channel, lists, plates, resolve)
        self._store.async_save(self.by_channel)
        return plan

    async def _async_carry_out(
        self, channel: int, lists: ChannelLists, plan: ListPlan
    ) -> None:
        """Make both sides agree; what was done counts, also where the next step fails."""
        try:
            await self._async_take_over(plan)
            for plate, entry in plan.adopt.items():
                lists.agreed[plate] = listing_of(entry)
            for plate in plan.drop:
                lists.agreed.pop(plate, None)
            await self._async_write(channel, lists, plan)
        finally:
            if not plan.is_nothing:
                self._store.async_save(self.by_channel)

    async def _async_write(
        self, channel: int, lists: ChannelLists, plan: ListPlan
    ) -> None:
        """Change the device, and show how far that is. Raises IsapiError."""
        lists.left = {*plan.put, *plan.remove}
        if not lists.left:
            return
        lists.state = "pending"
        self._tell()
        self._store.async_save(self.by_channel)
        show = timedelta(seconds=PROGRESS_SECONDS)
        stop = async_track_time_interval(self._hass, self._tell, show)
        try:
            await async_write(self._planner.of(channel), lists, plan)
        finally:
            stop()
            lists.left = set()

    async def _async_take_over(self, plan: ListPlan) -> None:
        """Change the centre. Raises ArchiveError."""
        if not (plan.adopt or plan.drop):
            return
        author = Author(origin=self._entry.unique_id or "device")
        await async_take_over(self._planner.open_registry(), plan, author)

    @callback
    def _tell(self, _now: datetime | None = None) -> None:
        """Tell those who show how the lists stand."""
        for listener in self._listeners:
            listener()
