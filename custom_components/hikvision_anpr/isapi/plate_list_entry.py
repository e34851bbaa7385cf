"""Hold one plate of a device's own list (reference 5)."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Final

from .node import Node
from .tables.lists import device_list
from .timestamps import parse_device_time

FOR_EVER: Final = date(2099, 12, 30)
"""The end that devices' own pages write for no end."""
SINCE_EVER: Final = date(1970, 1, 1)
"""The begin that they write for none."""
_FAR: Final = 2037


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """Hold a plate on a list of a device.

    `entry_id` is the device's own name for it, empty for one that is yet to be added.
    `list` is "allow", "block", "temporary", "other", or a list library's own name.
    `valid_from` and `valid_to` are days, both of them included, None for no limit.
    """

    plate: str
    list: str
    entry_id: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    card_id: str | None = None


def read_entry(node: Node, zone: tzinfo) -> ListEntry | None:
    """Read one entry of a search; None for what is none.

    What is written as `listType` is read as `type` (trap 62).
    """
    plate = (node.value("LicensePlate") or "").strip()
    if not plate:
        return None
    kind = node.value("type") or node.value("listType")
    return ListEntry(
        plate=plate,
        list=device_list(None, kind) or "other",
        entry_id=node.value("id") or "",
        valid_from=_day(node.value("effectiveStartDate"), zone, past=True),
        valid_to=_day(node.value("effectiveTime"), zone, past=False),
        card_id=node.value("cardNo") or node.value("cardID") or None,
    )


@lru_cache(maxsize=256)
def _day(text: str | None, zone: tzinfo, *, past: bool) -> date | None:
    """Return a day; None for one that stands for no limit.

    Of thousands of entries most have the same few days.
    """
    if not text:
        return None
    moment = parse_device_time(text, zone)
    day = moment.astimezone(zone).date() if moment else _plain_day(text)
    if day is None:
        return None
    is_no_limit = day <= date(1970, 1, 2) if past else day.year >= _FAR
    return None if is_no_limit else day


def _plain_day(text: str) -> date | None:
    """Return a day that is written without a time."""
    try:
        return datetime.strptime(text.strip()[:10], "%Y-%m-%d").date()
    except ValueError:
        return None


def kept_entry(known: list[ListEntry], entry: ListEntry) -> ListEntry | None:
    """Return what is kept of a plate, if that is what is wanted.

    Devices that do not tell from when an entry is valid are not asked for it.
    """
    return next(
        (
            one
            for one in known
            if len(known) == 1
            and one.list == entry.list
            and one.valid_to == entry.valid_to
            and one.valid_from in {None, entry.valid_from}
        ),
        None,
    )
