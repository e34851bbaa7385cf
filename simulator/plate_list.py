"""A camera's own list of plates, with the ways in which such lists mislead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
import re
from typing import Final


class ListDialect(StrEnum):
    """Name the ways in which cameras take records (reference 5.2).

    TCG_PLATES is the variant that deletes by a list of plates. VCL is the older list of
    entrance terminals (reference 5.3), VCL_UNSHOWN one that its device does not show.
    FILE is a list that is given and taken as one file alone (reference 5.1).
    """

    DEEPINVIEW = "deepinview"
    TCG = "tcg"
    TCG_PLATES = "tcg_plates"
    VCL = "vcl"
    VCL_UNSHOWN = "vcl_unshown"
    FILE = "file"


#: What an entrance camera refuses a record without, though all may be empty (trap 64).
TCG_KEYS: Final = frozenset(
    {
        "listType",
        "LicensePlate",
        "cardNo",
        "cardID",
        "plateType",
        "plateColor",
        "plateDescription",
        "name",
        "certificateType",
        "certificateNumber",
        "operationType",
        "virtualParkingNum",
        "groupName",
        "createTime",
        "effectiveStartDate",
        "effectiveTime",
        "operation",
    }
)
_DEEPINVIEW_WORDS: Final = frozenset({"whiteList", "blackList"})
_TCG_WORDS: Final = frozenset({"allowList", "blockList", "temporaryList"})
#: However a list is written, it is read in the old words (trap 62).
READ_WORDS: Final = {
    "whiteList": "whiteList",
    "blackList": "blackList",
    "allowList": "whiteList",
    "blockList": "blackList",
    "temporaryList": "temporaryList",
}
#: Which letters a device takes is not public; Chinese ones stand on Chinese plates.
_PLATE: Final = re.compile(r"[-A-Z0-9\u4e00-\u9fff ]{1,16}", re.IGNORECASE)
#: The groups of a file: other numbers than those of older terminals (trap 68).
FILE_GROUPS: Final = {"0": "blackList", "1": "whiteList"}
_FACTS: Final = {
    "whiteList": "allow",
    "blackList": "block",
    "temporaryList": "temporary",
}


class ListRefusedError(Exception):
    """Say that a record cannot be taken."""


class PlateRefusedError(Exception):
    """Say that a plate has letters that no plate has."""


class ListIsFullError(Exception):
    """Say that no more fits in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlate:
    """Hold a record: its id, and what was written of it."""

    number: str
    plate: str
    kind: str
    start: str
    end: str
    created: str
    card: str = ""


@dataclass(slots=True, kw_only=True)
class PlateList:
    """Hold the records of a camera.

    Attributes:
        dialect: How records are taken.
        capacity: How many fit in.
        page: How many are on a page of a search at most.
        records: The records by plate.
    """

    dialect: ListDialect
    capacity: int
    page: int = 20
    records: dict[str, ListedPlate] = field(default_factory=dict)
    _next: int = 1

    def put(self, record: Mapping[str, object]) -> None:
        """Take a record.

        Raises:
            ListRefusedError: A key is missing, a word unknown, or the plate is there.
            PlateRefusedError: The plate has letters that no plate has.
            ListIsFullError: There is no room.
        """
        is_tcg = self.dialect is not ListDialect.DEEPINVIEW
        plate, kind = str(record.get("LicensePlate", "")), str(record.get("listType"))
        words = _TCG_WORDS if is_tcg else _DEEPINVIEW_WORDS
        start, end = (
            str(record.get("effectiveStartDate")),
            str(record.get("effectiveTime")),
        )
        if not plate or kind not in words or ("T" in start) is not is_tcg:
            raise ListRefusedError
        if is_tcg and (
            TCG_KEYS - record.keys()
            or (record["operationType"] == "add") is (plate in self.records)
        ):
            raise ListRefusedError
        if not _PLATE.fullmatch(plate):
            raise PlateRefusedError
        if plate not in self.records and len(self.records) >= self.capacity:
            raise ListIsFullError
        self._keep(plate, kind, start, end, record)

    def put_numbered(self, fields: Mapping[str, str]) -> None:
        """Take a record of an older terminal, which calls its lists by numbers.

        Raises:
            ListRefusedError: The list is none of the first two.
            PlateRefusedError: The plate has letters that no plate has.
            ListIsFullError: There is no room.
        """
        plate = fields.get("plateNum", "")
        kind = {"0": "whiteList", "1": "blackList"}.get(fields.get("listType", ""))
        if kind is None:
            raise ListRefusedError
        if not _PLATE.fullmatch(plate):
            raise PlateRefusedError
        if plate not in self.records and len(self.records) >= self.capacity:
            raise ListIsFullError
        record = {"cardNo": fields.get("cardNo", "")}
        start, end = fields.get("startTime", ""), fields.get("endTime", "")
        self._keep(plate, kind, start, end, record)

    def put_file(self, rows: Sequence[Sequence[str]]) -> None:
        """Take the whole list of a file in place of what was there.

        Raises:
            ListRefusedError: A row has too few columns, or a group that there is not.
            PlateRefusedError: A plate has letters that no plate has.
            ListIsFullError: There is no room.
        """
        if any(len(row) != 6 or row[2] not in FILE_GROUPS for row in rows):
            raise ListRefusedError
        if not all(_PLATE.fullmatch(row[1]) for row in rows):
            raise PlateRefusedError
        if len(rows) > self.capacity:
            raise ListIsFullError
        self.records.clear()
        for _, plate, group, start, end, card in rows:
            self._keep(plate, FILE_GROUPS[group], start, end, {"cardNo": card})

    def _keep(
        self, plate: str, kind: str, start: str, end: str, record: Mapping[str, object]
    ) -> None:
        """Keep a record; entrance cameras take the plate for its id."""
        known = self.records.get(plate)
        number = known.number if known else str(self._next)
        if self.dialect in {ListDialect.TCG, ListDialect.TCG_PLATES}:
            number = plate
        self._next += known is None
        self.records[plate] = ListedPlate(
            number=number,
            plate=plate,
            kind=kind,
            start=start,
            end=end,
            created=str(record.get("createTime", "")),
            card=str(record.get("cardNo", "")),
        )

    def of(self, plate: str) -> list[ListedPlate]:
        """Return the records of a plate."""
        return [self.records[plate]] if plate in self.records else []

    def delete(self, body: Mapping[str, object]) -> None:
        """Delete what a document names; what it does not understand it ignores.

        A number as an id is answered with OK and deletes nothing (trap 63).
        """
        if body.get("deleteAllEnabled") is True:
            self.records.clear()
            return
        for plate in self._named(body):
            self.records.pop(plate, None)

    def _named(self, body: Mapping[str, object]) -> list[str]:
        """Return the plates that a document names in the words of the camera."""
        if self.dialect is ListDialect.DEEPINVIEW:
            ids = body.get("id", [])
            wanted = ids if isinstance(ids, list) else []
            return [one.plate for one in self.records.values() if one.number in wanted]
        if self.dialect is ListDialect.TCG:
            condition = body.get("CompoundCond")
            if isinstance(condition, Mapping):
                return [str(condition.get("licensePlate"))]
            return []
        plates = body.get("licensePlate", [])
        return [str(plate) for plate in plates] if isinstance(plates, list) else []

    def fact(self, plate: str | None) -> str | None:
        """Return the list that a plate is on, as passages say it."""
        record = self.records.get(plate or "")
        return _FACTS[READ_WORDS[record.kind]] if record else None
