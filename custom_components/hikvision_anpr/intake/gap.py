"""Query a device for the reads in a gap, from its table or its search."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from ..isapi.client import IsapiClient
from ..isapi.plate_search import async_search_plates
from ..isapi.plates import PlateRecord, async_get_plates
from .cursor import OVERLAP

SHORTEST_SEARCH: Final = timedelta(hours=1)
LONGEST_SEARCH: Final = timedelta(days=1)
"""How much time is searched at once: more and more while nothing is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Hold what is asked for: what a channel read from one time to another.

    The times are in the zone and by the clock of the device's records; events are
    `ahead` of it. What is from before `begun`, the first contact by the clock of
    events, is history and not handed on; None where that is known already.
    """

    channel: int
    since: datetime
    until: datetime
    ahead: timedelta
    begun: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold one answer: what in it is new, and up to when all is known.

    `told` counts all of its records; `is_last` where nothing follows.
    """

    told: int
    new: frozenset[PlateRecord]
    reached: datetime
    is_last: bool


async def table_pages(client: IsapiClient, gap: Gap) -> AsyncGenerator[Page]:
    """Ask a device's table of plates until nothing new comes (reference 4.1).

    Raises the errors of the client; NotSupportedError where there is no table.
    """
    seen: set[PlateRecord] = set()
    after = reached = gap.since
    while True:
        records = await async_get_plates(client, gap.channel, after=after)
        new = frozenset(one for one in records if one.captured_at >= gap.since) - seen
        if new:
            seen |= new
            reached = max(record.captured_at for record in new)
            listed_at = max(record.listed_at for record in new)
            after = listed_at.astimezone(gap.since.tzinfo)
        yield Page(told=len(records), new=new, reached=reached, is_last=not new)
        if not new:
            return


async def search_pages(
    client: IsapiClient, gap: Gap, is_known: Callable[[PlateRecord], bool]
) -> AsyncGenerator[Page]:
    """Search a device's stored pictures, a stretch of time after the other.

    Raises the errors of the client; NotSupportedError where it does not search.
    """
    zone = await async_zone_of_search(client, gap.channel, gap.since, is_known)
    begin, width = gap.since.replace(microsecond=0), SHORTEST_SEARCH
    is_last = False
    while not is_last:
        end = begin + width
        is_last = end >= gap.until
        # What seems yet to come is from before the clock was set back.
        until = end + LONGEST_SEARCH if is_last else end
        new = await async_search_plates(client, gap.channel, begin, until, zone=zone)
        yield Page(
            told=len(new),
            new=frozenset(new),
            reached=min(end, gap.until),
            is_last=is_last,
        )
        begin, width = end, SHORTEST_SEARCH if new else min(2 * width, LONGEST_SEARCH)


async def async_zone_of_search(
    client: IsapiClient,
    channel: int,
    since: datetime,
    is_known: Callable[[PlateRecord], bool],
) -> tzinfo:
    """Return what a device means by the Z of its times: UTC, or its own time.

    Old recorders are said to mean the latter (reference 8.3, 8.4). `since`, in the own
    zone of the device, is just before what was taken last: the device means the zone in
    which it has that. Raises as search_pages.
    """
    begin = since.replace(microsecond=0)
    end, own = begin + 3 * OVERLAP, since.tzinfo or UTC
    for zone in (UTC, own):
        found = await async_search_plates(client, channel, begin, end, zone=zone)
        if any(map(is_known, found)):
            return zone
    return UTC
