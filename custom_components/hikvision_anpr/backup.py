"""Pause writing to the archive during a backup."""

from homeassistant.core import HomeAssistant

from .centre import async_get_centre


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Bring the archive's file up to date, and let passages wait in the journal."""
    if archive := async_get_centre(hass).archive:
        await archive.async_rest()


async def async_post_backup(hass: HomeAssistant) -> None:
    """Go on, and write what waited."""
    if archive := async_get_centre(hass).archive:
        await archive.async_go_on()
