"""Store the state of the lists of each channel."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, TypedDict, get_args

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .isapi.errors import (
    ListFullError,
    ListNotChangedError,
    NotSupportedError,
    RejectedError,
)
from .isapi.plate_list_entry import ListEntry
from .vehicles.list_plan import Conflict, Listing, ListPlan, listing_of

STORAGE_VERSION: Final = 1
SAVE_SECONDS: Final = 5

type SyncState = Literal[
    "off",
    "in_sync",
    "pending",
    "conflict",
    "away",
    "refused",
    "full",
    "not_supported",
]
SYNC_STATES: Final[tuple[SyncState, ...]] = get_args(SyncState.__value__)


@dataclass(slots=True, kw_only=True)
class ChannelLists:
    """Hold how a channel's lists stand, and what is on them, as far as it was read.

    `agreed` is what centre and device last agreed on; `carried` is what the centre
    wanted when its changes were last carried to the device, None before the first time.
    `left` is what is still to be sent of what is carried out now, and `unfinished` what was sent to the device and not read back, None for a removal.
    `capacity` is how many plates the device says it takes, on all its lists together, or
    how many there were when it said that it was full. `used` counts its entries of every
    kind, None before they were read.
    """

    state: SyncState = "off"
    on_device: dict[str, str] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    agreed: dict[str, Listing] = field(default_factory=dict)
    carried: dict[str, Listing] | None = None
    left: set[str] = field(default_factory=set)
    unfinished: dict[str, Listing | None] = field(default_factory=dict)
    capacity: int | None = None
    used: int | None = None

    def size(self, name: str) -> int | None:
        """Return how many plates are on a list; None where it was never read."""
        if self.used is None:
            return None
        return sum(listed == name for listed in self.on_device.values())

    @property
    def free(self) -> int | None:
        """Return how many more plates fit in; None where that is not known."""
        if self.capacity is None or self.used is None:
            return None
        return max(0, self.capacity - self.used)

    def read(self, used: int, entries: Mapping[str, ListEntry]) -> None:
        """Take what the device says of its lists."""
        self.used = used
        self.on_device = {plate: entry.list for plate, entry in entries.items()}

    def as_put(self) -> list[ListEntry]:
        """Return what was put on a list that the device does not show."""
        return [
            ListEntry(plate=plate, list=listing.list, valid_to=listing.valid_to)
            for plate, listing in self.agreed.items()
        ]

    def begin(self, changes: Mapping[str, Listing | None]) -> None:
        """Note what is sent to the device now, None for a plate that is to go."""
        self.left.difference_update(changes)
        self.unfinished.update(changes)

    def settle(self, plates: Collection[str], theirs: Mapping[str, ListEntry]) -> None:
        """Take what the device shows of plates for ours where we sent just that.

        A change may also have been broken off between a removal and an addition. What
        is neither was changed by somebody else.
        """
        for plate in self.unfinished.keys() & plates:
            sent = self.unfinished.pop(plate)
            entry = theirs.get(plate)
            listing = listing_of(entry) if entry else None
            if listing in {sent, None}:
                _set(self.agreed, plate, listing)

    def agree(
        self, ours: Mapping[str, Listing], theirs: Mapping[str, ListEntry]
    ) -> None:
        """Take what both sides have as agreed on, and forget what neither has."""
        kept = {
            plate: listing
            for plate, listing in self.agreed.items()
            if plate in ours or plate in theirs
        }
        same = {
            plate: listing
            for plate, listing in ours.items()
            if plate in theirs and listing_of(theirs[plate]) == listing
        }
        self.agreed = kept | same

    def owed(self, ours: Mapping[str, Listing]) -> set[str]:
        """Return the plates that the centre wants otherwise than the device was told."""
        if self.carried is None:
            return set()
        plates = ours.keys() | self.carried.keys()
        changed = {one for one in plates if ours.get(one) != self.carried.get(one)}
        return changed | self.unfinished.keys()

    def note(self, plate: str, listing: Listing | None) -> None:
        """Note that the device has a plate as the centre wants it: None for not at all."""
        self.unfinished.pop(plate, None)
        _set(self.agreed, plate, listing)
        if self.carried is not None:
            _set(self.carried, plate, listing)
        if self.used is not None:
            self.used += (listing is not None) - (plate in self.on_device)
            _set(self.on_device, plate, listing.list if listing else None)


def _set[Value](known: dict[str, Value], plate: str, value: Value | None) -> None:
    """Set or forget what is known of a plate."""
    if value is None:
        known.pop(plate, None)
    else:
        known[plate] = value


def state_after(plan: ListPlan) -> SyncState:
    """Return how the lists stand after a comparison was carried out."""
    if plan.no_room:
        return "full"
    return "conflict" if plan.conflicts else "in_sync"


def state_of(error: Exception) -> SyncState:
    """Return how the lists stand after an error."""
    if isinstance(error, NotSupportedError):
        return "not_supported"
    if isinstance(error, ListNotChangedError | RejectedError):
        return "refused"
    return "full" if isinstance(error, ListFullError) else "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """Hold what a comparison changed, or would change; `error` where it failed."""

    plan: ListPlan | None = None
    error: Exception | None = None


class _Stored(TypedDict):
    """Hold what is known of the lists, by channel and plate."""

    agreed: dict[str, dict[str, list[str | None]]]
    carried: dict[str, dict[str, list[str | None]]]
    unfinished: dict[str, dict[str, list[str | None] | None]]


class ListStore:
    """Keep what is known of the lists of a device over a restart."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare; nothing is read yet."""
        self._store = Store[_Stored](
            hass, STORAGE_VERSION, f"{DOMAIN}.lists.{entry_id}", private=True
        )

    async def async_load(
        self, channels: Iterable[int], capacity: int | None
    ) -> dict[int, ChannelLists]:
        """Return what was known of each channel; all take as many plates."""
        stored = await self._store.async_load()
        agreed = stored["agreed"] if stored else {}
        carried = stored.get("carried", {}) if stored else {}
        unfinished = stored.get("unfinished", {}) if stored else {}
        return {
            channel: ChannelLists(
                agreed=_listings(agreed.get(str(channel), {})),
                carried=(
                    _listings(carried[str(channel)])
                    if str(channel) in carried
                    else None
                ),
                unfinished={
                    plate: _listing(written) if written else None
                    for plate, written in unfinished.get(str(channel), {}).items()
                },
                capacity=capacity,
            )
            for channel in channels
        }

    def async_save(self, by_channel: Mapping[int, ChannelLists]) -> None:
        """Write soon what is known."""
        self._store.async_delay_save(lambda: _stored(by_channel), SAVE_SECONDS)

    async def async_save_now(self, by_channel: Mapping[int, ChannelLists]) -> None:
        """Write what is known, before somebody else reads it."""
        await self._store.async_save(_stored(by_channel))

    async def async_remove(self) -> None:
        """Forget everything."""
        await self._store.async_remove()


