"""Let installers see whether a camera, where it is to be mounted, can read plates."""

from collections.abc import Mapping
from dataclasses import asdict
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
import voluptuous as vol

from .channel_targets import targets
from .const import DOMAIN
from .mounting import ANY_MODE, PLATE_PIXELS, Advice, Mounting, View, judge, view_angle

SERVICE_GET_MOUNTING_ADVICE: Final = "get_mounting_advice"


def _number(least: float, most: float) -> vol.All:
    """Return what takes a number between two others."""
    return vol.All(vol.Coerce(float), vol.Range(least, most))


SCHEMA: Final[Any] = vol.Schema(
    {
        vol.Required("camera_height"): _number(0.1, 50),
        vol.Required("distance"): _number(0.1, 200),
        vol.Optional("offset", default=0.0): _number(-100, 100),
        vol.Optional("plate_above_road", default=0.5): _number(0, 5),
        vol.Exclusive("view_angle", "lens"): _number(0.5, 170),
        vol.Exclusive("focal_length", "lens"): _number(1, 500),
        vol.Optional("sensor_width"): _number(1, 50),
        vol.Optional("picture_width", default=1920): vol.All(
            int, vol.Range(100, 20000)
        ),
        vol.Optional("picture_height", default=1080): vol.All(
            int, vol.Range(100, 20000)
        ),
        vol.Optional("plate_width", default=0.52): _number(0.05, 2),
        vol.Optional("plate_height", default=0.11): _number(0.05, 2),
        vol.Optional("plate_mode"): vol.In(tuple(PLATE_PIXELS)),
        vol.Optional("device_id"): cv.string,
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_MOUNTING_ADVICE,
        _async_get,
        SCHEMA,
        SupportsResponse.ONLY,
    )


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Answer what comes of a mounting, and what was measured where it is one."""
    data = call.data
    wanted = PLATE_PIXELS.get(data.get("plate_mode", ""), ANY_MODE)
    advice = judge(
        Mounting(
            camera_height=data["camera_height"],
            distance=data["distance"],
            offset=data["offset"],
            plate_above_road=data["plate_above_road"],
        ),
        View(
            angle=_angle(data),
            width=data["picture_width"],
            height=data["picture_height"],
        ),
        (data["plate_width"], data["plate_height"]),
        wanted,
    )
    return {
        **_rounded(advice),
        "plate_pixels_wanted": {"least": wanted[0], "most": wanted[1]},
        "plate_pixels_measured": _measured(call),
    }


def _angle(data: Mapping[str, Any]) -> float:
    """Return the angle that the camera sees. Raises ServiceValidationError."""
    if "view_angle" in data:
        return float(data["view_angle"])
    if "focal_length" in data and "sensor_width" in data:
        return view_angle(data["focal_length"], data["sensor_width"])
    raise ServiceValidationError(
        translation_domain=DOMAIN, translation_key="view_missing"
    )


def _measured(call: ServiceCall) -> float | None:
    """Return how high plates are that a device read. Raises ServiceValidationError."""
    if "device_id" not in call.data:
        return None
    (target,) = targets(call.hass, [call.data["device_id"]])
    height = target.coordinator.plates.sizes.height(target.channel)
    return None if height is None else round(height, 1)


def _rounded(advice: Advice) -> dict[str, Any]:
    """Return an advice for people."""
    return {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in asdict(advice).items()
    } | {"problems": list(advice.problems), "is_good": not advice.problems}
