"""/ISAPI/System: who the device is, what it can do, what time it has."""

from datetime import datetime

from aiohttp import web
from lxml import etree

from simulator.answers import BAD_CONTENT, BAD_FORMAT, OK
from simulator.clock import time_zone
from simulator.configuration import fields, local_name, parse, text_of
from simulator.device import Device
from simulator.document import Node, Tree

from .route import Route, document, status, stored, xml


async def device_info(device: Device, _request: web.Request) -> web.Response:
    """Answer who the device is (reference 9.1)."""
    profile = device.profile
    return document(
        device,
        "DeviceInfo",
        {
            "deviceName": profile.device_name,
            "deviceID": profile.device_id,
            "deviceDescription": profile.device_type,
            "deviceLocation": "hangzhou",
            "systemContact": "Hikvision.China",
            "model": profile.model,
            "serialNumber": profile.serial_number,
            "macAddress": profile.mac_address,
            "firmwareVersion": profile.firmware_version,
            "firmwareReleasedDate": profile.firmware_released,
            "encoderVersion": "V7.3",
            "encoderReleasedDate": "build 240110",
            "bootVersion": "V1.3.4",
            "bootReleasedDate": "100316",
            "hardwareVersion": "0x0",
            "deviceType": profile.device_type,
            "telecontrolID": "88",
            "supportBeep": "false",
            "supportVideoLoss": "false",
            "firmwareVersionInfo": "B-R-G5-0",
            "manufacturer": "hikvision",
            "subSerialNumber": profile.serial_number[-9:],
            "OEMCode": "1",
        },
    )


async def capabilities(device: Device, _request: web.Request) -> web.Response:
    """Answer what the device can do, blanks inside tags included (reference 9.3)."""
    profile = device.profile
    tree: Tree = {
        "isSupportPreview": "true",
        "isSupportSystemMaintain": "true",
        "isSupportReboot": "true",
        "isSupportDeviceInfo ": "true",
        "isSupportTime ": "true",
        "SysCap": {
            "isSupportDst": "true",
            "NetworkCap": {"isSupportNtp": "true", "isSupportWebSocket": "true"},
            "IOCap": {
                "IOInputPortNums": str(profile.inputs),
                "IOOutputPortNums": str(profile.outputs),
            },
            "VideoCap": {"videoInputPortNums": "1"},
            "isSupportSubscribeEvent": "true",
        },
        "isSupportGetmutexFuncErrMsg": "false",
    }
    if profile.dialect is not None:
        tree["ITCCap"] = {
            "isSupportVehicleDetection": "true",
            "isSupportlicencePlateAuditData": "true",
            "isSupportSearchLPListAudit": "true",
        }
    return document(device, "DeviceCap", tree)


async def system_status(device: Device, _request: web.Request) -> web.Response:
    """Answer how the device fares."""
    cpu: Node = {"cpuDescription": "", "cpuUtilization": "31"}
    memory: Node = {
        "memoryDescription": "",
        "memoryUsage": "412.5",
        "memoryAvailable": "99.1",
    }
    return document(
        device,
        "DeviceStatus",
        {
            "currentDeviceTime": device.clock.text(device.clock.now()),
            "deviceUpTime": str(int(device.clock.uptime().total_seconds())),
            "CPUList": {"CPU": cpu},
            "MemoryList": {"Memory": memory},
        },
    )


async def time(device: Device, request: web.Request) -> web.Response:
    """Answer what time the device has, with all that was written (reference 7.6)."""
    now: Tree = {
        "timeMode": device.clock.mode,
        "localTime": device.clock.text(device.clock.now()),
        "timeZone": device.clock.zone_text,
    }
    body = device.configuration.get(request.path, lambda: b"")
    if not body:
        return document(device, "Time", now)
    root = parse(body)
    for element in root:
        told = now.get(local_name(element))
        element.text = told if isinstance(told, str) else element.text
    return xml(etree.tostring(root))


async def set_time(device: Device, request: web.Request) -> web.Response:
    """Set mode, zone and, in manual mode, the time; it counts at once."""
    body = await request.read()
    try:
        root = parse(body)
    except etree.XMLSyntaxError:
        return status(device, request, BAD_FORMAT)
    mode = text_of(root, "timeMode") or device.clock.mode
    zone = text_of(root, "timeZone") or device.clock.zone_text
    local = text_of(root, "localTime")
    try:
        moment = datetime.fromisoformat(local) if local else device.clock.now()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=time_zone(zone))
        time_zone(zone)
    except ValueError:
        return status(device, request, BAD_CONTENT)
    device.clock.mode, device.clock.zone_text = mode, zone
    if mode == "manual":
        device.clock.set(moment)
    return status(device, request, device.configuration.put(request.path, body, "Time"))


TIME_SERVER = "/ISAPI/System/time/ntpServers/1"


def _time_server(_device: Device) -> Tree:
    """Return the time server as it left the factory."""
    return {
        "id": "1",
        "addressingFormatType": "hostname",
        "hostName": "time.example.org",
        "portNo": "123",
        "synchronizeInterval": "1440",
    }


async def time_servers(device: Device, _request: web.Request) -> web.Response:
    """Answer where the device gets its time from (reference 7.6)."""
    server = _time_server(device)
    if stored_server := device.configuration.get(TIME_SERVER, lambda: b""):
        server |= fields(parse(stored_server))
    return document(device, "NTPServerList", {"NTPServer": server})


async def reboot(device: Device, request: web.Request) -> web.Response:
    """Start anew; every alert stream ends."""
    device.reboot()
    return status(device, request, OK)


_get_server, _put_server = stored("NTPServer", _time_server)

ROUTES = (
    Route("GET", "/ISAPI/System/deviceInfo", device_info),
    Route("GET", "/ISAPI/System/capabilities", capabilities),
    Route("GET", "/ISAPI/System/status", system_status),
    Route("GET", "/ISAPI/System/time", time),
    Route("PUT", "/ISAPI/System/time", set_time),
    Route("GET", "/ISAPI/System/time/ntpServers", time_servers),
    Route("GET", TIME_SERVER, _get_server),
    Route("PUT", TIME_SERVER, _put_server),
    Route("PUT", "/ISAPI/System/reboot", reboot),
)
