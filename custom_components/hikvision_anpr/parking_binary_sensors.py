"""Binary sensor that shows whether an area is full."""

from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .centre_entity import CentreConfigEntry, ParkingEntity
from .centre_options import areas_of

FULL: Final = BinarySensorEntityDescription(key="full", translation_key="full")


@callback
def async_add_parking_binary_sensors(
    entry: CentreConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add what shows a full area, for each that has a capacity."""
    for area_id, area in areas_of(entry).items():
        if area.capacity is not None:
            async_add_entities(
                [AreaFull(entry, FULL, area_id)], config_subentry_id=area_id
            )


class AreaFull(ParkingEntity, BinarySensorEntity):
    """Show whether nobody fits in any more."""

    @property
    @override
    def is_on(self) -> bool:
        """Tell whether no space is left."""
        return self.car_park.free_spaces(self.area_name or "") == 0
