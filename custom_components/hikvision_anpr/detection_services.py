"""Let users see and change how cameras detect vehicles."""

from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .channel_targets import Target
from .const import DOMAIN
from .detection_modes import async_get_resources, async_plan_modes
from .isapi.detection_mode import MODES, async_get_detection_mode
from .isapi.polygons import PolygonProblem, polygon_problem
from .isapi.recognition import async_get_recognition
from .isapi.vehicle_detection import (
    DetectionChange,
    Point,
    Polygon,
    async_change_vehicle_detection,
    async_get_vehicle_detection,
)
from .plate_origin import COUNTRY, REGION, told, wanted
from .setting_services import REBOOT_REQUIRED, Setting, async_register_setting

SERVICE_GET_VEHICLE_DETECTION: Final = "get_vehicle_detection"
SERVICE_CONFIGURE_VEHICLE_DETECTION: Final = "configure_vehicle_detection"

_PROBLEMS: Final[dict[PolygonProblem, str]] = {
    "too_few_points": "region_too_few_points",
    "too_many_points": "region_too_many_points",
    "point_outside": "region_point_outside",
    "lines_cross": "region_lines_cross",
    "too_narrow": "region_too_narrow",
}
_POINT: Final = {
    vol.Required("x"): vol.Coerce(float),
    vol.Required("y"): vol.Coerce(float),
}
_SCENE: Final = {
    vol.Required("id"): vol.All(vol.Coerce(str), cv.string),
    vol.Optional("enabled"): cv.boolean,
    vol.Optional("regions"): [[_POINT]],
    vol.Remove("name"): object,
}
CONFIGURE_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            vol.Required("device_id"): cv.string,
            vol.Optional("enabled"): cv.boolean,
            vol.Optional("region"): cv.string,
            vol.Optional("scenes"): vol.All(cv.ensure_list, [_SCENE]),
            vol.Optional("mode"): vol.In(MODES),
            vol.Optional("vca_resource"): cv.string,
            vol.Optional(REGION): cv.string,
            vol.Optional(COUNTRY): vol.All(vol.Coerce(str), cv.string),
            vol.Optional("not_understood"): vol.All(
                {cv.string: cv.string}, vol.Length(min=1)
            ),
            vol.Optional("confirm", default=False): cv.boolean,
            vol.Optional("fingerprint"): cv.string,
        }
    ),
    cv.has_at_least_one_key(
        *("enabled", "region", "scenes", "mode", "vca_resource", "not_understood"),
        *(REGION, COUNTRY),
    ),
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what changes a camera is for administrators."""
    async_register_setting(
        hass,
        Setting(
            get_name=SERVICE_GET_VEHICLE_DETECTION,
            set_name=SERVICE_CONFIGURE_VEHICLE_DETECTION,
            ask=_async_ask,
            change=_async_configure,
            set_schema=CONFIGURE_SCHEMA,
        ),
    )


async def _async_configure(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Change how a channel detects vehicles; all is looked at before any is written."""
    modes = await async_plan_modes(target, call.data)
    recognition = await async_get_recognition(target.coordinator.client, target.channel)
    origin = wanted(recognition, call.data)
    recognition.change(origin)
    written = await async_change_vehicle_detection(
        target.coordinator.client,
        target.channel,
        _change(call.data),
        call.data.get("fingerprint"),
    )
    wants_reboot = written.reboot_required
    wants_reboot |= await recognition.async_write(origin)
    wants_reboot |= await modes.async_write()
    return {REBOOT_REQUIRED: wants_reboot}


def _change(data: dict[str, Any]) -> DetectionChange:
    """Return what is to change. Raises ServiceValidationError."""
    scenes: list[dict[str, Any]] = data.get("scenes", [])
    regions = {
        scene["id"]: [_polygon(region) for region in scene["regions"]]
        for scene in scenes
        if "regions" in scene
    }
    return DetectionChange(
        enabled=data.get("enabled"),
        region=data.get("region"),
        scenes={one["id"]: one["enabled"] for one in scenes if "enabled" in one},
        regions=regions,
        not_understood=data.get("not_understood"),
    )


def _polygon(points: list[dict[str, float]]) -> Polygon:
    """Return a region. Raises ServiceValidationError."""
    polygon = tuple(Point(x=point["x"], y=point["y"]) for point in points)
    if problem := polygon_problem(polygon):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key=_PROBLEMS[problem]
        )
    return polygon


async def _async_ask(target: Target, _call: ServiceCall) -> dict[str, Any]:
    """Answer how a channel detects vehicles."""
    client, channel = target.coordinator.client, target.channel
    found = await async_get_vehicle_detection(client, channel)
    return {
        "mode": await async_get_detection_mode(client, channel),
        **await async_get_resources(client, channel),
        "enabled": found.enabled,
        "region": found.region,
        **told(await async_get_recognition(client, channel)),
        "scenes": [
            {
                "id": scene.scene_id,
                "name": scene.name,
                "enabled": scene.enabled,
                "regions": [
                    [
                        {"x": round(point.x, 3), "y": round(point.y, 3)}
                        for point in polygon
                    ]
                    for polygon in scene.regions
                ],
            }
            for scene in found.scenes
        ],
        "not_understood": dict(found.not_understood),
        "fingerprint": found.fingerprint,
    }
