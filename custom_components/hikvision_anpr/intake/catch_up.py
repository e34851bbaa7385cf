"""Ask a device for the reads that were missed, at the right time."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
import logging
from typing import Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..isapi.client import IsapiClient
from ..isapi.errors import AuthenticationError, IsapiError
from .clock import FRESH, DeviceClock
from .cursor import Cursors
from .gap_closing import OPENING, CatchUpCounts, CatchUpListener, GapClosing

_LOGGER = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 10.0
"""How long the stream, which comes first, has to bring what it is about to bring."""

FIRST_DELAY: Final = 30.0
LONGEST_DELAY: Final = 900.0
"""How soon, in seconds, a gap that stayed open is taken up again: less and less often."""


class CatchUp:
    """Close the gaps between streams for as long as its task lives.

    The device is asked after each opening of the stream, and again while it fails.
    What was captured after the opening is left to the stream, which brings it live. A
    device that only posts may be away unnoticed: no gap of it is known to be the last,
    and what it read is looked back upon.
    """

    def __init__(
        self,
        client: IsapiClient,
        clock: DeviceClock,
        cursors: Cursors,
        listener: CatchUpListener,
    ) -> None:
        """Prepare to ask a client's device."""
        self._closing = GapClosing(client, clock, cursors, listener)
        self._cursors = cursors
        self._channels: tuple[int, ...] = ()
        self._has_stream = False
        self._opened = asyncio.Event()
        self._opened_at = dt_util.utcnow()

    @property
    def counts(self) -> CatchUpCounts:
        """Return what catch-up did."""
        return self._closing.counts

    @callback
    def opened(self, channels: Iterable[int], *, has_stream: bool) -> None:
        """Note that a way of some channels is open, after a gap."""
        self._begin(channels, dt_util.utcnow(), has_stream=has_stream)

    @callback
    def look_back(self, channels: Iterable[int]) -> None:
        """Ask whether all came that had to come by now, without a stream.

        What is still fresh may be on its way.
        """
        self._begin(channels, dt_util.utcnow() - FRESH - OPENING, has_stream=False)

    @callback
    def closed(self, channels: Iterable[int]) -> None:
        """Note that there is no stream: reads may be missing before any that comes."""
        self._has_stream = False
        for channel in channels:
            self._cursors.of(channel).hold()

    @callback
    def forget(self, channel: int) -> None:
        """Ask no longer for a channel that is gone."""
        self._channels = tuple(one for one in self._channels if one != channel)

    def _begin(
        self, channels: Iterable[int], until: datetime, *, has_stream: bool
    ) -> None:
        """Let what was captured until a moment of ours be asked for."""
        self._has_stream = has_stream
        self._channels = tuple(filter(self._closing.is_possible, channels))
        self._opened_at = until
        for channel in self._channels:
            self._cursors.of(channel).begin(self._closing.position(until))
            self._cursors.of(channel).hold()
        self._opened.set()

    async def run(self) -> None:
        """Close the gaps after each opening, once the stream has settled."""
        while True:
            await self._opened.wait()
            while self._opened.is_set():
                self._opened.clear()
                await asyncio.sleep(SETTLE_SECONDS)
            await self._close_at_last()

    async def _close_at_last(self) -> None:
        """Close the gaps, again and again until that is done or there are new ones."""
        delay = FIRST_DELAY
        while not await self.close_gaps():
            with suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._opened.wait()
                    return
            delay = min(2 * delay, LONGEST_DELAY)

    async def close_gaps(self) -> bool:
        """Ask for what was missed, channel by channel; tell whether that is done."""
        return all([await self._close_gap(channel) for channel in self._channels])

    async def _close_gap(self, channel: int) -> bool:
        """Close the gap of a channel, and let its cursor go; tell whether it is done.

        A refused login is done with: who logs in again opens the way anew.
        """
        opened_at = self._opened_at
        try:
            is_closed = await self._closing.close(channel, opened_at)
        except IsapiError as error:
            _LOGGER.debug("Catching up waits: %s", error)
            return isinstance(error, AuthenticationError)
        except Exception:
            _LOGGER.exception("Catching up failed")
            return False
        if is_closed and opened_at == self._opened_at:
            self._release(channel, opened_at)
        return is_closed

    def _release(self, channel: int, opened_at: datetime) -> None:
        """Let a cursor go up to a moment of ours, and on with a stream alone."""
        cursor = self._cursors.of(channel)
        cursor.release(self._closing.position(opened_at))
        if not self._has_stream:
            cursor.hold()
