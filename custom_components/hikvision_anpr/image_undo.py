"""Remember the previous image settings of a camera."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .isapi.image_settings import Period
from .isapi.offers import Value

_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageBefore:
    """Hold what a change is undone by.

    `values` are those of `scene`; `chosen` is the scene that was chosen before. Both are
    None where the camera has no scenes.
    """

    values: Mapping[str, Value]
    scene: str | None
    chosen: str | None


class ImageUndo:
    """Keep what the last change of a channel, or of its day or night, is undone by."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the storage of an entry."""
        self._store = Store[dict[str, dict[str, Any]]](
            hass, _VERSION, f"{DOMAIN}.image.{entry_id}", private=True
        )

    async def async_get(
        self, channel: int, period: Period | None
    ) -> ImageBefore | None:
        """Return what was there before; None if nothing was changed."""
        stored = (await self._store.async_load() or {}).get(_key(channel, period), {})
        if not stored.get("values"):
            return None
        return ImageBefore(
            values=stored["values"],
            scene=stored.get("scene"),
            chosen=stored.get("chosen"),
        )

    async def async_keep(
        self, channel: int, period: Period | None, before: ImageBefore
    ) -> None:
        """Keep what was there before."""
        stored = await self._store.async_load() or {}
        kept = {**asdict(before), "values": dict(before.values)}
        await self._store.async_save({**stored, _key(channel, period): kept})

    async def async_remove(self) -> None:
        """Forget all."""
        await self._store.async_remove()


def _key(channel: int, period: Period | None) -> str:
    """Return what a change is kept under."""
    return f"{channel} {period}" if period else str(channel)
