"""Provide an action to save a recording."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .channel_targets import targets
from .const import DOMAIN
from .file_link import link_to, place_of
from .recorded_clip import AFTER, BEFORE, Wanted, async_around, async_make_clip

SERVICE_GET_RECORDING: Final = "get_recording"
LONGEST: Final = timedelta(minutes=10)

SECONDS: Final = vol.All(vol.Coerce(float), vol.Range(0, LONGEST.total_seconds()))
RECORDING: Final[dict[Any, Any]] = {
    vol.Exclusive("passage_id", "what"): cv.string,
    vol.Exclusive("device_id", "what"): cv.string,
    vol.Inclusive("start", "time"): cv.datetime,
    vol.Inclusive("end", "time"): cv.datetime,
    vol.Optional("before", default=BEFORE): SECONDS,
    vol.Optional("after", default=AFTER): SECONDS,
    vol.Optional("file"): str,
}
RECORDING_SCHEMA: Final[Any] = vol.All(
    vol.Schema(RECORDING), cv.has_at_least_one_key("passage_id", "device_id")
)


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
    wanted = await async_wanted(call.hass, call.data)
    return await async_get_recording(call.hass, wanted, call.data.get("file"))


async def async_get_recording(
    hass: HomeAssistant,
    wanted: Wanted,
    file: str | None,
    tell: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Write a recording to an MP4 file, and return where it is.

    `tell` is told in the event loop how many seconds have come. Raises
    HomeAssistantError.
    """
    name = f"recording-{dt_util.now():%Y%m%d-%H%M%S-%f}.mp4"
    path = place_of(hass, file, name)
    clip = await async_make_clip(hass, wanted, path, tell)
    return {
        "device_id": clip.target.device_id,
        "file": str(path),
        "url": link_to(hass, path),
        "start": clip.start.isoformat(),
        "end": clip.end.isoformat(),
        "seconds": round(clip.seconds, 1),
        "size": clip.size,
        "complete": clip.complete,
    }


async def async_wanted(hass: HomeAssistant, data: Mapping[str, Any]) -> Wanted:
    """Return what is to be played. Raises HomeAssistantError."""
    if "passage_id" in data:
        _check(timedelta(seconds=data["before"] + data["after"]))
        return await async_around(
            hass, data["passage_id"], data["before"], data["after"]
        )
    if "start" not in data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="recording_time_missing"
        )
    start, end = (_aware(data[name]) for name in ("start", "end"))
    _check(end - start)
    (target,) = targets(hass, [data.get("device_id", "")])
    return Wanted(target=target, start=start, end=end)


def _check(length: timedelta) -> None:
    """Raise ServiceValidationError for what cannot be played."""
    if not timedelta() < length <= LONGEST:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="recording_time_wrong",
            translation_placeholders={
                "minutes": str(int(LONGEST.total_seconds() / 60))
            },
        )


def _aware(moment: datetime) -> datetime:
    """Return a time that is aware: one without a zone is in that of the home."""
    if moment.tzinfo:
        return moment
    return moment.replace(tzinfo=dt_util.get_default_time_zone())
