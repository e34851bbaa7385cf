"""/ISAPI/ContentMgmt: what is stored on the device (reference 8.6)."""

from aiohttp import web

from simulator.device import Device

from .route import Route, document


async def storage(device: Device, _request: web.Request) -> web.Response:
    """Answer the memory card."""
    card = {
        "id": "1",
        "hddName": "hdd1",
        "hddPath": "",
        "hddType": "local",
        "status": device.card_status,
        "capacity": "121952",
        "freeSpace": "0",
        "property": "RW",
    }
    return document(
        device,
        "storage",
        {"hddList": {"@size": "1", "hdd": card}, "nasList": {"@size": "0"}},
    )


ROUTES = (Route("GET", "/ISAPI/ContentMgmt/Storage", storage),)
