"""/ISAPI/ITC/Entrance/VCL: the list of older entrance terminals (reference 5.3)."""

from aiohttp import web
from lxml import etree

from simulator.answers import BAD_CONTENT, BAD_FORMAT, NOT_SUPPORT, OK
from simulator.configuration import fields, local_name, parse, text_of
from simulator.device import Device
from simulator.document import Node
from simulator.faults import Fault
from simulator.plate_list import ListDialect, ListedPlate
from simulator.profiles import Profile

from .list_refusal import answer_to
from .route import Route, document, status

_VCL = "/ISAPI/ITC/Entrance/VCL"


def _has_vcl(profile: Profile) -> bool:
    """Tell whether a model keeps such a list."""
    return profile.list_dialect in {ListDialect.VCL, ListDialect.VCL_UNSHOWN}


async def capabilities(device: Device, request: web.Request) -> web.Response:
    """Answer that there is a list."""
    return document(device, "VCLCap", {"VCLNum": str(device.plate_list.capacity)})


async def show(device: Device, request: web.Request) -> web.Response:
    """Answer the whole list, in a form that nobody has published."""
    if device.plate_list.dialect is not ListDialect.VCL:
        return status(device, request, NOT_SUPPORT)
    rows = [_row(one) for one in device.plate_list.records.values()]
    return document(device, "VCLData", {"VCLDataList": {"singleVCLData": rows}})


def _row(record: ListedPlate) -> dict[str, Node]:
    """Return a record."""
    return {
        "id": record.number,
        "runNum": "0",
        "listType": "0" if record.kind == "whiteList" else "1",
        "plateNum": record.plate,
        "cardNo": record.card,
        "startTime": record.start,
        "endTime": record.end,
    }


async def put(device: Device, request: web.Request) -> web.Response:
    """Take records; a plate that is there is changed."""
    try:
        root = parse(await request.read())
    except etree.XMLSyntaxError:
        return status(device, request, BAD_FORMAT)
    if device.faults.strikes(Fault.LIST_KEEPS_NOTHING):
        return status(device, request, OK)

    def take() -> None:
        for element in root.iter():
            if local_name(element) == "singleVCLData":
                device.plate_list.put_numbered(fields(element))

    return answer_to(device, request, take, BAD_CONTENT)


async def delete(device: Device, request: web.Request) -> web.Response:
    """Delete a plate; OK says nothing of whether it was there."""
    try:
        root = parse(await request.read())
    except etree.XMLSyntaxError:
        return status(device, request, BAD_FORMAT)
    if text_of(root, "delVCLCond") != "1":
        return status(device, request, BAD_CONTENT)
    if not device.faults.strikes(Fault.LIST_KEEPS_NOTHING):
        device.plate_list.records.pop(text_of(root, "plateNum") or "", None)
    return status(device, request, OK)


ROUTES = (
    Route("GET", f"{_VCL}/capabilities", capabilities, _has_vcl),
    Route("GET", _VCL, show, _has_vcl),
    Route("PUT", _VCL, put, _has_vcl),
    Route("DELETE", _VCL, delete, _has_vcl),
)
