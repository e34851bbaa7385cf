"""Let users take the recording of a passage, or of any time, off a device."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
import threading
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from .archive.errors import ArchiveError
from .archive.search import passage_of
from .centre import open_archive
from .channel_targets import Target, targets
from .clip import ClipError, write_clip
from .connection import rtsp_address
from .const import DOMAIN
from .exceptions import archive_error
from .file_link import folder, link_to, place_of, sweep
from .isapi.errors import IsapiError
from .isapi.playback import Playback, async_find_playback, async_has_storage

SERVICE_GET_RECORDING: Final = "get_recording"
AT_ONCE: Final = 2
"""How many recordings are played at once: a device plays no more than a few."""
LONGEST: Final = timedelta(minutes=10)
PLAYING: HassKey[asyncio.Semaphore] = HassKey(f"{DOMAIN}_playing")

SECONDS: Final = vol.All(vol.Coerce(float), vol.Range(0, LONGEST.total_seconds()))
RECORDING_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            vol.Exclusive("passage_id", "what"): cv.string,
            vol.Exclusive("device_id", "what"): cv.string,
            vol.Inclusive("start", "time"): cv.datetime,
            vol.Inclusive("end", "time"): cv.datetime,
            vol.Optional("before", default=5): SECONDS,
            vol.Optional("after", default=10): SECONDS,
            vol.Optional("file"): str,
        }
    ),
    cv.has_at_least_one_key("passage_id", "device_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Hold what is to be played; times are aware and by the clock of the device."""

    target: Target
    start: datetime
    end: datetime


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action; it is for administrators, as exports are."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_GET_RECORDING,
        _async_get,
        RECORDING_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Write a recording to an MP4 file, and answer where it is."""
    hass = call.hass
    wanted = await _async_wanted(call)
    name = f"recording-{dt_util.now():%Y%m%d-%H%M%S-%f}.mp4"
    path = place_of(hass, call.data.get("file"), name)
    playing = hass.data.setdefault(PLAYING, asyncio.Semaphore(AT_ONCE))
    async with playing:
        playback = await _async_playback(wanted)
        await hass.async_add_executor_job(sweep, folder(hass))
        seconds = await _async_write(hass, wanted, playback, path)
    size = await hass.async_add_executor_job(lambda: path.stat().st_size)
    return {
        "file": str(path),
        "url": link_to(hass, path),
        "start": playback.start.isoformat(),
        "end": playback.end.isoformat(),
        "seconds": round(seconds, 1),
        "size": size,
        "complete": (playback.start, playback.end) == (wanted.start, wanted.end),
    }


async def _async_wanted(call: ServiceCall) -> _Wanted:
    """Return what is to be played. Raises ServiceValidationError."""
    data = call.data
    if "passage_id" in data:
        device_id, captured_at = await _async_passage(call.hass, data["passage_id"])
        start = captured_at - timedelta(seconds=data["before"])
        end = captured_at + timedelta(seconds=data["after"])
    elif "start" in data:
        device_id = data["device_id"]
        start, end = (_aware(data[name]) for name in ("start", "end"))
    else:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="recording_time_missing"
        )
    if not timedelta() < end - start <= LONGEST:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="recording_time_wrong",
            translation_placeholders={
                "minutes": str(int(LONGEST.total_seconds() / 60))
            },
        )
    (target,) = targets(call.hass, [device_id])
    return _Wanted(target=target, start=start, end=end)


async def _async_passage(hass: HomeAssistant, passage_id: str) -> tuple[str, datetime]:
    """Return the device and the time of a passage. Raises ServiceValidationError."""
    try:
        passage = await open_archive(hass).database.async_read(
            lambda connection: passage_of(connection, passage_id)
        )
    except ArchiveError as error:
        raise archive_error(error) from error
    if passage is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="passage_not_found"
        )
    return str(passage["device_id"]), datetime.fromisoformat(
        str(passage["captured_at"])
    )


def _aware(moment: datetime) -> datetime:
    """Return a time that is aware: one without a zone is in that of the home."""
    if moment.tzinfo:
        return moment
    return moment.replace(tzinfo=dt_util.get_default_time_zone())


async def _async_playback(wanted: _Wanted) -> Playback:
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
        has_storage = found is not None or await async_has_storage(client)
    except IsapiError as error:
        raise wanted.target.error(error) from error
    if found is None:
        key = "recording_not_there" if has_storage in {None, True} else "no_storage"
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={
                "start": f"{wanted.start:%Y-%m-%d %H:%M:%S}",
                "end": f"{wanted.end:%Y-%m-%d %H:%M:%S}",
            },
        )
    return found


async def _async_write(
    hass: HomeAssistant, wanted: _Wanted, playback: Playback, path: Path
) -> float:
    """Play a recording into a file; end playing when nobody waits for it any more."""
    ended = threading.Event()
    seconds = (playback.end - playback.start).total_seconds()
    coordinator = wanted.target.coordinator
    source = rtsp_address(
        coordinator.config_entry.data,
        coordinator.capabilities.rtsp_port,
        playback.path,
    )
    try:
        return await hass.async_add_executor_job(
            write_clip, source, path, seconds, ended
        )
    except ClipError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="recording_not_played",
            translation_placeholders={"error": str(error)},
        ) from error
    except OSError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="file_not_written",
            translation_placeholders={"path": str(path)},
        ) from error
    finally:
        ended.set()
