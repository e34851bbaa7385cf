"""Run background work repeatedly, but never twice at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from .const import DOMAIN

type _Work = Callable[[], Coroutine[Any, Any, None]]


class SingleTask:
    """Own a task that is begun by a timer, and ends with its owner."""

    def __init__(self, hass: HomeAssistant, work: _Work, name: str) -> None:
        """Prepare; `work` handles its own errors, `name` is what it does."""
        self._hass = hass
        self._work = work
        self._name = name
        self._task: asyncio.Task[None] | None = None
        self._timer: CALLBACK_TYPE | None = None

    @callback
    def async_follow(self, timer: CALLBACK_TYPE) -> None:
        """Take over a timer that begins the work, by what stops it."""
        self._timer = timer

    @callback
    def async_begin(self, _now: datetime | None = None) -> None:
        """Begin, unless it is going on."""
        if self._task is None or self._task.done():
            self._task = self._hass.async_create_background_task(
                self._work(), f"{DOMAIN} {self._name}"
            )

    async def async_stop(self) -> None:
        """End, also in the middle of it."""
        if self._timer:
            self._timer()
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
