"""Install the driver for a database server when one is used."""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.requirements import (
    RequirementsNotFound,
    async_clear_install_history,
    async_process_requirements,
)
from sqlalchemy import URL

from ..const import DOMAIN
from .engine import backend_of
from .errors import ArchiveUnavailableError

REQUIREMENTS: Final = {
    "postgresql": ["psycopg[binary]==3.3.9"],
    "mysql": ["PyMySQL==1.2.4"],
}


async def async_install_driver(hass: HomeAssistant, url: URL) -> None:
    """Install what a database needs, once. Raises ArchiveUnavailableError without it."""
    # What could not be installed before is tried again: the user asks for it.
    async_clear_install_history(hass)
    try:
        await async_process_requirements(
            hass, DOMAIN, REQUIREMENTS.get(backend_of(url), []), is_built_in=False
        )
    except RequirementsNotFound as error:
        raise ArchiveUnavailableError("no_driver") from error
