"""Provide actions to read and change vehicle detection."""

from collections.abc import Sequence
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .channel_targets import Target
from .detection_modes import MODE, RESOURCE, async_get_resources, async_plan_modes
from .isapi.detection_mode import MODES, async_get_detection_mode
from .isapi.geometry import Point, Points
from .isapi.recognition import async_get_recognition
from .isapi.shape_problems import shape_problem
from .isapi.shapes import Shape
from .isapi.vehicle_detection import (
    DetectionChange,
    async_change_vehicle_detection,
    async_get_vehicle_detection,
)
from .isapi.written_documents import WrittenDocuments
from .plate_origin import COUNTRY, REGION, told, wanted
from .setting_services import REBOOT_REQUIRED, Setting, async_register_setting

SERVICE_GET_VEHICLE_DETECTION: Final = "get_vehicle_detection"
SERVICE_CONFIGURE_VEHICLE_DETECTION: Final = "configure_vehicle_detection"

_OF_DETECTION: Final = ("enabled", "region", "scenes", "shapes", "not_understood")
"""What is in the document of vehicle detection itself."""

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
_SHAPE: Final[dict[Any, Any]] = {
    vol.Required("id"): cv.string,
    vol.Required("points"): [_POINT],
    **{
        vol.Remove(told): object
        for told in ("purpose", "kind", "grid", "origin", "problem")
    },
}
CONFIGURE_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            vol.Required("device_id"): cv.string,
            vol.Optional("enabled"): cv.boolean,
            vol.Optional("region"): cv.string,
            vol.Optional("scenes"): vol.All(cv.ensure_list, [_SCENE]),
            vol.Optional("shapes"): vol.All(cv.ensure_list, [_SHAPE]),
            vol.Optional(MODE): vol.In(MODES),
            vol.Optional(RESOURCE): cv.string,
            vol.Optional(REGION): cv.string,
            vol.Optional(COUNTRY): vol.All(vol.Coerce(str), cv.string),
            vol.Optional("not_understood"): vol.All(
                {cv.string: cv.string}, vol.Length(min=1)
            ),
            vol.Optional("confirm", default=False): cv.boolean,
            vol.Optional("fingerprint"): cv.string,
        }
    ),
    cv.has_at_least_one_key(*_OF_DETECTION, MODE, RESOURCE, REGION, COUNTRY),
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
    written = WrittenDocuments()
    await written.async_add(
        (name for name in _OF_DETECTION if name in call.data),
        _async_change_detection(target, call),
    )
    await written.async_add(origin, recognition.async_write(origin))
    planned = (name for name in (MODE, RESOURCE) if name in call.data)
    await written.async_add(planned, modes.async_write())
    return {REBOOT_REQUIRED: written.wants_restart}


async def _async_change_detection(target: Target, call: ServiceCall) -> bool:
    """Change the document of vehicle detection itself."""
    written = await async_change_vehicle_detection(
        target.coordinator.client,
        target.channel,
        _change(call.data),
        call.data.get("fingerprint"),
    )
    return written.reboot_required


def _change(data: dict[str, Any]) -> DetectionChange:
    """Return what is to change."""
    scenes: list[dict[str, Any]] = data.get("scenes", [])
    shapes: list[dict[str, Any]] = data.get("shapes", [])
    regions = {
        scene["id"]: [_points(region) for region in scene["regions"]]
        for scene in scenes
        if "regions" in scene
    }
    return DetectionChange(
        enabled=data.get("enabled"),
        region=data.get("region"),
        scenes={one["id"]: one["enabled"] for one in scenes if "enabled" in one},
        regions=regions,
        shapes={shape["id"]: _points(shape["points"]) for shape in shapes},
        not_understood=data.get("not_understood"),
    )


def _points(points: list[dict[str, float]]) -> Points:
    """Return points as they are drawn."""
    return tuple(Point(x=point["x"], y=point["y"]) for point in points)


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
                "regions": [_told_points(points) for points in scene.regions],
            }
            for scene in found.scenes
        ],
        "shapes": [_told_shape(shape, found.shapes) for shape in found.shapes],
        "not_understood": dict(found.not_understood),
        "fingerprint": found.fingerprint,
    }


def _told_shape(shape: Shape, others: Sequence[Shape]) -> dict[str, Any]:
    """Answer a line or a polygon, and what is wrong with it."""
    return {
        "id": shape.path,
        "purpose": shape.purpose,
        "kind": "polygon" if shape.is_closed else "line",
        "points": _told_points(shape.points),
        "grid": [shape.grid.width, shape.grid.height],
        "origin": shape.grid.origin,
        "problem": shape_problem(shape, others),
    }


def _told_points(points: Points) -> list[dict[str, float]]:
    """Answer points."""
    return [{"x": round(one.x, 4), "y": round(one.y, 4)} for one in points]
