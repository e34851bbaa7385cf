"""Test that a device is known by the address that it sends from."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import socket
from unittest.mock import AsyncMock, patch

import pytest

from custom_components.hikvision_anpr.intake import sender
from custom_components.hikvision_anpr.intake.sender import Sender


@contextmanager
def name_service(*answers: list[str] | OSError) -> Iterator[AsyncMock]:
    """Answer look-ups of names, one after the other."""
    found = [
        [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in given]
        if isinstance(given, list)
        else given
        for given in answers
    ]
    loop = asyncio.get_running_loop()
    with patch.object(loop, "getaddrinfo", AsyncMock(side_effect=found)) as look_up:
        yield look_up


@pytest.mark.parametrize(
    ("host", "remote", "is_at"),
    [
        ("192.0.2.10", "192.0.2.10", True),
        ("192.0.2.10", "::ffff:192.0.2.10", True),
        ("192.0.2.10", "192.0.2.11", False),
        ("192.0.2.10", None, False),
        ("192.0.2.10", "gate.example", False),
        ("2001:db8::10", "2001:db8:0::10", True),
        ("[2001:db8::10]", "2001:db8::10", True),
        ("fe80::10", "fe80::10%eth0", True),
        ("2001:db8::10", "2001:db8::11", False),
    ],
)
async def test_address(host: str, remote: str | None, is_at: bool) -> None:
    """Compare addresses however they are written, without a name service."""
    with name_service() as look_up:
        assert await Sender(host).is_at(remote) is is_at
    look_up.assert_not_called()


async def test_name_is_looked_up_once() -> None:
    """Ask the name service at the first post, and at no second stranger."""
    with name_service(["192.0.2.10", "2001:db8::10"]) as look_up:
        gate = Sender("gate.example")
        assert await gate.is_at("192.0.2.10")
        assert await gate.is_at("2001:db8::10")
        assert not await gate.is_at("192.0.2.66")
        assert not await gate.is_at("192.0.2.67")
    look_up.assert_called_once_with("gate.example", None)


async def test_posts_at_once_wait_for_one_look_up() -> None:
    """Refuse no post only because another one has just asked."""
    with name_service(["192.0.2.10"]) as look_up:
        gate = Sender("gate.example")
        assert await asyncio.gather(*(gate.is_at("192.0.2.10") for _ in range(5)))
        assert all(await asyncio.gather(*(gate.is_at("192.0.2.10") for _ in range(5))))
    look_up.assert_called_once()


async def test_name_is_followed() -> None:
    """Find the device at its new address, and no longer at the old one."""
    with (
        name_service(["192.0.2.10"], ["192.0.2.20"]),
        patch.object(sender, "LOOK_UP_SECONDS", 0),
    ):
        gate = Sender("gate.example")
        assert await gate.is_at("192.0.2.10")
        assert await gate.is_at("192.0.2.20")
        with name_service(["192.0.2.20"]):
            assert not await gate.is_at("192.0.2.10")


async def test_name_service_that_fails() -> None:
    """Keep what is known, and try again later."""
    with (
        name_service(OSError("away"), ["192.0.2.10"], OSError("away")),
        patch.object(sender, "LOOK_UP_SECONDS", 0),
    ):
        gate = Sender("gate.example")
        assert not await gate.is_at("192.0.2.10")
        assert await gate.is_at("192.0.2.10")
        assert not await gate.is_at("192.0.2.66")
        assert await gate.is_at("192.0.2.10")
