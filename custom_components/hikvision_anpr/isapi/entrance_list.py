"""Change the list of an older entrance terminal (reference 5.3).

How such a list is read is not public. It is asked for by GET; where a device does not
answer that, its OK is all there is.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from .client import IsapiClient
from .errors import NOT_TOLD, ListNotChangedError, UnreadableListError
from .node import Node
from .plate_list_entry import ListEntry, kept_entry
from .tables.lists import LIST_NUMBERS

_PATH: Final = "/ISAPI/ITC/Entrance/VCL"
_NUMBERS: Final = {"allow": "0", "block": "1"}
_NO_LIMIT: Final = "0000-00-00T00:00:00Z"
_FAR: Final = 2037

_RECORD: Final = (
    "<singleVCLData><id>0</id><runNum>0</runNum><listType>{number}</listType>"
    "<plateNum>{plate}</plateNum><cardNo>{card}</cardNo>"
    "<startTime>{start}</startTime><endTime>{end}</endTime></singleVCLData>"
)
_REMOVAL: Final = (
    "<VCLDelCond><delVCLCond>1</delVCLCond><plateNum>{plate}</plateNum>"
    "<plateColor>0</plateColor><plateType>0</plateType><cardNo></cardNo></VCLDelCond>"
)


async def async_has_entrance_list(client: IsapiClient) -> bool:
    """Ask whether a device has such a list. Raises the errors of the client."""
    try:
        await client.get(f"{_PATH}/capabilities")
    except NOT_TOLD:
        return False
    return True


class EntranceList:
    """Read and change the list; each change is read back where that is possible.

    Every method raises the errors of the client; those that read raise
    UnreadableListError where the device does not show its list.
    """

    def __init__(self, client: IsapiClient) -> None:
        """Prepare; nothing is asked yet."""
        self._client = client

    async def async_entries(self) -> list[ListEntry]:
        """Return all entries."""
        try:
            answer = await self._client.get(_PATH)
        except NOT_TOLD as error:
            raise UnreadableListError(
                "The device does not show its list", path=_PATH
            ) from error
        rows = (answer.find("VCLDataList") or answer).every("singleVCLData")
        return [entry for row in rows if (entry := _read(row))]

    async def async_find(self, plate: str) -> list[ListEntry]:
        """Return the entries of a plate."""
        return [one for one in await self.async_entries() if one.plate == plate]

    async def async_put(self, entry: ListEntry) -> ListEntry:
        """Put a plate on a list, from another one if it is there.

        Raises ListNotChangedError for a device that says OK and shows something else.
        """
        known = await self._async_known(entry.plate)
        if known and (kept := kept_entry(known, entry)):
            return kept
        await self.async_add([entry])
        known = await self._async_known(entry.plate)
        if known is None:
            return entry
        if kept := kept_entry(known, entry):
            return kept
        raise ListNotChangedError("The device said OK and did not keep the plate")

    async def async_add(self, entries: Sequence[ListEntry]) -> None:
        """Ask for several plates to be added, in one request."""
        records = "".join(map(_record, entries))
        body = f"<SetVCLData><VCLDataList>{records}</VCLDataList></SetVCLData>"
        await self._client.put(_PATH, body.encode())

    async def async_remove(self, plate: str) -> bool:
        """Remove a plate; tell whether it was there, as far as that is known.

        Raises ListNotChangedError.
        """
        if await self._async_known(plate) == []:
            return False
        body = _REMOVAL.format(plate=escape(plate))
        await self._client.delete(_PATH, body.encode())
        if await self._async_known(plate):
            raise ListNotChangedError("The device said OK and did not remove the plate")
        return True

    async def _async_known(self, plate: str) -> list[ListEntry] | None:
        """Return the entries of a plate; None where the device does not show them."""
        try:
            return await self.async_find(plate)
        except UnreadableListError:
            return None


def _record(entry: ListEntry) -> str:
    """Return an entry as terminals take it, its days those of the device."""
    start, end = entry.valid_from, entry.valid_to
    return _RECORD.format(
        number=_NUMBERS[entry.list],
        plate=escape(entry.plate),
        card=escape(entry.card_id or ""),
        start=f"{start}T00:00:00Z" if start else _NO_LIMIT,
        end=f"{end}T23:59:59Z" if end else _NO_LIMIT,
    )


def _read(row: Node) -> ListEntry | None:
    """Return an entry; None for one without a plate."""
    plate = (row.value("plateNum") or "").strip()
    if not plate:
        return None
    return ListEntry(
        plate=plate,
        list=LIST_NUMBERS.get(row.value("listType") or "", "other"),
        entry_id=row.value("id") or "",
        valid_from=_day(row.value("startTime")),
        valid_to=_day(row.value("endTime")),
        card_id=row.value("cardNo") or None,
    )


def _day(text: str | None) -> date | None:
    """Return the day of a time; None for one that stands for no limit."""
    try:
        day = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return None if day.year >= _FAR or day <= date(2000, 1, 1) else day
