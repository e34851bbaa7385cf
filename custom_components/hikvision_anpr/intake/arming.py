"""Keep an event stream to a device open, and pass on its messages."""

import asyncio
from datetime import datetime, timedelta
import logging
import random
from typing import Final

from homeassistant.util import dt as dt_util

from ..isapi.arming import (
    SILENCE_SECONDS,
    AlertStream,
    StreamCounts,
    StreamMessage,
    open_alert_stream,
)
from ..isapi.client import IsapiClient
from ..isapi.errors import (
    AccountLockedError,
    AuthenticationError,
    IsapiError,
    StreamSlotsFullError,
    UnreachableError,
)
from ..isapi.pictures import ReadPicture
from ..isapi.plate_read import PlateRead
from ..isapi.user_check import async_check_user
from .capture import Capture
from .listener import IntakeListener
from .timekeeper import Timekeeper

_LOGGER = logging.getLogger(__name__)

FIRST_DELAY: Final = 1.0
LONGEST_DELAY: Final = 60.0
SLOTS_FULL_DELAY: Final = 30.0
STABLE_SECONDS: Final = 30.0
"""A stream that lasted this long starts the delays anew."""


class Arming:
    """Follow a device's event stream for as long as its task lives."""

    def __init__(
        self,
        client: IsapiClient,
        timekeeper: Timekeeper,
        listener: IntakeListener,
    ) -> None:
        """Prepare to follow the stream of a client's device."""
        self.counts = StreamCounts()
        self._client = client
        self._timekeeper = timekeeper
        self._listener = listener
        self._delay = FIRST_DELAY
        self._stream: AlertStream | None = None
        self._capture: Capture | None = None

    def record(self, capture: Capture | None) -> None:
        """Let a capture record what arrives from now on; None ends that."""
        self._capture = capture
        if self._stream:
            self._tap(self._stream)

    async def run(self) -> None:
        """Open the stream again and again, until login is refused.

        Cancelling the task closes the stream.
        """
        while True:
            opened_at = asyncio.get_running_loop().time()
            error = await self._follow_once()
            self._listener.way_closed("arming", error)
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
            await self._timekeeper.measure()
            async with open_alert_stream(
                self._client,
                lambda: self._timekeeper.clock.zone,
                self.counts,
                silence_seconds=SILENCE_SECONDS,
            ) as stream:
                self._stream = stream
                self._tap(stream)
                self._listener.way_opened("arming")
                async for message in stream:
                    elapsed = timedelta(seconds=stream.seconds_since_arrival())
                    await self._hand_on(message, dt_util.utcnow() - elapsed)
        except IsapiError as error:
            return error
        finally:
            self._stream = None
        return UnreachableError("The device closed the event stream")

    def _tap(self, stream: AlertStream) -> None:
        """Let the capture, if there is one, record a stream."""
        stream.tap(self._capture.stream(stream.head) if self._capture else None)

    async def _hand_on(self, message: StreamMessage, received_at: datetime) -> None:
        """Give a message to the listener, which must not end the stream."""
        try:
            await self._deliver(message, received_at)
        except Exception:
            _LOGGER.exception("A message of the device could not be processed")

    async def _deliver(self, message: StreamMessage, received_at: datetime) -> None:
        """Give a message to the method of the listener that is meant for it."""
        if isinstance(message, PlateRead):
            await self._timekeeper.check_capture(message.captured_at, received_at)
            self._listener.read_arrived(message, received_at, "arming")
        elif isinstance(message, ReadPicture):
            self._listener.picture_arrived(message)
        else:
            await self._timekeeper.check_event(message, received_at)
            self._listener.event_arrived(message)
