"""Hold a gate open for as long as the user wants."""

from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .barriers import async_find_barriers
from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprEntity
from .exceptions import action_error
from .gate.barrier import RelayBarrier
from .isapi.errors import IsapiError

PARALLEL_UPDATES = 1

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
    """Set up a switch for each gate that an output can hold open."""
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
