"""/ISAPI/System/Video and /ISAPI/Streaming: the picture and its streams."""

from aiohttp import web

from simulator.answers import NOT_SUPPORT
from simulator.device import VCA_RESOURCE, Device
from simulator.document import Tree
from simulator.profiles import Profile

from .route import Route, document, status, stored

_VIDEO = "/ISAPI/System/Video/inputs/channels"


def _input(device: Device) -> Tree:
    """Return the camera's one video input."""
    return {
        "id": "1",
        "inputPort": "1",
        "videoFormat": "PAL",
        "name": device.profile.device_name,
    }


async def inputs(device: Device, _request: web.Request) -> web.Response:
    """Answer which video inputs there are."""
    return document(
        device, "VideoInputChannelList", {"VideoInputChannel": _input(device)}
    )


async def one_input(device: Device, _request: web.Request) -> web.Response:
    """Answer what the video input is."""
    return document(device, "VideoInputChannel", _input(device))


def _stream(device: Device, number: int) -> Tree:
    """Return one stream: 101 is the main one, 102 the small one (reference 8.1)."""
    width, height = device.profile.scene_size if number == 101 else (704, 576)
    return {
        "id": str(number),
        "channelName": device.profile.device_name,
        "enabled": "true",
        "Transport": {
            "ControlProtocolList": {
                "ControlProtocol": [
                    {"streamingTransport": "RTSP"},
                    {"streamingTransport": "HTTP"},
                ]
            }
        },
        "Video": {
            "enabled": "true",
            "videoInputChannelID": "1",
            "videoCodecType": "H.264",
            "videoResolutionWidth": str(width),
            "videoResolutionHeight": str(height),
            "videoQualityControlType": "VBR",
            "maxFrameRate": "2500",
            "snapShotImageType": "JPEG",
        },
        "Audio": {"enabled": "false", "audioInputChannelID": "1"},
    }


async def streams(device: Device, _request: web.Request) -> web.Response:
    """Answer which streams there are."""
    both = [_stream(device, number) for number in (101, 102)]
    return document(device, "StreamingChannelList", {"StreamingChannel": both})


async def one_stream(device: Device, request: web.Request) -> web.Response:
    """Answer what one stream is."""
    number = int(request.match_info["number"])
    if number not in {101, 102}:
        return status(device, request, NOT_SUPPORT)
    return document(device, "StreamingChannel", _stream(device, number))


async def snapshot(device: Device, request: web.Request) -> web.Response:
    """Answer with the scene as it is now; channel 1 is 101 too (reference 8.4).

    A recorder passes on what the camera of each of its channels sees.
    """
    number = int(request.match_info["number"])
    channel = number // 100 or number
    is_stream = number in {channel, 100 * channel + 1, 100 * channel + 2}
    if not is_stream or channel not in _names(device):
        return status(device, request, NOT_SUPPORT)
    moment, caption = device.clock.now(), _names(device)[channel]
    jpeg = await device.draw(lambda: device.painter.snapshot(moment, caption))
    return web.Response(body=jpeg, content_type="image/jpeg")


def _names(device: Device) -> dict[int, str]:
    """Return what can be seen, by the number of its channel."""
    if device.recorder is None:
        return {1: device.profile.device_name}
    return {
        number: channel.name for number, channel in device.recorder.channels.items()
    }


def _motion(_device: Device) -> Tree:
    """Return motion detection as it left the factory: off."""
    return {"enabled": "false", "enableHighlight": "false"}


def _vca(device: Device) -> Tree:
    """Return what the camera's analysis is set to (reference 7.1)."""
    return {"type": device.profile.vca_resource}


async def vca_capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer what the camera can analyse."""
    offered = f"{device.profile.vca_resource},smart,face"
    return document(device, "VCAResource", {"type": {"@opt": offered}})


def _analyses(profile: Profile) -> bool:
    """Tell whether a camera says what it analyses."""
    return bool(profile.vca_resource)


def _overlays(_device: Device) -> Tree:
    """Return what is written into the video: the time (reference 7.5)."""
    line: Tree = {
        "id": "1",
        "enabled": "false",
        "positionX": "0",
        "positionY": "32",
        "displayText": "",
    }
    return {
        "normalizedScreenSize": {
            "normalizedScreenWidth": "704",
            "normalizedScreenHeight": "576",
        },
        "fontSize": "adaptive",
        "TextOverlayList": {"@size": "4", "TextOverlay": line},
        "DateTimeOverlay": {
            "enabled": "true",
            "positionX": "0",
            "positionY": "544",
            "dateStyle": "YYYY-MM-DD",
        },
        "channelNameOverlay": {
            "enabled": "false",
            "positionX": "512",
            "positionY": "64",
        },
    }


_get_overlays, _put_overlays = stored("VideoOverlay", _overlays)
_get_motion, _put_motion = stored("MotionDetection", _motion)
_get_vca, _put_vca = stored("VCAResource", _vca, at_reboot=True)

ROUTES = (
    Route("GET", _VIDEO, inputs),
    Route("GET", f"{_VIDEO}/1", one_input),
    Route("GET", f"{_VIDEO}/1/motionDetection", _get_motion),
    Route("PUT", f"{_VIDEO}/1/motionDetection", _put_motion),
    Route("GET", f"{_VIDEO}/1/overlays", _get_overlays),
    Route("PUT", f"{_VIDEO}/1/overlays", _put_overlays),
    Route("GET", VCA_RESOURCE, _get_vca, _analyses),
    Route("PUT", VCA_RESOURCE, _put_vca, _analyses),
    Route("GET", f"{VCA_RESOURCE}/capabilities", vca_capabilities, _analyses),
    Route("GET", "/ISAPI/Streaming/channels", streams),
    Route("GET", r"/ISAPI/Streaming/channels/{number:\d+}", one_stream),
    Route("GET", r"/ISAPI/Streaming/channels/{number:\d+}/picture", snapshot),
)
