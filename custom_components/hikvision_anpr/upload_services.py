"""Let users see and change where devices upload to."""

from dataclasses import asdict
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

from .channel_targets import Target, targets
from .const import DOMAIN
from .isapi.upload_targets import UploadTarget, async_get_targets, async_set_target
from .setting_services import ONE_DEVICE

SERVICE_GET_UPLOAD_TARGETS: Final = "get_upload_targets"
SERVICE_SET_UPLOAD_TARGET: Final = "set_upload_target"

SET_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            vol.Required("device_id"): cv.string,
            vol.Required("kind"): vol.In(("ftp", "nas")),
            vol.Optional("id", default="1"): vol.All(vol.Coerce(str), cv.string),
            vol.Optional("enabled"): cv.boolean,
            vol.Optional("address"): cv.string,
            vol.Optional("port"): cv.port,
            vol.Optional("path"): cv.string,
            vol.Optional("username"): cv.string,
            vol.Optional("password"): cv.string,
        }
    ),
    cv.has_at_least_one_key(
        "enabled", "address", "port", "path", "username", "password"
    ),
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions, both for administrators: they tell of accounts."""
    for name, action, schema, response in (
        (SERVICE_GET_UPLOAD_TARGETS, _async_get, ONE_DEVICE, SupportsResponse.ONLY),
        (SERVICE_SET_UPLOAD_TARGET, _async_set, SET_SCHEMA, SupportsResponse.OPTIONAL),
    ):
        async_register_admin_service(
            hass, DOMAIN, name, action, schema, supports_response=response
        )


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Answer where a device uploads to."""
    (target,) = targets(call.hass, [call.data["device_id"]])
    return await _async_told(target)


async def _async_set(call: ServiceCall) -> ServiceResponse:
    """Change where a device uploads to, and answer what it shows then."""
    (target,) = targets(call.hass, [call.data["device_id"]])
    names = UploadTarget.__slots__
    change = UploadTarget(**{name: call.data.get(name) for name in names})
    with target.errors_told():
        reboot_required = await async_set_target(
            target.coordinator.client,
            call.data["kind"],
            call.data["id"],
            change,
            call.data.get("password"),
        )
    return {**await _async_told(target), "reboot_required": reboot_required}


async def _async_told(target: Target) -> dict[str, Any]:
    """Return where a device uploads to, without passwords, ready for JSON."""
    client = target.coordinator.client
    with target.errors_told():
        ftp = await async_get_targets(client, "ftp")
        nas = await async_get_targets(client, "nas")
    return {
        "device_id": target.device_id,
        "ftp": [{"id": key, **asdict(one)} for key, one in ftp.items()],
        "nas": [{"id": key, **asdict(one)} for key, one in nas.items()],
    }
