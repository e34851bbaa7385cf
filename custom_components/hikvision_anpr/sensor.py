"""Sensors for the last passage of a channel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .centre import is_centre
from .centre_entity import CentreConfigEntry
from .channel_options import channel_options
from .channel_state import ChannelState
from .coordinator import AnprConfigEntry
from .detection_sensors import detection_sensors
from .entity import async_add_for_channels
from .hidden_plates import MASK, hides_plates
from .intake.passage import Passage
from .isapi.plate_read import PlateRead
from .isapi.tables.vehicles import PLATE_COLORS, VEHICLE_COLORS, VEHICLE_TYPES
from .lapse import Lapse
from .list_sensors import list_sensors
from .measured_sensors import measured_sensors
from .parking_sensors import async_add_parking_sensors
from .restored_sensor import AnprRestoredSensor
from .storage_sensors import storage_sensors

PARALLEL_UPDATES = 0
SCAN_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class AnprSensorDescription(SensorEntityDescription):
    """Describe a sensor and how it is read from a channel's state."""

    value_fn: Callable[[ChannelState], StateType | datetime]


def _of_read[T: StateType](
    value_fn: Callable[[PlateRead], T],
) -> Callable[[ChannelState], T | None]:
    """Return how to read a value from the last passage, if there was one."""
    return lambda state: value_fn(state.passage.read) if state.passage else None


SENSORS: Final = (
    AnprSensorDescription(
        key="last_passage",
        translation_key="last_passage",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda state: state.passage.received_at if state.passage else None,
    ),
    AnprSensorDescription(
        key="direction",
        translation_key="direction",
        device_class=SensorDeviceClass.ENUM,
        options=["forward", "reverse", "unknown"],
        value_fn=_of_read(lambda read: read.direction),
    ),
    AnprSensorDescription(
        key="lane",
        translation_key="lane",
        entity_registry_enabled_default=False,
        value_fn=_of_read(lambda read: read.lane),
    ),
    AnprSensorDescription(
        key="country",
        translation_key="country",
        value_fn=_of_read(lambda read: read.country),
    ),
    AnprSensorDescription(
        key="plate_color",
        translation_key="plate_color",
        device_class=SensorDeviceClass.ENUM,
        options=list(PLATE_COLORS),
        entity_registry_enabled_default=False,
        value_fn=_of_read(lambda read: read.plate_color),
    ),
    AnprSensorDescription(
        key="vehicle_type",
        translation_key="vehicle_type",
        device_class=SensorDeviceClass.ENUM,
        options=list(VEHICLE_TYPES),
        value_fn=_of_read(lambda read: read.vehicle_type),
    ),
    AnprSensorDescription(
        key="vehicle_color",
        translation_key="vehicle_color",
        device_class=SensorDeviceClass.ENUM,
        options=list(VEHICLE_COLORS),
        value_fn=_of_read(lambda read: read.vehicle_color),
    ),
    AnprSensorDescription(
        key="vehicle_brand",
        translation_key="vehicle_brand",
        value_fn=_of_read(lambda read: read.vehicle_brand),
    ),
    AnprSensorDescription(
        key="confidence",
        translation_key="confidence",
        native_unit_of_measurement=PERCENTAGE,
        entity_registry_enabled_default=False,
        value_fn=_of_read(lambda read: read.confidence),
    ),
    AnprSensorDescription(
        key="latency",
        translation_key="latency",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        suggested_display_precision=1,
        value_fn=lambda state: state.latency,
    ),
)

LAST_PLATE: Final = AnprSensorDescription(
    key="last_plate",
    translation_key="last_plate",
    value_fn=lambda state: state.last_plate,
)

PASSAGES_TODAY: Final = AnprSensorDescription(
    key="passages_today",
    translation_key="passages_today",
    state_class=SensorStateClass.TOTAL_INCREASING,
    value_fn=lambda state: state.passages_today,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry | CentreConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of each channel."""
    if is_centre(entry):
        async_add_parking_sensors(cast(CentreConfigEntry, entry), async_add_entities)
        return
    entry = cast(AnprConfigEntry, entry)
    coordinator = entry.runtime_data
    async_add_entities(storage_sensors(coordinator))
    async_add_for_channels(
        entry,
        async_add_entities,
        lambda channel: [
            AnprLastPlateSensor(coordinator, channel, LAST_PLATE),
            AnprPassagesTodaySensor(coordinator, channel, PASSAGES_TODAY),
            *(AnprSensor(coordinator, channel, sensor) for sensor in SENSORS),
            *measured_sensors(coordinator, channel),
            *detection_sensors(coordinator, channel),
            *list_sensors(coordinator, channel),
        ],
    )


class AnprSensor(AnprRestoredSensor):
    """Show one value of the last passage."""

    entity_description: AnprSensorDescription

    @override
    def _update(self) -> None:
        """Read the value, keeping the restored one while there is no passage."""
        state = self.channel_state
        if state.passage:
            self._attr_native_value = self.entity_description.value_fn(state)


class AnprLastPlateSensor(AnprSensor):
    """Show the last plate; the user may want it cleared after a while."""

    _unrecorded_attributes = frozenset({"plate"})

    _clearing: Lapse
    _shown: Passage | None = None

    @property
    @override
    def native_value(self) -> StateType | date | Decimal:
        """Return the plate, or a mask where plates are kept out of the history."""
        plate = super().native_value
        return MASK if plate is not None and hides_plates(self.hass) else plate

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return the plate behind the mask; attributes of this name are not recorded."""
        if not hides_plates(self.hass):
            return None
        return {"plate": super().native_value}

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for passages, each of which shows its plate anew."""
        self._clearing = Lapse(self.hass, self._clear)
        await super().async_added_to_hass()
        self.async_on_remove(self._clearing.cancel)
        self.async_on_remove(
            self.coordinator.async_subscribe_passages(self.channel, self._show)
        )

    @override
    def _update(self) -> None:
        """Show the plate unless it was cleared since the passage."""
        passage = self.channel_state.passage
        if passage and passage != self._shown:
            self._shown = passage
            super()._update()

    @callback
    def _show(self, passage: Passage) -> None:
        """Clear the plate some time after it was read."""
        seconds = channel_options(
            self.coordinator.config_entry.options, self.channel
        ).clear_seconds
        if seconds and passage.read.plate:
            self._clearing.begin(seconds)

    @callback
    def _clear(self) -> None:
        """Forget the plate."""
        self._attr_native_value = None
        self.async_write_ha_state()


class AnprPassagesTodaySensor(AnprSensor):
    """Count the live passages since midnight."""

    @override
    async def _async_restore(self, value: StateType | date | Decimal) -> None:
        """Count on from before a restart, if that was today."""
        last = await self.async_get_last_state()
        today = dt_util.start_of_local_day()
        if isinstance(value, int) and last and last.last_updated >= today:
            self.coordinator.states.restore_count(self.channel, value)

    @override
    def _update(self) -> None:
        """Show the count, also while there was no passage."""
        self._attr_native_value = self.channel_state.passages_today
