"""Check a device before it is added."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import logging
from typing import Any

from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.util.network import is_host_valid

from .connection import async_get_client, async_get_login_guard
from .connection_form import HTTPS_PORT
from .const import DOMAIN
from .exceptions import error_key, error_placeholders
from .isapi.capabilities import Capabilities, async_get_capabilities
from .isapi.channels import InputChannel, async_get_channels
from .isapi.client import IsapiClient
from .isapi.device import DeviceInfo
from .isapi.errors import AuthenticationError, IsapiError
from .isapi.https_only import async_is_https_only
from .isapi.user_check import async_log_in

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Hold what came of asking a device: what it is, or else what is wrong."""

    device: DeviceInfo | None = None
    errors: dict[str, str] = field(default_factory=dict)
    placeholders: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> str | None:
        """Return the key of the text that says what is wrong."""
        return next(iter(self.errors.values()), None)

    @property
    def is_login_refused(self) -> bool:
        """Tell whether user name or password are to blame."""
        return self.error in {"invalid_auth", "invalid_auth_attempts_left"}


async def async_check(
    hass: HomeAssistant, data: Mapping[str, Any], *, is_new: bool
) -> Check:
    """Ask a device what it is; the user has just typed its credentials.

    A new device must read plates, one that was added before may be changed.
    """
    if not is_host_valid(data[CONF_HOST]):
        return Check(errors={CONF_HOST: "invalid_host"})
    client = async_get_client(hass, data)
    async_get_login_guard(hass, client.address).user_acted()
    try:
        device = await async_log_in(client)
        if not is_new:
            return Check(device=device)
        if device.is_nvr:
            return _judge_recorder(device, await async_get_channels(client))
        return _judge(device, await async_get_capabilities(client))
    except IsapiError as err:
        return await async_explain(client, err)
    except Exception:
        _LOGGER.exception("Checking a device failed")
        return Check(errors={"base": "unknown"})


def _judge(device: DeviceInfo, capabilities: Capabilities) -> Check:
    """Accept a device that reads plates and is set to do so."""
    if not capabilities.reads_plates:
        model = device.model or device.serial_number
        return Check(errors={"base": "no_anpr"}, placeholders={"model": model})
    if capabilities.vca_allows_plates is False:
        mode = capabilities.vca_resource or ""
        return Check(errors={"base": "vca_mode_wrong"}, placeholders={"mode": mode})
    return Check(device=device)


async def async_explain(client: IsapiClient, error: IsapiError) -> Check:
    """Tell the user what went wrong at the device."""
    host = client.address.host
    if await async_is_https_only(client, error, HTTPS_PORT):
        return Check(errors={"base": "https_only"}, placeholders={"host": host})
    key, placeholders = error_key(error), error_placeholders(error, host)
    if isinstance(error, AuthenticationError) and error.attempts_left is not None:
        key = "invalid_auth_attempts_left"
        placeholders["attempts"] = str(error.attempts_left)
    return Check(errors={"base": key}, placeholders=placeholders)


def _judge_recorder(device: DeviceInfo, channels: tuple[InputChannel, ...]) -> Check:
    """Accept a recorder that has a digital channel, which may read plates."""
    if all(channel.reads_plates is False for channel in channels):
        model = device.model or device.serial_number
        return Check(errors={"base": "no_channels"}, placeholders={"model": model})
    return Check(device=device)


def title_of(hass: HomeAssistant, device: DeviceInfo, host: str) -> str:
    """Return what to call a device: what it calls itself, where it does.

    Many leave the factory with the same name; the next of them bears its address.
    """
    name = device.name or device.model or device.serial_number
    entries = hass.config_entries.async_entries(DOMAIN)
    is_taken = any(entry.title == name for entry in entries)
    return f"{name} {host}" if is_taken else name