def _stored(by_channel: Mapping[int, ChannelLists]) -> _Stored:
    """Return what is known, ready for JSON."""
    return {
        "agreed": {
            str(channel): _written(lists.agreed)
            for channel, lists in by_channel.items()
        },
        "carried": {
            str(channel): _written(lists.carried)
            for channel, lists in by_channel.items()
            if lists.carried is not None
        },
        "unfinished": {
            str(channel): {
                plate: _row(listing) if listing else None
                for plate, listing in lists.unfinished.items()
            }
            for channel, lists in by_channel.items()
        },
    }


def _written(listings: Mapping[str, Listing]) -> dict[str, list[str | None]]:
    """Return listings, ready for JSON."""
    return {plate: _row(listing) for plate, listing in listings.items()}


def _row(listing: Listing) -> list[str | None]:
    """Return a listing, ready for JSON."""
    last = listing.valid_to
    return [listing.list, last.isoformat() if last else None]


def _listings(written: Mapping[str, list[Any]]) -> dict[str, Listing]:
    """Return listings out of what is stored."""
    return {plate: _listing(row) for plate, row in written.items()}


def _listing(row: list[Any]) -> Listing:
    """Return a listing out of what is stored."""
    name, last = row
    return Listing(list=name, valid_to=date.fromisoformat(last) if last else None)


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
