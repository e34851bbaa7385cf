"""Close the gap of a channel with the reads of the device."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
import logging
from operator import attrgetter
from typing import Final, Protocol

from homeassistant.util import dt as dt_util

from ..isapi.client import IsapiClient
from ..isapi.clock import async_get_time
from ..isapi.errors import IsapiError, NotSupportedError
from ..isapi.plate_read import PlateRead
from ..isapi.plates import PlateRecord
from ..isapi.time_zone import zone_of
from .clock import DeviceClock
from .cursor import OVERLAP, Cursors, Position
from .gap import Gap, Page, search_pages, table_pages

_LOGGER = logging.getLogger(__name__)

OPENING: Final = timedelta(seconds=3)
"""How long after its opening a stream may not yet bring every read."""

AHEAD: Final = timedelta(minutes=1)
"""How far ahead of the device's clock a capture is still one of this moment."""

MOST_PAGES: Final = 100
MOST_RECORDS: Final = 5000
"""How much is asked for at once; the rest follows a little later."""


type Way = Callable[[Gap], AsyncGenerator[Page]]


class CatchUpListener(Protocol):
    """Take what catch-up brings, page by page in the order of capture."""

    def read_recovered(self, read: PlateRead, received_at: datetime) -> None:
        """Take a read, which may have come by another way before."""

    async def async_taken_before(
        self, channel: int, since: datetime
    ) -> Sequence[tuple[PlateRead, datetime]] | None:
        """Return the reads taken since a time of the device, and when they came in.

        None where that is not known now.
        """


@dataclass(slots=True)
class CatchUpCounts:
    """Count what catch-up did, for diagnostics.

    `recovered` counts the passages that came late, by whatever way.
    """

    queries: int = 0
    records: int = 0
    recovered: int = 0


