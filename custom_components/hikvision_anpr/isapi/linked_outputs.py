"""Know which outputs a device switches by itself when it reads a plate (reference 6.3).

An output that is linked to vehicle detection is switched for every vehicle, one that is
linked to the allow list for the plates on it.
"""

from dataclasses import dataclass
from typing import Final

from .client import IsapiClient
from .document import Node
from .errors import BadAnswerError, ForbiddenError, NotSupportedError, RejectedError

_FOR_EVERYBODY: Final = ("vehicledetection", "HVTVehicleDetection")
_FOR_LISTED: Final = ("whiteList", "allVehicleList")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedOutputs:
    """Hold which outputs are switched for every vehicle, and which for listed plates."""

    for_everybody: frozenset[int] = frozenset()
    for_listed: frozenset[int] = frozenset()


async def async_get_linked_outputs(client: IsapiClient, channel: int) -> LinkedOutputs:
    """Ask what a channel's reads switch; a trigger that a device lacks switches nothing.

    Each trigger is asked for by its name: the list of all fails on some models
    (reference 7.4). Raises the errors of the client.
    """
    return LinkedOutputs(
        for_everybody=await _async_outputs(client, channel, _FOR_EVERYBODY),
        for_listed=await _async_outputs(client, channel, _FOR_LISTED),
    )


async def _async_outputs(
    client: IsapiClient, channel: int, triggers: tuple[str, ...]
) -> frozenset[int]:
    """Return what is linked to any of some triggers."""
    found: set[int] = set()
    for trigger in triggers:
        path = f"/ISAPI/Event/triggers/{trigger}-{channel}"
        try:
            answer = await client.get(path)
        except BadAnswerError, ForbiddenError, NotSupportedError, RejectedError:
            continue
        listed = answer.find("EventTriggerNotificationList") or answer
        notifications = listed.every("EventTriggerNotification")
        found.update(number for one in notifications if (number := _output(one)))
    return frozenset(found)


def _output(notification: Node) -> int | None:
    """Return the output that a notification switches, which its id may tell."""
    if (notification.value("notificationMethod") or "").upper() != "IO":
        return None
    if (number := notification.integer("outputIOPortID")) is not None:
        return number
    tail = (notification.value("id") or "").rpartition("-")[2]
    return int(tail) if tail.isdecimal() else None
