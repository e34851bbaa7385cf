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

    def target(self, hass: HomeAssistant, device_id: str) -> Target:
        """Return what is asked or changed. Raises ServiceValidationError."""
        if self.of_device:
            return device_target(hass, device_id)
        (found,) = targets(hass, [device_id])
        return found


@callback
def async_register_setting(hass: HomeAssistant, setting: Setting) -> None:
    """Register an action that asks, and one by which administrators change."""

    async def ask(call: ServiceCall) -> ServiceResponse:
        target = setting.target(hass, call.data["device_id"])
        with target.errors_told():
            return await _async_told(setting, target, call)

    async def change(call: ServiceCall) -> ServiceResponse:
        target = setting.target(hass, call.data["device_id"])
        with target.errors_told():
            done = await setting.change(target, call)
            if done.get(REBOOT_REQUIRED):
                async_want_restart(hass, target.coordinator.config_entry)
            target.coordinator.watch.wake()
            return await _async_told(setting, target, call) | done

    if setting.is_secret:
        async_register_admin_service(
            hass,
            DOMAIN,
            setting.get_name,
            ask,
            setting.get_schema,
            supports_response=SupportsResponse.ONLY,
        )
    else:
        hass.services.async_register(
            DOMAIN, setting.get_name, ask, setting.get_schema, SupportsResponse.ONLY
        )
    async_register_admin_service(
        hass,
        DOMAIN,
        setting.set_name,
        change,
        setting.set_schema,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_told(
    setting: Setting, target: Target, call: ServiceCall
) -> dict[str, Any]:
    """Return what the device shows, and whose it is. Raises the errors of the client."""
    of_channel = {} if setting.of_device else {"channel": target.channel}
    asked = await setting.ask(target, call)
    return {"device_id": target.device_id, **of_channel, **asked}
