"""Provide actions for the display and the voice of an entrance."""

from dataclasses import asdict
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .channel_targets import Target, targets
from .const import DOMAIN
from .isapi.display import (
    LOUDEST,
    SCENES,
    USUAL_VOLUME,
    async_get_display,
    async_set_display,
    async_speak,
)
from .setting_services import REBOOT_REQUIRED, Setting, async_register_setting

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
        vol.Optional("volume", default=USUAL_VOLUME): vol.All(
            vol.Coerce(int), vol.Range(1, LOUDEST)
        ),
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what changes a device is for administrators."""
    async_register_setting(
        hass,
        Setting(
            get_name=SERVICE_GET_DISPLAY,
            set_name=SERVICE_SET_DISPLAY,
            ask=_async_ask,
            change=_async_change,
            get_schema=GET_SCHEMA,
            set_schema=SET_SCHEMA,
        ),
    )
    hass.services.async_register(DOMAIN, SERVICE_SPEAK, _async_speak, SPEAK_SCHEMA)


async def _async_ask(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Answer what is shown."""
    scene = call.data["scene"]
    found = await async_get_display(target.coordinator.client, target.channel, scene)
    return {
        "scene": scene,
        "lines": [asdict(line) for line in found.lines],
        "seconds": found.seconds,
    }


async def _async_change(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Change what is shown."""
    written = await async_set_display(
        target.coordinator.client,
        target.channel,
        call.data["scene"],
        call.data.get("texts", ()),
        call.data.get("seconds"),
    )
    return {REBOOT_REQUIRED: written.reboot_required}


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
