"""Keep the lists on a device in step with the vehicles that the centre knows."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
import logging
from typing import Any, Final, Literal, TypedDict

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from .archive.errors import ArchiveError
from .centre import async_get_centre
from .channel_lists import ChannelLists, state_after, state_of
from .channel_options import channel_options
from .const import CONF_KEEP_LISTS, DOMAIN
from .isapi.client import IsapiClient
from .isapi.errors import IsapiError, ListFullError
from .isapi.plate_list_entry import ListEntry
from .isapi.plate_lists import PlateList
from .vehicles.list_plan import (
    Listing,
    ListPlan,
    Side,
    listing_of,
    plan_lists,
    there,
    wanted,
    within,
)
from .vehicles.registry import Registry
from .vehicles.store import Author
from .vehicles.vehicle import Vehicle

_LOGGER = logging.getLogger(__name__)

STORAGE_VERSION: Final = 1
SAVE_SECONDS: Final = 5
SETTLE_SECONDS: Final = 2.0
"""How long changes of the vehicles are gathered before the devices are changed."""
RETRY_SECONDS: Final = 300.0


class _Stored(TypedDict):
    """Hold what device and centre last agreed on, by channel and plate."""

    agreed: dict[str, dict[str, list[str | None]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """Hold what a comparison changed, or would change; `error` where it failed."""

    plan: ListPlan | None = None
    error: Exception | None = None


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
        self.model = ""
        self.capacity: int | None = None
        self._hass = hass
        self._entry = entry
        self._client = client
        self._centre = async_get_centre(hass)
        self._lists: dict[int, PlateList] = {}
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._listeners: list[CALLBACK_TYPE] = []
        self._registry: Registry | None = None
        self._store = Store[_Stored](
            hass, STORAGE_VERSION, f"{DOMAIN}.lists.{entry.entry_id}"
        )

    @property
    def are_kept(self) -> bool:
        """Tell whether the user wants the lists of the device kept."""
        return bool(self._entry.options.get(CONF_KEEP_LISTS, False))

    def of(self, channel: int) -> PlateList:
        """Return the list of a channel."""
        if channel not in self._lists:
            zone = dt_util.get_default_time_zone()
            self._lists[channel] = PlateList(self._client, channel, self.model, zone)
        return self._lists[channel]

    async def async_load(self, channels: Iterable[int]) -> None:
        """Begin with what was agreed on before."""
        stored = await self._store.async_load()
        agreed = stored["agreed"] if stored else {}
        for channel in channels:
            self.by_channel[channel] = ChannelLists(
                state="pending" if self.are_kept else "off",
                agreed={
                    plate: _listing(written)
                    for plate, written in agreed.get(str(channel), {}).items()
                },
                capacity=self.capacity,
            )

    @callback
    def start(self) -> None:
        """Keep the lists, if that is wanted."""
        if self.are_kept:
            self._entry.async_create_background_task(
                self._hass, self._async_keep(), f"{DOMAIN} keep lists"
            )

    async def async_remove(self) -> None:
        """Forget what was agreed on."""
        await self._store.async_remove()

    @callback
    def wake(self) -> None:
        """Compare soon: the device is there, or the vehicles have changed."""
        self._wake.set()

    @callback
    def async_subscribe(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener when something has changed; return how to stop."""
        self._listeners = [*self._listeners, listener]

        @callback
        def stop() -> None:
            self._listeners = [one for one in self._listeners if one is not listener]

        return stop

    async def async_sync(
        self, channel: int, resolve: Side | None = None, *, dry_run: bool = False
    ) -> SyncResult:
        """Compare a channel's list, and make both sides agree; never raises."""
        lists = self.by_channel.setdefault(
            channel, ChannelLists(capacity=self.capacity)
        )
        async with self._turn:
            try:
                plan = await self._async_compare(channel, lists, resolve)
                if not dry_run:
                    await self._async_carry_out(channel, lists, plan)
            except (IsapiError, ArchiveError) as error:
                lists.state = state_of(error)
                result = SyncResult(error=error)
            else:
                result = SyncResult(plan=plan)
                if not dry_run:
                    lists.state = state_after(plan)
        self._tell()
        return result

    async def _async_keep(self) -> None:
        """Compare again and again: after changes, and after trouble."""
        try:
            while True:
                self._follow_registry()
                self._wake.clear()
                for channel in list(self.by_channel):
                    if self._registry is not None:
                        await self.async_sync(channel)
                is_well = all(
                    lists.state in {"in_sync", "conflict", "not_supported"}
                    for lists in self.by_channel.values()
                )
                try:
                    async with asyncio.timeout(None if is_well else RETRY_SECONDS):
                        await self._wake.wait()
                except TimeoutError:
                    continue
                await asyncio.sleep(SETTLE_SECONDS)
        except Exception:
            _LOGGER.exception("The lists of %s are kept no longer", self._entry.title)

    def _follow_registry(self) -> None:
        """Hear of changes of the vehicles; the centre may have been opened anew."""
        registry = self._centre.vehicles
        if registry is None or registry is self._registry:
            return
        self._registry = registry
        self._entry.async_on_unload(
            registry.async_subscribe(lambda _changes: self.wake())
        )

    async def _async_compare(
        self, channel: int, lists: ChannelLists, resolve: Side | None
    ) -> ListPlan:
        """Return what makes both sides agree. Raises IsapiError and ArchiveError."""
        listed = await self.of(channel).async_entries()
        entries = there(listed)
        lists.read(len(listed), entries)
        registry = self._centre.vehicles
        if registry is None:
            raise ArchiveError("the centre is not open")
        vehicles = registry.vehicles.values()
        area = channel_options(self._entry.options, channel).area or None
        now = dt_util.now()
        plan = plan_lists(
            wanted(vehicles, area, now, dt_util.get_default_time_zone()),
            entries,
            lists.agreed,
            (vehicle.normalized for vehicle in vehicles),
            resolve,
        )
        return within(plan, entries, lists.free)

    async def _async_carry_out(
        self, channel: int, lists: ChannelLists, plan: ListPlan
    ) -> None:
        """Make both sides agree, one plate after the other.

        What was done counts, also where the next plate fails.
        """
        plates = self.of(channel)
        try:
            for plate in plan.remove:
                await plates.async_remove(plate)
                lists.removed(plate)
            for plate, listing in plan.put.items():
                entry = ListEntry(
                    plate=plate, list=listing.list, valid_to=listing.valid_to
                )
                await plates.async_put(entry)
                lists.put(plate, listing)
            await self._async_take_over(plan)
            for plate, entry in plan.adopt.items():
                lists.agreed[plate] = listing_of(entry)
            for plate in plan.drop:
                lists.agreed.pop(plate, None)
        except ListFullError:
            lists.capacity = lists.used
            raise
        finally:
            lists.conflicts = plan.conflicts
            self._store.async_delay_save(self._stored, SAVE_SECONDS)

    async def _async_take_over(self, plan: ListPlan) -> None:
        """Change the centre. Raises ArchiveError."""
        registry = self._centre.vehicles
        if registry is None or not (plan.adopt or plan.drop):
            return
        author = Author(origin=self._entry.unique_id or "device")
        adopted = [
            _vehicle(registry.get(plate), entry) for plate, entry in plan.adopt.items()
        ]
        dropped = [
            replace(vehicle, list="none")
            for plate in plan.drop
            if (vehicle := registry.get(plate))
        ]
        await registry.async_put([*adopted, *dropped], author)

    @callback
    def _stored(self) -> _Stored:
        """Return what both sides agreed on."""
        return {
            "agreed": {
                str(channel): {
                    plate: [
                        listing.list,
                        listing.valid_to.isoformat() if listing.valid_to else None,
                    ]
                    for plate, listing in lists.agreed.items()
                }
                for channel, lists in self.by_channel.items()
            }
        }

    def _tell(self) -> None:
        """Tell those who show how the lists stand."""
        for listener in self._listeners:
            listener()


