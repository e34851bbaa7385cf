"""Remember what a camera's image settings were before they were changed."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .isapi.image_settings import Period
from .isapi.offers import Value

_VERSION: Final = 1


class ImageUndo:
    """Keep what the last change of a channel, or of its day or night, is undone by."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the storage of an entry."""
        self._store = Store[dict[str, dict[str, Value]]](
            hass, _VERSION, f"{DOMAIN}.image.{entry_id}", private=True
        )

    async def async_get(self, channel: int, period: Period | None) -> dict[str, Value]:
        """Return what was there before; nothing if nothing was changed."""
        stored = await self._store.async_load() or {}
        return stored.get(_key(channel, period), {})

    async def async_keep(
        self, channel: int, period: Period | None, values: Mapping[str, Value]
    ) -> None:
        """Keep what was there before."""
        stored = await self._store.async_load() or {}
        await self._store.async_save({**stored, _key(channel, period): dict(values)})

    async def async_remove(self) -> None:
        """Forget all."""
        await self._store.async_remove()


def _key(channel: int, period: Period | None) -> str:
    """Return what a change is kept under."""
    return f"{channel} {period}" if period else str(channel)
