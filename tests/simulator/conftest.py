"""Fixtures for the tests of the simulated camera."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Protocol, Unpack

import aiohttp
import pytest

from simulator import DEEPINVIEW, SMALL, Profile, SimulatedCamera

from .options import CameraOptions
from .receiver import Receiver, receiving


class StartCamera(Protocol):
    """Start a camera that stops when the test ends."""

    async def __call__(
        self, profile: Profile = DEEPINVIEW, **options: Unpack[CameraOptions]
    ) -> SimulatedCamera:
        """Return the running camera."""


type Connect = Callable[[SimulatedCamera], Awaitable[aiohttp.ClientSession]]


@pytest.fixture
async def start_camera(socket_enabled: None) -> AsyncGenerator[StartCamera]:
    """Return a function that starts cameras, which draw small pictures."""
    async with AsyncExitStack() as stack:

        async def start(
            profile: Profile = DEEPINVIEW, **options: Unpack[CameraOptions]
        ) -> SimulatedCamera:
            settings: CameraOptions = {"pictures": SMALL, "heartbeat_seconds": 3600}
            settings.update(options)
            camera = SimulatedCamera(profile, **settings)
            await camera.start()
            stack.push_async_callback(camera.stop)
            return camera

        yield start


@pytest.fixture
async def connect(start_camera: StartCamera) -> AsyncGenerator[Connect]:
    """Return a function that opens a session which knows a camera's password.

    Sessions close before the cameras stop.
    """
    async with AsyncExitStack() as stack:

        async def open_session(camera: SimulatedCamera) -> aiohttp.ClientSession:
            login = aiohttp.DigestAuthMiddleware(camera.username, camera.password)
            session = aiohttp.ClientSession(camera.url, middlewares=(login,))
            return await stack.enter_async_context(session)

        yield open_session


@pytest.fixture
async def camera(start_camera: StartCamera) -> SimulatedCamera:
    """Return a running DeepinView camera."""
    return await start_camera()


@pytest.fixture
async def session(camera: SimulatedCamera, connect: Connect) -> aiohttp.ClientSession:
    """Return a session that knows the camera's password."""
    return await connect(camera)


@pytest.fixture
async def stranger(camera: SimulatedCamera) -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session that knows no password."""
    async with aiohttp.ClientSession(camera.url) as opened:
        yield opened


@pytest.fixture
async def receiver(socket_enabled: None) -> AsyncGenerator[Receiver]:
    """Return a host that cameras can post to."""
    async with receiving() as running:
        yield running
