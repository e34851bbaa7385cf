"""/ISAPI/ContentMgmt: what is stored on the device (reference 8.6)."""

import re

from aiohttp import web

from simulator.device import Device
from simulator.document import Tree

from .route import Handler, Route, document, reads_plates, stored


async def storage(device: Device, _request: web.Request) -> web.Response:
    """Answer the memory card and the network share, as far as there are any."""
    cards, shares = _cards(device), _mounted(device)
    listed: Tree = {
        "hddList": {"@size": str(len(cards)), "hdd": cards},
        "nasList": {"@size": str(len(shares)), "nas": shares},
    }
    return document(device, "storage", listed)


def _cards(device: Device) -> list[Tree]:
    """Return the memory card, if there is one."""
    if device.card_status is None:
        return []
    card: Tree = {
        "id": "1",
        "hddName": "hdd1",
        "hddPath": "",
        "hddType": "local",
        "status": device.card_status,
        "capacity": "121952",
        "freeSpace": "0",
        "property": "RW",
    }
    return [card]


def _mounted(device: Device) -> list[Tree]:
    """Return the network share that is recorded on, if there is one."""
    if device.share_status is None:
        return []
    share: Tree = {
        "id": "9",
        "addressingFormatType": "ipaddress",
        "ipAddress": "192.0.2.30",
        "nasType": "NFS",
        "path": "/volume1/anpr",
        "status": device.share_status,
        "capacity": "1907729",
        "freeSpace": "1024",
        "property": "RW",
    }
    return [share]


def _ftp(_device: Device) -> Tree:
    """Return the FTP servers as they left the factory: none is used."""
    server: Tree = {
        "id": "1",
        "enabled": "false",
        "addressingFormatType": "ipaddress",
        "ipAddress": "0.0.0.0",
        "portNo": "21",
        "userName": "",
        "uploadPath": {"pathDepth": "1", "topDirNameRule": "time_date"},
        "uploadPlateEnable": "true",
    }
    return {"FTPNotification": server}


def _shares(_device: Device) -> Tree:
    """Return a network share that is not mounted."""
    share: Tree = {
        "id": "9",
        "ipAddress": "192.0.2.30",
        "nasType": "NFS",
        "path": "/volume1/anpr",
        "status": "offline",
        "mountType": "NFS",
    }
    return {"nas": share}


def _without_passwords(handler: Handler) -> Handler:
    """Answer a document without the passwords that were written into it."""

    async def answer(device: Device, request: web.Request) -> web.StreamResponse:
        """Answer."""
        response = await handler(device, request)
        assert isinstance(response, web.Response) and isinstance(response.body, bytes)
        response.body = re.sub(rb"<password>[^<]*</password>", b"", response.body)
        return response

    return answer


_FTP = "/ISAPI/System/Network/ftp"
_NAS = "/ISAPI/ContentMgmt/Storage/nas"
_get_ftp, _put_ftp = stored("FTPNotificationList", _ftp)
_get_nas, _put_nas = stored("nasList", _shares)

ROUTES = (
    Route("GET", "/ISAPI/ContentMgmt/Storage", storage),
    Route("GET", _FTP, _without_passwords(_get_ftp), reads_plates),
    Route("PUT", _FTP, _put_ftp, reads_plates),
    Route("GET", _NAS, _without_passwords(_get_nas), reads_plates),
    Route("PUT", _NAS, _put_nas, reads_plates),
)
