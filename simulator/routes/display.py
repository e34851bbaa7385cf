"""/ISAPI/Parking: the LED display and the voice of an entrance (reference 11)."""

import json
from typing import Any

from aiohttp import web
from lxml import etree

from simulator.answers import BAD_CONTENT, BAD_FORMAT, NOT_SUPPORT, OK
from simulator.configuration import parse, text_of
from simulator.device import Device
from simulator.profiles import Profile

from .route import Route, status

_CHANNEL = "/ISAPI/Parking/channels/1"
_SCENE = rf"{_CHANNEL}/LEDConfigurations/multiScene/{{scene:\d+}}"
_ROOT = "SingleSceneLEDConfigurations"
_MODES = {1: "passingVehicle", 2: "noVehicle"}


def _has_display(profile: Profile) -> bool:
    """Tell whether an entrance has a display that it controls."""
    return profile.has_display


def _factory(scene: int) -> dict[str, Any]:
    """Return what a scene shows as it left the factory: the plate, and a greeting."""
    looks = {"fontSize": 16, "fontColor": "red", "speedType": "medium"}
    shown = [("plate", ""), ("custom", "Welcome")]
    infos = [
        {
            "ShowInfo": {
                "id": number,
                **looks,
                "displayMode": "left",
                "LineInfoList": [
                    {"LineInfo": {"id": 1, "value": value, "customValue": text}}
                ],
            }
        }
        for number, (value, text) in enumerate(shown, 1)
    ]
    screen = {"id": 1, "brightness": 10, "enabled": True, "ShowInfoList": infos}
    return {
        "sid": scene,
        "mode": _MODES[scene],
        "showFreeEnabled": True,
        "displayTime": 15,
        "vehicleDisplayEnabled": True,
        "LEDConfigurationList": [{"LEDConfiguration": screen}],
        "LedInfo": {"communicateMode": "serial", "networkCtrlInfo": {"portNo": 10000}},
    }


async def read(device: Device, request: web.Request) -> web.Response:
    """Answer what is shown in a scene."""
    scene = int(request.match_info["scene"])
    if scene not in _MODES:
        return status(device, request, NOT_SUPPORT)
    shown = device.displays.get(scene) or _factory(scene)
    return web.json_response({_ROOT: shown})


async def write(device: Device, request: web.Request) -> web.Response:
    """Take all that is to be shown in a scene."""
    scene = int(request.match_info["scene"])
    try:
        shown = json.loads(await request.read())[_ROOT]
    except ValueError, KeyError, TypeError:
        return status(device, request, BAD_FORMAT)
    if scene not in _MODES or shown.keys() != _factory(scene).keys():
        return status(device, request, BAD_CONTENT)
    device.displays[scene] = shown
    return status(device, request, OK)


async def speak(device: Device, request: web.Request) -> web.Response:
    """Say something."""
    try:
        text = text_of(parse(await request.read()), "TTSInfo")
    except etree.XMLSyntaxError:
        return status(device, request, BAD_FORMAT)
    if not text:
        return status(device, request, BAD_CONTENT)
    device.spoken.append(text)
    return status(device, request, OK)


ROUTES = (
    Route("GET", _SCENE, read, _has_display),
    Route("PUT", _SCENE, write, _has_display),
    Route("PUT", f"{_CHANNEL}/voiceBroadcastInfo", speak, _has_display),
)
