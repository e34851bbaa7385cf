"""Ask for the connection to a device, and validate it."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.util.network import is_ipv6_address
import voluptuous as vol
from yarl import URL

HTTP_PORT: Final = 80
HTTPS_PORT: Final = 443

CONF_WAY: Final = "way"

PASSWORD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
USERNAME: Final = TextSelector(TextSelectorConfig(autocomplete="username"))
LOGIN: Final = vol.Schema(
    {
        vol.Required(CONF_USERNAME, default="admin"): USERNAME,
        vol.Required(CONF_PASSWORD): PASSWORD,
    }
)
WEB_SERVER: Final = vol.Schema(
    {
        vol.Required(CONF_SSL, default=False): BooleanSelector(),
        vol.Optional(CONF_PORT, default=HTTP_PORT): cv.port,
        vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
    }
)
CONNECTION: Final = vol.Schema(
    {vol.Required(CONF_HOST): TextSelector(), **WEB_SERVER.schema, **LOGIN.schema}
)

NEW_DEVICE: Final = vol.Schema(
    {
        vol.Required(CONF_WAY, default="address"): SelectSelector(
            SelectSelectorConfig(
                options=["address", "search", "several", "mounting"],
                translation_key="way",
                mode=SelectSelectorMode.LIST,
            )
        ),
        vol.Optional(CONF_HOST): TextSelector(),
        **WEB_SERVER.schema,
        vol.Required(CONF_USERNAME, default="admin"): USERNAME,
        vol.Optional(CONF_PASSWORD): PASSWORD,
    }
)
"""As CONNECTION, but to be left empty by who wants another way."""


def connection(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the connection facts of a form, its address taken apart.

    People paste what their browser shows: scheme and port that are written there
    win over the fields below. What is no address stays as it was typed.
    """
    data = {**form, CONF_USERNAME: form[CONF_USERNAME].strip()}
    url = _url(form[CONF_HOST].strip())
    if url is None:
        return data
    data[CONF_HOST] = url.raw_host
    data[CONF_SSL] = url.scheme == "https" if url.scheme else form[CONF_SSL]
    if url.explicit_port is not None:
        data[CONF_PORT] = url.explicit_port
    elif data[CONF_SSL] and data[CONF_PORT] == HTTP_PORT:
        data[CONF_PORT] = HTTPS_PORT
    return data


def _url(address: str) -> URL | None:
    """Read a host name, an IP address, or the address of a web page."""
    if is_ipv6_address(address):
        address = f"[{address}]"
    try:
        url = URL(address if "://" in address else f"//{address}")
    except ValueError:
        return None
    return url if url.raw_host and url.scheme in {"", "http", "https"} else None
