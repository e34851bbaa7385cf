"""Test the client against a whole simulated camera."""

from collections.abc import AsyncIterator

import pytest

from custom_components.hikvision_anpr.isapi.capabilities import async_get_capabilities
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.clock import async_get_time
from custom_components.hikvision_anpr.isapi.device import async_get_device_info
from custom_components.hikvision_anpr.isapi.errors import (
    AuthenticationError,
    BusyError,
    NotSupportedError,
    StreamSlotsFullError,
)
from custom_components.hikvision_anpr.isapi.login import Credentials
from custom_components.hikvision_anpr.isapi.snapshot import async_get_snapshot
from simulator.camera import PASSWORD, USERNAME, SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, ENTRANCE, Profile

from .conftest import MakeClient

STREAM = "/ISAPI/Event/notification/alertStream"
RIGHT = Credentials(username=USERNAME, password=PASSWORD)


@pytest.fixture(params=[DEEPINVIEW, ENTRANCE], ids=lambda profile: profile.model)
def profile(request: pytest.FixtureRequest) -> Profile:
    """Choose a model."""
    profile: Profile = request.param
    return profile


@pytest.fixture
async def camera(
    socket_enabled: None, profile: Profile
) -> AsyncIterator[SimulatedCamera]:
    """Start a camera."""
    camera = SimulatedCamera(profile, stream_slots=1)
    await camera.start()
    yield camera
    await camera.stop()


@pytest.fixture
def client(make_client: MakeClient, camera: SimulatedCamera) -> IsapiClient:
    """Make a client that knows the camera's password."""
    return make_client(camera.port, credentials=RIGHT)


async def test_everything_it_is(client: IsapiClient, camera: SimulatedCamera) -> None:
    """Find out what the camera is, without one failed login."""
    assert await client.activation() is True
    info = await async_get_device_info(client)
    assert info.model == camera.profile.model
    assert info.mac_address is not None
    assert not info.is_nvr
    capabilities = await async_get_capabilities(client)
    assert capabilities.reads_plates
    assert len(capabilities.outputs) == camera.profile.outputs
    assert (await async_get_time(client)).local_time.utcoffset() is not None
    assert (await async_get_snapshot(client)).startswith(b"\xff\xd8")
    assert camera.failed_logins == 0


async def test_wrong_password(make_client: MakeClient, camera: SimulatedCamera) -> None:
    """Fail to log in once, and no more."""
    wrong = Credentials(username=USERNAME, password="wrong")
    for _ in range(3):
        with pytest.raises(AuthenticationError):
            await async_get_device_info(make_client(camera.port, credentials=wrong))
    assert camera.failed_logins == 1


async def test_stream_slots(client: IsapiClient, camera: SimulatedCamera) -> None:
    """Take the camera's one stream, be told so, and give it back."""
    async with client.stream(STREAM, silence_seconds=30) as response:
        await camera.wait_for_stream()
        assert response.content_type.startswith("multipart/")
        with pytest.raises(StreamSlotsFullError):
            async with client.stream(STREAM, silence_seconds=30):
                pytest.fail("a second stream opened")
    await camera.wait_for_no_stream()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.BUSY, BusyError),
        (Fault.OK_BUT_NOT_SUPPORTED, NotSupportedError),
    ],
)
async def test_faults(
    client: IsapiClient,
    camera: SimulatedCamera,
    fault: Fault,
    expected: type[Exception],
) -> None:
    """Name what the camera refuses for a while, and go on afterwards."""
    camera.faults.on(fault, times=1)
    with pytest.raises(expected):
        await async_get_time(client)
    await async_get_time(client)
