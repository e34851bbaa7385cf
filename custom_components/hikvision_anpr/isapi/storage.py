"""Ask what a device can record on: disks, cards and network shares (reference 8.6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from .client import IsapiClient
from .node import Node

type StorageState = Literal["ok", "trouble", "unformatted", "none"]

STORAGE_STATES: Final[tuple[StorageState, ...]] = (
    "ok",
    "trouble",
    "unformatted",
    "none",
)
_PATH: Final = "/ISAPI/ContentMgmt/Storage"
_USABLE: Final = frozenset({"ok", "normal", "idle", "online", "sleeping"})
_UNFORMATTED: Final = frozenset({"unformatted", "uninitialized", "notformatted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Hold something to record on, its sizes in mebibytes.

    `status` is in the device's own words, in lower case. A disk that is overwritten
    when it is full has next to no free space for most of its life.
    """

    name: str
    status: str
    capacity: int | None = None
    free: int | None = None

    @property
    def is_usable(self) -> bool:
        """Tell whether it can be recorded on."""
        return self.status in _USABLE

    @property
    def is_unformatted(self) -> bool:
        """Tell whether it only has to be formatted."""
        return self.status in _UNFORMATTED


async def async_get_disks(client: IsapiClient) -> tuple[Disk, ...]:
    """Return what there is to record on. Raises the errors of the client."""
    return tuple(_disks(await client.get(_PATH)))


def storage_state(disks: tuple[Disk, ...]) -> StorageState:
    """Return how all disks together are: the worst of them, but for unformatted ones."""
    if not disks:
        return "none"
    if any(not disk.is_usable and not disk.is_unformatted for disk in disks):
        return "trouble"
    return "ok" if any(disk.is_usable for disk in disks) else "unformatted"


def _disks(answer: Node) -> Iterator[Disk]:
    """Yield the disks and shares of an answer."""
    for listed, kind in (("hddList", "hdd"), ("nasList", "nas")):
        found = answer.find(listed)
        for disk in found.every(kind) if found else ():
            number = disk.value("id") or ""
            yield Disk(
                name=disk.value(f"{kind}Name") or disk.value("path") or kind + number,
                status=(disk.value("status") or "ok").lower(),
                capacity=disk.integer("capacity"),
                free=disk.integer("freeSpace"),
            )
