"""Fixtures of a receiver, and of catching up."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC
from unittest.mock import AsyncMock, patch

from aiohttp import ClientSession
from homeassistant.components.webhook import async_generate_id, async_generate_path
from homeassistant.const import CONF_HOST, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hikvision_anpr.const import CONF_LISTENING_PORT, DOMAIN
from custom_components.hikvision_anpr.intake.catch_up import CatchUp
from custom_components.hikvision_anpr.intake.clock import DeviceClock
from custom_components.hikvision_anpr.intake.cursor import Cursors
from custom_components.hikvision_anpr.intake.doors import async_get_doors
from custom_components.hikvision_anpr.intake.listening import Listening
from custom_components.hikvision_anpr.intake.timekeeper import Timekeeper
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.device_address import DeviceAddress
from custom_components.hikvision_anpr.isapi.errors import NotSupportedError
from custom_components.hikvision_anpr.isapi.login import Credentials
from tests.isapi.web_server import PASSWORD, USERNAME, WebServer

from .catching_up import NOW, PATH, Device, Intake
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


@pytest.fixture
def now() -> Iterator[None]:
    """Let it be when the stream is opened again; the event loop's time goes on."""
    with patch.object(dt_util, "utcnow", lambda: NOW.astimezone(UTC)):
        yield


@pytest.fixture
async def intake(
    hass: HomeAssistant, socket_enabled: None, now: None
) -> AsyncIterator[Intake]:
    """Follow a device whose clock is right, and that saw nothing yet."""
    device, web_server = Device(), WebServer()
    web_server.answers[PATH] = device.plates
    web_server.answers["/ISAPI/System/time"] = device.time
    async with web_server.server() as server, ClientSession() as session:
        client = IsapiClient(
            session,
            DeviceAddress(host="127.0.0.1", port=server.port or 0),
            Credentials(username=USERNAME, password=PASSWORD),
        )
        clock = DeviceClock(dt_util.get_default_time_zone())
        cursors = Cursors(hass, "01JANPR")
        intake = Intake(device=device, clock=clock, cursors=cursors)
        intake.catch_up = CatchUp(client, clock, cursors, intake)
        yield intake
        await cursors.async_save()


@pytest.fixture
async def away(intake: Intake) -> Intake:
    """Follow a device that was seen to read a vehicle ten minutes ago."""
    intake.sees("SEEN1", -600)
    return intake
