"""Know what can be moved for a channel: a device's barrier, or a relay."""

import asyncio
from collections.abc import Callable, Coroutine
import logging
from typing import Any, Final, Protocol, override

from ..isapi.barrier import (
    BarrierCommand,
    BarrierInfo,
    BarrierPosition,
    async_command_barrier,
    async_get_position,
    async_set_output,
)
from ..isapi.client import IsapiClient
from ..isapi.errors import IsapiError

_LOGGER = logging.getLogger(__name__)

RELEASE_DELAYS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between the attempts to let a relay go; the last is repeated."""


class Barrier(Protocol):
    """Move something that lets vehicles pass.

    A command that was sent was taken by the device; whether anything moved, only
    the position tells. No command is sent twice.
    """

    commands: frozenset[BarrierCommand]
    tells_position: bool

    async def async_command(self, command: BarrierCommand) -> None:
        """Send a command. Raises the family of IsapiError, or HomeAssistantError."""

    async def async_position(self) -> BarrierPosition | None:
        """Return where it is, None where nobody knows. Raises IsapiError."""


class DeviceBarrier(Barrier):
    """Move a barrier by the commands that its device has for it."""

    def __init__(self, client: IsapiClient, channel: int, info: BarrierInfo) -> None:
        """Prepare for the barrier of a channel."""
        self.commands = info.commands
        self.tells_position = info.tells_position
        self._client = client
        self._channel = channel
        self._kind = info.kind

    @override
    async def async_command(self, command: BarrierCommand) -> None:
        """Send a command once."""
        await async_command_barrier(self._client, self._channel, self._kind, command)

    @override
    async def async_position(self) -> BarrierPosition | None:
        """Ask the device."""
        if not self.tells_position:
            return None
        return await async_get_position(self._client, self._channel)


class RelayBarrier(Barrier):
    """Open by a pulse of an alarm output, as most gate boards take it.

    The output is set once, and let go again and again until the device takes it: an
    output that stays set holds the gate open (trap 73).
    """

    commands = frozenset[BarrierCommand]({"open"})
    tells_position = False

    def __init__(
        self,
        client: IsapiClient,
        output: int,
        seconds: float,
        run: Callable[[Coroutine[Any, Any, None], str], object],
    ) -> None:
        """Prepare for an output, and how long it is set; `run` runs what goes on."""
        self._run = run
        self.output = output
        self._client = client
        self._seconds = seconds
        self._is_on = False
        self.is_held = False

    async def async_hold(self) -> None:
        """Set the output until it is let go. Raises the family of IsapiError."""
        await async_set_output(self._client, self.output, high=True)
        self._is_on = self.is_held = True

    def let_go(self) -> None:
        """Let the output go."""
        self.is_held = False
        self._run(self._async_let_go(), f"let output {self.output} go")

    @override
    async def async_command(self, command: BarrierCommand) -> None:
        """Begin a pulse; one that goes on is not begun anew.

        The output is let go also where the answer was lost: it may be set. Such a
        pulse is not known to go on.
        """
        if self._is_on:
            return
        try:
            await async_set_output(self._client, self.output, high=True)
            self._is_on = True
        finally:
            self._run(self._async_release(), f"let output {self.output} go")

    async def _async_release(self) -> None:
        """Let the output go when the pulse is over."""
        await asyncio.sleep(self._seconds)
        await self._async_let_go()

    async def _async_let_go(self) -> None:
        """Let the output go, whatever it takes, unless it is to be held meanwhile."""
        attempt = 0
        while not self.is_held:
            try:
                await async_set_output(self._client, self.output, high=False)
            except IsapiError as error:
                delay = RELEASE_DELAYS[min(attempt, len(RELEASE_DELAYS) - 1)]
                _LOGGER.warning(
                    "Output %d may still hold the gate open, trying again in %s s: %s",
                    self.output,
                    delay,
                    error,
                )
                attempt += 1
                await asyncio.sleep(delay)
            else:
                self._is_on = False
                return

    @override
    async def async_position(self) -> BarrierPosition | None:
        """Tell nothing: a relay does not see the gate."""
        return None
