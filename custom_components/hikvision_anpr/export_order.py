"""Store a running export, so that it can resume after a restart."""

from typing import Any, Final, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN

_STORE_VERSION: Final = 1


class ExportOrder(TypedDict):
    """Hold what is exported, and the name of its file where none was wished for."""

    data: dict[str, Any]
    name: str


async def async_remember(hass: HomeAssistant, order: ExportOrder) -> None:
    """Remember an export that begins."""
    await _store(hass).async_save(order)


async def async_remembered(hass: HomeAssistant) -> ExportOrder | None:
    """Return the export that was going on when Home Assistant stopped."""
    return await _store(hass).async_load()


async def async_forget(hass: HomeAssistant) -> None:
    """Forget an export that has ended."""
    await _store(hass).async_remove()


def _store(hass: HomeAssistant) -> Store[ExportOrder]:
    """Return where it is remembered."""
    return Store(hass, _STORE_VERSION, f"{DOMAIN}.export", private=True)
