"""Save recordings of devices as clips, a limited number at a time."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
import threading
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.hass_dict import HassKey

from .allowed_files import written_or_told
from .archive.search import passage_of
from .centre import open_archive
from .channel_targets import Target, others_of, targets
from .clip import ClipError, write_clip
from .connection import rtsp_address
from .const import DOMAIN
from .exceptions import centre_errors_told
from .isapi.errors import IsapiError
from .isapi.playback import Playback, async_find_playback
from .missing_recording import async_why_missing

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
    """Hold what is to be played; times are aware and by the clock of the device.

    Events may be written in another zone than the clock shows: recordings are not.
    """

    target: Target
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedClip:
    """Hold a clip that was made.

    `target` is whose recording it is: of a camera, or of the recorder that it is behind.
    `start` and `end` are what the device has of the time that was asked for, `complete`
    tells whether that is all of it, `seconds` is how long the clip is.
    """

    path: Path
    target: Target
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
    with centre_errors_told():
        passage = await open_archive(hass).async_read(
            lambda connection: passage_of(connection, passage_id)
        )
    if passage is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="passage_not_found"
        )
    (target,) = targets(hass, [str(passage["device_id"])])
    captured_at = datetime.fromisoformat(str(passage["captured_at"]))
    moment = captured_at - target.coordinator.clock.events_ahead
    return Wanted(
        target=target,
        start=moment - timedelta(seconds=before),
        end=moment + timedelta(seconds=after),
    )


def _ahead(target: Target) -> timedelta:
    """Return how far the clock of a device is ahead of ours, as far as is known."""
    return target.coordinator.clock.own_drift or timedelta()


async def async_make_clip(
    hass: HomeAssistant,
    wanted: Wanted,
    path: Path,
    tell: Callable[[int], None] | None = None,
) -> RecordedClip:
    """Play a recording into an MP4 file, which takes as long as it lasts.

    What a camera does not give, the recorder that it is behind may. Waits while too many
    others are played. `tell` is told in the event loop how many seconds have come.
    Raises HomeAssistantError that says why there is none; then there is no file either.
    """
    try:
        return await _async_make(hass, wanted, path, tell)
    except HomeAssistantError:
        for other in _elsewhere(hass, wanted):
            with contextlib.suppress(HomeAssistantError):
                return await _async_make(hass, other, path, tell)
        raise


def _elsewhere(hass: HomeAssistant, wanted: Wanted) -> Iterator[Wanted]:
    """Yield the same time of the same camera on other devices, by their clocks."""
    for other in others_of(hass, wanted.target):
        ahead = _ahead(other) - _ahead(wanted.target)
        yield Wanted(target=other, start=wanted.start + ahead, end=wanted.end + ahead)


async def _async_make(
    hass: HomeAssistant,
    wanted: Wanted,
    path: Path,
    tell: Callable[[int], None] | None,
) -> RecordedClip:
    """Play what a device has into a file. Raises HomeAssistantError."""
    async with _turn(hass, wanted.target):
        playback = await async_playback_of(wanted)
        seconds = await _async_write(hass, wanted.target, playback, path, tell)
    size = await hass.async_add_executor_job(lambda: path.stat().st_size)
    return RecordedClip(
        path=path,
        target=wanted.target,
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
            wanted.target.recording_zone,
        )
        if found:
            return found
        raise await async_why_missing(wanted.target, wanted.start, wanted.end)
    except IsapiError as error:
        raise wanted.target.error(error) from error


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
    """Play a recording into a file.

    Playing ends when nobody waits for it any more, and when Home Assistant stops.
    """
    ended = threading.Event()

    def follow(done: int) -> None:
        if not hass.is_running:
            ended.set()
        if tell and not ended.is_set():
            hass.loop.call_soon_threadsafe(tell, done)

    seconds = (playback.end - playback.start).total_seconds()
    source = source_of(target, playback)
    try:
        with written_or_told(path):
            return await hass.async_add_executor_job(
                write_clip, source, path, seconds, ended, follow
            )
    except ClipError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="recording_not_played",
            translation_placeholders={"error": str(error)},
        ) from error
    finally:
        ended.set()
