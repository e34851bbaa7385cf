"""Change a device's own list of plates, and believe only what it shows afterwards.

Three kinds of devices take records as JSON, each in its own words (reference 5.2):
DeepinView cameras, DS-TCG entrance cameras, and a variant that deletes by plates.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, tzinfo
import json
from typing import Final, Literal

from .client import IsapiClient
from .errors import (
    BadAnswerError,
    ListFullError,
    ListNotChangedError,
    NotSupportedError,
    RejectedError,
)
from .node import Node
from .plate_list_entry import FOR_EVER, ListEntry, kept_entry
from .plate_list_search import async_search_list

type RecordDialect = Literal["deepinview", "entrance"]

JSON: Final = "application/json"
_WORDS: Final[dict[RecordDialect, dict[str, str]]] = {
    "deepinview": {"allow": "whiteList", "block": "blackList"},
    "entrance": {"allow": "allowList", "block": "blockList"},
}
# Entrance cameras refuse a record that lacks one of these (trap 64).
_EMPTY: Final = dict.fromkeys(
    (
        "cardNo",
        "cardID",
        "plateDescription",
        "remoteControllerCode",
        "plateNoSub",
        "CRIndex",
        "area",
        "name",
        "certificateNumber",
        "virtualParkingNum",
        "groupName",
    ),
    "",
)
_ENTRANCE_MODELS: Final = ("DS-TC", "IDS-TC")


class PlateList:
    """Read and change the list of one channel; each change is read back.

    `model` says which words to begin with; a device that refuses them is spoken to in
    the others from then on. Every method raises the errors of the client, and
    NotSupportedError where the device has no such list.
    """

    def __init__(
        self, client: IsapiClient, channel: int, model: str, zone: tzinfo
    ) -> None:
        """Prepare for a channel; `zone` is that of the device's days."""
        self._client = client
        self._channel = channel
        self._zone = zone
        is_entrance = model.upper().startswith(_ENTRANCE_MODELS)
        self._dialect: RecordDialect = "entrance" if is_entrance else "deepinview"

    async def async_entries(self) -> list[ListEntry]:
        """Return all entries."""
        return await async_search_list(self._client, self._channel, self._zone)

    async def async_find(self, plate: str) -> list[ListEntry]:
        """Return the entries of a plate, which several lists may have."""
        return await async_search_list(
            self._client, self._channel, self._zone, plate=plate
        )

    async def async_put(self, entry: ListEntry) -> ListEntry:
        """Put a plate on a list, from another one if it is there; return how it is kept.

        The list is "allow" or "block". Raises ListFullError, and ListNotChangedError for a device that says OK and
        shows something else.
        """
        known = await self.async_find(entry.plate)
        if kept := kept_entry(known, entry):
            return kept
        await self._async_write(entry, known)
        kept = kept_entry(await self.async_find(entry.plate), entry)
        if kept is None:
            raise ListNotChangedError("The device said OK and did not keep the plate")
        return kept

    async def async_add(self, entries: Sequence[ListEntry]) -> None:
        """Ask for several plates to be added that are on no list, in one request.

        The words are those that the device took last. What it keeps, its list shows
        afterwards. Raises ListFullError.
        """
        await self._async_records([self._record(entry, []) for entry in entries])

    async def async_remove(self, plate: str) -> bool:
        """Remove a plate from every list; tell whether it was there.

        Which way of naming it a device understands is seen by what it shows afterwards:
        a wrong one is answered with OK (trap 63). Never all are removed: what would do
        so is false in every request (trap 66). Raises ListNotChangedError.
        """
        known = await self.async_find(plate)
        if not known:
            return False
        refusal: RejectedError | None = None
        for body in self._deletions(plate, known):
            try:
                await self._async_send("DelLicensePlateAuditData", body)
            except (BadAnswerError, NotSupportedError, RejectedError) as error:
                refusal = error if isinstance(error, RejectedError) else refusal
                continue
            if not await self.async_find(plate):
                return True
        raise refusal or ListNotChangedError(
            "The device said OK and did not remove the plate"
        )

    def _deletions(
        self, plate: str, known: list[ListEntry]
    ) -> Iterator[dict[str, object]]:
        """Yield the ways of naming a plate that is to go, the likeliest first."""
        by_id: dict[str, object] = {
            "id": [entry.entry_id for entry in known if entry.entry_id],
            "deleteAllEnabled": False,
        }
        by_plate: dict[str, object] = {
            "deleteAllEnabled": False,
            "CompoundCond": {"plateColor": "", "licensePlate": plate},
        }
        ways = [by_plate, by_id] if self._dialect == "entrance" else [by_id, by_plate]
        # An empty list of ids may mean anything.
        yield from (way for way in ways if way is by_plate or by_id["id"])
        yield {"licensePlate": [plate]}

    async def _async_write(self, entry: ListEntry, known: list[ListEntry]) -> None:
        """Send a record, in the other dialect where the device refuses the first."""
        try:
            await self._async_record(entry, known)
        except BadAnswerError, RejectedError:
            other: RecordDialect = (
                "deepinview" if self._dialect == "entrance" else "entrance"
            )
            before, self._dialect = self._dialect, other
            try:
                await self._async_record(entry, known)
            except BadAnswerError, RejectedError:
                self._dialect = before
                await self._async_replace(entry, known)

    async def _async_replace(self, entry: ListEntry, known: list[ListEntry]) -> None:
        """Send a record anew after the old one was removed; raise what is refused.

        What was there before is put back if the device refuses the new one after all.
        """
        if known:
            await self.async_remove(entry.plate)
        try:
            await self._async_record(entry, [])
        except BadAnswerError, RejectedError:
            for old in known:
                if old.list in _WORDS[self._dialect]:
                    await self._async_record(old, [])
            raise

    async def _async_record(self, entry: ListEntry, known: list[ListEntry]) -> None:
        """Send a record in the dialect of the device."""
        await self._async_records([self._record(entry, known)])

    def _record(self, entry: ListEntry, known: list[ListEntry]) -> dict[str, str]:
        """Return a record in the dialect of the device."""
        make = _entrance if self._dialect == "entrance" else _deepinview
        return make(entry, _WORDS[self._dialect][entry.list], known, self._zone)

    async def _async_records(self, records: Sequence[dict[str, str]]) -> None:
        """Send records. Raises ListFullError where the device says so."""
        answer = await self._async_send(
            "licensePlateAuditData/record", {"LicensePlateInfoList": records}
        )
        if (over := answer.find("overLimit")) and over.flag():
            raise ListFullError("The device's list is full")

    async def _async_send(self, name: str, body: dict[str, object]) -> Node:
        """Send a document once."""
        path = f"/ISAPI/Traffic/channels/{self._channel}/{name}?format=json"
        return await self._client.put(path, json.dumps(body).encode(), JSON)


