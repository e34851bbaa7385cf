"""Read and change when and why a channel is recorded (reference 8.4).

The document is that of a track: 101 is the main stream of channel 1. Its parts are those
of the vendor's published example; `DefaultRecordingMode` is left alone, for devices refuse
a document in which it is changed.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from .client import IsapiClient
from .errors import (
    NOT_TOLD,
    BadAnswerError,
    NotSupportedError,
    NotTakenError,
    RebootRequiredError,
)
from .schedule import DAY_MINUTES, clock_like, minutes_of_day
from .writable_document import Element, child, name_of, options, parse, text, writable

MODES: Final[Mapping[str, str]] = {
    "continuous": "CMR",
    "motion": "MOTION",
    "alarm": "ALARM",
    "motion_or_alarm": "EDR",
    "motion_and_alarm": "ALARMANDMOTION",
    "all_events": "AllEvent",
}
"""Why something is recorded, as we and as devices call it."""

_NAMES: Final = {wire.lower(): name for name, wire in MODES.items()}
_DAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_START: Final = "ScheduleActionStartTime"
_END: Final = "ScheduleActionEndTime"
_MODE: Final = ("Actions", "ActionRecordingMode")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRange:
    """Hold a range of a day in minutes since midnight, and why it is recorded then.

    `mode` is one of MODES, else what the device says in lower case.
    """

    start: int
    end: int
    mode: str


type RecordedDays = Mapping[int, tuple[RecordedRange, ...]]
"""Ranges by day, 1 is Monday, 7 is Sunday; a day without ranges is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTrack:
    """Hold when and why a channel is recorded; None is what the device does not say.

    `before` and `after` are the seconds around an event that are recorded with it.
    """

    enabled: bool | None
    days: RecordedDays
    before: int | None
    after: int | None

    def modes_at(self, moment: datetime) -> frozenset[str]:
        """Return why is recorded at a moment in the device's own zone, if at all."""
        minute = moment.hour * 60 + moment.minute
        if self.enabled is False:
            return frozenset()
        ranges = self.days.get(moment.isoweekday(), ())
        return frozenset(one.mode for one in ranges if one.start <= minute < one.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """Say what is to change; None leaves as it is.

    `days` are the days whose ranges are replaced, in minutes; `mode` is that of all
    that is recorded, or of the replaced days where there are some.
    """

    enabled: bool | None = None
    mode: str | None = None
    days: Mapping[int, tuple[tuple[int, int], ...]] | None = None
    before: int | None = None
    after: int | None = None


async def async_get_record_track(client: IsapiClient, channel: int) -> RecordTrack:
    """Read when a channel is recorded.

    Raises the errors of the client; NotSupportedError where nothing is recorded by a
    schedule, as on a device without storage.
    """
    return _track(await _async_document(client, channel))


async def async_change_record_track(
    client: IsapiClient, channel: int, change: RecordChange
) -> tuple[RecordTrack, bool]:
    """Change it, send all of the document back, and read it.

    Return what the device shows then, and whether it wants a reboot. Raises
    NotTakenError where it shows something else, and the errors of the client.
    """
    path = _path(channel)
    root = await _async_document(client, channel)
    wire = await _async_wire(client, channel, change.mode) if change.mode else None
    _apply(root, change, wire)
    wanted = _track(root)
    reboot_required = False
    try:
        await client.put(path, writable(root))
    except RebootRequiredError:
        reboot_required = True
    kept = _track(await _async_document(client, channel))
    if not reboot_required and kept != wanted:
        raise NotTakenError("The device keeps its recording schedule", path=path)
    return kept, reboot_required


def _path(channel: int) -> str:
    """Return where the track of a channel's main stream is."""
    return f"/ISAPI/ContentMgmt/record/tracks/{channel}01"


async def _async_document(client: IsapiClient, channel: int) -> Element:
    """Return the document of a track."""
    path = _path(channel)
    root = parse(await client.get_bytes(path))
    if name_of(root) != "track" or _block(root) is None:
        raise BadAnswerError("The device's document is another one", path=path)
    return root


async def _async_wire(client: IsapiClient, channel: int, mode: str) -> str:
    """Return how the device calls a mode. Raises NotSupportedError."""
    path = f"{_path(channel)}/capabilities"
    try:
        root = parse(await client.get_bytes(path))
    except NOT_TOLD:
        return MODES[mode]
    offered = {
        option for one in root.iter("{*}ActionRecordingMode") for option in options(one)
    }
    if not offered:
        return MODES[mode]
    wire = MODES[mode].lower()
    found = next((option for option in offered if option.lower() == wire), None)
    if found is None:
        raise NotSupportedError("The device does not record so", path=path)
    return found


def _track(root: Element) -> RecordTrack:
    """Return what a document says."""
    extension = _extension(root)
    days: dict[int, list[RecordedRange]] = {}
    for day, one in _ranges(root):
        days.setdefault(day, []).append(one)
    states = [
        value.lower() == "true"
        for value in (text(root, "Enable"), text(extension, "enableSchedule"))
        if value
    ]
    return RecordTrack(
        enabled=all(states) if states else None,
        days={
            day: tuple(sorted(days[day], key=lambda one: one.start))
            for day in sorted(days)
        },
        before=_seconds(text(extension, "PreRecordTimeSeconds")),
        after=_seconds(text(extension, "PostRecordTimeSeconds")),
    )


def _extension(root: Element) -> Element:
    """Return what the vendor adds to a track, or else the track."""
    found = child(root, "CustomExtensionList", "CustomExtension")
    return root if found is None else found


def _block(root: Element) -> Element | None:
    """Return what holds the ranges of a track."""
    return child(root, "TrackSchedule", "ScheduleBlockList", "ScheduleBlock")


def _actions(root: Element) -> list[Element]:
    """Return the ranges of a track as they are written."""
    return [
        one
        for one in root.iter("{*}ScheduleAction")
        if text(one, "Actions", "Record") != "false"
    ]


def _ranges(root: Element) -> Iterator[tuple[int, RecordedRange]]:
    """Yield what is recorded on which day; what makes no sense is nothing."""
    for one in _actions(root):
        day = _day(one)
        start = minutes_of_day(text(one, _START, "TimeOfDay"))
        end = minutes_of_day(text(one, _END, "TimeOfDay"))
        if end == 0 and text(one, _END, "DayOfWeek") != text(one, _START, "DayOfWeek"):
            end = DAY_MINUTES
        if day and start is not None and end is not None and start < end:
            said = text(one, *_MODE) or ""
            mode = _NAMES.get(said.lower(), said.lower())
            yield day, RecordedRange(start=start, end=end, mode=mode)


def _day(action: Element) -> int:
    """Return the day of a range, 0 where it makes no sense."""
    name = (text(action, _START, "DayOfWeek") or "").capitalize()
    return _DAYS.index(name) + 1 if name in _DAYS else 0


def _seconds(value: str | None) -> int | None:
    """Return a whole number of seconds."""
    return int(value) if value and value.isascii() and value.isdecimal() else None


def _apply(root: Element, change: RecordChange, wire: str | None) -> None:
    """Write a change into a document."""
    if change.enabled is not None:
        _enable(root, enabled=change.enabled)
    if change.days is not None:
        _replace(root, _other_days(root, change), wire)
    elif wire:
        for action in _actions(root):
            _put(action, _MODE, wire)
    for name, seconds in (
        ("PreRecordTimeSeconds", change.before),
        ("PostRecordTimeSeconds", change.after),
    ):
        if seconds is not None:
            if child(_extension(root), name) is None:
                raise NotSupportedError("The device has no such time")
            _put(_extension(root), (name,), str(seconds))


def _enable(root: Element, *, enabled: bool) -> None:
    """Switch recording; where the schedule has a switch of its own, by that."""
    value = "true" if enabled else "false"
    has_own = child(_extension(root), "enableSchedule") is not None
    if has_own:
        _put(_extension(root), ("enableSchedule",), value)
    if enabled or not has_own:
        _put(root, ("Enable",), value)


def _other_days(
    root: Element, change: RecordChange
) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return the days that are to be recorded at other times, or for another reason."""
    before = _track(root).days
    return {
        day: ranges
        for day, ranges in (change.days or {}).items()
        if [(one.start, one.end) for one in before.get(day, ())] != list(ranges)
        or any(change.mode not in {None, one.mode} for one in before.get(day, ()))
    }


def _replace(
    root: Element,
    days: Mapping[int, tuple[tuple[int, int], ...]],
    wire: str | None,
) -> None:
    """Put ranges in place of those of the days that are named, written like the first."""
    block = _block(root)
    if block is None or not days:
        return
    old = list(block.iterfind("{*}ScheduleAction"))
    like = (_actions(root) or old or [_plain(block)])[0]
    made = [_action(like, day, one, wire) for day in sorted(days) for one in days[day]]
    kept = [action for action in old if _day(action) not in days]
    place = block.index(old[0]) if old else len(block)
    numbers = {text(action, "id") for action in old}
    for action in old:
        block.remove(action)
    block[place:place] = sorted(kept + made, key=_order)
    if len(numbers) > 1:
        for number, action in enumerate(block.iterfind("{*}ScheduleAction"), 1):
            _put(action, ("id",), str(number))


def _order(action: Element) -> tuple[int, int]:
    """Return where a range stands in a week."""
    return (_day(action), minutes_of_day(text(action, _START, "TimeOfDay")) or 0)


def _action(
    like: Element, day: int, minutes: tuple[int, int], wire: str | None
) -> Element:
    """Return a range that is written like another one."""
    made = deepcopy(like)
    for name, minute in zip((_START, _END), minutes, strict=True):
        clock = f"{minute // 60:02}:{minute % 60:02}"
        _put(made, (name, "DayOfWeek"), _DAYS[day - 1])
        old = text(made, name, "TimeOfDay") or "00:00:00"
        _put(made, (name, "TimeOfDay"), clock_like(old, clock))
    if wire:
        _put(made, _MODE, wire)
    return made


def _put(element: Element, path: tuple[str, ...], value: str) -> None:
    """Set the text at a path, adding what is missing at the end."""
    for name in path:
        inner = child(element, name)
        if inner is None:
            full = etree.QName(etree.QName(element).namespace, name)
            inner = etree.SubElement(element, full)
        element = inner
    element.text = value


def _plain(block: Element) -> Element:
    """Return a range for a track that has none to go by."""
    made = etree.Element(etree.QName(etree.QName(block).namespace, "ScheduleAction"))
    _put(made, ("id",), "1")
    _put(made, (_START,), "")
    _put(made, (_END,), "")
    _put(made, ("Actions", "Record"), "true")
    _put(made, _MODE, MODES["continuous"])
    return made
