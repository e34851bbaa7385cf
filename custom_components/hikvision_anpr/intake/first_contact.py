"""Limit how many devices are contacted at the same time at startup."""

import asyncio
from contextlib import suppress
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

AT_ONCE: Final = 16
HOLD_SECONDS: Final = 5.0
"""How long a device may keep others waiting: one that is slow or away goes on beside
them, and its turn passes to the next."""

TURNS: HassKey[asyncio.Semaphore] = HassKey(f"{DOMAIN}_first_contacts")


class FirstContact:
    """Take one of the turns that all devices of this Home Assistant share.

    The turn lasts from the first question until reads can come in, so that one device
    is ready before many have been asked who they are.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare for the device of an entry."""
        self._hass = hass
        self._entry = entry
        self._ended = asyncio.Event()

    async def async_begin(self) -> None:
        """Wait for a turn; it is given back with the entry at the latest."""
        turns = self._hass.data.setdefault(TURNS, asyncio.Semaphore(AT_ONCE))
        await turns.acquire()
        self._entry.async_create_background_task(
            self._hass, self._hold(turns), f"{DOMAIN} turn {self._entry.title}"
        )

    @callback
    def end(self) -> None:
        """Give the turn back."""
        self._ended.set()

    async def _hold(self, turns: asyncio.Semaphore) -> None:
        """Hold a turn until it is given back, or for as long as one may."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(HOLD_SECONDS):
                    await self._ended.wait()
        finally:
            turns.release()
