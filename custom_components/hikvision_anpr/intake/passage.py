"""Represent a vehicle passing a channel, with its public names."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
import re
from typing import Final, Literal
from unicodedata import normalize

from ..isapi.plate_read import PlateRead
from ..isapi.tables.lists import verdict
from ..isapi.tables.plates import strip_color_prefix

type Source = Literal["arming", "listening", "catch_up", "manual"]
type PassageType = Literal["allowed", "blocked", "unlisted", "unreadable"]
type ListName = Literal["allow", "block", "none"]
type Match = Literal["exact", "folded", "fuzzy"]
type MovementName = Literal["entry", "exit"]
type GateDecision = Literal["open", "deny", "none"]
type PassageValue = str | int | float | bool | list[str] | None

PASSAGE_TYPES: Final[tuple[PassageType, ...]] = (
    "allowed",
    "blocked",
    "unlisted",
    "unreadable",
)

_TYPE_OF_LIST: Final[dict[ListName, PassageType]] = {
    "allow": "allowed",
    "block": "blocked",
    "none": "unlisted",
}
_SEPARATORS: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=256)
def normalize_plate(plate: str) -> str:
    """Return a plate in capitals, without separators and Chinese colour sign.

    Keyboards and files write the same letter in several ways: in full width, or an
    umlaut in two characters.
    """
    text = normalize("NFKC", strip_color_prefix(plate)[1])
    return _SEPARATORS.sub("", text).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Hold what the centre knows of a vehicle; `match` is how its plate was found.

    `reasons` say why a known vehicle is on no list now, or may not pass. An entry of a
    guest `counts` where the guest may come in a number of times alone.
    """

    list: ListName
    vehicle_name: str | None = None
    match: Match | None = None
    vehicle_id: str | None = None
    reasons: tuple[str, ...] = ()
    counts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Hold a passage: its best read, and what we know beside it.

    `captured_at` is the device's own time, `received_at` ours, both aware.
    `live` is False for what came in late: it acts on nothing. `verdict` is None
    where the centre knows nothing of the vehicle: then the device's word counts.
    `area` and `movement` say what passing its channel means, None where nothing.
    """

    passage_id: str
    device_id: str
    read: PlateRead
    captured_at: datetime
    received_at: datetime
    source: Source
    live: bool
    reads: int = 1
    verdict: Verdict | None = None
    area: str | None = None
    movement: MovementName | None = None
    decision: GateDecision = "none"
    reasons: tuple[str, ...] = ()

    @property
    def type(self) -> PassageType:
        """Return the event type of the passage."""
        if self.read.is_unreadable:
            return "unreadable"
        return _TYPE_OF_LIST[self.list]

    @property
    def list(self) -> ListName:
        """Return which list the vehicle is on: the centre's word, else the device's."""
        return self.verdict.list if self.verdict else self.device_list

    @property
    def device_list(self) -> ListName:
        """Return which list the vehicle is on by the device's word alone."""
        return verdict(self.read.list_name)

    def as_dict(self) -> dict[str, PassageValue]:
        """Return the passage under its public names, ready for JSON."""
        read = self.read
        return {
            "passage_id": self.passage_id,
            "device_id": self.device_id,
            "channel": read.channel,
            "lane": read.lane,
            "plate": read.plate,
            "plate_normalized": normalize_plate(read.plate) if read.plate else None,
            "list": self.list,
            "device_list": read.list_name,
            "vehicle_name": self.verdict.vehicle_name if self.verdict else None,
            "match": self.verdict.match if self.verdict else None,
            "confidence": read.confidence,
            "direction": read.direction,
            "country": read.country,
            "region": read.region,
            "plate_color": read.plate_color,
            "plate_type": read.plate_type,
            "vehicle_type": read.vehicle_type,
            "vehicle_color": read.vehicle_color,
            "vehicle_brand": read.vehicle_brand,
            "captured_at": self.captured_at.isoformat(),
            "received_at": self.received_at.isoformat(),
            "source": self.source,
            "live": self.live,
            "reads": self.reads,
            "area": self.area,
            "decision": self.decision,
            "reasons": list(self.reasons),
        }


def better_read(first: PlateRead, second: PlateRead) -> PlateRead:
    """Return the more confident of two reads, its gaps filled from the other.

    The list on which the device found one plate says nothing of another.
    """
    best, other = first, second
    if second.plate is not None and (
        first.plate is None or (second.confidence or 0) > (first.confidence or 0)
    ):
        best, other = second, first
    same = normalize_plate(best.plate or "") == normalize_plate(other.plate or "")
    gaps = {
        name: value
        for name in _MERGED
        if (same or name != "list_name")
        and getattr(best, name) in _EMPTY
        and (value := getattr(other, name)) not in _EMPTY
    }
    if best.has_more_data and not other.has_more_data:
        gaps["has_more_data"] = False
    return replace(best, **gaps) if gaps else best


_EMPTY: Final = (None, "unknown", ())
_OF_THE_PLATE: Final = frozenset(
    {"plate", "original_plate", "confidence", "character_confidences"}
)
_MERGED: Final = tuple(
    field.name
    for field in fields(PlateRead)
    if field.name not in _OF_THE_PLATE | {"uuid"}
)
