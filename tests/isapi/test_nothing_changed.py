"""Test that a device gets its settings back as it told them, where nothing is changed.

Each document is in the shape of a captured or described one, with elements that nobody
knows, misspelt ones, attributes and namespaces. Where there are documents of real
devices beside the repository, they go the same way.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from lxml import etree
import pytest

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.clock_setting import (
    ClockChange,
    async_change_clock,
)
from custom_components.hikvision_anpr.isapi.detection_mode import (
    async_set_detection_mode,
)
from custom_components.hikvision_anpr.isapi.errors import RebootRequiredError
from custom_components.hikvision_anpr.isapi.http_hosts import (
    HTTP_HOSTS,
    SavedHost,
    async_get_hosts,
    async_restore,
)
from custom_components.hikvision_anpr.isapi.image_settings import (
    async_get_image_settings,
    async_set_image_settings,
)
from custom_components.hikvision_anpr.isapi.linkage import (
    LinkageChange,
    async_change_linkage,
)
from custom_components.hikvision_anpr.isapi.login import Credentials
from custom_components.hikvision_anpr.isapi.picture_text import (
    async_get_picture_text,
    async_set_picture_text,
)
from custom_components.hikvision_anpr.isapi.recognition import (
    Setting as RecognizedBy,
    async_get_recognition,
)
from custom_components.hikvision_anpr.isapi.record_track import (
    RecordChange,
    async_change_record_track,
    async_get_record_track,
)
from custom_components.hikvision_anpr.isapi.scene import (
    async_get_scene,
    async_set_scene,
)
from custom_components.hikvision_anpr.isapi.schedule import (
    async_get_schedule,
    async_set_schedule,
)
from custom_components.hikvision_anpr.isapi.stored_document import (
    async_read,
    async_store,
)
from custom_components.hikvision_anpr.isapi.text_overlay import (
    async_get_text_overlay,
    async_set_text_overlay,
)
from custom_components.hikvision_anpr.isapi.time_server import (
    async_get_time_server,
    async_set_time_server,
)
from custom_components.hikvision_anpr.isapi.upload_targets import (
    TargetKind,
    async_get_targets,
    async_set_target,
)
from custom_components.hikvision_anpr.isapi.vca_resource import (
    async_get_vca_mode,
    async_set_vca_mode,
)
from custom_components.hikvision_anpr.isapi.vehicle_detection import (
    DetectionChange,
    async_change_vehicle_detection,
    async_get_vehicle_detection,
)
from custom_components.hikvision_anpr.isapi.writable_document import name_of, parse
from simulator.camera import PASSWORD, USERNAME, SimulatedCamera
from simulator.profiles import DEEPINVIEW

from .conftest import MakeClient

SETTINGS: Final = Path(__file__).parents[1] / "fixtures" / "isapi" / "settings"
SAMPLES: Final = Path(__file__).parents[3] / "shared" / "isapi" / "samples"
CAPTURED: Final = {
    "image_channel_full": "/ISAPI/Image/channels/1",
    "httphosts_get_ipc_list": HTTP_HOSTS,
    "httphosts_get_nvr_single_item": HTTP_HOSTS,
}
"""Where devices keep what was captured of them and can be written."""

TIME: Final = "/ISAPI/System/time"


async def change_detection(client: IsapiClient) -> None:
    """Set what is set of vehicle detection."""
    found = await async_get_vehicle_detection(client, 1)
    change = DetectionChange(
        enabled=found.enabled,
        region=found.region,
        scenes={one.scene_id: True for one in found.scenes},
    )
    await async_change_vehicle_detection(client, 1, change, found.fingerprint)


async def change_schedule(client: IsapiClient) -> None:
    """Set the week that is set."""
    days = await async_get_schedule(client, 1)
    await async_set_schedule(client, 1, {day: days.get(day, ()) for day in range(1, 8)})


async def change_linkage(client: IsapiClient) -> None:
    """Set the direction that is set."""
    change = LinkageChange(direction="forward")
    await async_change_linkage(client, 1, "vehicle_detection", change)


async def change_image(client: IsapiClient) -> None:
    """Set every value that is set, but for one that is written in a way of its own."""
    values = dict((await async_get_image_settings(client, 1)).values)
    assert values.pop("wdr_level") == 50
    await async_set_image_settings(client, 1, values)


async def change_overlay(client: IsapiClient) -> None:
    """Set what is written into the video."""
    await async_set_text_overlay(client, 1, await async_get_text_overlay(client, 1))


async def change_picture_text(client: IsapiClient) -> None:
    """Set what is written into pictures."""
    await async_set_picture_text(
        client, 1, await async_get_picture_text(client, 1) or {}
    )


def change_targets(kind: TargetKind) -> Callable[[IsapiClient], Awaitable[None]]:
    """Return what sets each place to upload to as it is."""

    async def change(client: IsapiClient) -> None:
        """Set each place."""
        for number, target in (await async_get_targets(client, kind)).items():
            await async_set_target(client, kind, number, target)

    return change


async def change_clock(client: IsapiClient) -> None:
    """Set the mode and the zone that are set."""
    change = ClockChange(mode="manual", time_zone="CST-1:00:00")
    await async_change_clock(client, lambda: datetime.now(UTC), change)


async def change_time_server(client: IsapiClient) -> None:
    """Set the server that is set."""
    server = await async_get_time_server(client)
    assert server
    await async_set_time_server(client, server)


async def change_vca(client: IsapiClient) -> None:
    """Set what the analysis is set to."""
    mode = await async_get_vca_mode(client, 1)
    assert mode
    await async_set_vca_mode(client, 1, mode)


async def change_mode(client: IsapiClient) -> None:
    """Set what is detected."""
    await async_set_detection_mode(client, 1, "mixed")


async def change_recognition(client: IsapiClient) -> None:
    """Set the region and the country that are set."""
    found = await async_get_recognition(client, 1)
    values: dict[RecognizedBy, str] = {"plate_region": "EU", "country": "3"}
    found.change(values)
    await found.async_write(values)


async def change_scene(client: IsapiClient) -> None:
    """Set the scene that is set."""
    await async_set_scene(client, 1, await async_get_scene(client, 1) or "")


async def change_track(client: IsapiClient) -> None:
    """Set the week, the seconds and the switch that are set."""
    found = await async_get_record_track(client, 1)
    days = {
        day: tuple((one.start, one.end) for one in ranges)
        for day, ranges in found.days.items()
    }
    change = RecordChange(
        enabled=found.enabled, days=days, before=found.before, after=found.after
    )
    await async_change_record_track(client, 1, change)


async def change_host(client: IsapiClient) -> None:
    """Put a slot back as it is."""
    (first, *_) = await async_get_hosts(client)
    saved = SavedHost(id=first.id, url=first.url, document=first.document.decode())
    assert await async_restore(client, saved)


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold a document that we write: its file, its place, and what sets it as it is."""

    name: str
    path: str
    change: Callable[[IsapiClient], Awaitable[None]]

    @property
    def body(self) -> bytes:
        """Return the document."""
        return (SETTINGS / f"{self.name}.xml").read_bytes()


