"""Judge a listening host as strictly as the devices do (reference 3.2)."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

from lxml import etree

from simulator.configuration import has_capability_attributes, local_name, text_of

from .settings import ListeningSettings

PROTOCOLS: Final = ("HTTP", "HTTPS")
ADDRESSINGS: Final = ("ipaddress", "hostname")

_REQUIRED: Final = frozenset(
    {
        "id",
        "url",
        "protocolType",
        "parameterFormatType",
        "addressingFormatType",
        "httpAuthenticationMethod",
    }
)


def acceptable(host: etree._Element, settings: ListeningSettings) -> bool:
    """Tell whether a device with these settings takes the element as a host."""
    if local_name(host) != "HttpHostNotification" or has_capability_attributes(host):
        return False
    values = {
        local_name(child): (child.text or "").strip()
        for child in host.iterchildren("{*}*")
    }
    return (
        values.keys() >= _REQUIRED
        and _has_values(values, settings)
        and _has_one_address(values)
        and _is_between(values.get("portNo", "80"), 1, 65535)
        and _has_details(host, settings)
    )


def _has_values(values: Mapping[str, str], settings: ListeningSettings) -> bool:
    """Tell whether everything that is chosen from a list is on it."""
    return (
        len(values["url"]) <= settings.url_length
        and values["protocolType"] in PROTOCOLS
        and values["parameterFormatType"] in settings.formats
        and values["httpAuthenticationMethod"] in settings.authentications
    )


def _has_one_address(values: Mapping[str, str]) -> bool:
    """Tell whether there is a host name or an IP address, as announced, not both."""
    addresses = [
        values[name] for name in ("ipAddress", "ipv6Address") if name in values
    ]
    if values["addressingFormatType"] == "hostname":
        return bool(values.get("hostName")) and not addresses
    announced = values["addressingFormatType"] == "ipaddress"
    good = bool(addresses) and all(is_address(text) for text in addresses)
    return announced and good and "hostName" not in values


def _has_details(host: etree._Element, settings: ListeningSettings) -> bool:
    """Tell whether the picture type and the heartbeat are what the model knows."""
    kind = text_of(host, "detectionUpLoadPicturesType")
    heartbeat, longest = text_of(host, "heartbeat"), settings.longest_heartbeat
    if kind is not None and settings.picture_types:
        known = kind in settings.picture_types
    else:
        known = True
    short = longest is None or _is_between(heartbeat or "0", 0, longest)
    return known and short


def _is_between(text: str, least: int, most: int) -> bool:
    """Tell whether the text is a number in a range."""
    return text.isascii() and text.isdigit() and least <= int(text) <= most


def is_address(text: str) -> bool:
    """Tell whether the text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
