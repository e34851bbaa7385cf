"""Provide an action to check whether a camera can read plates."""

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
from .mounting import PLATE_PIXELS, Advice
from .mounting_request import (
    CAMERA_HEIGHT,
    DISTANCE,
    FOCAL_LENGTH,
    MEASURES,
    OFFSET,
    PICTURE_HEIGHT,
    PICTURE_WIDTH,
    PLATE_ABOVE_ROAD,
    PLATE_HEIGHT,
    PLATE_MODE,
    PLATE_WIDTH,
    SENSOR,
    SENSOR_WIDTH,
    SENSOR_WIDTHS,
    VIEW_ANGLE,
    Measured,
    advice_for,
    pixels_wanted,
)

SERVICE_GET_MOUNTING_ADVICE: Final = "get_mounting_advice"


def _number(name: str, kind: type[float | int] = float) -> vol.All:
    """Return what takes a number within its limits."""
    measure = MEASURES[name]
    return vol.All(vol.Coerce(kind), vol.Range(measure.least, measure.most))


def _inches(value: object) -> str:
    """Return the size of a sensor without the sign of inches."""
    return cv.string(value).strip().rstrip('"″')


SCHEMA: Final[Any] = vol.Schema(
    {
        vol.Required(CAMERA_HEIGHT): _number(CAMERA_HEIGHT),
        vol.Required(DISTANCE): _number(DISTANCE),
        vol.Optional(OFFSET): _number(OFFSET),
        vol.Optional(PLATE_ABOVE_ROAD): _number(PLATE_ABOVE_ROAD),
        vol.Exclusive(VIEW_ANGLE, "lens"): _number(VIEW_ANGLE),
        vol.Exclusive(FOCAL_LENGTH, "lens"): _number(FOCAL_LENGTH),
        vol.Exclusive(SENSOR, "sensor"): vol.All(_inches, vol.In(SENSOR_WIDTHS)),
        vol.Exclusive(SENSOR_WIDTH, "sensor"): _number(SENSOR_WIDTH),
        vol.Optional(PICTURE_WIDTH): _number(PICTURE_WIDTH, int),
        vol.Optional(PICTURE_HEIGHT): _number(PICTURE_HEIGHT, int),
        vol.Optional(PLATE_WIDTH): _number(PLATE_WIDTH),
        vol.Optional(PLATE_HEIGHT): _number(PLATE_HEIGHT),
        vol.Optional(PLATE_MODE): vol.In(tuple(PLATE_PIXELS)),
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
    measured = _measured(call)
    advice = advice_for(call.data, measured)
    if advice is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="view_missing"
        )
    least, most = pixels_wanted(call.data)
    return {
        **_rounded(advice),
        "plate_pixels_wanted": {"least": least, "most": most},
        "plate_pixels_measured": round(measured.plate_height, 1) if measured else None,
    }


def _measured(call: ServiceCall) -> Measured | None:
    """Return how high plates are that a device read. Raises ServiceValidationError."""
    if "device_id" not in call.data:
        return None
    (target,) = targets(call.hass, [call.data["device_id"]])
    sizes = target.coordinator.plates.sizes
    height, picture = sizes.height(target.channel), sizes.picture(target.channel)
    if height is None or picture is None:
        return None
    return Measured(plate_height=height, picture=picture)


def _rounded(advice: Advice) -> dict[str, Any]:
    """Return an advice for people."""
    return {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in asdict(advice).items()
    } | {"problems": list(advice.problems), "is_good": not advice.problems}
