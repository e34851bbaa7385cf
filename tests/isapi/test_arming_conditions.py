"""Test reading and changing what must be true for a camera to tell its reads."""

from collections.abc import AsyncIterator
from unittest.mock import AsyncMock

from lxml import etree
import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    NotSupportedError,
    NotTakenError,
)
from custom_components.hikvision_anpr.isapi.event_trigger import (
    async_get_methods,
    async_is_linked,
    async_link,
)
from custom_components.hikvision_anpr.isapi.login import Credentials
from custom_components.hikvision_anpr.isapi.schedule import (
    ALWAYS,
    async_is_empty,
    async_set_schedule,
)
from custom_components.hikvision_anpr.isapi.vca_resource import (
    VcaMode,
    async_get_plate_mode,
    async_get_vca_mode,
    async_set_vca_mode,
)
from simulator.camera import PASSWORD, USERNAME, SimulatedCamera
from simulator.device import VCA_RESOURCE, VEHICLE_SCHEDULES, VEHICLE_TRIGGER
from simulator.profiles import DEEPINVIEW, DS_2CD4A26, ENTRANCE, PLAIN_CAMERA, Profile

from .conftest import MakeClient

HIK = "http://www.hikvision.com/ver20/XMLSchema"


@pytest.fixture(params=[DEEPINVIEW, ENTRANCE, DS_2CD4A26], ids=lambda one: one.name)
def profile(request: pytest.FixtureRequest) -> Profile:
    """Choose a model."""
    profile: Profile = request.param
    return profile


@pytest.fixture
async def camera(
    socket_enabled: None, profile: Profile
) -> AsyncIterator[SimulatedCamera]:
    """Start a camera."""
    camera = SimulatedCamera(profile)
    await camera.start()
    yield camera
    await camera.stop()


@pytest.fixture
def client(make_client: MakeClient, camera: SimulatedCamera) -> IsapiClient:
    """Make a client that knows the camera's password."""
    return make_client(
        camera.port, credentials=Credentials(username=USERNAME, password=PASSWORD)
    )


def put(camera: SimulatedCamera, path: str, body: str, root: str) -> None:
    """Let the camera be set up by somebody else."""
    camera.device.configuration.put(path, body.encode(), root)


def written(camera: SimulatedCamera) -> list[str]:
    """Return which paths were written."""
    return [one.path for one in camera.requests if one.method == "PUT"]


def answering(body: bytes) -> IsapiClient:
    """Return a device that answers one document, and takes every other."""
    client = AsyncMock(spec=IsapiClient)
    client.get_bytes.return_value = body
    return client


async def test_link(camera: SimulatedCamera, client: IsapiClient) -> None:
    """Add the centre, and keep what else is told and said."""
    namespace = camera.profile.namespace
    put(
        camera,
        VEHICLE_TRIGGER,
        f'<EventTrigger xmlns="{namespace}"><id>vehicledetection-1</id><odd>7</odd>'
        "<EventTriggerNotificationList><EventTriggerNotification><id>FTP</id>"
        "<notificationMethod>FTP</notificationMethod></EventTriggerNotification>"
        "</EventTriggerNotificationList><direction>both</direction></EventTrigger>",
        "EventTrigger",
    )
    assert await async_is_linked(client, 1) is False
    assert await async_get_methods(client, 1) == ("FTP",)
    await async_link(client, 1)
    assert await async_get_methods(client, 1) == ("FTP", "center")
    assert camera.device.tells_centre
    kept = etree.fromstring(camera.device.configuration.get(VEHICLE_TRIGGER, bytes))
    assert kept.findtext("{*}odd") == "7"
    assert {etree.QName(one).namespace for one in kept.iter()} == {namespace}


async def test_linked_camera_is_left_alone(
    camera: SimulatedCamera, client: IsapiClient
) -> None:
    """Write nothing where all is well."""
    assert await async_is_linked(client, 1) is True
    await async_link(client, 1)
    assert written(camera) == []


async def test_schedule(camera: SimulatedCamera, client: IsapiClient) -> None:
    """Fill the week under the name by which the camera knows it."""
    path = f"{VEHICLE_SCHEDULES}/{camera.profile.schedule_id('vehicledetection')}"
    assert await async_is_empty(client, 1) is False
    assert camera.device.tells_centre
    put(
        camera,
        path,
        f'<Schedule xmlns="{camera.profile.namespace}"><id>1</id><odd>7</odd>'
        '<TimeBlockList size="8"><TimeBlock><dayOfWeek>1</dayOfWeek><TimeRange>'
        "<beginTime>00:00</beginTime><endTime>00:00</endTime></TimeRange></TimeBlock>"
        "</TimeBlockList></Schedule>",
        "Schedule",
    )
    assert await async_is_empty(client, 1) is True
    assert not camera.device.tells_centre
    await async_set_schedule(client, 1, ALWAYS)
    assert await async_is_empty(client, 1) is False
    assert camera.device.tells_centre
    kept = etree.fromstring(camera.device.configuration.get(path, bytes))
    assert kept.findtext("{*}odd") == "7"
    days = [one.text for one in kept.iter("{*}dayOfWeek")]
    assert days == ["1", "2", "3", "4", "5", "6", "7"]


