"""Let users see and change what an entrance shows, and let it speak."""

from dataclasses import asdict
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .channel_targets import Target, targets
from .const import DOMAIN
from .isapi.display import (
    LOUDEST,
    SCENES,
    Display,
    async_get_display,
    async_set_display,
    async_speak,
)
from .setting_services import async_register_setting

SERVICE_GET_DISPLAY: Final = "get_display"
SERVICE_SET_DISPLAY: Final = "set_display"
SERVICE_SPEAK: Final = "speak"

_TARGET: Final[dict[Any, Any]] = {
    vol.Required("device_id"): cv.string,
    vol.Optional("scene", default="passing_vehicle"): vol.In(SCENES),
}
GET_SCHEMA: Final[Any] = vol.Schema(_TARGET)
SET_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            **_TARGET,
            vol.Optional("texts"): vol.All(cv.ensure_list, [cv.string]),
            vol.Optional("seconds"): vol.All(vol.Coerce(int), vol.Range(1, 3600)),
        }
    ),
    cv.has_at_least_one_key("texts", "seconds"),
)
SPEAK_SCHEMA: Final[Any] = vol.Schema(
    {
        vol.Required("device_id"): cv.string,
        vol.Required("message"): vol.All(cv.string, vol.Length(1, 512)),
        vol.Optional("volume", default=5): vol.All(
            vol.Coerce(int), vol.Range(1, LOUDEST)
        ),
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what changes a device is for administrators."""
    async_register_setting(
        hass,
        (SERVICE_GET_DISPLAY, _async_get),
        (SERVICE_SET_DISPLAY, _async_set, SET_SCHEMA),
        GET_SCHEMA,
    )
    hass.services.async_register(DOMAIN, SERVICE_SPEAK, _async_speak, SPEAK_SCHEMA)


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Answer what is shown."""
    (target,) = targets(call.hass, [call.data["device_id"]])
    with target.errors_told():
        found = await async_get_display(
            target.coordinator.client, target.channel, call.data["scene"]
        )
    return _told(target, call, found)


async def _async_set(call: ServiceCall) -> ServiceResponse:
    """Change what is shown, and answer what the device has then."""
    (target,) = targets(call.hass, [call.data["device_id"]])
    with target.errors_told():
        written = await async_set_display(
            target.coordinator.client,
            target.channel,
            call.data["scene"],
            call.data.get("texts", ()),
            call.data.get("seconds"),
        )
    return _told(target, call, written.display) | {
        "reboot_required": written.reboot_required
    }


async def _async_speak(call: ServiceCall) -> None:
    """Let a device say something."""
    (target,) = targets(call.hass, [call.data["device_id"]])
    with target.errors_told():
        await async_speak(
            target.coordinator.client,
            target.channel,
            call.data["message"],
            call.data["volume"],
        )


def _told(target: Target, call: ServiceCall, display: Display) -> dict[str, Any]:
    """Return what is shown, ready for JSON."""
    return {
        "device_id": target.device_id,
        "channel": target.channel,
        "scene": call.data["scene"],
        "lines": [asdict(line) for line in display.lines],
        "seconds": display.seconds,
    }
