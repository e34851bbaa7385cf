"""Hold how the lists of one channel stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from .isapi.errors import ListFullError, NotSupportedError
from .isapi.plate_list_entry import ListEntry
from .vehicles.list_plan import Conflict, Listing, ListPlan

type SyncState = Literal[
    "off", "in_sync", "pending", "conflict", "away", "full", "not_supported"
]
SYNC_STATES: Final[tuple[SyncState, ...]] = (
    "off",
    "in_sync",
    "pending",
    "conflict",
    "away",
    "full",
    "not_supported",
)


@dataclass(slots=True, kw_only=True)
class ChannelLists:
    """Hold how a channel's lists stand, and what is on them, as far as it was read.

    `capacity` is how many plates the device says it takes, on all its lists together, or
    how many there were when it said that it was full. `used` counts its entries of every
    kind, None before they were read.
    """

    state: SyncState = "off"
    on_device: dict[str, str] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    agreed: dict[str, Listing] = field(default_factory=dict)
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

    def put(self, plate: str, listing: Listing) -> None:
        """Take that a plate is on a list of the device now."""
        self.used = (self.used or 0) + (plate not in self.on_device)
        self.on_device[plate] = listing.list
        self.agreed[plate] = listing

    def removed(self, plate: str) -> None:
        """Take that a plate is on no list of the device any more."""
        self.used = (self.used or 0) - (plate in self.on_device)
        self.on_device.pop(plate, None)
        self.agreed.pop(plate, None)


def state_after(plan: ListPlan) -> SyncState:
    """Return how the lists stand after a comparison was carried out."""
    if plan.no_room:
        return "full"
    return "conflict" if plan.conflicts else "in_sync"


def state_of(error: Exception) -> SyncState:
    """Return how the lists stand after an error."""
    if isinstance(error, NotSupportedError):
        return "not_supported"
    return "full" if isinstance(error, ListFullError) else "away"
