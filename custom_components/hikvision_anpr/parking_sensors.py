"""Sensors for the vehicles inside and the free spaces."""

from typing import Final, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .centre_entity import CentreConfigEntry, ParkingEntity
from .centre_options import areas_of

VEHICLES_INSIDE: Final = SensorEntityDescription(
    key="vehicles_inside",
    translation_key="vehicles_inside",
    state_class=SensorStateClass.MEASUREMENT,
)
FREE_SPACES: Final = SensorEntityDescription(
    key="free_spaces",
    translation_key="free_spaces",
    state_class=SensorStateClass.MEASUREMENT,
)


@callback
def async_add_parking_sensors(
    entry: CentreConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of the centre, and of each area."""
    async_add_entities([VehiclesInside(entry, VEHICLES_INSIDE)])
    for area_id, area in areas_of(entry).items():
        sensors: list[ParkingSensor] = [VehiclesInside(entry, VEHICLES_INSIDE, area_id)]
        if area.capacity is not None:
            sensors.append(FreeSpaces(entry, FREE_SPACES, area_id))
        async_add_entities(sensors, config_subentry_id=area_id)


class ParkingSensor(ParkingEntity, SensorEntity):
    """Show a number of an area, or of all."""

    entity_description: SensorEntityDescription


class VehiclesInside(ParkingSensor):
    """Count the vehicles that are inside."""

    @property
    @override
    def native_value(self) -> int:
        """Return how many are inside."""
        return len(self.car_park.inside(self.area_name))


class FreeSpaces(ParkingSensor):
    """Count the spaces that are left."""

    @property
    @override
    def native_value(self) -> int | None:
        """Return how many still fit in."""
        return self.car_park.free_spaces(self.area_name or "")
