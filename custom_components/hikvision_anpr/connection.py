"""Make the client for a device from what the user entered."""

from collections.abc import Mapping

from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.hass_dict import HassKey
from yarl import URL

from .const import DOMAIN
from .isapi.capabilities import DEFAULT_RTSP_PORT
from .isapi.client import IsapiClient
from .isapi.device_address import DeviceAddress
from .isapi.login import Credentials, LoginGuard

LOGIN_GUARDS: HassKey[dict[tuple[str, int], LoginGuard]] = HassKey(
    f"{DOMAIN}_login_guards"
)
"""One for each device address: entry and config flow share it, so that together
they make one login at a time and stop after the first refusal (reference 9.2)."""


@callback
def async_get_client(
    hass: HomeAssistant, data: Mapping[str, str | int | bool]
) -> IsapiClient:
    """Return a client for the connection facts of an entry or a form."""
    address = DeviceAddress(
        host=str(data[CONF_HOST]),
        port=int(data[CONF_PORT]),
        ssl=bool(data[CONF_SSL]),
        verify_ssl=bool(data[CONF_VERIFY_SSL]),
    )
    return IsapiClient(
        async_get_clientsession(hass, verify_ssl=address.verify_ssl),
        address,
        Credentials(
            username=str(data[CONF_USERNAME]), password=str(data[CONF_PASSWORD])
        ),
        guard=async_get_login_guard(hass, address),
    )


def rtsp_address(
    data: Mapping[str, str | int | bool], port: int | None, path: str
) -> str:
    """Return the address of a stream with credentials in it (reference 8.4).

    It is for players alone: it never reaches a state, a log or a browser.
    """
    wanted = URL(path)
    return str(
        URL.build(
            scheme="rtsp",
            user=str(data[CONF_USERNAME]),
            password=str(data[CONF_PASSWORD]),
            host=str(data[CONF_HOST]),
            port=port or DEFAULT_RTSP_PORT,
            path=wanted.path,
            query=wanted.query,
        )
    )


@callback
def async_get_login_guard(hass: HomeAssistant, address: DeviceAddress) -> LoginGuard:
    """Return the login guard of a device address."""
    guards = hass.data.setdefault(LOGIN_GUARDS, {})
    return guards.setdefault((address.host.lower(), address.port), LoginGuard())
