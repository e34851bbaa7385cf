"""Test recordings in the media browser and in exports, and deleting old ones."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
import json
import os
from pathlib import Path
import time
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

from homeassistant.components.media_source import (
    Unresolvable,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.hikvision_anpr import export_services
from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera
from simulator.footage import Span
from simulator.rtsp import RtspServer

from .archived import passage
from .recordings import playing
from .registry import ask
from .waiting import PATIENCE

SOURCE = f"media-source://{DOMAIN}"


@pytest.fixture(autouse=True)
async def rtsp(camera: SimulatedCamera) -> AsyncGenerator[RtspServer]:
    """Let the camera play what it recorded."""
    async with playing(camera) as server:
        yield server


@pytest.fixture
def device_id(rtsp: RtspServer, init_integration: MockConfigEntry) -> str:
    """Return the camera's device."""
    found: str = init_integration.runtime_data.channels.followed[1].device_id
    return found


async def test_media_source(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    camera: SimulatedCamera,
    rtsp: RtspServer,
    device_id: str,
) -> None:
    """Play the recording of a passage beside its pictures, a second time at once."""
    assert await async_setup_component(hass, "media_source", {})
    passage_id = (await passage(hass, camera))["passage_id"]
    shown = await async_browse_media(hass, f"{SOURCE}/passage/{passage_id}")
    assert "AB123CD" in shown.title
    assert shown.children
    (recording,) = [one for one in shown.children if one.title == "Recording"]
    assert recording.can_play
    browser = await hass_ws_client(hass)
    urls = []
    for _ in range(2):
        await browser.send_json_auto_id(
            {
                "type": "media_source/resolve_media",
                "media_content_id": recording.media_content_id,
            }
        )
        answer = (await browser.receive_json())["result"]
        assert answer["mime_type"] == "video/mp4"
        urls.append(answer["url"])
    assert len(rtsp.played) == 1
    client = await hass_client_no_auth()
    async with client.get(urls[1], headers={"Range": "bytes=4-7"}) as response:
        assert response.status == HTTPStatus.PARTIAL_CONTENT
        assert await response.read() == b"ftyp"
    unsigned = urls[1].partition("?")[0]
    assert (await client.get(unsigned)).status == HTTPStatus.UNAUTHORIZED

    await ask(hass, "delete_passages", None, passage_id=passage_id)
    assert (await client.get(urls[1])).status == HTTPStatus.NOT_FOUND


async def test_media_source_asks_again(
    hass: HomeAssistant, camera: SimulatedCamera, rtsp: RtspServer, device_id: str
) -> None:
    """Make a clip anew of which the device had not yet recorded all; two wait for one."""
    assert await async_setup_component(hass, "media_source", {})
    seen = await passage(hass, camera)
    media = f"{SOURCE}/recording/{seen['passage_id']}"
    whole = camera.device.footage.spans[1]
    captured_at = datetime.fromisoformat(seen["captured_at"])
    camera.device.footage.spans[1] = [
        Span(start=whole[0].start, end=captured_at + timedelta(seconds=2))
    ]
    short = await async_resolve_media(hass, media, None)
    camera.device.footage.spans[1] = whole
    first, second = await asyncio.gather(
        *(async_resolve_media(hass, media, None) for _ in range(2))
    )
    assert first.url == second.url != short.url
    assert len(rtsp.played) == 2


async def test_media_source_says_why_not(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    camera: SimulatedCamera,
    device_id: str,
) -> None:
    """Tell the reason where nothing plays, and offer nothing of a device that is gone."""
    assert await async_setup_component(hass, "media_source", {})
    passage_id = (await passage(hass, camera))["passage_id"]
    camera.device.footage.spans[1] = []
    browser = await hass_ws_client(hass)
    await browser.send_json_auto_id(
        {
            "type": "media_source/resolve_media",
            "media_content_id": f"{SOURCE}/recording/{passage_id}",
        }
    )
    message = (await browser.receive_json())["error"]["message"]
    assert "The device has no recording between" in message
    with pytest.raises(Unresolvable):
        await async_resolve_media(hass, f"{SOURCE}/recording/nobody", None)
    (entry,) = hass.config_entries.async_loaded_entries(DOMAIN)[:1]
    await hass.config_entries.async_unload(entry.entry_id)
    shown = await async_browse_media(hass, f"{SOURCE}/passage/{passage_id}")
    assert all(one.title != "Recording" for one in shown.children or ())


