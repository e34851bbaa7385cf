"""Base class for entities of the centre and its parking areas."""

from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription

from .centre import CENTRE_TITLE, Centre
from .centre_options import areas_of
from .const import DOMAIN
from .parking.area import Area
from .parking.car_park import CarPark

type CentreConfigEntry = ConfigEntry[Centre]

CENTRE_DEVICE = "centre"


class ParkingEntity(Entity):
    """Show something of who is inside, of all areas or of one."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self,
        entry: CentreConfigEntry,
        description: EntityDescription,
        area_id: str | None = None,
    ) -> None:
        """Belong to the centre, or to the area of a subentry."""
        car_park = entry.runtime_data.car_park
        assert car_park is not None
        self.car_park: CarPark = car_park
        self.area: Area | None = areas_of(entry)[area_id] if area_id else None
        self.entity_description = description
        self._attr_unique_id = f"{area_id or CENTRE_DEVICE}-{description.key}"
        self._attr_device_info = (
            _area_device(area_id, self.area)
            if area_id and self.area
            else centre_device()
        )

    @property
    @override
    def available(self) -> bool:
        """Tell whether it is known who is inside: the database may come later."""
        return self.car_park.is_loaded

    @property
    def area_name(self) -> str | None:
        """Return the area that is shown, None for all."""
        return self.area.name if self.area else None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow who comes and goes."""
        self.async_on_remove(self.car_park.async_subscribe(self.async_write_ha_state))


def centre_device() -> DeviceInfo:
    """Return the device of the centre."""
    return DeviceInfo(
        identifiers={(DOMAIN, CENTRE_DEVICE)},
        name=CENTRE_TITLE,
        entry_type=DeviceEntryType.SERVICE,
    )


def _area_device(area_id: str, area: Area) -> DeviceInfo:
    """Return the device of an area."""
    return DeviceInfo(
        identifiers={(DOMAIN, area_id)},
        name=area.name,
        entry_type=DeviceEntryType.SERVICE,
    )
