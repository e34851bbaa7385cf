"""Find the URL at which a device reaches Home Assistant."""

from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
import socket
from typing import Final

from homeassistant.components import network, webhook
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.util.network import is_loopback
from yarl import URL

_ANY_PORT: Final = 9


class NoListeningUrlError(Exception):
    """Report that no device can reach Home Assistant.

    `https_only` tells that it could over HTTPS, whose certificates devices do not
    trust.
    """

    def __init__(self, *, https_only: bool) -> None:
        """Keep the reason."""
        super().__init__("Home Assistant has no internal HTTP address")
        self.https_only = https_only


def listening_url(hass: HomeAssistant, webhook_id: str) -> URL:
    """Return where a device shall post to: over HTTP, within the home.

    A plain address is preferred to a name ending in .local, which devices cannot
    look up. Raises NoListeningUrlError.
    """
    known = list(_internal_urls(hass))
    usable = [url for url in known if url.scheme == "http"]
    if not usable:
        raise NoListeningUrlError(https_only=bool(known))
    best = min(usable, key=lambda url: (url.host or "").endswith(".local"))
    return best.with_path(webhook.async_generate_path(webhook_id))


async def async_still_answers(hass: HomeAssistant, address: str, port: int) -> bool:
    """Tell whether the web server can still be reached where a device was told.

    Each address of this machine will do, as which of them is preferred may change.
    """
    for url in _internal_urls(hass):
        if (url.scheme, url.host, url.port) == ("http", address, port):
            return True
    api = hass.config.api
    if api is None or api.use_ssl or api.port != port:
        return False
    return any(
        address == own["address"]
        for adapter in await network.async_get_adapters(hass)
        for own in (*adapter["ipv4"], *adapter["ipv6"])
    )


def own_port_url(address: str, port: int, webhook_id: str) -> URL:
    """Return where a device shall post to at a port of its own; the path is one."""
    path = webhook.async_generate_path(webhook_id)
    return URL.build(scheme="http", host=address, port=port, path=path)


async def async_own_address(hass: HomeAssistant, host: str) -> str:
    """Return the address of this machine on the way to a device, empty for none.

    Nothing is sent: the system is only asked which of its addresses it would use.
    """
    try:
        (family, kind, _, _, there), *_ = await hass.loop.getaddrinfo(
            host, _ANY_PORT, type=socket.SOCK_DGRAM
        )
        with socket.socket(family, kind) as probe:
            probe.setblocking(False)
            probe.connect(there)
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def _internal_urls(hass: HomeAssistant) -> Iterator[URL]:
    """Yield the addresses that Home Assistant has within the home."""
    with suppress(NoURLAvailableError):
        yield URL(
            get_url(
                hass,
                allow_external=False,
                allow_cloud=False,
                allow_ip=True,
                prefer_external=False,
            )
        )
    api = hass.config.api
    if api and not is_loopback(ip_address(api.local_ip)):
        scheme = "https" if api.use_ssl else "http"
        yield URL.build(scheme=scheme, host=api.local_ip, port=api.port)
