"""Know whether a device opens its barrier by itself (reference 6.3)."""

from typing import Final

from .client import IsapiClient
from .errors import NOT_TOLD
from .node import Node

_OPENS_ITSELF: Final = frozenset({0, 2})


async def async_opens_by_itself(client: IsapiClient) -> bool | None:
    """Tell whether any lane is opened by the device's own lists.

    `ctrlMode` is 0 where the device decides, 1 where a platform does, 2 where both do;
    guides write `ctrlMod` as well. None where the device does not say. Raises the errors
    of the client.
    """
    try:
        answer = await client.get("/ISAPI/ITC/Entrance/entranceParam")
    except NOT_TOLD:
        return None
    modes = [mode for lane in _lanes(answer) if (mode := _mode(lane)) is not None]
    return any(mode in _OPENS_ITSELF for mode in modes) if modes else None


def _lanes(answer: Node) -> list[Node]:
    """Return the lanes that take part."""
    lanes = list(answer.every("EntranceParam")) or [answer]
    return [lane for lane in lanes if lane.flag("bEnable") is not False]


def _mode(lane: Node) -> int | None:
    """Return who decides on a lane."""
    mode = lane.integer("ctrlMode")
    return mode if mode is not None else lane.integer("ctrlMod")