@pytest.mark.parametrize("profile", [DEEPINVIEW], ids=["deepinview"])
async def test_mode(camera: SimulatedCamera, client: IsapiClient) -> None:
    """Set the mode, which acts after a restart."""
    put(
        camera,
        VCA_RESOURCE,
        f'<VCAResource xmlns="{HIK}"><type>smart</type></VCAResource>',
        "VCAResource",
    )
    assert await async_get_vca_mode(client, 1) == VcaMode("smart")
    assert not camera.device.reads_plates
    mode = await async_get_plate_mode(client, 1)
    assert mode == VcaMode("roadDetection")
    assert await async_set_vca_mode(client, 1, mode) is True
    assert not camera.device.reads_plates
    camera.device.reboot()
    assert await async_get_vca_mode(client, 1) == mode
    assert camera.device.reads_plates


@pytest.mark.parametrize("profile", [PLAIN_CAMERA], ids=["plain"])
async def test_camera_without(camera: SimulatedCamera, client: IsapiClient) -> None:
    """Say that a camera has none of it."""
    for ask in (async_is_linked, async_is_empty, async_get_vca_mode):
        with pytest.raises(NotSupportedError):
            await ask(client, 1)


@pytest.mark.parametrize(
    ("body", "linked"),
    [
        (b"<EventTrigger><id>1</id></EventTrigger>", None),
        (
            b"<EventTrigger><EventTriggerNotificationList/></EventTrigger>",
            False,
        ),
        (
            b"<EventNotification><EventTrigger><EventTriggerNotificationList>"
            b"<EventTriggerNotification><notificationMethod>center"
            b"</notificationMethod></EventTriggerNotification>"
            b"</EventTriggerNotificationList></EventTrigger></EventNotification>",
            True,
        ),
    ],
)
async def test_what_a_trigger_says(body: bytes, linked: bool | None) -> None:
    """Judge only what the document says, however it is wrapped."""
    assert await async_is_linked(answering(body), 1) is linked


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        (b"<Schedule><id>1</id></Schedule>", None),
        (b"<Schedule><TimeBlockList/></Schedule>", True),
        (
            b"<Schedule><TimeBlockList><TimeBlock><TimeRange><begin>1</begin>"
            b"</TimeRange></TimeBlock></TimeBlockList></Schedule>",
            False,
        ),
    ],
)
async def test_what_a_schedule_says(body: bytes, empty: bool | None) -> None:
    """Judge only what the document says; what cannot be read counts as armed."""
    assert await async_is_empty(answering(body), 1) is empty


async def test_ok_is_not_taken() -> None:
    """Do not believe a device that says OK and keeps what it had."""
    unlinked = b"<EventTrigger><EventTriggerNotificationList/></EventTrigger>"
    with pytest.raises(NotTakenError):
        await async_link(answering(unlinked), 1)
    with pytest.raises(NotTakenError):
        await async_set_schedule(
            answering(b"<Schedule><TimeBlockList/></Schedule>"), 1, ALWAYS
        )
    smart = b"<VCAResource><type>smart</type></VCAResource>"
    with pytest.raises(NotTakenError):
        await async_set_vca_mode(answering(smart), 1, VcaMode("roadDetection"))


async def test_nothing_is_invented() -> None:
    """Write nothing into a document that has no place for it."""
    client = answering(b"<EventTrigger><id>1</id></EventTrigger>")
    with pytest.raises(NotSupportedError):
        await async_link(client, 1)
    with pytest.raises(NotSupportedError):
        await async_set_schedule(client, 1, ALWAYS)
    client.put.assert_not_called()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("offered", "mode"),
    [
        ("smart,smartVehicleDetection,close", "smartVehicleDetection"),
        ("smart,close", "roadDetection"),
    ],
)
async def test_mode_by_what_is_offered(offered: str, mode: str) -> None:
    """Choose a mode that the device offers, else the usual one."""
    body = f'<VCAResource><type opt="{offered}">smart</type></VCAResource>'
    assert await async_get_plate_mode(answering(body.encode()), 1) == VcaMode(mode)
