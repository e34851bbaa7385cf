"""Look now and then whether a device is still set up so that its reads can come."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
import logging
import random
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .device_issues import DeviceIssues
from .intake.clock import CLOCK_LIMIT
from .intake.timekeeper import Timekeeper
from .isapi.errors import AuthenticationError, BusyError, IsapiError, UnreachableError

_LOGGER = logging.getLogger(__name__)

FIRST_SECONDS: Final = 60.0
"""When a device is looked at first: its reads come before our questions."""

CHECK_SECONDS: Final = 3600.0
RECHECK_SECONDS: Final = 600.0
"""How often a device is looked at, and how often one with whom something is wrong."""

type Check = Callable[[], Awaitable[None]]


class DeviceWatch:
    """Look at a device again and again, one question after the other.

    A device that does not answer, is busy or refuses the login is left alone until
    the next time: the ways by which its reads come show that much sooner.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        issues: DeviceIssues,
        timekeeper: Timekeeper,
    ) -> None:
        """Prepare to look at the device of an entry."""
        self._hass = hass
        self._entry = entry
        self._issues = issues
        self._wake = asyncio.Event()
        self._timekeeper = timekeeper
        self._checks: tuple[Check, ...] = (self._async_check_clock,)

    @callback
    def start(self) -> None:
        """Begin to look, for as long as the entry is loaded."""
        self._entry.async_create_background_task(
            self._hass, self.run(), f"{DOMAIN} watch {self._entry.title}"
        )

    async def run(self) -> None:
        """Look for as long as the task lives, many devices at different times."""
        await self._async_wait(FIRST_SECONDS * random.uniform(0.5, 1.5))
        while True:
            await self.async_check()
            seconds = RECHECK_SECONDS if self._issues.any_wrong else CHECK_SECONDS
            await self._async_wait(seconds * random.uniform(0.75, 1.25))

    @callback
    def wake(self) -> None:
        """Look now, because something was mended."""
        self._wake.set()

    async def _async_wait(self, seconds: float) -> None:
        """Wait until it is time to look, or somebody asks for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()

    async def async_check(self) -> None:
        """Look once."""
        for check in self._checks:
            try:
                await check()
            except (AuthenticationError, BusyError, UnreachableError) as error:
                _LOGGER.debug("The device is not looked at now: %s", error)
                return
            except IsapiError as error:
                _LOGGER.debug("The device does not tell how it is set up: %s", error)
            except Exception:
                _LOGGER.exception("Looking at the device failed")

    async def _async_check_clock(self) -> None:
        """Judge the clock by what the device says now."""
        clock = self._timekeeper.clock
        before = clock.measured_at
        await self._timekeeper.measure()
        if clock.own_drift is not None and clock.measured_at != before:
            self._issues.judge(
                "clock_wrong", is_wrong=abs(clock.own_drift) > CLOCK_LIMIT
            )