VIDEO: Final = "/ISAPI/System/Video/inputs/channels/1"
ALL: Final = (
    Setting(
        "vehicle_detection",
        "/ISAPI/Traffic/channels/1/vehicleDetect",
        change_detection,
    ),
    Setting(
        "schedule",
        "/ISAPI/Event/schedules/vehicledetects/vehicledetection-1",
        change_schedule,
    ),
    Setting("linkage", "/ISAPI/Event/triggers/vehicledetection-1", change_linkage),
    Setting("image", "/ISAPI/Image/channels/1", change_image),
    Setting("basic", "/ISAPI/Traffic/channels/1/basic", change_recognition),
    Setting("image_scene", "/ISAPI/Image/channels/1/mountingScenario", change_scene),
    Setting(
        "detection_mode",
        "/ISAPI/Traffic/channels/1/CurVehicleDetectMode",
        change_mode,
    ),
    Setting("text_overlay", f"{VIDEO}/overlays", change_overlay),
    Setting("picture_text", "/ISAPI/Traffic/channels/1/picParam", change_picture_text),
    Setting("ftp_targets", "/ISAPI/System/Network/ftp", change_targets("ftp")),
    Setting("nas_targets", "/ISAPI/ContentMgmt/Storage/nas", change_targets("nas")),
    Setting("time", TIME, change_clock),
    Setting("time_server", f"{TIME}/ntpServers/1", change_time_server),
    Setting("vca_resource", f"{VIDEO}/VCAResource", change_vca),
    Setting("record_track", "/ISAPI/ContentMgmt/record/tracks/101", change_track),
    Setting("http_host", f"{HTTP_HOSTS}/1", change_host),
)


