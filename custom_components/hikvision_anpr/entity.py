"""Base classes for entities of a channel or a device."""

from collections.abc import Callable, Iterable
from typing import ClassVar, override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .channel_state import NOTHING_SEEN, ChannelState
from .channel_states import Shown
from .const import DOMAIN
from .coordinator import AnprConfigEntry, AnprCoordinator


class AnprEntity(CoordinatorEntity[AnprCoordinator]):
    """Show something of one channel of a device."""

    _attr_has_entity_name = True
    _shows: ClassVar[Shown | None] = None

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
        identifier = coordinator.channels.followed[channel].identifier
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, identifier)})

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the passages of the channel, if they are what is shown."""
        await super().async_added_to_hass()
        if self._shows:
            self.async_on_remove(
                self.coordinator.states.subscribe_shown(
                    self.channel, self._shows, self._show_news
                )
            )

    @callback
    def _show_news(self) -> None:
        """Show what is new of the channel."""
        self.async_write_ha_state()

    @property
    @override
    def available(self) -> bool:
        """Tell whether reads of the channel can come in."""
        return self.coordinator.is_online(self.channel)

    @property
    def channel_state(self) -> ChannelState:
        """Return what the channel last saw."""
        return self.coordinator.data.get(self.channel, NOTHING_SEEN)


class AnprDeviceEntity(CoordinatorEntity[AnprCoordinator]):
    """Show something of a device as a whole, which may be a recorder."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: AnprCoordinator,
        description: EntityDescription,
        number: int | None = None,
    ) -> None:
        """Belong to the device itself; `number` tells apart several of a kind."""
        super().__init__(coordinator)
        self.entity_description = description
        serial_number = coordinator.device.serial_number
        self._attr_unique_id = f"{serial_number}-{description.key}"
        if number is not None:
            self._attr_unique_id += f"_{number}"
            self._attr_translation_placeholders = {"number": str(number)}
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, serial_number)})

    @property
    @override
    def available(self) -> bool:
        """Tell whether the device is there."""
        return self.coordinator.connected


@callback
def async_add_for_channels(
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[int], Iterable[AnprEntity]],
) -> None:
    """Add the entities of each channel, also of those that come later."""

    @callback
    def add(channel: int) -> None:
        async_add_entities(make(channel))

    for channel in entry.runtime_data.data:
        add(channel)
    entry.async_on_unload(entry.runtime_data.async_subscribe_channels(add))
