"""Buttons to read a plate, sync lists, set the clock, and more."""

from typing import Final, override

from homeassistant.components.button import (
    DOMAIN as BUTTON,
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .archive.errors import ArchiveError
from .barriers import async_free_outputs
from .const import DOMAIN
from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprDeviceEntity, AnprEntity, async_add_for_channels
from .exceptions import action_error, archive_error, errors_told
from .intake.manual_read import async_recognize
from .isapi.errors import IsapiError
from .restart_wanted import async_restart

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

RECOGNIZE: Final = ButtonEntityDescription(
    key="recognize",
    translation_key="recognize",
    entity_registry_enabled_default=False,
)

PULSE_OUTPUT: Final = ButtonEntityDescription(
    key="pulse_output", translation_key="pulse_output"
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of a device, and one of each channel if it keeps a list.

    The device is asked before any is added: if it is busy, all of this is done again.
    """
    coordinator = entry.runtime_data
    outputs = await async_free_outputs(hass, entry, BUTTON, PULSE_OUTPUT.key)
    async_add_entities([AnprSetClockButton(coordinator, SET_CLOCK)])
    if coordinator.capabilities.restarts:
        async_add_entities([AnprRestartButton(coordinator, RESTART)])
    async_add_entities(
        AnprPulseButton(coordinator, output, is_shown=is_shown)
        for output, is_shown in outputs.items()
    )
    if coordinator.capabilities.reads_plates and not coordinator.device.is_nvr:
        async_add_entities(
            AnprRecognizeButton(coordinator, channel, RECOGNIZE)
            for channel in coordinator.data
        )
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


class AnprRecognizeButton(AnprEntity, ButtonEntity):
    """Let a camera read what stands before it; what it reads is a passage."""

    @override
    async def async_press(self) -> None:
        """Read now."""
        coordinator = self.coordinator
        with errors_told(coordinator.client.address.host):
            is_read = await async_recognize(
                self.hass,
                coordinator.client,
                coordinator.timekeeper,
                coordinator,
                self.channel,
            )
        if not is_read:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="nothing_recognized"
            )


class AnprSetClockButton(AnprDeviceEntity, ButtonEntity):
    """Set the clock of a device to Home Assistant's, in the mode that it is in."""

    @override
    async def async_press(self) -> None:
        """Set the clock now."""
        with errors_told(self.coordinator.client.address.host):
            await self.coordinator.timekeeper.async_set()
        self.coordinator.async_update_listeners()


class AnprRestartButton(AnprDeviceEntity, ButtonEntity):
    """Restart a device, which some settings wait for."""

    @override
    async def async_press(self) -> None:
        """Restart now; plates are not read until it is back."""
        with errors_told(self.coordinator.client.address.host):
            await async_restart(
                self.hass, self.coordinator.config_entry, self.coordinator.client
            )


class AnprPulseButton(AnprDeviceEntity, ButtonEntity):
    """Set an alarm output for a while, and let it go for sure."""

    def __init__(
        self, coordinator: AnprCoordinator, output: int, *, is_shown: bool
    ) -> None:
        """Belong to an output."""
        super().__init__(coordinator, PULSE_OUTPUT, output)
        self._attr_entity_registry_enabled_default = is_shown
        self._output = output

    @override
    async def async_press(self) -> None:
        """Begin a pulse; one that goes on is not begun anew."""
        with errors_told(self.coordinator.client.address.host):
            await self.coordinator.ports.async_pulse(self._output)
