"""Fixtures of a receiver, within the web server and at a port of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC
from unittest.mock import AsyncMock

from homeassistant.components.webhook import async_generate_id, async_generate_path
from homeassistant.const import CONF_HOST, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hikvision_anpr.const import CONF_LISTENING_PORT, DOMAIN
from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.doors import async_get_doors
from custom_components.hikvision_anpr.intake.listening import Listening
from custom_components.hikvision_anpr.intake.timekeeper import Timekeeper
from custom_components.hikvision_anpr.isapi.errors import NotSupportedError

from .receiver import Diary, Post


@pytest.fixture
def diary() -> Diary:
    """Return a blank diary."""
    return Diary()


@pytest.fixture
def host() -> str:
    """Return where the device is; parametrize it for another one."""
    return "127.0.0.1"


@pytest.fixture(params=["web server", "own port"])
def port(request: pytest.FixtureRequest, unused_tcp_port: int) -> int | None:
    """Return the port of our own, or None for Home Assistant's own web server."""
    return unused_tcp_port if request.param == "own port" else None


@pytest.fixture
async def post(
    hass: HomeAssistant,
    socket_enabled: None,
    hass_client_no_auth: ClientSessionGenerator,
    diary: Diary,
    host: str,
    port: int | None,
) -> AsyncIterator[Post]:
    """Open a receiver that does not read yet what it receives."""
    for component in ("webhook", "websocket_api"):
        assert await async_setup_component(hass, component, {})
    webhook_id = async_generate_id()
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Gate",
        data={CONF_HOST: host, CONF_WEBHOOK_ID: webhook_id},
        options={} if port is None else {CONF_LISTENING_PORT: port},
    )
    mute = AsyncMock(**{"get.side_effect": NotSupportedError("", path="")})
    timekeeper = Timekeeper(mute, DeviceClock(UTC))
    receiver = Listening(hass, entry, timekeeper, diary)
    await receiver.async_open()
    client = await hass_client_no_auth()
    path = async_generate_path(webhook_id)
    yield Post(client, path, receiver, entry, port or client.server.port or 0)
    await async_get_doors(hass).async_close(entry.entry_id)


@pytest.fixture
def reading(hass: HomeAssistant, post: Post) -> Iterator[asyncio.Task[None]]:
    """Let the receiver read what it receives."""
    task = hass.async_create_background_task(post.receiver.run(), "listening")
    yield task
    task.cancel()
