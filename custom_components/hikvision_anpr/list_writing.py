"""Write a plan to the list on a device."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
import logging
from typing import Final

from .channel_lists import ChannelLists
from .isapi.device_list import DeviceList
from .isapi.errors import (
    BadAnswerError,
    IsapiError,
    ListFullError,
    ListNotChangedError,
    NotSupportedError,
    RejectedError,
    UnreadableListError,
)
from .isapi.plate_list_entry import ListEntry
from .vehicles.list_plan import Listing, ListPlan, listing_of, there

_LOGGER = logging.getLogger(__name__)

BATCH: Final = 50
"""How many new plates are sent at once."""

MOST_REFUSED: Final = 10
"""A device that refuses so much, one after the other, is asked no more for now."""


class _Refusals:
    """Let a plate that a device refuses not keep the others from it."""

    def __init__(self) -> None:
        """Begin without one."""
        self._first: IsapiError | None = None
        self._in_a_row = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Bear that one plate is refused, unless so were the ones before."""
        try:
            yield
        except (BadAnswerError, ListNotChangedError, RejectedError) as error:
            self._first = self._first or error
            self._in_a_row += 1
            if self._in_a_row >= MOST_REFUSED:
                raise
        else:
            self._in_a_row = 0

    def raise_first(self) -> None:
        """Raise what was refused first."""
        if self._first:
            raise self._first


async def async_write(plates: DeviceList, lists: ChannelLists, plan: ListPlan) -> None:
    """Change a device's list, one plate after the other, new ones many at once.

    What was done counts, also where the next plate fails; a plate that is refused is
    told of when the others are done. Raises the errors of the list.
    """
    refusals = _Refusals()
    for plate in plan.remove:
        with refusals.counted():
            lists.begin({plate: None})
            await plates.async_remove(plate)
            lists.note(plate, None)
    known = lists.on_device.keys() & plan.put.keys()
    try:
        for plate in [plate for plate in plan.put if plate in known]:
            with refusals.counted():
                await _async_put(plates, lists, plate, plan.put[plate])
        new = {one: plan.put[one] for one in plan.put if one not in known}
        await _async_add(plates, lists, new, refusals)
    except ListFullError:
        if lists.used is not None:
            lists.capacity = lists.used
        raise
    refusals.raise_first()


async def _async_add(
    plates: DeviceList,
    lists: ChannelLists,
    new: Mapping[str, Listing],
    refusals: _Refusals,
) -> None:
    """Put plates on a device that are not there yet.

    The first goes alone, so that the device's words are known. What the list does not
    show after all were sent is put plate by plate.
    """
    for plate in tuple(new)[:1]:
        with refusals.counted():
            await _async_put(plates, lists, plate, new[plate])
    others = tuple(new)[1:]
    if len(others) > 1:
        sent = await _async_send(plates, lists, {plate: new[plate] for plate in others})
        others = await _async_left(
            plates, lists, {one: new[one] for one in others}, sent
        )
    for plate in others:
        with refusals.counted():
            await _async_put(plates, lists, plate, new[plate])


async def _async_left(
    plates: DeviceList,
    lists: ChannelLists,
    new: Mapping[str, Listing],
    sent: Collection[str],
) -> tuple[str, ...]:
    """Return which plates the list does not show; where it shows none, those not sent."""
    try:
        listed = await plates.async_entries()
    except UnreadableListError:
        taken = {plate: new[plate] for plate in sent}
        entries = {}
    else:
        entries = there(listed)
        lists.read(len(listed), entries)
        taken = {plate: listing_of(entry) for plate, entry in entries.items()}
    for plate in [one for one in new if taken.get(one) == new[one]]:
        lists.note(plate, new[plate])
    left = tuple(one for one in new if taken.get(one) != new[one])
    lists.settle(left, entries)
    return left


async def _async_send(
    plates: DeviceList, lists: ChannelLists, new: Mapping[str, Listing]
) -> set[str]:
    """Send plates many at once, ever fewer where the device refuses so many.

    Returns what was taken. What was refused is left out: the device may have taken a
    part of it.
    """
    taken: set[str] = set()
    waiting = list(new.items())
    size, begun, refused = BATCH, 0, 0
    while begun < len(waiting) and refused < MOST_REFUSED:
        some = waiting[begun : begun + size]
        begun += size
        lists.begin(dict(some))
        try:
            await plates.async_add([_entry(*one) for one in some])
        except (BadAnswerError, RejectedError) as error:
            _LOGGER.debug("The device refuses %d plates at once: %s", size, error)
            size, refused = max(1, size // 2), refused + 1
        except ListFullError, NotSupportedError:
            break
        else:
            taken.update(plate for plate, _ in some)
            refused = 0
    return taken


async def _async_put(
    plates: DeviceList, lists: ChannelLists, plate: str, listing: Listing
) -> None:
    """Put one plate on a list, and see that it is there."""
    lists.begin({plate: listing})
    await plates.async_put(_entry(plate, listing))
    lists.note(plate, listing)


def _entry(plate: str, listing: Listing) -> ListEntry:
    """Return what a device is told of a plate."""
    return ListEntry(plate=plate, list=listing.list, valid_to=listing.valid_to)
