"""/ISAPI/Image: how the picture is taken (reference 7.5)."""

from functools import partial

from aiohttp import web

from simulator.configuration import parse, text_of
from simulator.device import Device
from simulator.document import Tree
from simulator.profiles import Profile

from .route import Route, document, stored, written

_IMAGE = "/ISAPI/Image/channels/1"
_SCENE = f"{_IMAGE}/mountingScenario"


def _image(_device: Device) -> Tree:
    """Return the settings as they left the factory, none of them for plates."""
    return {
        "id": "1",
        "enabled": "true",
        "videoInputID": "1",
        "ImageFlip": {"enabled": "false"},
        "IrcutFilter": {
            "IrcutFilterType": "auto",
            "nightToDayFilterLevel": "2",
            "nightToDayFilterTime": "5",
        },
        "Exposure": {
            "ExposureType": "manual",
            "OverexposeSuppress": {"enabled": "false"},
        },
        "powerLineFrequency": {"powerLineFrequencyMode": "50hz"},
        "IrLight": {"mode": "auto"},
        "WDR": {"mode": "open", "WDRLevel": "50"},
        "BLC": {"enabled": "false"},
        "NoiseReduce": {"mode": "general", "GeneralMode": {"generalLevel": "50"}},
        "WhiteBalance": {"WhiteBalanceStyle": "auto", "WhiteBalanceRed": "50"},
        "Sharpness": {"SharpnessLevel": "50"},
        "Gain": {"GainLevel": "40"},
        "Shutter": {"ShutterLevel": "1/25"},
        "Color": {
            "brightnessLevel": "50",
            "contrastLevel": "50",
            "saturationLevel": "50",
        },
    }


async def capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer what the camera offers for some of its settings."""
    level = {"@min": "0", "@max": "100"}
    return document(
        device,
        "ImageChannel",
        {
            "IrcutFilter": {
                "IrcutFilterType": {"@opt": "auto,day,night"},
                "nightToDayFilterLevel": {"@min": "0", "@max": "7"},
            },
            "WDR": {"mode": {"@opt": "open,close"}},
            "Sharpness": {"SharpnessLevel": level},
            "Gain": {"GainLevel": level},
            "Shutter": {"ShutterLevel": {"@opt": "1/25,1/250,1/500,1/1000,1/2000"}},
        },
    )


def _switching(_device: Device) -> Tree:
    """Return what switches between the settings of day and of night."""
    return {
        "mode": "schedule",
        "Schedule": {
            "scheduleType": "day",
            "TimeRange": {"beginTime": "07:00:00", "endTime": "19:00:00"},
        },
    }


async def scene_capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer which scenes there are."""
    offered = "normal,lowIllumination,road,custom1,custom2"
    return document(device, "MountingScenario", {"mode": {"@opt": offered}})


def _scene(_device: Device) -> Tree:
    """Return the scene in which a camera left the factory."""
    return {"mode": "normal"}


def _scene_switching(_device: Device) -> Tree:
    """Return that nothing switches scenes."""
    return {"mode": "disable"}


def _keeps_periods(profile: Profile) -> bool:
    """Tell whether a camera keeps day and night apart."""
    return profile.image_periods


def _in_scene(device: Device, request: web.Request) -> str:
    """Return where the settings of the chosen scene are kept."""
    made = partial(written, device, "MountingScenario", _scene(device))
    scene = text_of(parse(device.configuration.get(_SCENE, made)), "mode")
    return request.path if scene == "normal" else f"{request.path}#{scene}"


_get_image, _put_image = stored("ImageChannel", _image, place=_in_scene)
_get_switching, _put_switching = stored("ISPMode", _switching)
_get_scene, _put_scene = stored("MountingScenario", _scene)
_get_scene_switching, _ = stored("DisplayParamSwitch", _scene_switching)
_PERIOD = f"{_IMAGE}/{{period:day|night}}"

ROUTES = (
    Route("GET", _IMAGE, _get_image),
    Route("PUT", _IMAGE, _put_image),
    Route("GET", f"{_IMAGE}/capabilities", capabilities),
    Route("GET", f"{_IMAGE}/ISPMode", _get_switching, _keeps_periods),
    Route("PUT", f"{_IMAGE}/ISPMode", _put_switching, _keeps_periods),
    Route("GET", _SCENE, _get_scene, _keeps_periods),
    Route("PUT", _SCENE, _put_scene, _keeps_periods),
    Route(
        "GET",
        f"{_SCENE}/capabilities",
        scene_capabilities,
        _keeps_periods,
    ),
    Route("GET", f"{_IMAGE}/displayParamSwitch", _get_scene_switching, _keeps_periods),
    Route("GET", _PERIOD, _get_image, _keeps_periods),
    Route("PUT", _PERIOD, _put_image, _keeps_periods),
    Route("GET", f"{_PERIOD}/capabilities", capabilities, _keeps_periods),
)