def _deepinview(
    entry: ListEntry, word: str, known: list[ListEntry], zone: tzinfo
) -> dict[str, str]:
    """Return a record as DeepinView cameras take it: days, and their own id."""
    return {
        "LicensePlate": entry.plate,
        "listType": word,
        "createTime": _now(zone),
        "effectiveStartDate": (entry.valid_from or date(1970, 1, 1)).isoformat(),
        "effectiveTime": (entry.valid_to or FOR_EVER).isoformat(),
        "id": known[0].entry_id if known else "",
        "cardNo": entry.card_id or "",
    }


def _entrance(
    entry: ListEntry, word: str, known: list[ListEntry], zone: tzinfo
) -> dict[str, str]:
    """Return a record as entrance cameras take it: every key, and times of the day."""
    start = datetime.combine(entry.valid_from or date(1970, 1, 1), time())
    last = time() if entry.valid_to is None else time(23, 59, 59)
    end = datetime.combine(entry.valid_to or FOR_EVER, last)
    return _EMPTY | {
        "LicensePlate": entry.plate,
        "listType": word,
        "id": "",
        "cardNo": entry.card_id or "",
        "plateType": "92TypeCivil",
        "plateColor": "blue",
        "certificateType": "ID",
        "operationType": "modify" if known else "add",
        "operation": "new",
        "createTime": _now(zone),
        "effectiveStartDate": start.isoformat(),
        "effectiveTime": end.isoformat(),
    }


def _now(zone: tzinfo) -> str:
    """Return the time as devices write it, without a zone."""
    return datetime.now(zone).replace(tzinfo=None).isoformat(timespec="seconds")
