"""Keep one event stream of a device open, and hand on what it brings."""

import asyncio
from datetime import datetime, timedelta
import logging
import random
from typing import Final, Protocol

from homeassistant.util import dt as dt_util

from ..isapi.arming import (
    SILENCE_SECONDS,
    StreamCounts,
    StreamMessage,
    open_alert_stream,
)
from ..isapi.client import IsapiClient
from ..isapi.clock import async_get_time
from ..isapi.errors import (
    AccountLockedError,
    AuthenticationError,
    IsapiError,
    StreamSlotsFullError,
    UnreachableError,
)
from ..isapi.events import DeviceEvent
from ..isapi.pictures import ReadPicture
from ..isapi.plate_read import PlateRead
from ..isapi.user_check import async_check_user
from .clock import DeviceClock

_LOGGER = logging.getLogger(__name__)

FIRST_DELAY: Final = 1.0
LONGEST_DELAY: Final = 60.0
SLOTS_FULL_DELAY: Final = 30.0
STABLE_SECONDS: Final = 30.0
"""A stream that lasted this long starts the delays anew."""

CLOCK_SECONDS: Final = 5.0
"""How long the question for the device's time may hold up the stream."""

CLOCK_REST_SECONDS: Final = 10.0
"""How often a device that seems to be late is asked for its time at most."""


class ArmingListener(Protocol):
    """Take what arming brings, in the order in which it came."""

    def stream_opened(self) -> None:
        """Note that the stream is open."""

    def stream_closed(self, error: IsapiError) -> None:
        """Note that the stream is down, and why."""

    def read_arrived(self, read: PlateRead, received_at: datetime) -> None:
        """Take a read; its pictures follow, or not."""

    def picture_arrived(self, picture: ReadPicture) -> None:
        """Take a picture of a read that arrived before."""

    def event_arrived(self, event: DeviceEvent) -> None:
        """Take an event that is no read."""


class Arming:
    """Follow a device's event stream for as long as its task lives."""

    def __init__(
        self,
        client: IsapiClient,
        clock: DeviceClock,
        listener: ArmingListener,
    ) -> None:
        """Prepare to follow the stream of a client's device."""
        self.counts = StreamCounts()
        self._client = client
        self._clock = clock
        self._listener = listener
        self._delay = FIRST_DELAY

    async def run(self) -> None:
        """Open the stream again and again, until login is refused.

        Cancelling the task closes the stream.
        """
        while True:
            opened_at = asyncio.get_running_loop().time()
            error = await self._follow_once()
            self._listener.stream_closed(error)
            if isinstance(error, AuthenticationError):
                return
            if asyncio.get_running_loop().time() - opened_at > STABLE_SECONDS:
                self._delay = FIRST_DELAY
            await asyncio.sleep(self._next_delay(error))

    def _next_delay(self, error: IsapiError) -> float:
        """Return how long to wait: longer each time, with jitter."""
        delay = self._delay
        self._delay = min(2 * delay, LONGEST_DELAY)
        if isinstance(error, AccountLockedError):
            return float(error.unlock_seconds or LONGEST_DELAY) + 1
        if isinstance(error, StreamSlotsFullError):
            delay = max(delay, SLOTS_FULL_DELAY)
        return delay * random.uniform(0.75, 1.25)

    async def _follow_once(self) -> IsapiError:
        """Follow one stream to its end, and return why it ended."""
        try:
            await async_check_user(self._client)
            await self._measure_clock()
            async with open_alert_stream(
                self._client,
                lambda: self._clock.zone,
                self.counts,
                silence_seconds=SILENCE_SECONDS,
            ) as stream:
                self._listener.stream_opened()
                async for message in stream:
                    elapsed = timedelta(seconds=stream.seconds_since_arrival())
                    await self._hand_on(message, dt_util.utcnow() - elapsed)
        except IsapiError as error:
            return error
        return UnreachableError("The device closed the event stream")

    async def _hand_on(self, message: StreamMessage, received_at: datetime) -> None:
        """Give a message to the listener, which must not end the stream."""
        try:
            await self._deliver(message, received_at)
        except Exception:
            _LOGGER.exception("A message of the device could not be processed")

    async def _deliver(self, message: StreamMessage, received_at: datetime) -> None:
        """Give a message to the method of the listener that is meant for it."""
        if isinstance(message, PlateRead):
            if not self._clock.is_fresh(message.captured_at, received_at):
                await self._doubt_clock(received_at)
            self._listener.read_arrived(message, received_at)
        elif isinstance(message, ReadPicture):
            self._listener.picture_arrived(message)
        else:
            if message.kind == "heartbeat" and message.sent_at:
                await self._check_clock(message.sent_at, received_at)
            self._listener.event_arrived(message)

    async def _check_clock(self, sent_at: datetime, received_at: datetime) -> None:
        """Compare a heartbeat's time with what is known of the clock."""
        if self._clock.is_contradicted(sent_at, received_at):
            await self._doubt_clock(received_at)
            self._clock.settle(sent_at, received_at)

    async def _doubt_clock(self, now: datetime) -> None:
        """Measure the clock again before it makes a read old, but not too often."""
        measured_at = self._clock.measured_at
        if measured_at and (now - measured_at).total_seconds() > CLOCK_REST_SECONDS:
            await self._measure_clock()

    async def _measure_clock(self) -> None:
        """Ask the device for its time; one that does not say is left unmeasured."""
        try:
            async with asyncio.timeout(CLOCK_SECONDS):
                answer = await async_get_time(self._client)
        except IsapiError, TimeoutError:
            _LOGGER.debug("The device does not tell its time")
            return
        self._clock.measure(answer.local_time, dt_util.utcnow())
