"""Change the list of a device that gives and takes it as one file (reference 5.1).

The file replaces the whole list, with what others put there. So it is read, the rows of
the plates in question are changed, and every other row is sent back as it came, in the
form in which the device gave the file.
"""

from asyncio import to_thread
from collections.abc import Sequence
from typing import Final

from .client import IsapiClient
from .errors import NOT_TOLD, IsapiError, ListFullError, ListNotChangedError
from .list_table import ListTable
from .plate_list_entry import ListEntry, kept_entry

_AS_TEXT: Final = "?fileType=csv"
_AS_IT_IS: Final = ""


async def async_has_list_file(client: IsapiClient, channel: int) -> bool:
    """Ask whether a device gives its list as such a file.

    Raises the errors of the client.
    """
    try:
        await ListFile(client, channel).async_entries()
    except NOT_TOLD:
        return False
    return True


class ListFile:
    """Read and change the list of a channel; each change is read back.

    Every method raises the errors of the client, and BadAnswerError where the device
    gives another file than is known.
    """

    def __init__(self, client: IsapiClient, channel: int) -> None:
        """Prepare; nothing is asked yet."""
        self._client = client
        self._path = f"/ISAPI/Traffic/channels/{channel}/licensePlateAuditData"
        self._ways = [_AS_TEXT, _AS_IT_IS]

    async def async_entries(self) -> list[ListEntry]:
        """Return all entries."""
        return (await self._async_table()).entries()

    async def async_find(self, plate: str) -> list[ListEntry]:
        """Return the entries of a plate."""
        return [one for one in await self.async_entries() if one.plate == plate]

    async def async_put(self, entry: ListEntry) -> ListEntry:
        """Put a plate on a list, from another one if it is there; return how it is kept.

        Raises ListFullError, and ListNotChangedError for a device that says OK and
        shows something else.
        """
        known = await self.async_find(entry.plate)
        if kept := kept_entry(known, entry):
            return kept
        await self.async_add([entry])
        if kept := kept_entry(await self.async_find(entry.plate), entry):
            return kept
        raise ListNotChangedError("The device said OK and did not keep the plate")

    async def async_add(self, entries: Sequence[ListEntry]) -> None:
        """Ask for several plates to be added, in one file. Raises ListFullError."""
        table = await self._async_table()
        await self._async_write(await to_thread(table.changed, entries))

    async def async_remove(self, plate: str) -> bool:
        """Remove a plate from every list; tell whether it was there.

        Raises ListNotChangedError.
        """
        table = await self._async_table()
        left = table.without(plate)
        if len(left.rows) == len(table.rows):
            return False
        await self._async_write(left)
        if await self.async_find(plate):
            raise ListNotChangedError("The device said OK and did not remove the plate")
        return True

    async def _async_table(self) -> ListTable:
        """Read the whole file: as a text where the device gives one, else as it is.

        Devices that know no text give a spreadsheet. What worked is asked for again.
        """
        refused: IsapiError | None = None
        for way in self._ways:
            try:
                data = await self._client.get_bytes(f"{self._path}{way}")
                table = await to_thread(ListTable.read, data)
            except NOT_TOLD as error:
                refused = refused or error
            else:
                self._ways = [way]
                return table
        assert refused
        raise refused

    async def _async_write(self, table: ListTable) -> None:
        """Send the whole file."""
        data = await to_thread(table.write)
        answer = await self._client.put(self._path, data, "application/octet-stream")
        if (over := answer.find("overLimit")) and over.flag():
            raise ListFullError("The device's list is full")
