"""Lock for the barrier of a channel."""

from typing import Any, Final, override

from homeassistant.components.lock import LockEntity, LockEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .barriers import async_find_barriers
from .coordinator import AnprConfigEntry, AnprCoordinator
from .exceptions import errors_told
from .gate.barrier import Barrier
from .gate_entity import AnprGateEntity

PARALLEL_UPDATES = 1

BARRIER_LOCK: Final = LockEntityDescription(
    key="barrier_lock",
    translation_key="barrier_lock",
    entity_registry_enabled_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up a lock for each barrier that can be locked."""
    async_add_entities(
        AnprBarrierLock(entry.runtime_data, channel, barrier)
        for channel, barrier in (await async_find_barriers(hass, entry)).items()
        if {"lock", "unlock"} <= barrier.commands
    )


class AnprBarrierLock(AnprGateEntity, LockEntity):
    """Lock and unlock; no device says whether it is, so both are always offered."""

    _attr_assumed_state = True
    entity_description: LockEntityDescription

    def __init__(
        self, coordinator: AnprCoordinator, channel: int, barrier: Barrier
    ) -> None:
        """Belong to a channel."""
        super().__init__(coordinator, channel, BARRIER_LOCK, barrier)

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """Keep the barrier where it is."""
        await self._async_command(lock=True)

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Let the barrier move again."""
        await self._async_command(lock=False)

    async def _async_command(self, *, lock: bool) -> None:
        """Send a command once, and show what was taken."""
        with errors_told(self.coordinator.client.address.host):
            await self._barrier.async_command("lock" if lock else "unlock")
        self._attr_is_locked = lock
        self.async_write_ha_state()
