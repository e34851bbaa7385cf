"""Fixtures shared by the tests: a camera, its entry, and the integration set up."""

import custom_components  # noqa: F401  isort:skip  before hass is made

import asyncio
from collections.abc import AsyncIterator, Iterator
import gc
import logging
from pathlib import Path
import ssl
from typing import Any
from unittest.mock import AsyncMock, Mock, patch

from aiohttp import web_app
from homeassistant import block_async_io
from homeassistant.components import network
from homeassistant.core import HomeAssistant
from homeassistant.helpers import aiohttp_client
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hikvision_anpr.intake import slot_watch
from custom_components.hikvision_anpr.isapi.sadp import Search
from simulator.camera import SimulatedCamera
from simulator.certificate import self_signed_context
from simulator.pictures import SMALL
from simulator.profiles import DEEPINVIEW, Profile

from .blocking_calls import blocking_calls
from .entries import entry_of
from .listening import Dialog
from .waiting import wait_until

# The test stack has each statement printed.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Give each Home Assistant a configuration folder of its own."""
    return str(tmp_path)


@pytest.fixture
def entity_registry_enabled_by_default() -> Iterator[None]:
    """Enable also the entities that a user must ask for."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default", True
    ):
        yield


@pytest.fixture(autouse=True)
def load_custom_integrations(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let Home Assistant, where a test has one, find the integration.

    What is still being set up when a test ends is waited for: the centre, mostly,
    where the set-up of a camera failed.
    """
    if "hass" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("enable_custom_integrations")
    hass: HomeAssistant = request.getfixturevalue("hass")
    hass.config.media_dirs = {"local": hass.config.path("media")}
    yield
    hass.loop.run_until_complete(hass.async_block_till_done())


@pytest.fixture(autouse=True)
def network_search() -> Iterator[AsyncMock]:
    """Find nothing on the network of the machine that tests run on."""
    nothing = Search(devices=(), networks=("192.0.2.1",), hears_all=True)
    path = "custom_components.hikvision_anpr.discovery.async_search"
    with patch(path, return_value=nothing) as search:
        yield search


@pytest.fixture(autouse=True)
async def enable_event_loop_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep asyncio's checks of the loop, and leave out where each future was made.

    That is asked for by another way, and noting it takes half of the tests' time.
    """
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    monkeypatch.setattr(loop, "get_debug", lambda: False)


@pytest.fixture(autouse=True, scope="module")
def garbage_collection() -> None:
    """Collect garbage before each file of tests, also what was alive before the last.

    Home Assistant's caches hold the last home: without this one of each file stays.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def short_memory() -> Iterator[None]:
    """Let mocks and caches of the whole run forget what this test made.

    Mocks note each call, with the Home Assistant in it; aiohttp caches the handlers
    of its last applications, with the simulated cameras behind them.
    """
    yield
    web_app._cached_build_middleware.cache_clear()  # noqa: SLF001
    resolver = aiohttp_client._async_make_resolver  # noqa: SLF001
    for mock in (resolver, network.async_get_loaded_adapters):
        if isinstance(mock, Mock):
            mock.reset_mock()


@pytest.fixture(autouse=True)
def no_blocking_calls(
    disable_block_async_io: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fail a test in which the integration holds up the event loop.

    In tests Home Assistant itself opens files in the loop, and therefore does not
    look for that unless it is told to.
    """
    monkeypatch.setattr(block_async_io, "_IN_TESTS", False)
    block_async_io.enable()
    with blocking_calls() as found:
        yield
    assert found == []


@pytest.fixture
def camera_profile() -> Profile:
    """Return the model of the camera; parametrize it for another one."""
    return DEEPINVIEW


@pytest.fixture
async def camera(
    socket_enabled: None, camera_profile: Profile
) -> AsyncIterator[SimulatedCamera]:
    """Start a camera on loopback."""
    camera = SimulatedCamera(camera_profile, pictures=SMALL, seed=1)
    await camera.start()
    yield camera
    await camera.stop()


@pytest.fixture(scope="session")
def certificate() -> ssl.SSLContext:
    """Make a certificate as devices make their own."""
    return self_signed_context()


@pytest.fixture
async def secure_camera(
    hass: HomeAssistant, socket_enabled: None, certificate: ssl.SSLContext
) -> AsyncIterator[SimulatedCamera]:
    """Start a camera that speaks HTTPS; clients may end the handshake."""
    handle = hass.loop.get_exception_handler()
    assert handle is not None

    def handle_others(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), ConnectionResetError):
            handle(loop, context)

    hass.loop.set_exception_handler(handle_others)
    camera = SimulatedCamera(pictures=SMALL, ssl_context=certificate)
    await camera.start()
    yield camera
    await camera.stop()
    hass.loop.set_exception_handler(handle)


@pytest.fixture
def config_entry(camera: SimulatedCamera) -> MockConfigEntry:
    """Return an entry for the camera; it is not yet added."""
    return entry_of(camera)


@pytest.fixture
async def init_integration(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> MockConfigEntry:
    """Set the entry up and wait until its event stream is open at both ends."""
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    coordinator = config_entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    return config_entry


@pytest.fixture
def device_id(init_integration: MockConfigEntry) -> str:
    """Return the camera's device."""
    found: str = init_integration.runtime_data.channels.followed[1].device_id
    return found


@pytest.fixture
def mock_setup_entry() -> Iterator[AsyncMock]:
    """Leave it to other tests to set entries up."""
    package = "custom_components.hikvision_anpr"
    with (
        patch(f"{package}.async_setup_entry", return_value=True) as mock,
        patch(f"{package}.async_unload_entry", return_value=True),
    ):
        yield mock


@pytest.fixture
async def home(
    hass: HomeAssistant,
    socket_enabled: None,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Open Home Assistant's own web server on loopback, and return its address."""
    for component in ("webhook", "websocket_api"):
        assert await async_setup_component(hass, component, {})
    # As Home Assistant's own server does it: what is set up later still serves.
    monkeypatch.setattr(hass.http.app.router, "freeze", lambda: None)
    client = await hass_client_no_auth()
    url = f"http://127.0.0.1:{client.server.port}"
    hass.config.internal_url = url
    return url


@pytest.fixture
def often() -> Iterator[None]:
    """Verify all the time."""
    with (
        patch.object(slot_watch, "VERIFY_SECONDS", 0.02),
        patch.object(slot_watch, "RETRY_SECONDS", 0.02),
    ):
        yield


@pytest.fixture
def dialog(hass: HomeAssistant, home: str, init_integration: MockConfigEntry) -> Dialog:
    """Return a dialog with the entry of a camera that is armed."""
    return Dialog(hass, init_integration)
