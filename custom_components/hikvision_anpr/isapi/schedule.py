"""Read and change the weeks in which a camera tells of vehicles (reference 7.4).

Outside of the schedule of vehicle detection a camera is silent, as if nobody passed;
outside of that of a list it does not act on the list's plates.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
import re
from typing import Final, Literal

from lxml import etree

from .client import IsapiClient
from .detection_mode import async_in_order
from .errors import NotSupportedError, NotTakenError
from .http_host_document import put
from .stored_document import async_store
from .writable_document import Element, child, name_of, parse, text, whole_number

type Minutes = tuple[int, int]
"""A range of a day in minutes since midnight; the end is not part of it."""

type Days = Mapping[int, tuple[Minutes, ...]]
"""Ranges by day, 1 is Monday, 7 is Sunday, 8 is a holiday where cameras have some."""

DAY_MINUTES: Final = 1440
ALWAYS: Final[Days] = dict.fromkeys(range(1, 8), ((0, DAY_MINUTES),))
"""Every day of the week from its first minute to its last."""

type Scheduled = Literal["vehicle_detection", "allow_list", "block_list"]

SCHEDULED: Final[dict[Scheduled, tuple[tuple[str, str], ...]]] = {
    "vehicle_detection": (
        ("vehicledetects", "vehicledetection"),
        ("HVTVehicleDetects", "HVTVehicleDetection"),
    ),
    "allow_list": (("whiteList", "whiteList"),),
    "block_list": (("blackList", "blackList"),),
}
"""How devices call what has a schedule: its folder and its trigger.

A camera that detects two-wheelers, too, keeps that of vehicles elsewhere.
"""

_SCHEDULES: Final = "/ISAPI/Event/schedules"
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.Z+-].*)?")


async def async_is_empty(client: IsapiClient, channel: int) -> bool | None:
    """Ask whether a channel is never armed; None if the device does not say.

    A range that cannot be read counts as one. Raises the errors of the client;
    NotSupportedError where there is no schedule.
    """
    _, root = await _async_document(client, channel, "vehicle_detection")
    if child(root, "TimeBlockList") is None:
        return None
    return not any(map(_lasts, root.iter("{*}TimeRange")))


async def async_get_schedule(
    client: IsapiClient, channel: int, scheduled: Scheduled = "vehicle_detection"
) -> Days:
    """Read when a channel detects vehicles, or acts on the plates of a list.

    A day without ranges is not there. Raises the errors of the client.
    """
    _, root = await _async_schedule(client, channel, scheduled)
    return _days(root)


async def async_set_schedule(
    client: IsapiClient,
    channel: int,
    days: Days,
    scheduled: Scheduled = "vehicle_detection",
) -> bool:
    """Change the days that are named, send all of the document back, and read it.

    Tells whether the device wants a restart. Raises NotTakenError where the device shows other ranges afterwards, and the
    errors of the client.
    """
    path, root = await _async_schedule(client, channel, scheduled)
    _apply(root, days)
    reboot_required = await async_store(client, path, root)
    kept = _days(parse(await client.get_bytes(path)))
    if not reboot_required and any(kept.get(day, ()) != days[day] for day in days):
        raise NotTakenError("The device keeps its schedule", path=path)
    return reboot_required


async def _async_schedule(
    client: IsapiClient, channel: int, scheduled: Scheduled
) -> tuple[str, Element]:
    """Return where a channel's schedule is, and what it says."""
    path, root = await _async_document(client, channel, scheduled)
    if child(root, "TimeBlockList") is None:
        raise NotSupportedError("The device's schedule has no times", path=path)
    return path, root


async def _async_document(
    client: IsapiClient, channel: int, scheduled: Scheduled
) -> tuple[str, Element]:
    """Return where a channel's schedule is and what it says, by whichever name.

    Raises NotSupportedError where it has none by any.
    """
    names = await async_in_order(client, channel, SCHEDULED[scheduled])
    for folder, name in names:
        for last in (f"{name}-{channel}", str(channel)):
            path = f"{_SCHEDULES}/{folder}/{last}"
            try:
                return path, parse(await client.get_bytes(path))
            except NotSupportedError:
                continue
    raise NotSupportedError("The device has no such schedule", path=_SCHEDULES)


def _lasts(span: Element) -> bool:
    """Tell whether a range begins before it ends; one that cannot be read does."""
    begin, end = text(span, "beginTime"), text(span, "endTime")
    return not begin or not end or begin != end


def _blocks(root: Element) -> list[Element]:
    """Return the blocks of a schedule; a day may have several."""
    listed = child(root, "TimeBlockList")
    found = listed if listed is not None else ()
    return [one for one in found if name_of(one) == "timeblock"]


def _days(root: Element) -> Days:
    """Return the ranges of a schedule, each day's first one first."""
    days: dict[int, set[Minutes]] = {}
    for block in _blocks(root):
        days.setdefault(_day(block), set()).update(_ranges(block))
    return {day: tuple(sorted(days[day])) for day in sorted(days) if day and days[day]}


def _day(block: Element) -> int:
    """Return the day of a block, 0 where it makes no sense."""
    return whole_number(text(block, "dayOfWeek")) or 0


def _ranges(block: Element) -> Iterator[Minutes]:
    """Yield the ranges of a block; what makes no sense, or has no length, is none."""
    for one in block.iter("{*}TimeRange"):
        begin, end = (
            minutes_of_day(text(one, name)) for name in ("beginTime", "endTime")
        )
        if begin is not None and end is not None and begin < end:
            yield begin, end


def minutes_of_day(value: str | None) -> int | None:
    """Return a time of the day in minutes; a day's last second is its end."""
    found = _CLOCK.fullmatch(value or "")
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = hours * 60 + minutes + round(seconds / 60)
    return total if total <= DAY_MINUTES else None


def _apply(root: Element, days: Days) -> None:
    """Put ranges in place of those of the days on which they are other ones.

    New blocks are written like the first one, and stand where the old ones did.
    """
    before = _days(root)
    days = {day: days[day] for day in days if days[day] != before.get(day, ())}
    blocks = _blocks(root)
    listed = child(root, "TimeBlockList")
    if listed is None:
        return
    old = [block for block in blocks if _day(block) in days]
    place = listed.index(old[0]) if old else len(listed)
    like = deepcopy((old or blocks or [_plain(listed)])[0])
    for block in old:
        listed.remove(block)
    made = [_block(like, day, one) for day in sorted(days) for one in days[day]]
    for offset, block in enumerate(made):
        listed.insert(place + offset, block)


def _plain(listed: Element) -> Element:
    """Return a block for a list that has none to go by."""
    return etree.Element(etree.QName(etree.QName(listed).namespace, "TimeBlock"))


def _block(like: Element, day: int, minutes: Minutes) -> Element:
    """Return a block with one range that is written like another one."""
    made = deepcopy(like)
    for extra in list(made.iter("{*}TimeRange"))[1:]:
        if (parent := extra.getparent()) is not None:
            parent.remove(extra)
    begin, end = (f"{one // 60:02}:{one % 60:02}" for one in minutes)
    put(made, ("dayOfWeek",), str(day))
    found = next(made.iter("{*}TimeRange"), None)
    path = () if found is not None else ("TimeRange",)
    inner = made if found is None else found
    put(inner, (*path, "beginTime"), clock_like(text(inner, *path, "beginTime"), begin))
    put(inner, (*path, "endTime"), clock_like(text(inner, *path, "endTime"), end))
    return made


def clock_like(old: str | None, clock: str) -> str:
    """Return a time with seconds where the device writes some."""
    return f"{clock}:00" if (old or "").count(":") == 2 else clock
