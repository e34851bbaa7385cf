"""Write an address as devices expect it: name, IPv4 or IPv6 (reference 3.2)."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

type Setting = tuple[tuple[str, ...], str | None]
"""The path of a field and its text; None for what must be absent."""


def address_settings(addressing: Sequence[str], address: str) -> Iterator[Setting]:
    """Tell the one address that is to be there, and those that are not.

    An address beside a name, or the other way, is refused (reference 3.2).
    `addressing` holds the words that the device knows, to be spelled as it does.
    """
    name = _address_name(address)
    wanted = "hostname" if name == "hostName" else "ipaddress"
    yield ("addressingFormatType",), _spelled(addressing, wanted)
    if name == "hostName":
        yield ("ipAddress",), None
        yield ("ipv6Address",), None
    else:
        yield ("hostName",), None
    if name == "ipv6Address":
        yield ("ipAddress",), None
    yield (name,), address


def _address_name(address: str) -> str:
    """Return the element that holds an address of this kind."""
    try:
        return "ipAddress" if ip_address(address).version == 4 else "ipv6Address"
    except ValueError:
        return "hostName"


def _spelled(options: Sequence[str], word: str) -> str:
    """Return a word as the device spells it."""
    return next((option for option in options if option.lower() == word), word)
