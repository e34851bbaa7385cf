"""Read and change when and why a channel is recorded (reference 8.4).

The document is that of a track: 101 is the main stream of channel 1. Its parts are those
of the vendor's published example; `DefaultRecordingMode` is left alone, for devices refuse
a document in which it is changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .client import IsapiClient
from .errors import (
    NOT_TOLD,
    BadAnswerError,
    NotSupportedError,
    NotTakenError,
    RebootRequiredError,
)
from .record_ranges import (
    MODES,
    RecordedDays,
    RecordedRange,
    put,
    recorded_ranges,
    replace_ranges,
    schedule_block,
    set_mode,
)
from .writable_document import (
    Element,
    child,
    name_of,
    options,
    parse,
    text,
    whole_number,
    writable,
)


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
    if name_of(root) != "track" or schedule_block(root) is None:
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
    for day, one in recorded_ranges(root):
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
        before=whole_number(text(extension, "PreRecordTimeSeconds")),
        after=whole_number(text(extension, "PostRecordTimeSeconds")),
    )


def _extension(root: Element) -> Element:
    """Return what the vendor adds to a track, or else the track."""
    found = child(root, "CustomExtensionList", "CustomExtension")
    return root if found is None else found


def _apply(root: Element, change: RecordChange, wire: str | None) -> None:
    """Write a change into a document."""
    if change.enabled is not None:
        _enable(root, enabled=change.enabled)
    if change.days is not None:
        replace_ranges(root, _other_days(root, change), wire)
    elif wire:
        set_mode(root, wire)
    for name, seconds in (
        ("PreRecordTimeSeconds", change.before),
        ("PostRecordTimeSeconds", change.after),
    ):
        if seconds is not None:
            if child(_extension(root), name) is None:
                raise NotSupportedError("The device has no such time")
            put(_extension(root), (name,), str(seconds))


def _enable(root: Element, *, enabled: bool) -> None:
    """Switch recording; where the schedule has a switch of its own, by that."""
    value = "true" if enabled else "false"
    has_own = child(_extension(root), "enableSchedule") is not None
    if has_own:
        put(_extension(root), ("enableSchedule",), value)
    if enabled or not has_own:
        put(root, ("Enable",), value)


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
