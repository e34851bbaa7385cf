"""Know what a device says of a slot from which it delivers its events."""

from dataclasses import dataclass
from ipaddress import ip_address
import re
from typing import Final

from .writable_document import Element, serialize, text

PICTURES: Final = ("ANPR", "detectionUpLoadPicturesType")

_AUTHORITY: Final = re.compile(r"\w+://[^/]*")
_BY_ADDRESS: Final = ("ipAddress", "ipv6Address", "hostName")
_BY_NAME: Final = ("hostName", "ipAddress", "ipv6Address")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpHost:
    """Hold one slot: where a device delivers to; None is what it does not say.

    `address` is a name, an IPv4 or an IPv6, empty where there is none. `document`
    is the slot as the device sent it.
    """

    id: str
    url: str
    protocol: str | None
    address: str
    port: int | None
    format: str | None
    authentication: str | None
    pictures: str | None
    enabled: bool | None
    document: bytes

    @property
    def is_free(self) -> bool:
        """Tell whether the slot leads nowhere."""
        return not (self.url and self.address)

    @property
    def target(self) -> str:
        """Return where the slot leads, for people: http://192.0.2.5:8123/path."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        port = "" if self.port is None else f":{self.port}"
        return f"{(self.protocol or 'http').lower()}://{host}{port}{_path(self.url)}"

    def is_at(self, url: str) -> bool:
        """Tell whether the slot leads to a path of ours, on whatever address."""
        return _path(self.url).partition("?")[0] == _path(url).partition("?")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCapabilities:
    """Hold what a device's slots can take; empty and None are what it does not say.

    `url_length` counts characters; the tuples are the device's own words.
    """

    slots: int | None = None
    url_length: int | None = None
    protocols: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    addressing: tuple[str, ...] = ()
    authentication: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    push_protocols: tuple[str, ...] = ()


def host_of(slot: Element) -> HttpHost:
    """Read a slot that stands for itself (reference 3.2)."""
    return HttpHost(
        id=text(slot, "id") or "",
        url=text(slot, "url") or "",
        protocol=text(slot, "protocolType") or None,
        address=_address(slot),
        port=number(text(slot, "portNo")),
        format=text(slot, "parameterFormatType") or None,
        authentication=text(slot, "httpAuthenticationMethod") or None,
        pictures=text(slot, *PICTURES) or None,
        enabled={"true": True, "false": False}.get(
            (text(slot, "enabled") or "").lower()
        ),
        document=serialize(slot),
    )


def number(value: str | None) -> int | None:
    """Return a whole number, None where there is none."""
    try:
        return int(value or "")
    except ValueError:
        return None


def _address(slot: Element) -> str:
    """Return the address that a slot uses, empty where it is blank or all zeros."""
    by_name = (text(slot, "addressingFormatType") or "").lower() == "hostname"
    values = (text(slot, name) for name in (_BY_NAME if by_name else _BY_ADDRESS))
    return next((value for value in values if value and not _is_zero(value)), "")


def _is_zero(address: str) -> bool:
    """Tell the address that stands for none: 0.0.0.0, or :: in its spellings."""
    try:
        return ip_address(address).is_unspecified
    except ValueError:
        return False


def _path(url: str) -> str:
    """Return path and query of an address, which some devices hold in full."""
    path = _AUTHORITY.sub("", url, count=1)
    return path if path.startswith("/") else f"/{path}"
