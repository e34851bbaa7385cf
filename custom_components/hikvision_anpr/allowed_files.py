"""Use files only where Home Assistant may."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN


def allowed_path(hass: HomeAssistant, name: str) -> Path:
    """Return where a file is. Raises ServiceValidationError outside what is allowed."""
    path = Path(hass.config.path(name))
    if not hass.config.is_allowed_path(str(path)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_not_allowed",
            translation_placeholders={"path": str(path)},
        )
    return path
