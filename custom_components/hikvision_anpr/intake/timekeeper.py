"""Query the time of a device before a read is judged as old."""

import asyncio
from datetime import datetime
import logging
from typing import Final

from homeassistant.util import dt as dt_util

from ..isapi.client import IsapiClient
from ..isapi.clock import async_get_time
from ..isapi.clock_setting import ClockChange, async_change_clock
from ..isapi.errors import IsapiError
from ..isapi.events import DeviceEvent
from .clock import DeviceClock

_LOGGER = logging.getLogger(__name__)

CLOCK_SECONDS: Final = 5.0
"""How long the question for the device's time may hold up what comes in."""

CLOCK_REST_SECONDS: Final = 10.0
"""How often a device that seems to be late is asked for its time at most."""


class Timekeeper:
    """Keep what is known of a device's clock right; all times are aware."""

    def __init__(self, client: IsapiClient, clock: DeviceClock) -> None:
        """Prepare to ask a client's device."""
        self.clock: Final = clock
        self._client = client
        self._doubted_at: datetime | None = None

    async def measure(self) -> None:
        """Ask the device for its time; one that does not say is left unmeasured."""
        try:
            async with asyncio.timeout(CLOCK_SECONDS):
                answer = await async_get_time(self._client)
        except IsapiError, TimeoutError:
            _LOGGER.debug("The device does not tell its time now")
            return
        self.clock.measure(answer.local_time, dt_util.utcnow())

    async def async_set(self) -> None:
        """Set the device's clock to ours. Raises as async_change does."""
        await self.async_change(ClockChange())

    async def async_change(self, change: ClockChange) -> None:
        """Change how the device keeps its time, and set its clock to ours.

        Raises NotTakenError, and the errors of the client.
        """
        answer = await async_change_clock(self._client, dt_util.utcnow, change)
        self.clock.measure(answer.local_time, dt_util.utcnow())

    async def check_capture(
        self, captured_at: datetime | None, received_at: datetime
    ) -> None:
        """Measure the clock before it makes a read old, and before it makes one new.

        A device may post what it kept back before its time was asked for.
        """
        is_known = self.clock.drift is not None
        if not is_known or not self.clock.is_fresh(captured_at, received_at):
            await self._doubt(received_at)

    async def check_event(self, event: DeviceEvent, received_at: datetime) -> None:
        """Compare a heartbeat's time with what is known of the clock."""
        if event.kind != "heartbeat" or event.sent_at is None:
            return
        if not self.clock.is_contradicted(event.sent_at, received_at):
            return
        if await self._doubt(received_at) or self.clock.measured_at is None:
            self.clock.settle(event.sent_at, received_at)

    async def _doubt(self, now: datetime) -> bool:
        """Measure the clock again, but not too often; tell whether it was measured.

        What contradicts an old measurement may be a clock that was set since.
        """
        before = self.clock.measured_at
        asked_at = max(filter(None, (before, self._doubted_at)), default=None)
        if asked_at and (now - asked_at).total_seconds() <= CLOCK_REST_SECONDS:
            return False
        self._doubted_at = now
        await self.measure()
        return self.clock.measured_at != before
