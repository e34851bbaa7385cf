"""Base class for entities of the gate of a channel."""

from contextlib import suppress
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.entity import EntityDescription

from .coordinator import AnprCoordinator
from .entity import AnprEntity
from .gate.barrier import Barrier
from .gate.entity_barrier import EntityBarrier
from .isapi.errors import IsapiError


class AnprGateEntity(AnprEntity):
    """Move a gate as long as what moves it is there.

    That is not the way of the reads: a device whose streams are all taken still takes
    commands, and an entity that the user chose does not depend on the device at all.
    """

    _attr_should_poll = True

    def __init__(
        self,
        coordinator: AnprCoordinator,
        channel: int,
        description: EntityDescription,
        barrier: Barrier,
    ) -> None:
        """Belong to the barrier of a channel."""
        super().__init__(coordinator, channel, description)
        self._barrier = barrier

    @property
    @override
    def available(self) -> bool:
        """Tell whether what moves the gate is there, as far as that is known.

        A device that sends its reads is, though it was once too slow to answer.
        """
        is_elsewhere = isinstance(self._barrier, EntityBarrier)
        return self._barrier.is_there or (not is_elsewhere and super().available)

    @override
    async def async_update(self) -> None:
        """Look whether what moves the gate is there."""
        with suppress(IsapiError):
            await self._barrier.async_position()

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        """Look again: the way of the reads was opened or closed."""
        self.async_schedule_update_ha_state(force_refresh=True)
