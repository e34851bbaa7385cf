"""Sensors for the clock drift of a device and the height of plates."""

from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfTime

from .coordinator import AnprCoordinator
from .entity import AnprEntity
from .restored_sensor import AnprRestoredSensor

CLOCK_DRIFT: Final = SensorEntityDescription(
    key="clock_drift",
    translation_key="clock_drift",
    device_class=SensorDeviceClass.DURATION,
    native_unit_of_measurement=UnitOfTime.SECONDS,
    state_class=SensorStateClass.MEASUREMENT,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    suggested_display_precision=0,
)

PLATE_HEIGHT: Final = SensorEntityDescription(
    key="plate_height",
    translation_key="plate_height",
    native_unit_of_measurement="px",
    state_class=SensorStateClass.MEASUREMENT,
    entity_category=EntityCategory.DIAGNOSTIC,
    suggested_display_precision=0,
)


def measured_sensors(coordinator: AnprCoordinator, channel: int) -> list[AnprEntity]:
    """Return the sensors of what is measured for a channel."""
    return [
        AnprClockDriftSensor(coordinator, channel, CLOCK_DRIFT),
        AnprPlateHeightSensor(coordinator, channel, PLATE_HEIGHT),
    ]


class AnprClockDriftSensor(AnprEntity, SensorEntity):
    """Show how far the device's clock is ahead, as last measured."""

    _shows = "passage"

    @property
    @override
    def native_value(self) -> float | None:
        """Return the drift in seconds, None while the device has not told its time."""
        drift = self.coordinator.clock.drift
        return None if drift is None else round(drift.total_seconds())


class AnprPlateHeightSensor(AnprRestoredSensor):
    """Show how high plates are in the picture, as measured from the last reads."""

    @override
    def _update(self) -> None:
        """Take what was measured over, once something was."""
        height = self.coordinator.plates.sizes.height(self.channel)
        if height is not None:
            self._attr_native_value = round(height, 1)
