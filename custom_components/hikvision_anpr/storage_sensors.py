"""Sensors for the storage of a device."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfInformation
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import AnprCoordinator
from .isapi.storage import STORAGE_STATES, Disk, storage_state


@dataclass(frozen=True, kw_only=True)
class StorageSensorDescription(SensorEntityDescription):
    """Describe a sensor, and how its value comes from all disks."""

    value: Callable[[tuple[Disk, ...]], StateType]


def _total(sizes: list[int | None]) -> int | None:
    """Return the sum of what is known of sizes."""
    known = [size for size in sizes if size is not None]
    return sum(known) if known else None


STORAGE_SENSORS: Final = (
    StorageSensorDescription(
        key="storage",
        translation_key="storage",
        device_class=SensorDeviceClass.ENUM,
        entity_category=EntityCategory.DIAGNOSTIC,
        options=list(STORAGE_STATES),
        value=storage_state,
    ),
    StorageSensorDescription(
        key="storage_capacity",
        translation_key="storage_capacity",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda disks: _total([disk.capacity for disk in disks]),
    ),
    StorageSensorDescription(
        key="storage_free",
        translation_key="storage_free",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda disks: _total([disk.free for disk in disks]),
    ),
)


def storage_sensors(coordinator: AnprCoordinator) -> list[StorageSensor]:
    """Return the sensors of a device that says what it records on."""
    if coordinator.disks is None:
        return []
    return [StorageSensor(coordinator, sensor) for sensor in STORAGE_SENSORS]


class StorageSensor(CoordinatorEntity[AnprCoordinator], SensorEntity):
    """Show something of all that a device records on, as it was last asked."""

    _attr_has_entity_name = True
    entity_description: StorageSensorDescription

    def __init__(
        self, coordinator: AnprCoordinator, description: StorageSensorDescription
    ) -> None:
        """Belong to the device itself, which may be a recorder."""
        super().__init__(coordinator)
        self.entity_description = description
        serial_number = coordinator.device.serial_number
        self._attr_unique_id = f"{serial_number}-{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, serial_number)})

    @property
    @override
    def available(self) -> bool:
        """Tell whether the device is there."""
        return self.coordinator.connected

    @property
    @override
    def native_value(self) -> StateType:
        """Return what the device last said."""
        return self.entity_description.value(self.coordinator.disks or ())
