"""Fixtures of a receiver within Home Assistant's own web server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC
from unittest.mock import AsyncMock

from homeassistant.components.webhook import async_generate_id, async_generate_path
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.listening import Listening
from custom_components.hikvision_anpr.intake.sender import Sender
from custom_components.hikvision_anpr.intake.timekeeper import Timekeeper

from .receiver import Diary, Post


@pytest.fixture
def diary() -> Diary:
    """Return a blank diary."""
    return Diary()


@pytest.fixture
def host() -> str:
    """Return where the device is; parametrize it for another one."""
    return "127.0.0.1"


@pytest.fixture
async def post(
    hass: HomeAssistant,
    socket_enabled: None,
    hass_client_no_auth: ClientSessionGenerator,
    diary: Diary,
    host: str,
) -> AsyncIterator[Post]:
    """Open a receiver that does not read yet what it receives."""
    assert await async_setup_component(hass, "webhook", {})
    timekeeper = Timekeeper(AsyncMock(), DeviceClock(UTC))
    receiver = Listening(hass, Sender(host), timekeeper, diary)
    webhook_id = async_generate_id()
    close = receiver.open(webhook_id, "Gate")
    client = await hass_client_no_auth()
    yield Post(client, async_generate_path(webhook_id), receiver)
    close()


@pytest.fixture
def reading(hass: HomeAssistant, post: Post) -> Iterator[asyncio.Task[None]]:
    """Let the receiver read what it receives."""
    task = hass.async_create_background_task(post.receiver.run(), "listening")
    yield task
    task.cancel()
