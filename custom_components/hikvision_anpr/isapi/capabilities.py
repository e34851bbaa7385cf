"""Determine what a device supports."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .client import IsapiClient
from .errors import NOT_TOLD, BusyError
from .io_ports import IO
from .node import NOTHING, Node
from .vca_resource import VcaMode, vca_path

_SYSTEM: Final = "/ISAPI/System/capabilities"
_TRAFFIC: Final = "/ISAPI/Traffic/capabilities"
_INPUTS: Final = f"{IO}/inputs"
_OUTPUTS: Final = f"{IO}/outputs"
_STREAMS: Final = "/ISAPI/Streaming/channels"
DEFAULT_RTSP_PORT: Final = 554

_PROTOCOLS: Final = "/ISAPI/Security/adminAccesses"

type _Sign = Callable[[Node], bool]

# Spelt as the devices spell them (reference 7.1).
_ITC_SIGNS: Final = (
    "isSupportITC",
    "isSupportVehicleDetection",
    "isSupportHVTVehicleDetection",
    "isSupportlicencePlateAuditData",
    "isSupportSearchLPListAudit",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Hold what a device can do; None is what it does not say.

    `evidence` names the queries by which it claims to read plates. A claim may
    be void: some models have the menus and answers of plate reading and read none
    (DS-2CD4A26FWD without /P), which only their missing reads tell.
    `plate_list_capacity` counts plates, `inputs` and `outputs` are the numbers of
    terminals, `streams` those of live streams: 101 is the main one of channel 1.
    """

    reads_plates: bool
    evidence: tuple[str, ...]
    vca_resource: str | None
    vca_allows_plates: bool | None
    vehicle_detection_enabled: bool | None
    plate_list_capacity: int | None
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    rtsp_port: int | None
    subscribe_event: bool
    restarts: bool
    streams: tuple[int, ...] = ()


async def async_get_capabilities(client: IsapiClient, channel: int = 1) -> Capabilities:
    """Ask a device everything there is to ask, one question after the other.

    A question the device cannot answer costs nothing but itself. Raises
    AuthenticationError, AccountLockedError, NotActivatedError and
    UnreachableError, and BusyError where the device was too busy for any answer.
    """
    detect = f"/ISAPI/Traffic/channels/{channel}/vehicleDetect"
    vca = vca_path(channel)
    signs: dict[str, _Sign] = {**_SIGNS, detect: _is_detection}
    answers = await _ask(client, (*signs, vca, _PROTOCOLS, _INPUTS, _OUTPUTS, _STREAMS))
    system = answers[_SYSTEM]
    evidence = tuple(path for path, sign in signs.items() if sign(answers[path]))
    vca_mode = _vca_mode(answers[vca])
    return Capabilities(
        reads_plates=bool(evidence),
        evidence=evidence,
        vca_resource=vca_mode.resource if vca_mode else None,
        vca_allows_plates=vca_mode.allows_plates if vca_mode else None,
        vehicle_detection_enabled=answers[detect].flag("enabled"),
        plate_list_capacity=_number(answers[_TRAFFIC], "plateListNum"),
        inputs=_terminals(system, answers[_INPUTS], "Input"),
        outputs=_terminals(system, answers[_OUTPUTS], "Output"),
        rtsp_port=_rtsp_port(answers[_PROTOCOLS]),
        subscribe_event=_claims(system, "isSupportSubscribeEvent"),
        restarts=_claims(system, "isSupportReboot"),
        streams=tuple(
            number
            for stream in answers[_STREAMS].every("StreamingChannel")
            if (number := stream.integer("id")) and stream.flag("enabled") is not False
        ),
    )


async def _ask(client: IsapiClient, paths: Iterable[str]) -> dict[str, Node]:
    """Ask for several documents; what the device cannot answer stays empty."""
    answers: dict[str, Node] = {}
    busy: BusyError | None = None
    for path in paths:
        answers[path] = NOTHING
        try:
            answers[path] = await client.get(path)
        except BusyError as error:
            busy = error
        except NOT_TOLD:
            continue
    if busy and all(answer is NOTHING for answer in answers.values()):
        raise busy
    return answers


def _vca_mode(answer: Node) -> VcaMode | None:
    """Read what a channel's analysis is set to."""
    resource = answer.value("type")
    return VcaMode(resource) if resource else None


def _terminals(system: Node, ports: Node, kind: str) -> tuple[int, ...]:
    """Return the numbers of the alarm inputs or outputs (reference 6.4).

    Where a device does not list them, but counts them, they are counted from 1.
    """
    listed = [port.integer("id") for port in ports.every(f"IO{kind}Port")]
    if found := tuple(number for number in listed if number):
        return found
    count = _number(system, f"IO{kind}PortNums") or 0
    return tuple(range(1, count + 1))


def _rtsp_port(protocols: Node) -> int | None:
    """Return the port of live video (reference 9.3)."""
    for protocol in protocols.every("AdminAccessProtocol"):
        if (protocol.value("protocol") or "").upper() == "RTSP":
            return protocol.integer("portNo")
    return None


def _claims(answer: Node, name: str) -> bool:
    """Tell whether an answer holds a flag that is set, at any depth."""
    found = answer.find(name)
    return found is not None and found.flag() is True


def _number(answer: Node, name: str) -> int | None:
    """Return a whole number of an answer, at any depth."""
    found = answer.find(name)
    return found.integer() if found else None


def _is_itc(answer: Node) -> bool:
    """Tell the capabilities of a traffic camera."""
    return any(_claims(answer, sign) for sign in _ITC_SIGNS)


def _holds_itc(answer: Node) -> bool:
    """Tell device capabilities that hold those of a traffic camera."""
    inner = answer.find("ITCCap")
    return inner is not None and _is_itc(inner)


def _holds_plates(answer: Node) -> bool:
    """Tell traffic capabilities that speak of plates."""
    return (
        answer.find("plateCap") is not None
        or _claims(answer, "isSupportPlateList")
        or bool(_number(answer, "plateListNum"))
    )


def _is_trigger_mode(answer: Node) -> bool:
    """Tell the trigger modes of an entrance or traffic camera."""
    return answer.find("TriggerMode") is not None


def _is_detection(answer: Node) -> bool:
    """Tell the settings of vehicle detection."""
    return answer.find("VehicleDetectCfg") is not None


# What a device says of plates, and how to tell. Old devices know the singular
# "capability", newer ones the plural (reference 7.1).
_SIGNS: Final[Mapping[str, _Sign]] = {
    _SYSTEM: _holds_itc,
    "/ISAPI/ITC/capability": _is_itc,
    "/ISAPI/ITC/capabilities": _is_itc,
    _TRAFFIC: _holds_plates,
    "/ISAPI/ITC/TriggerMode/capabilities": _is_trigger_mode,
}
