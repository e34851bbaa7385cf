"""/ISAPI/Image: how the picture is taken (reference 7.5)."""

from aiohttp import web

from simulator.device import Device
from simulator.document import Tree

from .route import Route, document, stored

_IMAGE = "/ISAPI/Image/channels/1"


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


_get_image, _put_image = stored("ImageChannel", _image)

ROUTES = (
    Route("GET", _IMAGE, _get_image),
    Route("PUT", _IMAGE, _put_image),
    Route("GET", f"{_IMAGE}/capabilities", capabilities),
)
