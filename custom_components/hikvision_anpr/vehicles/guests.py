"""Count the entries of guests."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import Any, Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..archive.errors import ArchiveError
from ..intake.passage import Passage
from ..intake.passages import Change
from .registry import Registry
from .store import Author
from .vehicle import Vehicle

_LOGGER = logging.getLogger(__name__)

ONE_ENTRY: Final = timedelta(minutes=10)
"""A guest who is read again within this time is still coming in."""


class Guests:
    """Use up entries as guests pass."""

    def __init__(
        self, registry: Registry, run: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        """Count in a registry; `run` runs what is written."""
        self._registry = registry
        self._run = run
        self._entered_at: dict[str, datetime] = {}
        self._unwritten: dict[str, int] = {}
        self._writing = asyncio.Lock()

    def is_passing(self, vehicle_id: str, now: datetime) -> bool:
        """Tell whether a guest is coming in with an entry that was counted."""
        entered_at = self._entered_at.get(vehicle_id)
        return entered_at is not None and timedelta() <= now - entered_at < ONE_ENTRY

    def as_counted(self, vehicle: Vehicle) -> Vehicle:
        """Return a vehicle with the entries left that it has, written or not yet."""
        entries = self._unwritten.get(vehicle.vehicle_id)
        if not entries or vehicle.uses is None:
            return vehicle
        return replace(vehicle, uses=max(0, vehicle.uses - entries))

    @callback
    def take(self, passage: Passage, change: Change) -> None:
        """Count the entry of a guest who was let in, or whom no gate keeps out."""
        verdict = passage.verdict
        if (
            not passage.live
            or passage.decision == "deny"
            or verdict is None
            or not verdict.counts
            or verdict.vehicle_id is None
        ):
            return
        now = dt_util.utcnow()
        if not self.is_passing(verdict.vehicle_id, now):
            self._entered_at[verdict.vehicle_id] = now
            entries = self._unwritten.get(verdict.vehicle_id, 0)
            self._unwritten[verdict.vehicle_id] = entries + 1
            self._run(self._async_write())

    @callback
    def take_picture(self, passage: Passage, kind: str, data: bytes) -> None:
        """Let pictures pass."""

    async def _async_write(self) -> None:
        """Write what was counted, as far as the database lets us; else the next time."""
        async with self._writing:
            try:
                for vehicle_id in list(self._unwritten):
                    await self._async_write_entries(vehicle_id)
            except ArchiveError as error:
                _LOGGER.warning("The entry of a guest could not be counted: %s", error)

    async def _async_write_entries(self, vehicle_id: str) -> None:
        """Write the entries of a guest, one by one. Raises ArchiveError."""
        while self._unwritten[vehicle_id]:
            await self._registry.async_use(vehicle_id, Author(origin="passage"))
            self._unwritten[vehicle_id] -= 1
        del self._unwritten[vehicle_id]
