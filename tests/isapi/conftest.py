"""Fixtures for talking to a device's web server on loopback."""

from collections.abc import AsyncIterator, Callable

from aiohttp import ClientSession
import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.device_address import DeviceAddress
from custom_components.hikvision_anpr.isapi.limits import Limits
from custom_components.hikvision_anpr.isapi.login import Credentials, LoginGuard
from simulator.camera import SimulatedCamera

from .web_server import PASSWORD, USERNAME, WebServer

RIGHT = Credentials(username=USERNAME, password=PASSWORD)

type MakeClient = Callable[..., IsapiClient]


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """Open a session, as the caller of the client does."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def web_server(socket_enabled: None) -> AsyncIterator[WebServer]:
    """Start a device's web server."""
    web_server = WebServer()
    async with web_server.server() as server:
        assert server.port is not None
        web_server.port = server.port
        yield web_server


@pytest.fixture
def guard() -> LoginGuard:
    """Guard the device's account."""
    return LoginGuard()


@pytest.fixture
def make_client(session: ClientSession, guard: LoginGuard) -> MakeClient:
    """Return how to make clients of a port that share one guard."""

    def make(
        port: int,
        *,
        credentials: Credentials = RIGHT,
        ssl: bool = False,
        verify_ssl: bool = True,
        limits: Limits | None = None,
    ) -> IsapiClient:
        """Make a client."""
        address = DeviceAddress(
            host="127.0.0.1", port=port, ssl=ssl, verify_ssl=verify_ssl
        )
        return IsapiClient(session, address, credentials, guard=guard, limits=limits)

    return make


@pytest.fixture
def client(make_client: MakeClient, web_server: WebServer) -> IsapiClient:
    """Make a client that knows the password."""
    return make_client(web_server.port)


@pytest.fixture
def camera_client(make_client: MakeClient, camera: SimulatedCamera) -> IsapiClient:
    """Make a client of the simulated camera."""
    credentials = Credentials(username=camera.username, password=camera.password)
    return make_client(camera.port, credentials=credentials)
