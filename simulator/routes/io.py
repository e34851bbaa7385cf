"""/ISAPI/System/IO: alarm inputs and relays (reference 6.4)."""

from aiohttp import web
from lxml import etree

from simulator.answers import BAD_CONTENT, BAD_FORMAT, NOT_SUPPORT, OK
from simulator.configuration import parse, text_of
from simulator.device import Device
from simulator.document import Node

from .route import Route, document, status


async def inputs(device: Device, _request: web.Request) -> web.Response:
    """Answer which alarm inputs there are."""
    ports = [
        {"id": str(number), "triggering": "low"} for number in sorted(device.inputs)
    ]
    return document(device, "IOInputPortList", {"IOInputPort": ports})


async def outputs(device: Device, _request: web.Request) -> web.Response:
    """Answer which relays there are."""
    ports: list[Node] = [
        {"id": str(number), "PowerOnState": {"defaultState": "low"}}
        for number in sorted(device.outputs)
    ]
    return document(device, "IOOutputPortList", {"IOOutputPort": ports})


async def port_status(device: Device, request: web.Request) -> web.Response:
    """Answer the state of one input or relay."""
    kind, number = request.match_info["kind"], int(request.match_info["number"])
    ports = device.inputs if kind == "inputs" else device.outputs
    if number not in ports:
        return status(device, request, NOT_SUPPORT)
    return document(
        device,
        "IOPortStatus",
        {
            "ioPortID": str(number),
            "ioPortType": kind.removesuffix("s"),
            "ioState": "active" if ports[number] else "inactive",
        },
    )


async def trigger(device: Device, request: web.Request) -> web.Response:
    """Switch a relay; high stays until told otherwise."""
    number = int(request.match_info["number"])
    if number not in device.outputs:
        return status(device, request, NOT_SUPPORT)
    try:
        state = text_of(parse(await request.read()), "outputState")
    except etree.XMLSyntaxError:
        return status(device, request, BAD_FORMAT)
    if state not in {"high", "low"}:
        return status(device, request, BAD_CONTENT)
    device.outputs[number] = state == "high"
    return status(device, request, OK)


ROUTES = (
    Route("GET", "/ISAPI/System/IO/inputs", inputs),
    Route("GET", "/ISAPI/System/IO/outputs", outputs),
    Route(
        "GET",
        r"/ISAPI/System/IO/{kind:inputs|outputs}/{number:\d+}/status",
        port_status,
    ),
    Route("PUT", r"/ISAPI/System/IO/outputs/{number:\d+}/trigger", trigger),
)
