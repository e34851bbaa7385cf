"""Run a callback after a delay that can be extended."""

from collections.abc import Callable
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later


class Lapse:
    """Call an action once, some seconds after the last begin."""

    def __init__(self, hass: HomeAssistant, action: Callable[[], None]) -> None:
        """Prepare; nothing lapses yet."""
        self._hass = hass
        self._action = action
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def begin(self, seconds: float) -> None:
        """Begin the time anew."""
        self.cancel()
        self._cancel = async_call_later(self._hass, seconds, self._end)

    @callback
    def cancel(self) -> None:
        """Drop what is due; belongs into an entity's `async_on_remove`."""
        if self._cancel:
            self._cancel()
            self._cancel = None

    @callback
    def _end(self, now: datetime) -> None:
        """Act."""
        self._cancel = None
        self._action()
