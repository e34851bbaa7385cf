"""Provide actions for the upload targets of a device."""

from dataclasses import asdict
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .channel_targets import Target
from .isapi.upload_targets import UploadTarget, async_get_targets, async_set_target
from .setting_services import REBOOT_REQUIRED, Setting, async_register_setting

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
    async_register_setting(
        hass,
        Setting(
            get_name=SERVICE_GET_UPLOAD_TARGETS,
            set_name=SERVICE_SET_UPLOAD_TARGET,
            ask=_async_ask,
            change=_async_change,
            set_schema=SET_SCHEMA,
            of_device=True,
            is_secret=True,
        ),
    )


async def _async_ask(target: Target, _call: ServiceCall) -> dict[str, Any]:
    """Answer where a device uploads to, without passwords."""
    client = target.coordinator.client
    ftp = await async_get_targets(client, "ftp")
    nas = await async_get_targets(client, "nas")
    return {
        "ftp": [{"id": key, **asdict(one)} for key, one in ftp.items()],
        "nas": [{"id": key, **asdict(one)} for key, one in nas.items()],
    }


async def _async_change(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Change where a device uploads to."""
    names = UploadTarget.__slots__
    reboot_required = await async_set_target(
        target.coordinator.client,
        call.data["kind"],
        call.data["id"],
        UploadTarget(**{name: call.data.get(name) for name in names}),
        call.data.get("password"),
    )
    return {REBOOT_REQUIRED: reboot_required}