@pytest.fixture
async def camera(socket_enabled: None) -> AsyncIterator[SimulatedCamera]:
    """Start a camera that has all of it."""
    camera = SimulatedCamera(DEEPINVIEW)
    await camera.start()
    yield camera
    await camera.stop()


@pytest.fixture
def client(make_client: MakeClient, camera: SimulatedCamera) -> IsapiClient:
    """Make a client that knows the camera's password."""
    right = Credentials(username=USERNAME, password=PASSWORD)
    return make_client(camera.port, credentials=right)


def canonical(body: bytes) -> bytes:
    """Return a document in its canonical form; what a clock says is left out."""
    root = etree.fromstring(body.strip())
    for moment in root.iter("{*}localTime"):
        moment.text = ""
    return etree.tostring(root, method="c14n")


async def keep(
    camera: SimulatedCamera, client: IsapiClient, path: str, body: bytes
) -> bytes:
    """Let the camera have a document, as if its own page had written it.

    Return what it tells then; a slot of a list gets what the list says of all.
    """
    with suppress(RebootRequiredError):
        await client.put(path, body)
    camera.device.configuration.reboot()
    told = canonical(await client.get_bytes(path))
    assert path.startswith(HTTP_HOSTS) or told == canonical(body)
    return told


@pytest.mark.parametrize("setting", ALL, ids=lambda setting: setting.name)
async def test_written_as_it_is(
    camera: SimulatedCamera, client: IsapiClient, setting: Setting
) -> None:
    """Set what is set already, and find the same document on the device."""
    before = await keep(camera, client, setting.path, setting.body)
    await setting.change(client)
    camera.device.configuration.reboot()
    assert canonical(await client.get_bytes(setting.path)) == before


@pytest.mark.parametrize("setting", ALL, ids=lambda setting: setting.name)
async def test_read_and_stored(
    camera: SimulatedCamera, client: IsapiClient, setting: Setting
) -> None:
    """Send a document back as it was read."""
    before = await keep(camera, client, setting.path, setting.body)
    await read_and_store(camera, client, setting.path)
    assert canonical(await client.get_bytes(setting.path)) == before


@pytest.mark.parametrize("name", CAPTURED)
async def test_captured(
    camera: SimulatedCamera, client: IsapiClient, name: str
) -> None:
    """Send what a real device said back as it was read."""
    sample = SAMPLES / f"{name}.xml"
    if not sample.is_file():
        pytest.skip("No messages of real devices at hand")
    body = sample.read_bytes().strip(b"\xef\xbb\xbf \t\r\n\0")
    before = await keep(camera, client, CAPTURED[name], body)
    await read_and_store(camera, client, CAPTURED[name])
    assert canonical(await client.get_bytes(CAPTURED[name])) == before


async def read_and_store(
    camera: SimulatedCamera, client: IsapiClient, path: str
) -> None:
    """Read a document and send it back."""
    name = name_of(parse(await client.get_bytes(path)))
    root = await async_read(client, path, name)
    await async_store(client, path, root)
    camera.device.configuration.reboot()
    assert camera.requests[-1].method == "PUT"


def test_every_document_is_there() -> None:
    """Do not forget a document for which there is a file."""
    assert {one.name for one in ALL} == {one.stem for one in SETTINGS.glob("*.xml")}
