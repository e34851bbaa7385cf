"""Parse a list of addresses as people enter it: lines, commas, ranges."""

from collections.abc import Iterator
from ipaddress import IPv4Address
import re
from typing import Final

from homeassistant.util.network import is_host_valid

MAX_ADDRESSES: Final = 256

_SEPARATORS: Final = re.compile(r"[\s,;]+")
_DASH: Final = re.compile(r"\s+[-–]\s+")
_RANGE: Final = re.compile(r"(\d+(?:\.\d+){3})[-–](\d+(?:\.\d+){3}|\d{1,3})")


class AddressError(ValueError):
    """Say which address cannot be understood."""

    def __init__(self, address: str) -> None:
        """Keep the address as it was typed."""
        super().__init__(address)
        self.address = address


class TooManyAddressesError(ValueError):
    """Say that a list names more devices than anybody means."""


def read_addresses(text: str) -> list[str]:
    """Return the addresses of a list, each once and in order, ranges written out.

    A range is 192.168.1.20-40 or 192.168.1.20-192.168.1.40, both ends included. Web
    addresses stay whole. Raises AddressError, and TooManyAddressesError above
    MAX_ADDRESSES.
    """
    found: dict[str, None] = {}
    for word in _SEPARATORS.split(_DASH.sub("-", text)):
        for address in _expanded(word) if word else ():
            found[address] = None
            if len(found) > MAX_ADDRESSES:
                raise TooManyAddressesError
    return list(found)


def _expanded(word: str) -> Iterator[str]:
    """Yield the addresses that a word stands for."""
    if written := _RANGE.fullmatch(word):
        yield from _range(word, written[1], written[2])
    elif "://" in word or is_host_valid(word) or _is_host_with_port(word):
        yield word
    else:
        raise AddressError(word)


def _is_host_with_port(word: str) -> bool:
    """Tell whether a word is a host name or an address, with or without a port."""
    host, _, port = word.rpartition(":")
    return bool(host) and port.isdecimal() and is_host_valid(host.strip("[]"))


def _range(word: str, first: str, last: str) -> Iterator[str]:
    """Yield every address from the first to the last."""
    if "." not in last:
        last = f"{first.rpartition('.')[0]}.{last}"
    try:
        begin, end = int(IPv4Address(first)), int(IPv4Address(last))
    except ValueError:
        raise AddressError(word) from None
    if end < begin:
        raise AddressError(word)
    yield from (str(IPv4Address(number)) for number in range(begin, end + 1))
