"""/ISAPI/Security and /SDK: logins, ports, and whether the device is set up."""

from aiohttp import web

from simulator.answers import user_check
from simulator.device import Device

from .route import Route, document


async def check_user(device: Device, request: web.Request) -> web.Response:
    """Answer that the login is right; wrong ones never come this far."""
    fields = {
        "statusValue": "200",
        "statusString": "OK",
        "isDefaultPassword": "false",
        "isRiskPassword": "false",
        "isActivated": "true",
    }
    as_json = request.query.get("format") == "json"
    body, kind = user_check(device.profile.namespace, fields, as_json=as_json)
    return web.Response(body=body, content_type=kind, charset="UTF-8")


async def admin_accesses(device: Device, _request: web.Request) -> web.Response:
    """Answer the ports of the device's protocols (reference 9.3)."""
    ports = {
        "HTTP": device.port,
        "HTTPS": 443,
        "DEV_MANAGE": 8000,
        "RTSP": device.rtsp_port,
    }
    protocols = [
        {"id": str(number), "enabled": "true", "protocol": name, "portNo": str(port)}
        for number, (name, port) in enumerate(ports.items(), 1)
    ]
    return document(
        device, "AdminAccessProtocolList", {"AdminAccessProtocol": protocols}
    )


async def activate_status(device: Device, _request: web.Request) -> web.Response:
    """Answer, to anyone, whether the device has a password yet (reference 9.2)."""
    activated = "true" if device.profile.activated else "false"
    return document(device, "ActivateStatus", {"Activated": activated})


ROUTES = (
    Route("GET", "/ISAPI/Security/userCheck", check_user),
    Route("GET", "/ISAPI/Security/adminAccesses", admin_accesses),
    Route("GET", "/SDK/activateStatus", activate_status),
)
