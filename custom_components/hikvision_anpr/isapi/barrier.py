"""Move a barrier at a device, each command sent once (reference 6.1, 6.2)."""

from dataclasses import dataclass
from typing import Final, Literal

from .client import IsapiClient
from .errors import NOT_TOLD
from .node import NOTHING, Node

type BarrierCommand = Literal["open", "close", "stop", "lock", "unlock"]
type BarrierKind = Literal["parking", "itc"]
type BarrierPosition = Literal["open", "closed"]

_ITC: Final = "/ISAPI/ITC/Entrance"
_COMMANDS: Final[dict[BarrierKind, dict[BarrierCommand, str]]] = {
    "parking": {"open": "open", "close": "close", "lock": "lock", "unlock": "unlock"},
    "itc": {"open": "on", "close": "off", "stop": "stop", "lock": "locked"},
}
# The misspelling is part of the wire format.
_BODIES: Final[dict[BarrierKind, str]] = {
    "parking": "<BarrierGate><ctrlMode>{}</ctrlMode></BarrierGate>",
    "itc": "<BarrierGateCtrl><barrietGateNum>1</barrietGateNum>"
    "<barrietGateOper>{}</barrietGateOper></BarrierGateCtrl>",
}
_POSITIONS: Final[dict[int, BarrierPosition]] = {1: "closed", 2: "open"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BarrierInfo:
    """Hold by which commands a device moves its barrier, and whether it sees it."""

    kind: BarrierKind
    tells_position: bool

    @property
    def commands(self) -> frozenset[BarrierCommand]:
        """Return what can be commanded."""
        return frozenset(_COMMANDS[self.kind])


async def async_find_barrier(client: IsapiClient, channel: int) -> BarrierInfo | None:
    """Ask whether a channel has a barrier; nothing moves.

    Which of the two ways works is up to the model; the newer one is asked for first.
    Raises the errors of the client.
    """
    answer = await _ask(client, f"{_gate(channel)}/capabilities")
    if answer.find("BarrierGate") or answer.find("ctrlMode"):
        tells = answer.find("isSupportBarrierGateStatus")
        tells_position = tells is not None and tells.flag() is True
        return BarrierInfo(kind="parking", tells_position=tells_position)
    if (await _ask(client, f"{_ITC}/capabilities")).find("supportBarrierGateNum"):
        return BarrierInfo(kind="itc", tells_position=False)
    return None


async def async_command_barrier(
    client: IsapiClient, channel: int, kind: BarrierKind, command: BarrierCommand
) -> None:
    """Send a command once.

    A device that says OK has taken it; whether anything moved it does not say: a
    locked barrier stays where it is (trap 70). Raises the errors of the client; after
    UnreachableError the command may have been carried out.
    """
    path = _gate(channel) if kind == "parking" else f"{_ITC}/barrierGateCtrl"
    word = _COMMANDS[kind][command]
    await client.command(path, _BODIES[kind].format(word).encode())


async def async_get_position(
    client: IsapiClient, channel: int
) -> BarrierPosition | None:
    """Ask where the barrier is; None where the device does not know.

    0 is no signal, which is not closed (trap 71). Raises the errors of the client.
    """
    answer = await client.get(f"{_gate(channel)}/barrierGateStatus")
    return _POSITIONS.get(answer.integer("barrierGateStatus") or 0)


def _gate(channel: int) -> str:
    """Return where a channel's barrier is."""
    return f"/ISAPI/Parking/channels/{channel}/barrierGate"


async def _ask(client: IsapiClient, path: str) -> Node:
    """Return a document, an empty one where the device has none."""
    try:
        return await client.get(path)
    except NOT_TOLD:
        return NOTHING
