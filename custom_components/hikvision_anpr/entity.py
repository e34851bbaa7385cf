"""Base class of the entities of a channel."""

from typing import override

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .channel_state import ChannelState
from .const import DOMAIN
from .coordinator import AnprCoordinator


class AnprEntity(CoordinatorEntity[AnprCoordinator]):
    """Show something of one channel of a device."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: AnprCoordinator,
        channel: int,
        description: EntityDescription,
    ) -> None:
        """Belong to a channel of the coordinator's device."""
        super().__init__(coordinator)
        self.channel = channel
        self.entity_description = description
        serial_number = coordinator.device.serial_number
        self._attr_unique_id = f"{serial_number}-{channel}-{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, serial_number)})

    @property
    @override
    def available(self) -> bool:
        """Tell whether reads of the device can come in."""
        return self.coordinator.connected

    @property
    def channel_state(self) -> ChannelState:
        """Return what the channel last saw."""
        return self.coordinator.data[self.channel]
