"""Base of the sensors that keep their value over a restart."""

from abc import abstractmethod
from datetime import date
from decimal import Decimal
from typing import override

from homeassistant.components.sensor import RestoreSensor
from homeassistant.core import callback
from homeassistant.helpers.typing import StateType

from .entity import AnprEntity


class AnprRestoredSensor(AnprEntity, RestoreSensor):
    """Show what the last passages gave; it survives a restart."""

    _shows = "passage"

    @override
    async def async_added_to_hass(self) -> None:
        """Show the value from before a restart until there is another one."""
        await super().async_added_to_hass()
        if last := await self.async_get_last_sensor_data():
            await self._async_restore(last.native_value)
        self._update()

    async def _async_restore(self, value: StateType | date | Decimal) -> None:
        """Take over the value from before a restart."""
        self._attr_native_value = value

    @callback
    @override
    def _show_news(self) -> None:
        """Show the value of now, if it is another one."""
        before = self._attr_native_value
        self._update()
        if self._attr_native_value != before:
            super()._show_news()

    @abstractmethod
    def _update(self) -> None:
        """Read the value, and keep the one that is there while there is none."""
