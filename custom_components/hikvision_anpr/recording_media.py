"""Browse and play the recordings of devices by day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from homeassistant.components.camera import DynamicStreamSettings
from homeassistant.components.media_player import MediaClass
from homeassistant.components.media_source import BrowseMediaSource, PlayMedia
from homeassistant.components.stream import (
    FORMAT_CONTENT_TYPE,
    HLS_PROVIDER,
    create_stream,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from .channel_targets import all_targets, targets
from .const import DOMAIN
from .isapi.playback import async_find_stretches
from .media_folder import folder
from .recorded_clip import Wanted, async_playback_of, source_of

FOLDER: Final = "recordings"
DAYS: Final = 31
PIECE: Final = timedelta(minutes=10)
"""How much of a recording is one item; it plays on when that is over."""


def channel_names(hass: HomeAssistant) -> list[tuple[str, str]]:
    """Return the devices of all channels that are set up, by name."""
    devices = dr.async_get(hass)
    names = {
        target.device_id: (device.name_by_user or device.name or target.device_id)
        for target in all_targets(hass)
        if (device := devices.async_get(target.device_id))
    }
    return sorted(names.items(), key=lambda one: one[1].lower())


def show_channels(hass: HomeAssistant) -> BrowseMediaSource:
    """Return the channels that may have recordings."""
    children = [
        _folder(f"{FOLDER}/{device_id}", name)
        for device_id, name in channel_names(hass)
    ]
    return _folder(FOLDER, "Recordings", children)


def show_days(hass: HomeAssistant, device_id: str) -> BrowseMediaSource:
    """Return the last days; whether something was recorded is asked for each."""
    targets(hass, [device_id])
    today = dt_util.now().date()
    days = [today - timedelta(days=number) for number in range(DAYS)]
    return _folder(
        f"{FOLDER}/{device_id}",
        "Recordings",
        [_folder(f"{FOLDER}/{device_id}/{day}", day.isoformat()) for day in days],
    )


async def async_show_day(
    hass: HomeAssistant, device_id: str, day: date
) -> BrowseMediaSource:
    """Return what a channel recorded on a day. Raises HomeAssistantError."""
    (target,) = targets(hass, [device_id])
    start = dt_util.start_of_local_day(day)
    end = dt_util.start_of_local_day(day + timedelta(days=1))
    coordinator = target.coordinator
    with target.errors_told():
        stretches = await async_find_stretches(
            coordinator.client, target.channel, start, end, target.recording_zone
        )
    children = [
        _item(device_id, *piece) for stretch in stretches for piece in _pieces(*stretch)
    ]
    return _folder(f"{FOLDER}/{device_id}/{day}", day.isoformat(), children)


async def async_play(
    hass: HomeAssistant, device_id: str, start: datetime, end: datetime
) -> PlayMedia:
    """Play a recording from a time on as a stream. Raises HomeAssistantError."""
    (target,) = targets(hass, [device_id])
    wanted = Wanted(target=target, start=start, end=end)
    playback = await async_playback_of(wanted)
    stream = create_stream(
        hass, source_of(target, playback), {}, DynamicStreamSettings(), DOMAIN
    )
    stream.add_provider(HLS_PROVIDER)
    await stream.start()
    return PlayMedia(
        stream.endpoint_url(HLS_PROVIDER), FORMAT_CONTENT_TYPE[HLS_PROVIDER]
    )


def _pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield a stretch in pieces that begin at round times."""
    while start < end:
        past = timedelta(seconds=start.timestamp() % PIECE.total_seconds())
        following = min(start - past + PIECE, end)
        yield start, following
        start = following


def _folder(
    identifier: str, title: str, children: list[BrowseMediaSource] | None = None
) -> BrowseMediaSource:
    """Return a folder of recordings."""
    return folder(identifier, title, children, holds=MediaClass.VIDEO)


def _item(device_id: str, start: datetime, end: datetime) -> BrowseMediaSource:
    """Return a piece of a recording."""
    first, last = (f"{dt_util.as_local(time):%H:%M:%S}" for time in (start, end))
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier="/".join(
            ("play", device_id, f"{start.timestamp():.0f}", f"{end.timestamp():.0f}")
        ),
        media_class=MediaClass.VIDEO,
        media_content_type=FORMAT_CONTENT_TYPE[HLS_PROVIDER],
        title=f"{first} – {last}",
        can_play=True,
        can_expand=False,
    )
