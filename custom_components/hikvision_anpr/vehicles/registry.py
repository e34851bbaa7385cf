"""Manage the known vehicles, in memory and in the archive's database."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from ..archive.database import Database
from ..intake.passage import ListName, normalize_plate
from ..listeners import Listeners
from .errors import VehicleError
from .matches import NOTHING, Found
from .plate_index import PlateIndex, Tolerance
from .store import Author, VehicleChange, keep_changes, load_misreads, load_vehicles
from .vehicle import Vehicle, check

type ChangeListener = Callable[[Sequence[VehicleChange]], None]


class Registry:
    """Find vehicles at once, and change them for good.

    A change is in the database before it counts; all of several changes, or none. Every
    method that changes something raises ArchiveError where the database cannot be used.
    """

    def __init__(
        self,
        database: Database,
        tolerance: Tolerance,
        exact_lists: Collection[ListName] = (),
    ) -> None:
        """Start empty; `tolerance` tells how many edits a plate may differ by.

        Plates on `exact_lists` may not differ at all.
        """
        self._database = database
        self._index = PlateIndex(tolerance, exact_lists)
        self._vehicles: dict[str, Vehicle] = {}
        self._changing = asyncio.Lock()
        self._listeners = Listeners[ChangeListener]()

    @property
    def vehicles(self) -> Mapping[str, Vehicle]:
        """Return all vehicles by their id."""
        return MappingProxyType(self._vehicles)

    async def async_load(self) -> None:
        """Begin with what is kept. Raises ArchiveError."""
        vehicles = await self._database.async_read(load_vehicles)
        for vehicle in vehicles:
            self._place(VehicleChange(before=None, after=vehicle))
        await self.async_learn()

    async def async_learn(self) -> None:
        """Take over what users corrected in the archive. Raises ArchiveError."""
        self._index.learn(await self._database.async_read(load_misreads))

    def get(self, plate: str) -> Vehicle | None:
        """Return the vehicle with just this plate, however it is written."""
        return self._index.get(normalize_plate(plate))

    def find(self, plate: str | None, country: str | None = None) -> Found:
        """Return which vehicle a plate, as a camera read it, belongs to.

        `country` is that of the plate as ISO 3166-1 alpha-2, None where it is not known.
        """
        normalized = normalize_plate(plate) if plate else ""
        return self._index.find(normalized, country) if normalized else NOTHING

    async def async_put(
        self,
        vehicles: Iterable[Vehicle],
        author: Author,
        *,
        remove: Iterable[str] = (),
    ) -> None:
        """Add vehicles, or change those with the same id; remove others by their id.

        A plate belongs to one vehicle: one that another vehicle has is refused. Raises
        VehicleError; then nothing was changed.
        """
        async with self._changing:
            changes = [
                VehicleChange(before=before, after=vehicle)
                for vehicle in vehicles
                if (before := self._vehicles.get(vehicle.vehicle_id)) != vehicle
            ]
            gone = [self._removal(vehicle_id) for vehicle_id in dict.fromkeys(remove)]
            self._check(changes, gone)
            await self._async_keep([*gone, *changes], author)

    async def async_remove(self, vehicle_ids: Iterable[str], author: Author) -> None:
        """Remove vehicles. Raises VehicleError for one that is not there."""
        await self.async_put((), author, remove=vehicle_ids)

    def _removal(self, vehicle_id: str) -> VehicleChange:
        """Return the removal of a vehicle. Raises VehicleError."""
        if vehicle_id not in self._vehicles:
            raise VehicleError("vehicle_not_found", plate=vehicle_id)
        return VehicleChange(before=self._vehicles[vehicle_id], after=None)

    async def async_use(self, vehicle_id: str, author: Author) -> None:
        """Count that a guest came in, once for one stay at the gate."""
        async with self._changing:
            vehicle = self._vehicles.get(vehicle_id)
            if vehicle is None or not vehicle.uses:
                return
            after = replace(vehicle, uses=vehicle.uses - 1)
            change = VehicleChange(before=vehicle, after=after)
            await self._async_keep([change], author, is_use=True)

    @callback
    def async_subscribe(self, listener: ChangeListener) -> CALLBACK_TYPE:
        """Tell a listener of changes after they were made; return how to stop."""
        return self._listeners.add(listener)

    def _check(
        self, changes: Sequence[VehicleChange], gone: Sequence[VehicleChange]
    ) -> None:
        """Raise VehicleError for what cannot be kept, before anything is."""
        changed = {change.vehicle.vehicle_id for change in (*changes, *gone)}
        taken: set[str] = set()
        for change in changes:
            vehicle = change.vehicle
            check(vehicle)
            other = self._index.get(vehicle.normalized)
            if vehicle.normalized in taken or (
                other and other.vehicle_id not in changed
            ):
                raise VehicleError("plate_taken", plate=vehicle.plate)
            taken.add(vehicle.normalized)

    async def _async_keep(
        self,
        changes: Sequence[VehicleChange],
        author: Author,
        *,
        is_use: bool = False,
    ) -> None:
        """Write changes, let them count, and tell of them."""
        if not changes:
            return
        await self._database.async_write(
            partial(
                keep_changes,
                changes=changes,
                author=author,
                now=dt_util.utcnow(),
                name="used" if is_use else None,
            )
        )
        for change in changes:
            if change.before:
                self._unplace(change.before)
        for change in changes:
            self._place(change)
        for listener in self._listeners:
            listener(changes)

    def _place(self, change: VehicleChange) -> None:
        """Let a vehicle be found as it is now."""
        if change.after:
            self._vehicles[change.after.vehicle_id] = change.after
            self._index.add(change.after)

    def _unplace(self, vehicle: Vehicle) -> None:
        """Let a vehicle no longer be found as it was."""
        del self._vehicles[vehicle.vehicle_id]
        self._index.remove(vehicle)
