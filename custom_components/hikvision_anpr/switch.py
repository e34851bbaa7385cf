"""Switches for vehicle detection, alarm outputs and holding the gate open."""

from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, override

from homeassistant.components.switch import (
    DOMAIN as SWITCH,
    SwitchEntity,
    SwitchEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .barriers import async_find_barriers, async_free_outputs
from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprDeviceEntity, AnprEntity
from .exceptions import errors_told
from .gate.barrier import RelayBarrier
from .gate_entity import AnprGateEntity
from .isapi.errors import IsapiError
from .isapi.vehicle_detection import (
    DetectionChange,
    async_change_vehicle_detection,
    async_is_detecting,
)
from .restart_wanted import async_restart_error

PARALLEL_UPDATES = 1
SCAN_INTERVAL = timedelta(minutes=1)

VEHICLE_DETECTION: Final = SwitchEntityDescription(
    key="vehicle_detection",
    translation_key="vehicle_detection",
    entity_category=EntityCategory.CONFIG,
)

HOLD_OPEN: Final = SwitchEntityDescription(
    key="hold_open",
    translation_key="hold_open",
    entity_registry_enabled_default=False,
)

ALARM_OUTPUT: Final = SwitchEntityDescription(
    key="alarm_output", translation_key="alarm_output"
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up what switches detection and outputs, and what holds open a gate.

    The device is asked before any is added: if it is busy, all of this is done again.
    """
    coordinator = entry.runtime_data
    barriers = await async_find_barriers(hass, entry)
    outputs = await async_free_outputs(hass, entry, SWITCH, ALARM_OUTPUT.key)
    if coordinator.capabilities.vehicle_detection_enabled is not None:
        async_add_entities(
            (
                AnprVehicleDetection(coordinator, channel, VEHICLE_DETECTION)
                for channel in coordinator.data
            ),
            update_before_add=True,
        )
    async_add_entities(
        AnprHoldOpen(coordinator, channel, barrier)
        for channel, barrier in barriers.items()
        if isinstance(barrier, RelayBarrier)
    )
    async_add_entities(
        (
            AnprAlarmOutput(coordinator, output, is_shown=is_shown)
            for output, is_shown in outputs.items()
        ),
        update_before_add=True,
    )


class AnprHoldOpen(AnprGateEntity, SwitchEntity):
    """Keep the output of a gate set until it is switched off."""

    entity_description: SwitchEntityDescription

    def __init__(
        self, coordinator: AnprCoordinator, channel: int, barrier: RelayBarrier
    ) -> None:
        """Belong to a channel."""
        super().__init__(coordinator, channel, HOLD_OPEN, barrier)
        self._relay = barrier.relay

    @property
    @override
    def is_on(self) -> bool:
        """Tell whether the gate is held."""
        return self._relay.is_held

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Set the output, and leave it so."""
        with errors_told(self.coordinator.client.address.host):
            await self._relay.async_hold()
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Let the output go, again and again until the device takes it."""
        self._relay.let_go()
        self.async_write_ha_state()


class AnprVehicleDetection(AnprEntity, SwitchEntity):
    """Switch on and off that a camera reads plates."""

    entity_description: SwitchEntityDescription
    _attr_should_poll = True
    _attr_available = False

    @property
    @override
    def available(self) -> bool:
        """Tell whether the camera last told how it is set."""
        return self._attr_available

    @override
    async def async_update(self) -> None:
        """Ask how the camera is set."""
        try:
            is_on = await async_is_detecting(self.coordinator.client, self.channel)
        except IsapiError:
            self._attr_available = False
        else:
            self._take(is_on)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the camera read plates."""
        await self._async_switch(enabled=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Let the camera read no plates."""
        await self._async_switch(enabled=False)

    async def _async_switch(self, *, enabled: bool) -> None:
        """Change the camera, and show what it shows afterwards."""
        with errors_told(self.coordinator.client.address.host):
            written = await async_change_vehicle_detection(
                self.coordinator.client, self.channel, DetectionChange(enabled=enabled)
            )
        self._take(written.detection.enabled)
        self.async_write_ha_state()
        if written.reboot_required:
            raise async_restart_error(self.hass, self.coordinator.config_entry)

    def _take(self, is_on: bool | None) -> None:
        """Show how the camera is set."""
        self._attr_available = is_on is not None
        self._attr_is_on = is_on


class AnprAlarmOutput(AnprDeviceEntity, SwitchEntity):
    """Set an alarm output until it is switched off."""

    entity_description: SwitchEntityDescription
    _attr_should_poll = True

    def __init__(
        self, coordinator: AnprCoordinator, output: int, *, is_shown: bool
    ) -> None:
        """Belong to an output."""
        super().__init__(coordinator, ALARM_OUTPUT, output)
        self._attr_entity_registry_enabled_default = is_shown
        self._relay = coordinator.ports.relay(output)

    @override
    async def async_added_to_hass(self) -> None:
        """Show at once when a pulse begins and ends."""
        await super().async_added_to_hass()
        self.async_on_remove(self._relay.subscribe(self.async_write_ha_state))

    @property
    @override
    def is_on(self) -> bool | None:
        """Tell whether the output is set, as far as that is known."""
        return self._relay.state

    @override
    async def async_update(self) -> None:
        """Ask for the state; where the device does not tell, the last command counts."""
        with suppress(IsapiError):
            await self._relay.async_refresh()

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Set the output, and leave it so."""
        with errors_told(self.coordinator.client.address.host):
            await self._relay.async_hold()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Let the output go, again and again until the device takes it."""
        self._relay.let_go()
