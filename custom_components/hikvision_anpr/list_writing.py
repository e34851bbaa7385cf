"""Change the list on a device as a plan says."""

from collections.abc import Mapping
from itertools import batched
import logging
from typing import Final

from .channel_lists import ChannelLists
from .isapi.errors import (
    BadAnswerError,
    ListFullError,
    NotSupportedError,
    RejectedError,
)
from .isapi.plate_list_entry import ListEntry
from .isapi.plate_lists import PlateList
from .vehicles.list_plan import Listing, ListPlan, listing_of, there

_LOGGER = logging.getLogger(__name__)

BATCH: Final = 50
"""How many new plates are sent at once."""


async def async_write(plates: PlateList, lists: ChannelLists, plan: ListPlan) -> None:
    """Change a device's list, one plate after the other, new ones many at once.

    What was done counts, also where the next plate fails. Raises the errors of the list.
    """
    for plate in plan.remove:
        await plates.async_remove(plate)
        lists.note(plate, None)
    try:
        for plate, listing in plan.put.items():
            if plate in lists.on_device:
                await _async_put(plates, lists, plate, listing)
        await _async_add(
            plates,
            lists,
            {
                plate: listing
                for plate, listing in plan.put.items()
                if plate not in lists.on_device
            },
        )
    except ListFullError:
        if lists.used is not None:
            lists.capacity = lists.used
        raise


async def _async_add(
    plates: PlateList, lists: ChannelLists, new: Mapping[str, Listing]
) -> None:
    """Put plates on a device that are not there yet.

    The first goes alone, so that the device's words are known. What the list does not
    show after all were sent is put plate by plate. What the device said OK to counts as
    agreed on until then: it is ours, should the device go away or the centre change it.
    """
    for plate in tuple(new)[:1]:
        await _async_put(plates, lists, plate, new[plate])
    others = tuple(new)[1:]
    if len(others) > 1:
        await _async_send(plates, lists, {plate: new[plate] for plate in others})
        listed = await plates.async_entries()
        entries = there(listed)
        lists.read(len(listed), entries)
        taken = {plate: listing_of(entry) for plate, entry in entries.items()}
        for plate in [one for one in others if taken.get(one) == new[one]]:
            lists.note(plate, new[plate])
        others = tuple(one for one in others if taken.get(one) != new[one])
        for plate in others:
            lists.agreed.pop(plate, None)
    for plate in others:
        await _async_put(plates, lists, plate, new[plate])


async def _async_send(
    plates: PlateList, lists: ChannelLists, new: Mapping[str, Listing]
) -> None:
    """Send plates many at once, as far as the device takes them so."""
    try:
        for some in batched(new.items(), BATCH, strict=False):
            await plates.async_add([_entry(*one) for one in some])
            lists.agreed.update(some)
    except (BadAnswerError, ListFullError, NotSupportedError, RejectedError) as error:
        _LOGGER.debug("The device takes no more plates at once: %s", error)


async def _async_put(
    plates: PlateList, lists: ChannelLists, plate: str, listing: Listing
) -> None:
    """Put one plate on a list, and see that it is there."""
    await plates.async_put(_entry(plate, listing))
    lists.note(plate, listing)


def _entry(plate: str, listing: Listing) -> ListEntry:
    """Return what a device is told of a plate."""
    return ListEntry(plate=plate, list=listing.list, valid_to=listing.valid_to)
