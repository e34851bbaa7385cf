"""Find devices by SADP, the vendor's own search over UDP multicast (reference 9.4)."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
import logging
import re
import socket
from typing import Final, override
from uuid import uuid4

from .document import parse_documents
from .mac_address import read_mac_address
from .node import Node

_LOGGER = logging.getLogger(__name__)

GROUP: Final = "239.255.255.250"
PORT: Final = 37020
SEARCH_SECONDS: Final = 4.0

_PROBES: Final = 3
_MAX_ANSWER: Final = 16 * 1024
_MAX_DEVICES: Final = 2048
_HTTP_PORT: Final = 80
_NO_NAME: Final = re.compile(r"[^\w ./()+-]")
_MAX_NAME: Final = 64
_FIRMWARE: Final = re.compile(r"(V[\d.]+)\s*(build)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SadpDevice:
    """Hold what a device says of itself to everyone on its network.

    `source` is where the answer came from; `ipv4` and `ipv6` are None where the
    device has or tells none. `https_port` is None where it is not told, which is
    usual. `activated` and `dhcp` are None where the device does not say.
    """

    serial_number: str
    model: str | None
    mac_address: str | None
    source: str
    ipv4: str | None
    ipv6: str | None
    http_port: int
    https_port: int | None
    firmware: str | None
    activated: bool | None
    dhcp: bool | None
    analog_channels: int | None
    digital_channels: int | None

    @property
    def host(self) -> str:
        """Return the address to talk to."""
        return self.ipv4 or self.source

    @property
    def answered_from_its_address(self) -> bool:
        """Tell whether the answer came from the address that it tells."""
        return self.host == self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Hold what came of a search.

    `networks` are the own addresses whose networks were asked. `hears_all` is False
    where another program keeps the port to itself, so that most answers, which
    devices send to everyone at that port, cannot be heard.
    """

    devices: tuple[SadpDevice, ...]
    networks: tuple[str, ...]
    hears_all: bool


def probe() -> bytes:
    """Return the question that every device answers."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f"<Probe><Uuid>{str(uuid4()).upper()}</Uuid><Types>inquiry</Types></Probe>"
    ).encode()


def parse_answer(data: bytes, source: str) -> SadpDevice | None:
    """Read one datagram; None where it is no answer of a device.

    What else uses the group, or echoes the question, is passed over.
    """
    if len(data) > _MAX_ANSWER:
        return None
    for document in parse_documents(data):
        match = document.find("ProbeMatch")
        serial_number = _name(match.value("DeviceSN") or "") if match else None
        if match and serial_number:
            return _device(match, serial_number, source)
    return None


def _device(match: Node, serial_number: str, source: str) -> SadpDevice:
    """Read the answer of a device."""
    firmware = _FIRMWARE.sub(r"\1 \2", match.value("SoftwareVersion") or "")
    return SadpDevice(
        serial_number=serial_number,
        model=_name(match.value("DeviceDescription") or ""),
        mac_address=read_mac_address(match.value("MAC") or ""),
        source=source,
        ipv4=_address(IPv4Address, match.value("IPv4Address")),
        ipv6=_address(IPv6Address, match.value("IPv6Address")),
        http_port=_port(match, "HttpPort") or _HTTP_PORT,
        https_port=_port(match, "HttpsPort"),
        firmware=firmware or None,
        activated=match.flag("Activated"),
        dhcp=match.flag("DHCP"),
        analog_channels=match.integer("AnalogChannelNum"),
        digital_channels=match.integer("DigitalChannelNum"),
    )


def _name(text: str) -> str | None:
    """Return a model or a number without what none has: anyone can answer."""
    return _NO_NAME.sub("", text)[:_MAX_NAME].strip() or None


def _address(kind: type[IPv4Address | IPv6Address], text: str | None) -> str | None:
    """Return an address that a device can have, or None."""
    try:
        address = kind(text or "")
    except ValueError:
        return None
    if address.is_unspecified or address.is_multicast:
        return None
    return str(address)


def _port(match: Node, name: str) -> int | None:
    """Return the number of a port, or None."""
    port = match.integer(name)
    return port if port and 0 < port < 2**16 else None


class SadpProtocol(asyncio.DatagramProtocol):
    """Gather the answers of a search, each device once."""

    def __init__(self) -> None:
        """Begin without a device."""
        self._devices: dict[str, SadpDevice] = {}

    @property
    def devices(self) -> tuple[SadpDevice, ...]:
        """Return the devices in the order in which they first answered."""
        return tuple(self._devices.values())

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        """Keep an answer; the best one of a device that answers several times."""
        device = parse_answer(data, str(addr[0]))
        if device is None:
            return
        known = self._devices.get(device.serial_number)
        if known is None and len(self._devices) >= _MAX_DEVICES:
            return
        if known is None or not known.answered_from_its_address:
            self._devices[device.serial_number] = device

    @override
    def error_received(self, exc: Exception) -> None:
        """Pass over what the network says of a probe that reached nobody."""
        _LOGGER.debug("A search for devices met an error: %s", exc)


async def async_search(
    addresses: Iterable[str], *, seconds: float = SEARCH_SECONDS, port: int = PORT
) -> Search:
    """Ask the networks of these own IPv4 addresses, and gather what answers.

    The question is repeated, because datagrams get lost. A network that cannot be
    asked is left out; raises OSError where the machine has no socket to give.
    """
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
        sock.setblocking(False)
        hears_all = _bind(sock, port)
        networks = tuple(address for address in addresses if _join(sock, address))
        transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
            SadpProtocol, sock=sock
        )
        try:
            for _ in range(_PROBES if networks else 0):
                _ask(sock, networks, port)
                await asyncio.sleep(seconds / _PROBES)
        finally:
            transport.close()
            await asyncio.sleep(0)
    return Search(devices=protocol.devices, networks=networks, hears_all=hears_all)


def _bind(sock: socket.socket, port: int) -> bool:
    """Bind to the port that answers go to, shared; else to any, and return False."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("", port))
    except OSError as error:
        _LOGGER.debug("UDP port %s is taken: %s", port, error)
        sock.bind(("", 0))
        return False
    return True


def _join(sock: socket.socket, address: str) -> bool:
    """Hear what is sent to everyone on the network of an own address."""
    try:
        membership = socket.inet_aton(GROUP) + socket.inet_aton(address)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    except OSError as error:
        _LOGGER.debug("%s cannot be searched from: %s", address, error)
        return False
    return True


def _ask(sock: socket.socket, networks: Sequence[str], port: int) -> None:
    """Send the question to each network."""
    question = probe()
    for address in networks:
        with suppress(OSError):
            own = socket.inet_aton(address)
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)
            sock.sendto(question, (GROUP, port))
