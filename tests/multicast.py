"""Know whether the machine can send to itself by multicast."""

import socket
from typing import Final

import pytest

GROUP: Final = "239.255.255.250"
LOOPBACK: Final = socket.inet_aton("127.0.0.1")
MEMBERSHIP: Final = socket.inet_aton(GROUP) + LOOPBACK


def join(sock: socket.socket) -> None:
    """Hear the group on loopback, and send to it there."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, MEMBERSHIP)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, LOOPBACK)


def free_port() -> int:
    """Return a port that is free for the group; skip the test without multicast."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            join(one)
            one.bind(("", 0))
            number: int = one.getsockname()[1]
            one.settimeout(1)
            one.sendto(b"1", (GROUP, number))
            one.recv(10)
        except OSError:
            pytest.skip("This machine has no multicast")
    return number
