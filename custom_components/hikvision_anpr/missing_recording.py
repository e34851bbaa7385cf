"""Explain why a device has no recording of a period."""

from datetime import datetime

from homeassistant.exceptions import HomeAssistantError

from .channel_targets import Target
from .const import DOMAIN
from .isapi.errors import NOT_TOLD
from .isapi.playback import async_find_playback, async_oldest
from .isapi.record_track import async_get_record_track
from .isapi.storage import async_get_disks


async def async_why_missing(
    target: Target, start: datetime, end: datetime
) -> HomeAssistantError:
    """Return why there is nothing between two aware times, as far as a device tells.

    Raises the errors of the client.
    """
    client, zone = target.coordinator.client, target.recording_zone
    times = {"start": _written(target, start), "end": _written(target, end)}
    if error := await _async_storage_says(target):
        return error
    oldest = await async_oldest(client, target.channel, end, zone)
    if oldest and oldest > end:
        return _error("recording_deleted", oldest=_written(target, oldest), **times)
    if (key := await _async_schedule_says(target, start)) is not None:
        return _error(key, **times)
    other = None if oldest else await _async_other_channel(target, start, end)
    if other is not None:
        channels = {"channel": str(target.channel), "other": str(other)}
        return _error("recording_of_other_channel", **channels, **times)
    return _error("recording_not_there", **times)


async def _async_storage_says(target: Target) -> HomeAssistantError | None:
    """Return how the storage is the reason; None where it is not, or is not told."""
    try:
        disks = await async_get_disks(target.coordinator.client)
    except NOT_TOLD:
        return None
    if any(disk.is_usable for disk in disks):
        return None
    if not disks:
        return _error("no_storage")
    told = ", ".join(f"{disk.name} ({disk.status})" for disk in disks)
    return _error("storage_unusable", storage=told)


async def _async_schedule_says(target: Target, start: datetime) -> str | None:
    """Return how the schedule is the reason; None where it is not, or is not told."""
    coordinator = target.coordinator
    try:
        track = await async_get_record_track(coordinator.client, target.channel)
    except NOT_TOLD:
        return None
    modes = track.modes_at(start.astimezone(coordinator.clock.zone))
    if not modes:
        return "recording_not_scheduled"
    return None if "continuous" in modes else "recording_of_events"


async def _async_other_channel(
    target: Target, start: datetime, end: datetime
) -> int | None:
    """Return a channel of a recorder that was recorded then. Raises client errors."""
    coordinator = target.coordinator
    recorder = coordinator.channels.recorder
    for number in recorder.inputs if recorder else ():
        if number != target.channel and await async_find_playback(
            coordinator.client, number, start, end, target.recording_zone
        ):
            return number
    return None


def _written(target: Target, time: datetime) -> str:
    """Return a time as the device's own clock shows it."""
    return f"{time.astimezone(target.coordinator.clock.zone):%Y-%m-%d %H:%M:%S}"


def _error(key: str, **placeholders: str) -> HomeAssistantError:
    """Return the error that gives a reason."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
