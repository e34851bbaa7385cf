"""Find which kind of list a device has, and speak to that."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import tzinfo

from .client import IsapiClient
from .entrance_list import EntranceList, async_has_entrance_list
from .errors import NotSupportedError
from .list_file import ListFile, async_has_list_file
from .plate_list_entry import ListEntry
from .plate_lists import PlateList

type AnyList = PlateList | EntranceList | ListFile


class DeviceList:
    """Read and change the list of one channel, whichever kind the device has.

    Records are tried first; a device without them is asked for the older list of
    entrance terminals, and then for the list as a file (reference 5). Every method
    raises the errors of the lists, and NotSupportedError where the device has none.
    """

    def __init__(
        self, client: IsapiClient, channel: int, model: str, zone: tzinfo
    ) -> None:
        """Prepare for a channel; `zone` is that of the device's days."""
        self._client = client
        self._channel = channel
        self._list: AnyList = PlateList(client, channel, model, zone)

    async def async_entries(self) -> list[ListEntry]:
        """Return all entries."""
        return await self._on_list(lambda plates: plates.async_entries())

    async def async_find(self, plate: str) -> list[ListEntry]:
        """Return the entries of a plate."""
        return await self._on_list(lambda plates: plates.async_find(plate))

    async def async_put(self, entry: ListEntry) -> ListEntry:
        """Put a plate on a list; return how it is kept."""
        return await self._on_list(lambda plates: plates.async_put(entry))

    async def async_add(self, entries: Sequence[ListEntry]) -> None:
        """Ask for several plates to be added, once one was put."""
        await self._list.async_add(entries)

    async def async_remove(self, plate: str) -> bool:
        """Remove a plate from every list; tell whether it was there."""
        return await self._on_list(lambda plates: plates.async_remove(plate))

    async def _on_list[Answer](
        self, work: Callable[[AnyList], Awaitable[Answer]]
    ) -> Answer:
        """Do something on the list; which one it is, the first try shows."""
        try:
            return await work(self._list)
        except NotSupportedError:
            other = await self._async_other()
            if other is None:
                raise
        self._list = other
        return await work(self._list)

    async def _async_other(self) -> EntranceList | ListFile | None:
        """Look for another kind of list than that of records."""
        if not isinstance(self._list, PlateList):
            return None
        if await async_has_entrance_list(self._client):
            return EntranceList(self._client)
        if await async_has_list_file(self._client, self._channel):
            return ListFile(self._client, self._channel)
        return None