def _listing(written: list[Any]) -> Listing:
    """Return a listing out of what is stored."""
    name, last = written
    return Listing(list=name, valid_to=date.fromisoformat(last) if last else None)


def _vehicle(known: Vehicle | None, entry: ListEntry) -> Vehicle:
    """Return a device's entry as a vehicle of the centre."""
    end = _end_of(entry.valid_to) if entry.valid_to else None
    if known:
        return replace(known, list=_name(entry), valid_to=end, week={}, uses=None)
    return Vehicle(
        vehicle_id=ulid_now(),
        plate=entry.plate,
        list=_name(entry),
        card_id=entry.card_id,
        valid_to=end,
    )


def _name(entry: ListEntry) -> Literal["allow", "block"]:
    """Return the list of an entry."""
    return "allow" if entry.list == "allow" else "block"


def _end_of(day: date) -> datetime:
    """Return the end of a day in the zone of the home."""
    after = datetime.combine(day + timedelta(days=1), time())
    return dt_util.as_utc(after)


def told(plan: ListPlan, *, changed: bool) -> Mapping[str, object]:
    """Return what a comparison changed, or would change, ready for JSON."""
    return {
        "changed": changed,
        "put": list(plan.put),
        "removed": list(plan.remove),
        "adopted": list(plan.adopt),
        "dropped": list(plan.drop),
        "no_room": list(plan.no_room),
        "conflicts": [
            {"plate": one.plate, "ours": _said(one.ours), "theirs": _said(one.theirs)}
            for one in plan.conflicts
        ],
    }


def _said(listing: Listing | None) -> dict[str, str | None] | None:
    """Return one side of a conflict."""
    if listing is None:
        return None
    last = listing.valid_to.isoformat() if listing.valid_to else None
    return {"list": listing.list, "valid_to": last}
