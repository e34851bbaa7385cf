"""Register the two actions of what can be set in a device: ask for it, and change it."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
import voluptuous as vol

from .const import DOMAIN

type Action = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]

ONE_DEVICE: Final[Any] = vol.Schema({vol.Required("device_id"): cv.string})


@callback
def async_register_setting(
    hass: HomeAssistant,
    get: tuple[str, Action],
    change: tuple[str, Action, Any],
    get_schema: Any = ONE_DEVICE,
) -> None:
    """Register an action that everybody may ask, and one by which administrators change.

    Each is named first; the second comes with the schema of what may be changed.
    """
    name, action = get
    hass.services.async_register(
        DOMAIN, name, action, get_schema, SupportsResponse.ONLY
    )
    name, action, schema = change
    async_register_admin_service(
        hass, DOMAIN, name, action, schema, supports_response=SupportsResponse.OPTIONAL
    )
