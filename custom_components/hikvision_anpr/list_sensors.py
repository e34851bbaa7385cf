"""Sensors for the lists on a device."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.helpers.typing import StateType

from .channel_lists import SYNC_STATES, ChannelLists
from .coordinator import AnprCoordinator
from .entity import AnprEntity


@dataclass(frozen=True, kw_only=True)
class ListSensorDescription(SensorEntityDescription):
    """Describe a sensor, and where its value comes from."""

    value: Callable[[ChannelLists], StateType]
    shows_left: bool = False


LIST_SENSORS: Final = (
    ListSensorDescription(
        key="list_sync",
        translation_key="list_sync",
        device_class=SensorDeviceClass.ENUM,
        entity_category=EntityCategory.DIAGNOSTIC,
        options=list(SYNC_STATES),
        value=lambda lists: lists.state,
        shows_left=True,
    ),
    ListSensorDescription(
        key="allow_list_size",
        translation_key="allow_list_size",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda lists: lists.size("allow"),
    ),
    ListSensorDescription(
        key="block_list_size",
        translation_key="block_list_size",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda lists: lists.size("block"),
    ),
    ListSensorDescription(
        key="list_capacity",
        translation_key="list_capacity",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda lists: lists.capacity,
    ),
    ListSensorDescription(
        key="list_free",
        translation_key="list_free",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda lists: lists.free,
    ),
)


def list_sensors(coordinator: AnprCoordinator, channel: int) -> list[AnprEntity]:
    """Return the sensors of a channel whose device has a list of plates."""
    if not coordinator.capabilities.plate_list_capacity:
        return []
    return [ListSensor(coordinator, channel, sensor) for sensor in LIST_SENSORS]


class ListSensor(AnprEntity, SensorEntity):
    """Show one thing of a channel's lists."""

    entity_description: ListSensorDescription

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the lists."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.lists.async_subscribe(self.async_write_ha_state)
        )

    @property
    @override
    def available(self) -> bool:
        """Stay available: that a device is away is part of what is shown."""
        return True

    @property
    @override
    def native_value(self) -> StateType:
        """Return what is shown."""
        return self.entity_description.value(self._lists)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, int] | None:
        """Return how many plates are still to be sent."""
        if not self.entity_description.shows_left:
            return None
        return {"plates_left": len(self._lists.left)}

    @property
    def _lists(self) -> ChannelLists:
        """Return how the lists of the channel stand."""
        return self.coordinator.lists.by_channel.get(self.channel, ChannelLists())
