"""Set an alarm output, and be sure that it is let go again."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
import logging
from typing import Any, Final

from ..isapi.client import IsapiClient
from ..isapi.errors import IsapiError
from ..isapi.io_ports import async_get_port, async_set_output

_LOGGER = logging.getLogger(__name__)

RELEASE_DELAYS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between the attempts to let a relay go; the last is repeated."""


class Relay:
    """Set an output for a while, or until it is let go.

    It is set once, and let go again and again until the device takes it: an output that
    stays set holds a gate open (trap 73). `state` is what is known of the output, by
    what the device last told or took.
    """

    def __init__(
        self,
        client: IsapiClient,
        output: int,
        run: Callable[[Coroutine[Any, Any, None], str], object],
    ) -> None:
        """Prepare for an output; `run` runs what goes on."""
        self.state: bool | None = None
        self.is_held = False
        self._listeners: list[Callable[[], None]] = []
        self._client = client
        self.output = output
        self._run = run
        self._is_on = False

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a listener whenever the device took a command."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    async def async_refresh(self) -> None:
        """Ask the device for the state. Raises the family of IsapiError."""
        self.state = await async_get_port(self._client, "outputs", self.output)

    async def async_hold(self) -> None:
        """Set the output until it is let go. Raises the family of IsapiError."""
        await self._async_set(high=True)
        self.is_held = True

    def let_go(self) -> None:
        """Let the output go."""
        self.is_held = False
        self._run(self._async_let_go(), f"let output {self.output} go")

    async def async_pulse(self, seconds: float) -> None:
        """Begin a pulse; one that goes on is not begun anew.

        The output is let go also where the answer was lost: it may be set. Such a
        pulse is not known to go on. Raises the family of IsapiError.
        """
        if self._is_on:
            return
        try:
            await self._async_set(high=True)
        finally:
            self._run(self._async_release(seconds), f"let output {self.output} go")

    async def _async_release(self, seconds: float) -> None:
        """Let the output go when the pulse is over."""
        await asyncio.sleep(seconds)
        await self._async_let_go()

    async def _async_let_go(self) -> None:
        """Let the output go, whatever it takes, unless it is to be held meanwhile."""
        attempt = 0
        while not self.is_held:
            try:
                await self._async_set(high=False)
            except IsapiError as error:
                delay = RELEASE_DELAYS[min(attempt, len(RELEASE_DELAYS) - 1)]
                _LOGGER.warning(
                    "Output %d may still be set, trying again in %s s: %s",
                    self.output,
                    delay,
                    error,
                )
                attempt += 1
                await asyncio.sleep(delay)
            else:
                return

    async def _async_set(self, *, high: bool) -> None:
        """Switch the output once. Raises the family of IsapiError."""
        await async_set_output(self._client, self.output, high=high)
        self._is_on = self.state = high
        for listener in self._listeners:
            listener()
