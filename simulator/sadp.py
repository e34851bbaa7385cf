"""Answer the vendor's search over UDP multicast for any number of cameras (reference 9.4)."""

import asyncio
from collections.abc import Iterator, Sequence
import socket
from typing import Final, override

from lxml import etree

from .camera import SimulatedCamera
from .configuration import local_name, parse, text_of
from .document import render
from .faults import Fault

GROUP: Final = "239.255.255.250"
PORT: Final = 37020

_WRONG_ADDRESS: Final = "192.0.2.64"
_GARBAGE: Final = b"\x20\x00\x01\x20<ProbeMatch><DeviceSN>"


def answer(camera: SimulatedCamera, uuid: str) -> bytes:
    """Return what a camera says of itself to everyone."""
    profile = camera.profile
    wrong = Fault.SADP_WRONG_ADDRESS in camera.faults
    return render(
        "ProbeMatch",
        {
            "Uuid": uuid,
            "Types": "inquiry",
            "DeviceType": "139267",
            "DeviceDescription": profile.model,
            "DeviceSN": profile.serial_number,
            "CommandPort": "8000",
            "HttpPort": str(camera.port),
            "MAC": profile.mac_address.replace(":", "-"),
            "IPv4Address": _WRONG_ADDRESS if wrong else camera.host,
            "IPv4SubnetMask": "255.255.255.0",
            "IPv4Gateway": "0.0.0.0",
            "IPv6Address": "::",
            "IPv6Gateway": "::",
            "IPv6MaskLen": "64",
            "DHCP": "true",
            "AnalogChannelNum": "0",
            "DigitalChannelNum": "1",
            "SoftwareVersion": f"{profile.firmware_version}{profile.firmware_released}",
            "BootTime": camera.clock.now().strftime("%Y-%m-%d %H:%M:%S"),
            "Activated": str(profile.activated).lower(),
            "PasswordResetAbility": "true",
            "OEMInfo": "N/A",
        },
        namespace="",
        version="",
    ).encode()


class SadpResponder(asyncio.DatagramProtocol):
    """Answer searches for the cameras, to everyone, as devices do."""

    def __init__(self, cameras: Sequence[SimulatedCamera]) -> None:
        """Answer for these cameras; which ones may change while it runs."""
        self.cameras = cameras
        self.searches = 0
        self._group = (GROUP, PORT)
        self._transport: asyncio.DatagramTransport | None = None

    async def start(self, host: str = "127.0.0.1", port: int = PORT) -> None:
        """Answer on the network of this address of the machine.

        Raises:
            OSError: The network knows no multicast, or the port is not to be shared.
        """
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("", port))
            own = socket.inet_aton(host)
            sock.setsockopt(
                socket.IPPROTO_IP,
                socket.IP_ADD_MEMBERSHIP,
                socket.inet_aton(GROUP) + own,
            )
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)
        except OSError:
            sock.close()
            raise
        self._group = (GROUP, port)
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, sock=sock
        )

    async def stop(self) -> None:
        """Answer no more."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None
            await asyncio.sleep(0)

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a search; pass over answers of others and what is none."""
        if self._transport is None or (uuid := _uuid(data)) is None:
            return
        self.searches += 1
        for datagram in self.answers(data, uuid):
            self._transport.sendto(datagram, self._group)

    def answers(self, question: bytes, uuid: str) -> Iterator[bytes]:
        """Yield what the cameras send, with their faults."""
        for camera in self.cameras:
            if Fault.SADP_ECHO in camera.faults:
                # What is answered would be asked again, without end.
                yield question.replace(b"inquiry", b"echo")
            if Fault.SADP_GARBAGE in camera.faults:
                yield _GARBAGE
            yield answer(camera, uuid)
            if Fault.SADP_TWICE in camera.faults:
                yield answer(camera, uuid)


def _uuid(data: bytes) -> str | None:
    """Return what identifies a search; None where the datagram is no search."""
    try:
        root = parse(data)
    except etree.XMLSyntaxError:
        return None
    if local_name(root) != "Probe" or text_of(root, "Types") != "inquiry":
        return None
    return text_of(root, "Uuid") or ""
