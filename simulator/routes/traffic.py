"""/ISAPI/ITC and /ISAPI/Traffic: number-plate reading (reference 7.1, 7.2)."""

from aiohttp import web

from simulator.answers import NOT_SUPPORT
from simulator.device import VEHICLE_DETECT, Device
from simulator.document import Tree
from simulator.multipart import frame
from simulator.profiles import Dialect, Profile

from .route import Route, document, reads_plates, status, stored


async def itc_capability(device: Device, request: web.Request) -> web.Response:
    """Answer what the traffic part can do, in singular or plural as the device."""
    if request.path not in device.profile.itc_paths:
        return status(device, request, NOT_SUPPORT)
    return document(
        device,
        "ITCCap",
        {
            "isSupportITC": "false",
            "isSupportIllegalDictionary": "false",
            "isSupportVehicleDetection": "true",
            "isSupportlicencePlateAuditData": "true",
            "isSupportSearchLPListAudit": "true",
            "isSupportHVTVehicleDetection": "false",
        },
    )


async def traffic_capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer what the lists can hold."""
    return document(
        device,
        "TrafficCap",
        {
            "plateCap": {"isSupportPlateList": "true"},
            "isSupportPlateList": "true",
            "plateListNum": str(device.profile.plate_list_capacity),
            "isSupportLPAuditDataDelete": "true",
        },
    )


#: Corners of the region that the factory set, on a grid with its origin at the bottom.
_REGION = ((0, 0), (1000, 0), (1000, 700), (0, 700))


def _has_scenes(profile: Profile) -> bool:
    """Tell whether a model has the richer documents."""
    return profile.dialect is Dialect.DEEPINVIEW


def _vehicle_detect(device: Device) -> Tree:
    """Return vehicle detection as it left the factory: on.

    More than that is public of models with scenes alone (reference 7.2).
    """
    if device.profile.dialect is not Dialect.DEEPINVIEW:
        return {"enabled": "true"}
    corners: list[Tree] = [
        {"positionX": str(x), "positionY": str(y)} for x, y in _REGION
    ]
    region: Tree = {"id": "1", "RegionCoordinatesList": {"RegionCoordinates": corners}}
    scene: Tree = {
        "id": "1",
        "sceneName": "Scene 1",
        "enabled": "true",
        "PlateRecogParam": {"PlateRecogRegionList": {"PlateRecogRegion": region}},
    }
    return {
        "enabled": "true",
        "stateOrProvinceName": "0",
        "VehicleDetectSceneList": {"VehicleDetectScene": scene},
    }


async def recognize(device: Device, request: web.Request) -> web.StreamResponse:
    """Read the plate that stands there, and answer with the event (reference 4.3)."""
    if device.recognize is None:
        return status(device, request, NOT_SUPPORT)
    frames = [
        frame(part, device.faults, boundary="boundary", first=number == 0).data
        for number, part in enumerate(await device.recognize())
    ]
    return web.Response(
        body=b"".join([*frames, b"--boundary--\r\n"]),
        headers={"Content-Type": "multipart/form-data; boundary=boundary"},
    )


#: The true document is not public (reference 7.5); this one is invented.
_PICTURE_TEXT = "/ISAPI/Traffic/channels/1/picParam"


def _picture_text(_device: Device) -> Tree:
    """Return what is written into the pictures of plates."""
    return {
        "overlay": {"enabled": "true", "place": "top"},
        "item": [{"name": "plate", "on": "true"}, {"name": "lane", "on": "false"}],
    }


async def picture_text_capabilities(
    device: Device, _request: web.Request
) -> web.Response:
    """Answer where the text of pictures can be."""
    return document(device, "PicParam", {"overlay": {"place": {"@opt": "top,bottom"}}})


def _mode(_device: Device) -> Tree:
    """Return what is detected as it left the factory: vehicles alone."""
    return {"CurMode": "vehicleDetection"}


def _basic(_device: Device) -> Tree:
    """Return the monitoring point as it left the factory (reference 7.3)."""
    return {
        "channelID": "1",
        "directionNo": "Upward",
        "monitoringSiteID": "",
        "deviceID": "",
        "monitorDescription": "",
        "defaultCHN": "",
        "region": "default",
        "CRIndex": "0",
    }


async def basic_capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer which regions and countries there are."""
    offered: Tree = {
        "region": {"@opt": "default,EU,CIS,EU_CIS,ME"},
        "CRIndex": {"@opt": "0,3,46,210,253,254"},
    }
    return document(device, "BasicInfo", offered)


def _recognition(_device: Device) -> Tree:
    """Return the country whose plates are read."""
    return {"countryIndex": "0", "recognitionMode": "normal"}


def _is_entrance(profile: Profile) -> bool:
    """Tell whether a camera keeps the country by itself."""
    return profile.dialect is Dialect.ENTRANCE


_BASIC = "/ISAPI/Traffic/channels/1/basic"
_RECOGNITION = "/ISAPI/ITC/plateRecognitionParam"
_get_basic, _put_basic = stored("BasicInfo", _basic)
_get_recognition, _put_recognition = stored("PlateRecognitionParam", _recognition)
_MODE = "/ISAPI/Traffic/channels/1/CurVehicleDetectMode"
_get_mode, _put_mode = stored("CurVehicleDetectMode", _mode)
_get_text, _put_text = stored("PicParam", _picture_text)
_get_detect, _put_detect = stored("VehicleDetectCfg", _vehicle_detect)

ROUTES = (
    Route("GET", "/ISAPI/ITC/capability", itc_capability),
    Route("GET", "/ISAPI/ITC/capabilities", itc_capability),
    Route("GET", "/ISAPI/Traffic/capabilities", traffic_capabilities, reads_plates),
    Route("GET", _PICTURE_TEXT, _get_text, _has_scenes),
    Route("PUT", _PICTURE_TEXT, _put_text, _has_scenes),
    Route(
        "GET", f"{_PICTURE_TEXT}/capabilities", picture_text_capabilities, _has_scenes
    ),
    Route("GET", _BASIC, _get_basic, _has_scenes),
    Route("PUT", _BASIC, _put_basic, _has_scenes),
    Route("GET", f"{_BASIC}/capabilities", basic_capabilities, _has_scenes),
    Route("GET", _RECOGNITION, _get_recognition, _is_entrance),
    Route("PUT", _RECOGNITION, _put_recognition, _is_entrance),
    Route("GET", _MODE, _get_mode, _has_scenes),
    Route("PUT", _MODE, _put_mode, _has_scenes),
    Route("GET", VEHICLE_DETECT, _get_detect, reads_plates),
    Route("GET", "/ISAPI/Traffic/MNPR/channels/1", recognize, reads_plates),
    Route("PUT", VEHICLE_DETECT, _put_detect, reads_plates),
)
