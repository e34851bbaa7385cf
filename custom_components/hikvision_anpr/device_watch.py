"""Check periodically whether a device is still set up to report its reads."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
import logging
import random
from typing import Final, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .device_checks import CHECKS, Finding, async_check_firmware
from .device_issues import DeviceIssues, Issue
from .intake.clock import CLOCK_LIMIT
from .intake.listening import Listening
from .intake.slot_watch import SlotWatch
from .intake.timekeeper import Timekeeper
from .isapi.capabilities import Capabilities
from .isapi.client import IsapiClient
from .isapi.device import DeviceInfo
from .isapi.errors import (
    AccountLockedError,
    AuthenticationError,
    IsapiError,
    UnreachableError,
)
from .isapi.storage import Disk
from .posting_check import async_check_posting
from .silence import Silence

_LOGGER = logging.getLogger(__name__)

FIRST_SECONDS: Final = 60.0
"""When a device is looked at first: its reads come before our questions."""

CHECK_SECONDS: Final = 3600.0
RECHECK_SECONDS: Final = 600.0
"""How often a device is looked at, and how often one with which something is wrong."""


class Watched(Protocol):
    """Be a device that is followed."""

    capabilities: Capabilities
    client: IsapiClient
    config_entry: ConfigEntry
    device: DeviceInfo
    disks: tuple[Disk, ...] | None
    listening: Listening
    slot_watch: SlotWatch
    timekeeper: Timekeeper

    @property
    def connected(self) -> bool:
        """Tell whether reads can come in."""

    async def async_ask_for_disks(self) -> None:
        """Ask what the device records on."""


class DeviceWatch:
    """Look at a device again and again, one question after the other.

    A device that does not answer or refuses the login is left alone until the next
    time: the ways by which its reads come show that much sooner.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        watched: Watched,
        issues: DeviceIssues,
        check_gates: Callable[[IsapiClient], Awaitable[None]],
    ) -> None:
        """Prepare to look at a device."""
        self._hass = hass
        self._watched = watched
        self._issues = issues
        self._check_gates = check_gates
        self._silence = Silence(watched.client, watched.timekeeper.clock)
        self._wake = asyncio.Event()
        self._found: set[Issue] = set()
        self._disproved: set[Issue] = set()
        self._posts_before: dict[Issue, int] = {}

    @callback
    def start(self) -> None:
        """Begin to look, for as long as the entry is loaded."""
        entry = self._watched.config_entry
        entry.async_create_background_task(
            self._hass, self.run(), f"{DOMAIN} watch {entry.title}"
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

    @callback
    def read_arrived(self) -> None:
        """Note that reads come: whatever was found does not keep them away."""
        self._silence.end()
        self._issues.judge("silent", is_wrong=False)
        for issue in self._found:
            self._issues.judge(issue, is_wrong=False)
        self._disproved |= self._found
        self._found.clear()

    async def async_check(self) -> None:
        """Look once."""
        for check in self._checks():
            try:
                await check()
            except (AccountLockedError, AuthenticationError, UnreachableError) as error:
                _LOGGER.debug("The device is not looked at now: %s", error)
                return
            except IsapiError as error:
                _LOGGER.debug("The device does not tell how it is set up: %s", error)
            except Exception:
                _LOGGER.exception("Checking the device failed")

    def _checks(self) -> list[Callable[[], Awaitable[None]]]:
        """Return what is to be asked; of cameras behind a recorder nobody knows how."""
        checks: list[Callable[[], Awaitable[None]]] = [
            self._async_check_posting,
            self._async_check_clock,
            self._async_check_disks,
        ]
        if not self._watched.device.is_nvr:
            checks.append(self._async_check_settings)
            checks.append(self._async_check_silence)
            checks.append(lambda: self._check_gates(self._watched.client))
        return checks

    async def _async_wait(self, seconds: float) -> None:
        """Wait until it is time to look, or somebody asks for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()

    async def _async_check_posting(self) -> None:
        """Judge whether the device knows where to post to; a post proves that it does."""
        watched = self._watched
        found = await async_check_posting(
            self._hass, watched.config_entry, watched.slot_watch.state
        )
        posts = watched.listening.counts.posts
        for issue, is_wrong in found.items():
            if is_wrong:
                is_wrong = self._posts_before.setdefault(issue, posts) == posts
            else:
                self._posts_before.pop(issue, None)
            self._issues.judge(issue, is_wrong=is_wrong)

    async def _async_check_clock(self) -> None:
        """Judge the clock by what the device says now."""
        clock = self._watched.timekeeper.clock
        before = clock.measured_at
        await self._watched.timekeeper.measure()
        if clock.own_drift is not None and clock.measured_at != before:
            self._issues.judge(
                "clock_wrong", is_wrong=abs(clock.own_drift) > CLOCK_LIMIT
            )

    async def _async_check_disks(self) -> None:
        """Judge what the device records on, if it says so at all."""
        if self._watched.disks is None:
            return
        await self._watched.async_ask_for_disks()
        disks = self._watched.disks
        broken = [disk for disk in disks if not (disk.is_usable or disk.is_unformatted)]
        self._issues.judge(
            "storage_trouble",
            is_wrong=bool(broken),
            disks=", ".join(f"{disk.name} ({disk.status})" for disk in broken),
        )

    async def _async_check_settings(self) -> None:
        """Judge what keeps a camera silent, a question that fails without the others."""
        checks = dict(CHECKS)
        if not self._watched.capabilities.reads_plates:
            checks["no_anpr"] = async_check_firmware
        for issue, check in checks.items():
            try:
                finding = await check(self._watched.client)
            except AccountLockedError, AuthenticationError, UnreachableError:
                raise
            except IsapiError as error:
                _LOGGER.debug("The device does not tell of %s: %s", issue, error)
            else:
                self._judge(issue, finding)

    def _judge(self, issue: Issue, finding: Finding) -> None:
        """Show what was found, unless reads came all the same."""
        if finding.is_wrong is None:
            return
        if not finding.is_wrong:
            self._found.discard(issue)
            self._disproved.discard(issue)
        elif issue not in self._disproved:
            self._found.add(issue)
        is_wrong = finding.is_wrong and issue in self._found
        self._issues.judge(issue, is_wrong=is_wrong, **finding.placeholders)

    async def _async_check_silence(self) -> None:
        """Judge whether the camera reads what it does not tell."""
        if self._watched.connected:
            untold = await self._silence.async_untold()
            self._issues.judge(
                "silent",
                is_wrong=untold > 0,
                count=str(untold),
                hours=str(self._silence.hours),
            )
