"""Make clips of what devices recorded, a bounded number at once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
import threading
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.hass_dict import HassKey

from .allowed_files import not_written
from .archive.errors import ArchiveError
from .archive.search import passage_of
from .centre import open_archive
from .channel_targets import Target, targets
from .clip import ClipError, write_clip
from .connection import rtsp_address
from .const import DOMAIN
from .exceptions import archive_error
from .isapi.errors import NOT_TOLD, IsapiError
from .isapi.playback import (
    Playback,
    async_find_playback,
    async_has_storage,
    async_oldest_after,
)
from .isapi.record_track import async_get_record_track

BEFORE: Final = 5.0
AFTER: Final = 10.0
"""How many seconds around a passage are played, unless others are asked for."""
AT_ONCE: Final = 2
"""How many recordings a device plays at once: they play no more than a few."""
AT_ONCE_IN_ALL: Final = 8
"""How many are played at once: each takes a thread, and the line to its device."""
FIRST_PICTURE: Final = timedelta(seconds=5)
"""How much later than asked for the first whole picture may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Hold what is to be played; times are aware and by the clock of the device."""

    target: Target
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedClip:
    """Hold a clip that was made.

    `start` and `end` are what the device has of the time that was asked for, `complete`
    tells whether that is all of it, `seconds` is how long the clip is.
    """

    path: Path
    start: datetime
    end: datetime
    seconds: float
    size: int
    complete: bool

    @property
    def is_whole(self) -> bool:
        """Tell whether asking again can bring no more."""
        missing = self.end - self.start - timedelta(seconds=self.seconds)
        return self.complete and missing < FIRST_PICTURE


@dataclass(frozen=True, slots=True)
class _Playing:
    """Let so many be played at once, of each device and in all."""

    in_all: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(AT_ONCE_IN_ALL)
    )
    devices: defaultdict[str, asyncio.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
    )


_PLAYING: HassKey[_Playing] = HassKey(f"{DOMAIN}_playing")


async def async_around(
    hass: HomeAssistant, passage_id: str, before: float = BEFORE, after: float = AFTER
) -> Wanted:
    """Return the seconds around a passage. Raises HomeAssistantError."""
    try:
        passage = await open_archive(hass).async_read(
            lambda connection: passage_of(connection, passage_id)
        )
    except ArchiveError as error:
        raise archive_error(error) from error
    if passage is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="passage_not_found"
        )
    (target,) = targets(hass, [str(passage["device_id"])])
    captured_at = datetime.fromisoformat(str(passage["captured_at"]))
    return Wanted(
        target=target,
        start=captured_at - timedelta(seconds=before),
        end=captured_at + timedelta(seconds=after),
    )


async def async_make_clip(
    hass: HomeAssistant,
    wanted: Wanted,
    path: Path,
    tell: Callable[[int], None] | None = None,
) -> RecordedClip:
    """Play a recording into an MP4 file, which takes as long as it lasts.

    Waits while too many others are played. `tell` is told in the event loop how many
    seconds have come. Raises HomeAssistantError that says why there is none; then there
    is no file either.
    """
    async with _turn(hass, wanted.target):
        playback = await async_playback_of(wanted)
        seconds = await _async_write(hass, wanted.target, playback, path, tell)
    size = await hass.async_add_executor_job(lambda: path.stat().st_size)
    return RecordedClip(
        path=path,
        start=playback.start,
        end=playback.end,
        seconds=seconds,
        size=size,
        complete=(playback.start, playback.end) == (wanted.start, wanted.end),
    )


@contextlib.asynccontextmanager
async def _turn(hass: HomeAssistant, target: Target) -> AsyncIterator[None]:
    """Wait until the device, and this machine, may play one more."""
    playing = hass.data.setdefault(_PLAYING, _Playing())
    async with (
        playing.devices[target.coordinator.config_entry.entry_id],
        playing.in_all,
    ):
        yield


async def async_playback_of(wanted: Wanted) -> Playback:
    """Return what is there of it. Raises HomeAssistantError that says why nothing is."""
    coordinator = wanted.target.coordinator
    client = coordinator.client
    try:
        found = await async_find_playback(
            client,
            wanted.target.channel,
            wanted.start,
            wanted.end,
            coordinator.clock.zone,
        )
        if found:
            return found
        raise await _async_reason(wanted)
    except IsapiError as error:
        raise wanted.target.error(error) from error


async def _async_reason(wanted: Wanted) -> HomeAssistantError:
    """Return why a device has no recording, as far as it tells. Raises IsapiError."""
    coordinator, channel = wanted.target.coordinator, wanted.target.channel
    client, zone = coordinator.client, coordinator.clock.zone
    if await async_has_storage(client) is False:
        return _missing(wanted, "no_storage")
    if oldest := await async_oldest_after(client, channel, wanted.end, zone):
        return _missing(wanted, "recording_deleted", oldest)
    try:
        track = await async_get_record_track(client, channel)
    except NOT_TOLD:
        return _missing(wanted, "recording_not_there")
    modes = track.modes_at(wanted.start.astimezone(zone))
    if not modes:
        return _missing(wanted, "recording_not_scheduled")
    if "continuous" not in modes:
        return _missing(wanted, "recording_of_events")
    return _missing(wanted, "recording_not_there")


def _missing(
    wanted: Wanted, key: str, oldest: datetime | None = None
) -> HomeAssistantError:
    """Return the error that says why there is no recording, in the device's own time."""
    zone = wanted.target.coordinator.clock.zone
    times = {"start": wanted.start, "end": wanted.end, "oldest": oldest}
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            name: f"{time.astimezone(zone):%Y-%m-%d %H:%M:%S}"
            for name, time in times.items()
            if time
        },
    )


def source_of(target: Target, playback: Playback) -> str:
    """Return where a recording is played, with credentials: for players alone."""
    coordinator = target.coordinator
    return rtsp_address(
        coordinator.config_entry.data,
        coordinator.capabilities.rtsp_port,
        playback.path,
    )


async def _async_write(
    hass: HomeAssistant,
    target: Target,
    playback: Playback,
    path: Path,
    tell: Callable[[int], None] | None,
) -> float:
    """Play a recording into a file; end playing when nobody waits for it any more."""
    ended = threading.Event()

    def follow(done: int) -> None:
        if tell and not ended.is_set():
            hass.loop.call_soon_threadsafe(tell, done)

    seconds = (playback.end - playback.start).total_seconds()
    source = source_of(target, playback)
    try:
        return await hass.async_add_executor_job(
            write_clip, source, path, seconds, ended, follow
        )
    except ClipError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="recording_not_played",
            translation_placeholders={"error": str(error)},
        ) from error
    except OSError as error:
        raise not_written(path, error) from error
    finally:
        ended.set()
