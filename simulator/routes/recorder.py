"""What recorders answer of the cameras behind them (reference 8.1, 8.4)."""

from functools import partial

from aiohttp import web

from simulator.answers import NOT_SUPPORT
from simulator.device import Device
from simulator.document import Tree
from simulator.recorder import Recorder, RecorderChannel

from .route import Handler, Route, document, status, stored

_PROXY = "/ISAPI/ContentMgmt/InputProxy/channels"
_TRIGGER = r"/ISAPI/Event/triggers/vehicledetection-{number:\d+}"
_DETECT = r"/ISAPI/Traffic/channels/{number:\d+}/vehicleDetect"


def _recorder(device: Device) -> Recorder:
    """Return what a recorder knows; only recorders have these routes."""
    if device.recorder is None:
        raise web.HTTPNotFound
    return device.recorder


def _source(channel: RecorderChannel) -> Tree:
    """Return where a channel comes from."""
    return {
        "proxyProtocol": "HIKVISION",
        "addressingFormatType": "ipaddress",
        "ipAddress": channel.address,
        "managePortNo": str(channel.manage_port),
        "srcInputPort": "1",
        "userName": "admin",
        "streamType": "auto",
        "model": channel.profile.model,
        "serialNumber": channel.serial_number,
        "firmwareVersion": channel.profile.firmware_version,
        "deviceID": "",
    }


async def channels(device: Device, _request: web.Request) -> web.Response:
    """Answer which cameras there are."""
    known = list(_recorder(device).channels.values())
    listed: list[Tree] = [
        {
            "id": str(channel.number),
            "name": channel.name,
            "sourceInputPortDescriptor": _source(channel),
            "enableAnr": "false",
            "enableTiming": "true",
            "devIndex": f"{channel.number:032X}",
        }
        for channel in known
    ]
    return document(
        device,
        "InputProxyChannelList",
        {"@size": str(len(listed)), "InputProxyChannel": listed},
    )


async def states(device: Device, _request: web.Request) -> web.Response:
    """Answer which cameras are online; some are left out."""
    listed: list[Tree] = [
        {
            "id": str(channel.number),
            "sourceInputPortDescriptor": _source(channel),
            "online": "true" if channel.online else "false",
            "chanDetectResult": "connect" if channel.online else "netUnreachable",
        }
        for channel in _recorder(device).channels.values()
        if channel.online is not None
    ]
    return document(
        device, "InputProxyChannelStatusList", {"InputProxyChannelStatus": listed}
    )


async def inputs(device: Device, _request: web.Request) -> web.Response:
    """Answer which analogue inputs there are."""
    listed: list[Tree] = [
        {"id": f"I-{number}", "inputPort": str(number), "name": f"Analogue {number}"}
        for number in range(1, _recorder(device).analogue + 1)
    ]
    return document(device, "VideoInputChannelList", {"VideoInputChannel": listed})


async def vehicle_detect(device: Device, request: web.Request) -> web.Response:
    """Answer a channel's vehicle detection, of cameras that have one."""
    recorder = _recorder(device)
    channel = recorder.channels.get(int(request.match_info["number"]))
    if (
        not recorder.says_which_read_plates
        or not channel
        or not channel.profile.dialect
    ):
        return status(device, request, NOT_SUPPORT)
    return document(device, "VehicleDetectCfg", {"enabled": "true"})


def _trigger(_device: Device) -> Tree:
    """Return what a recorder does when a camera reads a plate: nothing yet."""
    return {
        "id": "vehicledetection",
        "eventType": "vehicledetection",
        "EventTriggerNotificationList": {},
        "direction": "both",
    }


def _of_a_camera(handler: Handler) -> Handler:
    """Answer for cameras that read plates, where the recorder passes this on."""

    async def answer(device: Device, request: web.Request) -> web.StreamResponse:
        """Answer, or support no such thing."""
        recorder = _recorder(device)
        channel = recorder.channels.get(int(request.match_info["number"]))
        if not recorder.passes_settings or not channel or not channel.profile.dialect:
            return status(device, request, NOT_SUPPORT)
        return await handler(device, request)

    return answer


async def snapshot(device: Device, request: web.Request) -> web.Response:
    """Answer with what a channel sees now; 101 is the main stream of the first."""
    number, stream = divmod(int(request.match_info["number"]), 100)
    channel = _recorder(device).channels.get(number)
    if channel is None or channel.online is False or stream not in {1, 2}:
        return status(device, request, NOT_SUPPORT)
    draw = partial(device.painter.snapshot, device.clock.now(), channel.name)
    return web.Response(body=await device.draw(draw), content_type="image/jpeg")


async def kept_picture(device: Device, request: web.Request) -> web.Response:
    """Answer with a picture that an event named."""
    jpeg = _recorder(device).shelf.get(request.match_info["name"])
    if jpeg is None:
        raise web.HTTPNotFound
    return web.Response(body=jpeg, content_type="image/jpeg")


_get_trigger, _put_trigger = stored("EventTrigger", _trigger)

ROUTES = (
    Route("GET", _TRIGGER, _of_a_camera(_get_trigger)),
    Route("PUT", _TRIGGER, _of_a_camera(_put_trigger)),
    Route("GET", _PROXY, channels),
    Route("GET", f"{_PROXY}/status", states),
    Route("GET", "/ISAPI/System/Video/inputs/channels", inputs),
    Route("GET", _DETECT, vehicle_detect),
    Route("GET", r"/ISAPI/Streaming/channels/{number:\d+}/picture", snapshot),
    Route("GET", "/picture/{name}", kept_picture),
)
