"""Switch an alarm output, and make sure that it is switched off again."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
import logging
from typing import Any, Final

from ..isapi.client import IsapiClient
from ..isapi.errors import IsapiError
from ..isapi.io_ports import async_get_port, async_set_output
from ..listeners import Listeners
from .set_outputs import SetOutputs

_LOGGER = logging.getLogger(__name__)

RELEASE_DELAYS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between the attempts to let a relay go; the last is repeated."""


class Relay:
    """Set an output for a while, or until it is let go.

    It is set once, and let go again and again until the device takes it: an output that
    stays set holds a gate open (trap 73). That goes also for Home Assistant's end: at a
    stop the device is told at once, else at the next start. `state` is what is known of
    the output, by what the device last told or took.
    """

    def __init__(
        self,
        client: IsapiClient,
        output: int,
        run: Callable[[Coroutine[Any, Any, None], str], object],
        set_outputs: SetOutputs,
    ) -> None:
        """Prepare for an output; `run` runs what goes on until Home Assistant stops."""
        self.state: bool | None = None
        self._set_outputs = set_outputs
        self._listeners = Listeners[Callable[[], None]]()
        self._client = client
        self.output = output
        self._run = run
        self._is_on = False

    @property
    def is_held(self) -> bool:
        """Tell whether the output is to stay set until it is let go."""
        return self._set_outputs.is_held(self.output)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a listener whenever the device took a command."""
        return self._listeners.add(listener)

    async def async_refresh(self) -> None:
        """Ask the device for the state. Raises the family of IsapiError."""
        self.state = await async_get_port(self._client, "outputs", self.output)

    async def async_hold(self) -> None:
        """Set the output until it is let go.

        It is let go where that fails: it may be set. Raises the family of IsapiError.
        """
        self._set_outputs.note(self.output, "held")
        try:
            await self._async_set(high=True)
        except IsapiError, asyncio.CancelledError:
            self.let_go()
            raise

    def let_go(self) -> None:
        """Let the output go."""
        self._set_outputs.note(self.output, "pulse")
        self._run(self._async_let_go(), f"let output {self.output} go")

    async def async_pulse(self, seconds: float) -> None:
        """Begin a pulse; one that goes on is not begun anew.

        The output is let go also where the answer was lost: it may be set. Such a
        pulse is not known to go on. Raises the family of IsapiError.
        """
        if self._is_on or self.is_held:
            return
        self._set_outputs.note(self.output, "pulse")
        try:
            await self._async_set(high=True)
        finally:
            self._run(self._async_release(seconds), f"let output {self.output} go")

    async def _async_release(self, seconds: float) -> None:
        """Let the output go when the pulse is over, or Home Assistant stops."""
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            if not self.is_held:
                with suppress(IsapiError):
                    await self._async_set(high=False)
            raise
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
        if not high and not self.is_held:
            self._set_outputs.forget(self.output)
        for listener in self._listeners:
            listener()
