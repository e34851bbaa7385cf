"""Know which outputs a device switches by itself when it reads a plate (reference 6.3).

An output that is linked to vehicle detection is switched for every vehicle, one that is
linked to the allow list for the plates on it.
"""

from dataclasses import dataclass
from typing import Final

from .client import IsapiClient
from .errors import NOT_TOLD
from .linkage import OUTPUT, Trigger, async_get_linkage

_FOR_EVERYBODY: Final[tuple[Trigger, ...]] = ("vehicle_detection",)
_FOR_LISTED: Final[tuple[Trigger, ...]] = ("allow_list", "all_lists")


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
    client: IsapiClient, channel: int, triggers: tuple[Trigger, ...]
) -> frozenset[int]:
    """Return what is linked to any of some triggers."""
    found: set[int] = set()
    for trigger in triggers:
        try:
            linkage = await async_get_linkage(client, channel, trigger)
        except NOT_TOLD:
            continue
        links = linkage.links or ()
        found.update(number for method, number in links if method == OUTPUT and number)
    return frozenset(found)
