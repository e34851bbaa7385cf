"""Switch what a camera does: detect vehicles, or hold a gate open."""

from datetime import timedelta
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .barriers import async_find_barriers
from .const import DOMAIN
from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprEntity
from .exceptions import action_error
from .gate.barrier import RelayBarrier
from .isapi.errors import IsapiError
from .isapi.vehicle_detection import (
    DetectionChange,
    VehicleDetection,
    async_change_vehicle_detection,
    async_get_vehicle_detection,
)

PARALLEL_UPDATES = 1
SCAN_INTERVAL = timedelta(minutes=5)

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


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up what switches detection, and what holds open a gate that an output moves."""
    coordinator = entry.runtime_data
    if coordinator.capabilities.vehicle_detection_enabled is not None:
        async_add_entities(
            (
                AnprVehicleDetection(coordinator, channel, VEHICLE_DETECTION)
                for channel in coordinator.data
            ),
            update_before_add=True,
        )
    async_add_entities(
        AnprHoldOpen(entry.runtime_data, channel, barrier)
        for channel, barrier in (await async_find_barriers(hass, entry)).items()
        if isinstance(barrier, RelayBarrier)
    )


class AnprHoldOpen(AnprEntity, SwitchEntity):
    """Keep the output of a gate set until it is switched off."""

    entity_description: SwitchEntityDescription

    def __init__(
        self, coordinator: AnprCoordinator, channel: int, barrier: RelayBarrier
    ) -> None:
        """Belong to a channel."""
        super().__init__(coordinator, channel, HOLD_OPEN)
        self._barrier = barrier

    @property
    @override
    def is_on(self) -> bool:
        """Tell whether the gate is held."""
        return self._barrier.is_held

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Set the output, and leave it so."""
        try:
            await self._barrier.async_hold()
        except IsapiError as error:
            raise action_error(error, self.coordinator.client.address.host) from error
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Let the output go, again and again until the device takes it."""
        self._barrier.let_go()
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
            found = await async_get_vehicle_detection(
                self.coordinator.client, self.channel
            )
        except IsapiError:
            self._attr_available = False
        else:
            self._take(found)

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
        host = self.coordinator.client.address.host
        try:
            written = await async_change_vehicle_detection(
                self.coordinator.client, self.channel, DetectionChange(enabled=enabled)
            )
        except IsapiError as error:
            raise action_error(error, host) from error
        self._take(written.detection)
        self.async_write_ha_state()
        if written.reboot_required:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="reboot_required",
                translation_placeholders={"host": host},
            )

    def _take(self, found: VehicleDetection) -> None:
        """Show how the camera is set."""
        self._attr_available = found.enabled is not None
        self._attr_is_on = found.enabled