class GapClosing:
    """Close the gaps of one device's channels, by the ways that it has.

    That is its table of plates, or its search where there is no table.
    """

    def __init__(
        self,
        client: IsapiClient,
        clock: DeviceClock,
        cursors: Cursors,
        listener: CatchUpListener,
    ) -> None:
        """Prepare to ask a client's device."""
        self.counts = CatchUpCounts()
        self._client = client
        self._clock = clock
        self._cursors = cursors
        self._listener = listener
        self._ways: dict[int, tuple[Way, ...]] = defaultdict(
            lambda: (self._table, self._search)
        )

    def is_possible(self, channel: int) -> bool:
        """Tell whether a channel has a way left by which it can be asked."""
        return bool(self._ways[channel])

    async def close(self, channel: int, opened_at: datetime) -> bool:
        """Hand on what a channel captured before a moment of ours; tell whether all.

        Raises the errors of the client.
        """
        gap = await self._gap(channel, opened_at)
        await self._recall(gap)
        return await self._ask_by_ways(gap, opened_at)

    def position(self, moment: datetime) -> Position:
        """Return a moment of ours, and what events would write then."""
        drift = self._clock.drift or timedelta()
        return Position(captured_at=moment + drift, received_at=moment)

    async def _gap(self, channel: int, opened_at: datetime) -> Gap:
        """Return the gap of a channel, as the clock of the device's records shows it."""
        zone, ahead = await self._clock_of_records()
        cursor = self._cursors.of(channel)
        cursor.rewind(self.position(opened_at))
        until = self.position(opened_at).captured_at + OPENING
        since = cursor.start(self._clock.drift) or until - OVERLAP
        begun_at = cursor.begun_at
        return Gap(
            channel=channel,
            since=(since - ahead).astimezone(zone),
            until=(until - ahead).astimezone(zone),
            ahead=ahead,
            begun=self.position(begun_at).captured_at if begun_at else None,
        )

    async def _recall(self, gap: Gap) -> None:
        """Know again what was taken since a gap begins and is not remembered.

        A cursor keeps the last minutes over a restart, and so many reads until then;
        where the device's clock was set back, or Home Assistant was killed, it is
        asked for more than these.
        """
        cursor = self._cursors.of(gap.channel)
        if cursor.remembers_all:
            return
        since = gap.since + gap.ahead - OVERLAP
        taken = await self._listener.async_taken_before(gap.channel, since)
        if taken is None:
            return
        cursor.remembers_all = True
        for read, received_at in taken:
            cursor.recall(read, received_at)

    async def _clock_of_records(self) -> tuple[tzinfo, timedelta]:
        """Return the zone of the records' times, and how far events are ahead of it.

        Records go by the time that the device answers; its events may be
        written in another zone. A device that tells no time is taken to use one.
        """
        try:
            answer = await async_get_time(self._client)
        except IsapiError:
            return self._clock.zone, timedelta()
        now = dt_util.utcnow()
        self._clock.measure(answer.local_time, now)
        return zone_of(answer), self.position(now).captured_at - answer.local_time

    async def _ask_by_ways(self, gap: Gap, opened_at: datetime) -> bool:
        """Ask by the first way that the device has; one that has none is done."""
        while ways := self._ways[gap.channel]:
            try:
                return await self._ask(ways[0](gap), gap, opened_at)
            except NotSupportedError:
                self._ways[gap.channel] = ways[1:]
        return True

    def _table(self, gap: Gap) -> AsyncGenerator[Page]:
        """Ask by the table of plates, which says more of each."""
        return table_pages(self._client, gap)

    def _search(self, gap: Gap) -> AsyncGenerator[Page]:
        """Ask by the search for stored pictures."""
        cursor = self._cursors.of(gap.channel)
        return search_pages(
            self._client,
            gap,
            lambda record: cursor.is_copy(_read(record, gap), live=False),
        )

    async def _ask(
        self, pages: AsyncGenerator[Page], gap: Gap, opened_at: datetime
    ) -> bool:
        """Hand on page after page; tell whether it came to the last."""
        asked = taken = 0
        async with aclosing(pages):
            async for page in pages:
                await self._take_page(page, gap, opened_at)
                if page.is_last:
                    return True
                asked, taken = asked + 1, taken + len(page.new)
                if asked >= MOST_PAGES or taken >= MOST_RECORDS:
                    break
        _LOGGER.warning(
            "More reads were missed than are fetched at once (%d); the rest follows",
            taken,
        )
        return False

    async def _take_page(self, page: Page, gap: Gap, opened_at: datetime) -> None:
        """Hand a page on, and move on behind it, but not into what is yet to come."""
        self.counts.queries += 1
        self.counts.records += page.told
        await self._hand_on(gap, page.new, opened_at)
        now = self.position(dt_util.utcnow())
        reached = min(page.reached + gap.ahead, now.captured_at)
        self._cursors.of(gap.channel).advance(replace(now, captured_at=reached))

    async def _hand_on(
        self, gap: Gap, records: Iterable[PlateRecord], opened_at: datetime
    ) -> None:
        """Hand the reads of a page on, one by one; a bad one does not end the rest."""
        for record in sorted(records, key=attrgetter("captured_at", "listed_at")):
            read = _read(record, gap)
            if self._is_left_to_stream(read, opened_at):
                continue
            try:
                self._deliver(read, history=self._is_history(read, gap))
            except Exception:
                _LOGGER.exception("A record of the device could not be processed")
            await asyncio.sleep(0)

    def _deliver(self, read: PlateRead, *, history: bool) -> None:
        """Give a read to the listener; of history it is only known that it was."""
        now = dt_util.utcnow()
        if history:
            self._cursors.of(read.channel).take(read, now, live=False)
        else:
            self._listener.read_recovered(read, now)

    def _is_history(self, read: PlateRead, gap: Gap) -> bool:
        """Tell whether a read is from before the first contact.

        One that is yet to come is from before the clock was set, and that before it.
        """
        if gap.begun is None or read.captured_at is None:
            return False
        now = self.position(dt_util.utcnow()).captured_at
        return not gap.begun <= read.captured_at <= now + AHEAD

    def _is_left_to_stream(self, read: PlateRead, opened_at: datetime) -> bool:
        """Tell whether a read was captured while the stream was open.

        One that looks as if it was yet to come is from before the clock was set.
        """
        opened = self.position(opened_at).captured_at
        now = self.position(dt_util.utcnow()).captured_at
        captured_at = read.captured_at or now
        return opened + OPENING < captured_at <= now + AHEAD


def _read(record: PlateRecord, gap: Gap) -> PlateRead:
    """Turn a record into a read, its time as events would have it."""
    return PlateRead(
        plate=record.plate,
        channel=gap.channel,
        captured_at=record.captured_at + gap.ahead,
        country=record.country,
        plate_color=record.plate_color,
        lane=record.lane,
        direction=record.direction,
        pictures=record.pictures,
        retransmitted=True,
    )
