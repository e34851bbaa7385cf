"""Register actions that read and change a setting of a device."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
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

from .channel_targets import Target, device_target, targets
from .const import DOMAIN
from .restart_wanted import async_want_restart

type Action = Callable[[Target, ServiceCall], Coroutine[Any, Any, dict[str, Any]]]

REBOOT_REQUIRED: Final = "reboot_required"
ONE_DEVICE: Final[Any] = vol.Schema({vol.Required("device_id"): cv.string})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Hold the names of two actions and what each does.

    `ask` answers what the device shows, ready for JSON. `change` changes it, and answers
    what else is to be told, such as `reboot_required`. `of_device` is what a recorder
    has, not its channels; `is_secret` what administrators alone may ask for.
    """

    get_name: str
    set_name: str
    ask: Action
    change: Action
    get_schema: Any = field(default_factory=lambda: ONE_DEVICE)
    set_schema: Any
    of_device: bool = False
    is_secret: bool = False

    async def async_get(self, call: ServiceCall) -> ServiceResponse:
        """Answer what the device shows. Raises HomeAssistantError."""
        target = self._target(call)
        with target.errors_told():
            return await self._async_told(target, call)

    async def async_set(self, call: ServiceCall) -> ServiceResponse:
        """Change the device, and answer what it shows then. Raises HomeAssistantError."""
        target = self._target(call)
        with target.errors_told():
            done = await self.change(target, call)
            if done.get(REBOOT_REQUIRED):
                async_want_restart(call.hass, target.coordinator.config_entry)
            target.coordinator.watch.wake()
            return await self._async_told(target, call) | done

    def _target(self, call: ServiceCall) -> Target:
        """Return what is asked or changed. Raises ServiceValidationError."""
        device_id = call.data["device_id"]
        if self.of_device:
            return device_target(call.hass, device_id)
        (found,) = targets(call.hass, [device_id])
        return found

    async def _async_told(self, target: Target, call: ServiceCall) -> dict[str, Any]:
        """Return what the device shows, and whose it is. Raises errors of the client."""
        of_channel = {} if self.of_device else {"channel": target.channel}
        asked = await self.ask(target, call)
        return {"device_id": target.device_id, **of_channel, **asked}


@callback
def async_register_setting(hass: HomeAssistant, setting: Setting) -> None:
    """Register an action that asks, and one by which administrators change."""
    name, schema = setting.get_name, setting.get_schema
    only = SupportsResponse.ONLY
    if setting.is_secret:
        async_register_admin_service(
            hass, DOMAIN, name, setting.async_get, schema, supports_response=only
        )
    else:
        hass.services.async_register(DOMAIN, name, setting.async_get, schema, only)
    async_register_admin_service(
        hass,
        DOMAIN,
        setting.set_name,
        setting.async_set,
        setting.set_schema,
        supports_response=SupportsResponse.OPTIONAL,
    )
