"""Cover for the barrier of a channel."""

import asyncio
from typing import Any, Final, override

from homeassistant.components.cover import (
    CoverDeviceClass,
    CoverEntity,
    CoverEntityDescription,
    CoverEntityFeature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .barriers import async_find_barriers
from .coordinator import AnprConfigEntry, AnprCoordinator
from .exceptions import errors_told
from .gate.barrier import Barrier
from .gate.entity_barrier import EntityBarrier
from .gate_entity import AnprGateEntity
from .isapi.barrier import BarrierCommand, BarrierPosition
from .isapi.errors import IsapiError

PARALLEL_UPDATES = 1

BARRIER: Final = CoverEntityDescription(
    key="barrier", translation_key="barrier", device_class=CoverDeviceClass.GATE
)

LOOK_SECONDS: Final = (1.0, 2.0, 4.0, 8.0)
"""How long after a command, step by step, the device is asked where the barrier is."""

_FEATURES: Final[dict[BarrierCommand, CoverEntityFeature]] = {
    "open": CoverEntityFeature.OPEN,
    "close": CoverEntityFeature.CLOSE,
    "stop": CoverEntityFeature.STOP,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the barrier of each channel that has one."""
    barriers = await async_find_barriers(hass, entry)
    async_add_entities(
        (
            AnprBarrier(entry.runtime_data, channel, barrier)
            for channel, barrier in barriers.items()
        ),
        update_before_add=True,
    )


class AnprBarrier(AnprGateEntity, CoverEntity):
    """Move a barrier, and show where it is as far as its device knows.

    That a command was taken is never shown as moved: a locked barrier stays where it
    is, and its device says OK (trap 70).
    """

    entity_description: CoverEntityDescription
    _looking: asyncio.Task[None] | None = None

    def __init__(
        self, coordinator: AnprCoordinator, channel: int, barrier: Barrier
    ) -> None:
        """Belong to a channel."""
        super().__init__(coordinator, channel, BARRIER, barrier)
        self._attr_assumed_state = not barrier.tells_position
        self._attr_is_closed = None
        self._attr_supported_features = CoverEntityFeature(0)
        for command, feature in _FEATURES.items():
            if command in barrier.commands:
                self._attr_supported_features |= feature

    @override
    async def async_added_to_hass(self) -> None:
        """Look when it may have moved, and no more when the entity goes."""
        await super().async_added_to_hass()
        self.async_on_remove(self._stop_looking)
        self.async_on_remove(self._barrier.subscribe(self._may_move))

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        """Open, once."""
        await self._async_command("open")

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        """Close, once."""
        await self._async_command("close")

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        """Stop, once."""
        await self._async_command("stop")

    @override
    async def async_update(self) -> None:
        """Ask where the barrier is; what does not answer is not known."""
        try:
            self._take(await self._barrier.async_position())
        except IsapiError:
            self._take(None)

    async def _async_command(self, command: BarrierCommand) -> None:
        """Send a command, and tell what is wrong with it."""
        with errors_told(self.coordinator.client.address.host):
            await self._barrier.async_command(command)

    @callback
    def _may_move(self) -> None:
        """Look what comes of a command, whoever gave it; an entity shows it at once."""
        if isinstance(self._barrier, EntityBarrier):
            self.async_schedule_update_ha_state(force_refresh=True)
        elif self._barrier.tells_position:
            self._stop_looking()
            self._looking = self.coordinator.config_entry.async_create_background_task(
                self.hass, self._async_look(), f"{self.entity_id} look"
            )

    async def _async_look(self) -> None:
        """Ask more often while the barrier may be moving."""
        for seconds in LOOK_SECONDS:
            await asyncio.sleep(seconds)
            await self.async_update()
            self.async_write_ha_state()

    def _take(self, position: BarrierPosition | None) -> None:
        """Show where the barrier is."""
        self._attr_is_closed = None if position is None else position == "closed"

    @callback
    def _stop_looking(self) -> None:
        """Ask no more often than usual."""
        if self._looking:
            self._looking.cancel()
            self._looking = None
