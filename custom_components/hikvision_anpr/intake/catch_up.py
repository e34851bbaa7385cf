"""Ask a device for what it read while nobody listened."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
import logging
from operator import attrgetter
from typing import Final, Protocol

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..isapi.client import IsapiClient
from ..isapi.clock import async_get_time
from ..isapi.errors import IsapiError, NotSupportedError
from ..isapi.plate_read import PlateRead
from ..isapi.plates import PlateRecord, async_get_plates
from ..isapi.time_zone import zone_of
from .clock import DeviceClock
from .cursor import OVERLAP, Cursors, Position

_LOGGER = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 10.0
"""How long the stream, which comes first, has to bring what it is about to bring."""

OPENING: Final = timedelta(seconds=3)
"""How long after its opening a stream may not yet bring every read."""

AHEAD: Final = timedelta(minutes=1)
"""How far ahead of the device's clock a capture is still one of this moment."""

MOST_PAGES: Final = 100
MOST_RECORDS: Final = 5000
"""How much is asked for after one opening; the rest follows after the next."""


class CatchUpListener(Protocol):
    """Take what catch-up brings, page by page in the order of capture."""

    def read_recovered(self, read: PlateRead, received_at: datetime) -> None:
        """Take a read, which may have come by another way before."""


@dataclass(slots=True)
class CatchUpCounts:
    """Count what catch-up did, for diagnostics.

    `recovered` counts the passages that came late, by whatever way.
    """

    queries: int = 0
    records: int = 0
    recovered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """Hold what is asked for: a channel's table from a time on.

    `since` is in the zone and by the clock of the table; events are `ahead` of it.
    A gap that is `history`, from before the first contact, is not handed on.
    """

    channel: int
    since: datetime
    ahead: timedelta
    history: bool


class CatchUp:
    """Close the gaps between streams for as long as its task lives.

    The device's table of plates is asked after each opening of the stream. What
    was captured after the opening is left to the stream, which brings it live.
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
        self._channels: tuple[int, ...] = ()
        self._without_table: set[int] = set()
        self._opened = asyncio.Event()
        self._opened_at = dt_util.utcnow()

    @callback
    def stream_opened(self, channels: Iterable[int]) -> None:
        """Note that the stream of some channels is open, after a gap."""
        self._channels = tuple(
            channel for channel in channels if channel not in self._without_table
        )
        for channel in self._channels:
            self._cursors.of(channel).hold()
        self._opened_at = dt_util.utcnow()
        self._opened.set()

    async def run(self) -> None:
        """Close the gaps after each opening, once the stream has settled."""
        while True:
            await self._opened.wait()
            while self._opened.is_set():
                self._opened.clear()
                await asyncio.sleep(SETTLE_SECONDS)
            await self.close_gaps()

    async def close_gaps(self) -> None:
        """Ask for what was read before the stream opened, channel by channel."""
        for channel in self._channels:
            await self._close_gap(channel)

    async def _close_gap(self, channel: int) -> None:
        """Close the gap of a channel, and let its cursor go when that is done.

        A gap that stays open, or a new one, is taken up at the next opening.
        """
        opened_at = self._opened_at
        try:
            closed = await self._ask(await self._gap(channel, opened_at), opened_at)
        except NotSupportedError:
            self._without_table.add(channel)
            closed = True
        except IsapiError as error:
            _LOGGER.debug("Catching up waits for the next stream: %s", error)
            return
        except Exception:
            _LOGGER.exception("Catching up failed")
            return
        if closed and opened_at == self._opened_at:
            self._cursors.of(channel).release(self._position(opened_at))

    async def _gap(self, channel: int, opened_at: datetime) -> _Gap:
        """Return the gap of a channel, as the table's clock shows it."""
        zone, ahead = await self._clock_of_table()
        start = self._cursors.of(channel).start(self._clock.drift)
        since = start or self._position(opened_at).captured_at - OVERLAP
        return _Gap(
            channel=channel,
            since=(since - ahead).astimezone(zone),
            ahead=ahead,
            history=start is None,
        )

    async def _clock_of_table(self) -> tuple[tzinfo, timedelta]:
        """Return the zone of the table's times, and how far events are ahead of it.

        The table goes by the time that the device answers; its events may be
        written in another zone. A device that tells no time is taken to use one.
        """
        try:
            answer = await async_get_time(self._client)
        except IsapiError:
            return self._clock.zone, timedelta()
        now = dt_util.utcnow()
        self._clock.measure(answer.local_time, now)
        return zone_of(answer), self._position(now).captured_at - answer.local_time

    def _position(self, moment: datetime) -> Position:
        """Return a moment of ours, and what events would write then."""
        drift = self._clock.drift or timedelta()
        return Position(captured_at=moment + drift, received_at=moment)

    async def _ask(self, gap: _Gap, opened_at: datetime) -> bool:
        """Ask until nothing new comes; tell whether it came to that."""
        seen: set[PlateRecord] = set()
        after = gap.since
        for _ in range(MOST_PAGES):
            new = await self._page(gap, after) - seen
            if not new:
                return True
            seen |= new
            await self._hand_on(gap, new, opened_at)
            newest = max(record.captured_at for record in new)
            self._cursors.of(gap.channel).advance(
                Position(captured_at=newest + gap.ahead, received_at=dt_util.utcnow())
            )
            listed_at = max(record.listed_at for record in new)
            after = listed_at.astimezone(gap.since.tzinfo)
            if len(seen) >= MOST_RECORDS:
                break
        _LOGGER.warning(
            "More reads were missed than are asked for at once (%d); the rest follows"
            " when the stream opens next",
            len(seen),
        )
        return False

    async def _page(self, gap: _Gap, after: datetime) -> set[PlateRecord]:
        """Return what the device answers, without what is older than the gap."""
        records = await async_get_plates(self._client, gap.channel, after=after)
        self.counts.queries += 1
        self.counts.records += len(records)
        return {record for record in records if record.captured_at >= gap.since}

    async def _hand_on(
        self, gap: _Gap, records: set[PlateRecord], opened_at: datetime
    ) -> None:
        """Hand the reads of a page on, one by one; a bad one does not end the rest."""
        for record in sorted(records, key=attrgetter("captured_at", "listed_at")):
            read = _read(record, gap)
            if self._is_left_to_stream(read, opened_at):
                continue
            try:
                self._deliver(read, history=gap.history)
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

    def _is_left_to_stream(self, read: PlateRead, opened_at: datetime) -> bool:
        """Tell whether a read was captured while the stream was open.

        One that looks as if it was yet to come is from before the clock was set.
        """
        opened = self._position(opened_at).captured_at
        now = self._position(dt_util.utcnow()).captured_at
        captured_at = read.captured_at or now
        return opened + OPENING < captured_at <= now + AHEAD


def _read(record: PlateRecord, gap: _Gap) -> PlateRead:
    """Turn a row of the table into a read, its time as events would have it."""
    return PlateRead(
        plate=record.plate,
        channel=gap.channel,
        captured_at=record.captured_at + gap.ahead,
        country=record.country,
        plate_color=record.plate_color,
        lane=record.lane,
        direction=record.direction,
        retransmitted=True,
    )