async def test_export(
    hass: HomeAssistant, camera: SimulatedCamera, rtsp: RtspServer, device_id: str
) -> None:
    """Put recordings into a ZIP, with check sums, and say why others are missing."""
    first = (await passage(hass, camera))["passage_id"]
    answer = await ask(hass, "export_passages", None, format="zip", recordings=True)
    assert answer["recordings"] == 1
    content, manifest = await hass.async_add_executor_job(unpacked, answer["file"])
    clip = content[f"recordings/{first}.mp4"]
    assert clip[4:8] == b"ftyp"
    assert manifest["sha256"][f"recordings/{first}.mp4"] == sha256(clip).hexdigest()
    assert manifest["recordings_missing"] == {}

    camera.device.footage.spans[1] = []
    second = (await passage(hass, camera, "XY987ZZ"))["passage_id"]
    answer = await ask(hass, "export_passages", None, format="zip", recordings=True)
    assert answer["recordings"] == 1
    assert len(rtsp.played) == 1
    content, manifest = await hass.async_add_executor_job(unpacked, answer["file"])
    assert set(manifest["recordings_missing"]) == {second}
    reason = manifest["recordings_missing"][second]
    assert reason.startswith("The device has no recording between")


def unpacked(path: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the files of a ZIP, and what its manifest says."""
    with ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    return content, json.loads(content["manifest.json"])


async def test_export_is_bounded(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Play neither for a table nor for more passages than can be waited for."""
    await passage(hass, camera)
    await passage(hass, camera, "XY987ZZ")
    for format_, key in (
        ("csv", "recordings_need_zip"),
        ("zip", "too_many_recordings"),
    ):
        with (
            patch.object(export_services, "MOST_RECORDINGS", 1),
            pytest.raises(ServiceValidationError) as raised,
        ):
            await ask(hass, "export_passages", None, recordings=True, format=format_)
        assert raised.value.translation_key == key


@pytest.mark.parametrize("expected_lingering_timers", [True])  # Home Assistant's own
async def test_days_and_hours(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    camera: SimulatedCamera,
    rtsp: RtspServer,
    device_id: str,
) -> None:
    """Browse what a camera recorded on a day, and play it as it comes."""
    for component in ("media_source", "stream"):
        assert await async_setup_component(hass, component, {})
    begin = dt_util.start_of_local_day() - timedelta(hours=4)
    minutes = ((0, 15), (15, 25), (40, 45), (23 * 60, 24 * 60))
    camera.device.footage.spans[1] = [
        Span(start=begin + timedelta(minutes=start), end=begin + timedelta(minutes=end))
        for start, end in minutes
    ]
    channels = await async_browse_media(hass, f"{SOURCE}/recordings")
    (channel,) = channels.children or ()
    assert channel.title == camera.profile.device_name
    days = await async_browse_media(hass, channel.media_content_id)
    today, yesterday, *_ = days.children or ()
    assert today.title == dt_util.now().date().isoformat()
    shown = await async_browse_media(hass, yesterday.media_content_id)
    titles = [one.title for one in shown.children or ()]
    assert titles == [
        "20:00:00 – 20:10:00",
        "20:10:00 – 20:20:00",
        "20:20:00 – 20:25:00",
        "20:40:00 – 20:45:00",
    ]
    assert shown.children
    played = await async_resolve_media(hass, shown.children[1].media_content_id, None)
    assert played.mime_type == "application/vnd.apple.mpegurl"
    client = await hass_client_no_auth()
    response = await client.get(played.url)
    assert response.status == HTTPStatus.OK
    start = (begin + timedelta(minutes=10)).astimezone(UTC)
    assert f"starttime={start:%Y%m%dT%H%M%SZ}" in rtsp.played[-1]
    assert camera.password not in played.url + await response.text()

    camera.device.footage.spans[1] = []
    with pytest.raises(Unresolvable) as raised:
        await async_resolve_media(hass, shown.children[1].media_content_id, None)
    assert raised.value.translation_key == "recording_not_there"
    await hass.async_stop()


async def test_files_are_swept(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Delete clips after a day, and at once what a crash left half-written."""
    folder = Path(hass.config.cache_path(DOMAIN, "exports"))
    old = folder / "recording-1.mp4"
    half_written = folder / ".recording-2.mp4.part"
    kept = (
        folder / "recording-3.mp4",
        folder / ".recording-4.mp4.part",
        folder / "other.txt",
    )

    def write() -> None:
        folder.mkdir(parents=True)
        for path in (old, half_written, *kept):
            path.touch()
        for path, hours in ((old, 25), (half_written, 1)):
            then = time.time() - hours * 3600
            os.utime(path, (then, then))

    await hass.async_add_executor_job(write)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1, minutes=1))
    async with asyncio.timeout(PATIENCE):
        while await hass.async_add_executor_job(lambda: set(folder.iterdir())) != {
            *kept
        }:
            await asyncio.sleep(0.01)
