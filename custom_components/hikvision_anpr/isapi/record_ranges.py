"""Read and write the ranges of a week in which a channel is recorded (reference 8.4)."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from lxml import etree

from .schedule import DAY_MINUTES, clock_like, minutes_of_day
from .writable_document import Element, child, text

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


def schedule_block(root: Element) -> Element | None:
    """Return what holds the ranges of a track."""
    return child(root, "TrackSchedule", "ScheduleBlockList", "ScheduleBlock")


def recorded_actions(root: Element) -> list[Element]:
    """Return the ranges of a track as they are written."""
    return [
        one
        for one in root.iter("{*}ScheduleAction")
        if text(one, "Actions", "Record") != "false"
    ]


def recorded_ranges(root: Element) -> Iterator[tuple[int, RecordedRange]]:
    """Yield what is recorded on which day; what makes no sense is nothing."""
    for one in recorded_actions(root):
        day = _day(one)
        start = minutes_of_day(text(one, _START, "TimeOfDay"))
        end = minutes_of_day(text(one, _END, "TimeOfDay"))
        if end == 0 and text(one, _END, "DayOfWeek") != text(one, _START, "DayOfWeek"):
            end = DAY_MINUTES
        if day and start is not None and end is not None and start < end:
            said = text(one, *_MODE) or ""
            mode = _NAMES.get(said.lower(), said.lower())
            yield day, RecordedRange(start=start, end=end, mode=mode)


def set_mode(root: Element, wire: str) -> None:
    """Let all that is recorded be recorded for one reason, as the device calls it."""
    for action in recorded_actions(root):
        put(action, _MODE, wire)


def _day(action: Element) -> int:
    """Return the day of a range, 0 where it makes no sense."""
    name = (text(action, _START, "DayOfWeek") or "").capitalize()
    return _DAYS.index(name) + 1 if name in _DAYS else 0


def replace_ranges(
    root: Element,
    days: Mapping[int, tuple[tuple[int, int], ...]],
    wire: str | None,
) -> None:
    """Put ranges in place of those of the days that are named, written like the first."""
    block = schedule_block(root)
    if block is None or not days:
        return
    old = list(block.iterfind("{*}ScheduleAction"))
    like = (recorded_actions(root) or old or [_plain(block)])[0]
    made = [_action(like, day, one, wire) for day in sorted(days) for one in days[day]]
    kept = [action for action in old if _day(action) not in days]
    place = block.index(old[0]) if old else len(block)
    numbers = {text(action, "id") for action in old}
    for action in old:
        block.remove(action)
    block[place:place] = sorted(kept + made, key=_order)
    if len(numbers) > 1:
        for number, action in enumerate(block.iterfind("{*}ScheduleAction"), 1):
            put(action, ("id",), str(number))


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
        put(made, (name, "DayOfWeek"), _DAYS[day - 1])
        old = text(made, name, "TimeOfDay") or "00:00:00"
        put(made, (name, "TimeOfDay"), clock_like(old, clock))
    if wire:
        put(made, _MODE, wire)
    return made


def put(element: Element, path: tuple[str, ...], value: str) -> None:
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
    put(made, ("id",), "1")
    put(made, (_START,), "")
    put(made, (_END,), "")
    put(made, ("Actions", "Record"), "true")
    put(made, _MODE, MODES["continuous"])
    return made
