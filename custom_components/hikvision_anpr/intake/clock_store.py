"""Store how far a device's clock is off."""

from datetime import timedelta
from typing import Final, TypedDict

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from .clock import DeviceClock

SAVE_SECONDS: Final = 30
"""Changes are written not more often than this."""

_VERSION: Final = 1


class StoredDrift(TypedDict):
    """Name what is stored: seconds, and when they were known (ISO 8601)."""

    drift: float
    known_at: str


class ClockStore:
    """Keep the drift of a device's clock in Home Assistant's storage.

    A device that cannot be asked after a restart is judged by it.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the storage of an entry."""
        self._store: Store[StoredDrift] = Store(
            hass, _VERSION, f"{DOMAIN}.clock.{entry_id}", private=True
        )
        self._drift: timedelta | None = None

    async def async_load(self, clock: DeviceClock) -> None:
        """Tell a clock what was known of it before, and note what will be."""
        if stored := await self._store.async_load():
            clock.recall(timedelta(seconds=stored["drift"]))
        clock.on_drift = self._note

    async def async_save(self) -> None:
        """Write what was learnt now; what was stored stays where that is nothing."""
        if self._drift is not None:
            await self._store.async_save(self._stored())

    async def async_remove(self) -> None:
        """Delete what was stored."""
        await self._store.async_remove()

    @callback
    def _note(self, drift: timedelta) -> None:
        """Write a drift soon, and at the latest when Home Assistant stops."""
        self._drift = drift
        self._store.async_delay_save(self._stored, SAVE_SECONDS)

    def _stored(self) -> StoredDrift:
        """Return what is to be stored."""
        drift = self._drift or timedelta()
        return StoredDrift(
            drift=drift.total_seconds(), known_at=dt_util.utcnow().isoformat()
        )
