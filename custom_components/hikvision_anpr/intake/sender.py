"""Resolve the addresses from which a device may post."""

import asyncio
from ipaddress import IPv4Address, IPv6Address, ip_address
import logging
from typing import Final

_LOGGER = logging.getLogger(__name__)

LOOK_UP_SECONDS: Final = 60.0
"""How often a host name is looked up at most; a device's address may change."""

type Address = IPv4Address | IPv6Address


class Sender:
    """Tell a device by the address that it sends from.

    A host name is looked up once, and again when a stranger knocks: it may be the
    device at its new address.
    """

    def __init__(self, host: str) -> None:
        """Take the host that the user entered: a name, an IPv4 or an IPv6."""
        self._host = host
        self._addresses: frozenset[Address] = frozenset()
        self._turn = asyncio.Lock()
        self._look_up_at = float("-inf")
        if address := _address(host):
            self._addresses = frozenset({address})
            self._look_up_at = float("inf")

    async def is_at(self, remote: str | None) -> bool:
        """Tell whether the device sends from a remote address."""
        address = _address(remote or "")
        if address is None:
            return False
        async with self._turn:
            if address not in self._addresses:
                await self._look_up()
            return address in self._addresses

    def knows(self, remote: str) -> bool:
        """Tell whether an address is known to be the device's; nothing is asked."""
        return _address(remote) in self._addresses

    async def _look_up(self) -> None:
        """Ask the name service, but not too often; keep what is known if it fails."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._look_up_at:
            return
        try:
            found = await loop.getaddrinfo(self._host, None)
        except OSError as error:
            _LOGGER.debug("The host name of the device is not known: %s", error)
        else:
            addresses = {_address(str(sockaddr[0])) for *_, sockaddr in found}
            self._addresses = frozenset(filter(None, addresses))
        self._look_up_at = loop.time() + LOOK_UP_SECONDS


def _address(text: str) -> Address | None:
    """Read an IP address; one of IPv4 within IPv6 is that of IPv4."""
    try:
        address = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
