"""System health of the integration."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from sqlalchemy import Connection, func, select

from .archive.errors import ArchiveError
from .archive.schema import PASSAGES
from .centre import async_get_centre, is_centre, open_archive
from .const import DOMAIN


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register what is told."""
    register.async_register_info(async_info)


async def async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return how many devices are connected, and what the archive holds."""
    entries = [
        entry
        for entry in hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        )
        if not is_centre(entry)
    ]
    connected = sum(
        entry.state is ConfigEntryState.LOADED and entry.runtime_data.connected
        for entry in entries
    )
    vehicles = async_get_centre(hass).vehicles
    return {
        "devices": len(entries),
        "devices_connected": connected,
        "vehicles": len(vehicles.vehicles) if vehicles else 0,
        "passages": _async_passages(hass),
    }


async def _async_passages(hass: HomeAssistant) -> int | dict[str, str]:
    """Return how many passages are kept, or that the archive cannot be reached."""
    try:
        return await open_archive(hass).database.async_read(_count)
    except ArchiveError, HomeAssistantError:
        return {"type": "failed", "error": "unreachable"}


def _count(connection: Connection) -> int:
    """Count the passages that are kept."""
    return connection.scalar(select(func.count()).select_from(PASSAGES)) or 0
