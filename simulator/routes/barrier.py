"""/ISAPI/Parking and /ISAPI/ITC/Entrance: the barrier (reference 6.1, 6.2)."""

from aiohttp import web
from lxml import etree

from simulator.answers import BAD_CONTENT, BAD_FORMAT, NOT_SUPPORT, OK
from simulator.barrier import ITC_WORDS, Barrier, BarrierInterface
from simulator.configuration import parse, text_of
from simulator.device import Device
from simulator.document import Tree
from simulator.faults import Fault

from .route import Route, document, status

_GATE = "/ISAPI/Parking/channels/1/barrierGate"
_ITC = "/ISAPI/ITC/Entrance"


def _barrier(device: Device, interface: BarrierInterface) -> Barrier | None:
    """Return the barrier, if the device takes its commands this way."""
    barrier = device.barrier
    return barrier if barrier and barrier.interface is interface else None


async def capabilities(device: Device, request: web.Request) -> web.Response:
    """Answer what the barrier can do."""
    barrier = _barrier(device, BarrierInterface.PARKING)
    if barrier is None:
        return status(device, request, NOT_SUPPORT)
    return document(
        device,
        "BarrierGate",
        {
            "ctrlMode": {"@opt": "open,close,lock,unlock"},
            "isSupportBarrierGateStatus": "true" if barrier.wired else "false",
        },
    )


async def control(device: Device, request: web.Request) -> web.StreamResponse:
    """Take a command; OK says that it was taken, not that anything moves."""
    return await _take(device, request, BarrierInterface.PARKING, "ctrlMode")


async def position(device: Device, request: web.Request) -> web.Response:
    """Answer where the boom is, as far as the device knows."""
    barrier = _barrier(device, BarrierInterface.PARKING)
    if barrier is None:
        return status(device, request, NOT_SUPPORT)
    value = str(barrier.status)
    return document(device, "BarrierGateStatus", {"barrierGateStatus": value})


async def itc_capabilities(device: Device, request: web.Request) -> web.Response:
    """Answer how many barriers the entrance has."""
    if _barrier(device, BarrierInterface.ITC) is None:
        return status(device, request, NOT_SUPPORT)
    return document(
        device,
        "EntranceCap",
        {"supportBarrierGateNum": {"@min": "1", "@max": "1"}, "supportRelayNum": "1"},
    )


async def itc_control(device: Device, request: web.Request) -> web.StreamResponse:
    """Take a command in the older words, misspelt as they are."""
    return await _take(device, request, BarrierInterface.ITC, "barrietGateOper")


async def entrance_param(device: Device, request: web.Request) -> web.Response:
    """Answer who decides on the lane (reference 6.3)."""
    if device.barrier is None:
        return status(device, request, NOT_SUPPORT)
    lane: Tree = {
        "laneNum": "1",
        "bEnable": "true",
        "ctrlMode": str(device.barrier.control_mode),
        "relateTriggerMode": "vehicleDetect",
    }
    return document(device, "EntranceParamList", {"EntranceParam": lane})


async def _take(
    device: Device, request: web.Request, interface: BarrierInterface, name: str
) -> web.StreamResponse:
    """Take a command out of a document."""
    barrier = _barrier(device, interface)
    if barrier is None:
        return status(device, request, NOT_SUPPORT)
    try:
        word = text_of(parse(await request.read()), name) or ""
    except etree.XMLSyntaxError:
        return status(device, request, BAD_FORMAT)
    command = ITC_WORDS.get(word, "") if interface is BarrierInterface.ITC else word
    if not barrier.take(command):
        return status(device, request, BAD_CONTENT)
    if device.faults.strikes(Fault.BARRIER_ANSWER_LOST):
        assert request.transport is not None
        request.transport.close()
    return status(device, request, OK)


ROUTES = (
    Route("GET", f"{_GATE}/capabilities", capabilities),
    Route("PUT", _GATE, control),
    Route("GET", f"{_GATE}/barrierGateStatus", position),
    Route("GET", f"{_ITC}/capabilities", itc_capabilities),
    Route("PUT", f"{_ITC}/barrierGateCtrl", itc_control),
    Route("GET", f"{_ITC}/entranceParam", entrance_param),
)
