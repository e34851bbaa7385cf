"""Compare the lists of a device now, set its clock, and restart it."""

from typing import Final, override

from homeassistant.components.button import (
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .archive.errors import ArchiveError
from .const import DOMAIN
from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprEntity, async_add_for_channels
from .exceptions import action_error, archive_error
from .isapi.errors import IsapiError
from .isapi.reboot import async_reboot

PARALLEL_UPDATES = 1

SYNC_LISTS: Final = ButtonEntityDescription(
    key="sync_lists",
    translation_key="sync_lists",
    entity_category=EntityCategory.DIAGNOSTIC,
)

SET_CLOCK: Final = ButtonEntityDescription(
    key="set_clock",
    translation_key="set_clock",
    entity_category=EntityCategory.CONFIG,
)

RESTART: Final = ButtonEntityDescription(
    key="restart",
    translation_key="restart",
    device_class=ButtonDeviceClass.RESTART,
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of a device, and one of each channel if it keeps a list."""
    coordinator = entry.runtime_data
    async_add_entities([AnprSetClockButton(coordinator, SET_CLOCK)])
    if coordinator.capabilities.restarts:
        async_add_entities([AnprRestartButton(coordinator, RESTART)])
    if coordinator.capabilities.plate_list_capacity:
        async_add_for_channels(
            entry,
            async_add_entities,
            lambda channel: [AnprSyncListsButton(coordinator, channel, SYNC_LISTS)],
        )


class AnprSyncListsButton(AnprEntity, ButtonEntity):
    """Compare the lists of a channel with the centre, and make both agree."""

    @override
    async def async_press(self) -> None:
        """Compare now; conflicts stay as they are."""
        result = await self.coordinator.lists.async_sync(self.channel)
        if isinstance(result.error, IsapiError):
            host = self.coordinator.client.address.host
            raise action_error(result.error, host) from result.error
        if isinstance(result.error, ArchiveError):
            raise archive_error(result.error) from result.error


class AnprDeviceButton(CoordinatorEntity[AnprCoordinator], ButtonEntity):
    """Do something with a device as a whole."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: AnprCoordinator, description: ButtonEntityDescription
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


class AnprSetClockButton(AnprDeviceButton):
    """Set the clock of a device to Home Assistant's, in the mode that it is in."""

    @override
    async def async_press(self) -> None:
        """Set the clock now."""
        try:
            await self.coordinator.timekeeper.async_set()
        except IsapiError as error:
            raise action_error(error, self.coordinator.client.address.host) from error
        self.coordinator.async_update_listeners()


class AnprRestartButton(AnprDeviceButton):
    """Restart a device, which some settings wait for."""

    @override
    async def async_press(self) -> None:
        """Restart now; plates are not read until it is back."""
        try:
            await async_reboot(self.coordinator.client)
        except IsapiError as error:
            raise action_error(error, self.coordinator.client.address.host) from error
