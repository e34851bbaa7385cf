"""Device trackers for named vehicles."""

from collections.abc import Iterable
from typing import Final, override

from homeassistant.components.device_tracker import TrackerEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .centre import Centre
from .centre_entity import CentreConfigEntry, centre_device
from .const import DOMAIN
from .vehicles.registry import Registry
from .vehicles.store import VehicleChange
from .vehicles.vehicle import Vehicle

PARALLEL_UPDATES = 0

KEY: Final = "vehicle"
HOME: Final = "zone.home"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CentreConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up a tracker for each vehicle that has a name, and for those to come."""
    trackers = _Trackers(hass, entry.runtime_data, async_add_entities)

    @callback
    def follow(registry: Registry) -> None:
        trackers.add(registry.vehicles.values())
        entry.async_on_unload(registry.async_subscribe(trackers.follow))

    entry.async_on_unload(entry.runtime_data.follow_vehicles(follow))


class _Trackers:
    """Have one tracker for each vehicle with a name."""

    def __init__(
        self,
        hass: HomeAssistant,
        centre: Centre,
        async_add_entities: AddConfigEntryEntitiesCallback,
    ) -> None:
        """Begin without any."""
        self._hass = hass
        self._centre = centre
        self._async_add_entities = async_add_entities
        self._shown: set[str] = set()

    @callback
    def add(self, vehicles: Iterable[Vehicle]) -> None:
        """Show those that have a name and are not shown yet."""
        new = [
            vehicle
            for vehicle in vehicles
            if vehicle.name and vehicle.vehicle_id not in self._shown
        ]
        self._shown.update(vehicle.vehicle_id for vehicle in new)
        self._async_add_entities(
            AnprVehicleTracker(self._centre, vehicle) for vehicle in new
        )

    @callback
    def follow(self, changes: Iterable[VehicleChange]) -> None:
        """Show what has got a name, and no longer what has none."""
        for change in changes:
            vehicle_id, after = change.vehicle.vehicle_id, change.after
            if vehicle_id in self._shown and not (after and after.name):
                self._shown.discard(vehicle_id)
                _remove(self._hass, vehicle_id)
        self.add(change.after for change in changes if change.after)


@callback
def _remove(hass: HomeAssistant, vehicle_id: str) -> None:
    """Remove the tracker of a vehicle that is gone or has no name any more."""
    registry = er.async_get(hass)
    unique_id = f"{vehicle_id}-{KEY}"
    if entity_id := registry.async_get_entity_id("device_tracker", DOMAIN, unique_id):
        registry.async_remove(entity_id)


class AnprVehicleTracker(TrackerEntity):
    """Show a vehicle as home while it is in any area."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_translation_key = KEY

    def __init__(self, centre: Centre, vehicle: Vehicle) -> None:
        """Follow a vehicle."""
        self._centre = centre
        self._vehicle_id = vehicle.vehicle_id
        self._attr_unique_id = f"{vehicle.vehicle_id}-{KEY}"
        self._attr_name = vehicle.name

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """Belong to the centre."""
        return centre_device()

    @property
    @override
    def available(self) -> bool:
        """Tell whether it is known who is inside."""
        return self._centre.known_inside is not None

    @property
    @override
    def in_zones(self) -> list[str]:
        """Return the home while the vehicle is inside."""
        vehicles, car_park = self._centre.vehicles, self._centre.car_park
        vehicle = vehicles.vehicles.get(self._vehicle_id) if vehicles else None
        is_in = vehicle and car_park and car_park.is_inside(vehicle.plate)
        return [HOME] if is_in else []

    @override
    async def async_added_to_hass(self) -> None:
        """Follow who comes and goes, and what the vehicle is called."""
        if self._centre.car_park:
            self.async_on_remove(
                self._centre.car_park.async_subscribe(self.async_write_ha_state)
            )
        if self._centre.vehicles:
            self.async_on_remove(self._centre.vehicles.async_subscribe(self._rename))

    @callback
    def _rename(self, changes: Iterable[VehicleChange]) -> None:
        """Show the name and the plate that the vehicle has now."""
        for change in changes:
            if change.after and change.after.vehicle_id == self._vehicle_id:
                self._attr_name = change.after.name
                self.async_write_ha_state()
