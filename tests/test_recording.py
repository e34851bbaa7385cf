"""Test taking what a device recorded of a passage off it."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import errno
from hashlib import sha256
from http import HTTPStatus
import json
import os
from pathlib import Path
import threading
import time
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

import av
from homeassistant.components.media_source import (
    Unresolvable,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)
import voluptuous as vol

from custom_components.hikvision_anpr import clip, export_services, recorded_clip
from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.footage import Span
from simulator.rtsp import RtspServer

from .archived import passage
from .registry import ask
from .waiting import PATIENCE

SOURCE = f"media-source://{DOMAIN}"


@pytest.fixture(autouse=True)
async def rtsp(camera: SimulatedCamera) -> AsyncGenerator[RtspServer]:
    """Let the camera record all the time, and play it faster than the clock."""
    now = camera.clock.now()
    camera.device.footage.spans[1] = [
        Span(start=now - timedelta(hours=1), end=now - timedelta(minutes=30)),
        Span(start=now - timedelta(minutes=30), end=now + timedelta(hours=1)),
    ]
    server = RtspServer(device=camera.device, speed=40)
    await server.start(camera.host)
    yield server
    await server.stop()


@pytest.fixture
def device_id(rtsp: RtspServer, init_integration: MockConfigEntry) -> str:
    """Return the camera's device."""
    found: str = init_integration.runtime_data.channels.followed[1].device_id
    return found


async def between(
    hass: HomeAssistant, device_id: str, start: datetime, end: datetime
) -> dict[str, Any]:
    """Ask for what was recorded between two times."""
    return await ask(
        hass, "get_recording", None, device_id=device_id, start=start, end=end
    )


def watched(path: Path) -> tuple[int, float]:
    """Return how many pictures of a clip can be seen, and how long it is."""
    with av.open(str(path)) as file:
        pictures = sum(1 for _ in file.decode(video=0))
        assert file.duration
        return pictures, file.duration / av.time_base


def brightness(path: Path) -> int:
    """Return how bright the first picture of a clip is."""
    with av.open(str(path)) as file:
        picture = next(file.decode(video=0))
        return bytes(picture.planes[0])[0]


async def test_of_a_passage(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    camera: SimulatedCamera,
    rtsp: RtspServer,
    device_id: str,
) -> None:
    """Answer a link to the seconds around a passage, whole and in ranges."""
    seen = await passage(hass, camera)
    answer = await ask(
        hass, "get_recording", None, passage_id=seen["passage_id"], before=2, after=4
    )
    captured_at = datetime.fromisoformat(seen["captured_at"])
    assert datetime.fromisoformat(answer["start"]) == captured_at - timedelta(seconds=2)
    assert answer["complete"]
    pictures, seconds = await hass.async_add_executor_job(watched, Path(answer["file"]))
    assert (pictures, round(seconds)) == (61, 6)
    # The film begins as dark as that, and grows brighter.
    assert await hass.async_add_executor_job(brightness, Path(answer["file"])) == 40
    begin = captured_at.astimezone(UTC) - timedelta(seconds=2)
    assert f"starttime={begin:%Y%m%dT%H%M%SZ}" in rtsp.played[0]
    assert "endtime" not in rtsp.played[0]

    client = await hass_client_no_auth()
    async with client.get(answer["url"], headers={"Range": "bytes=4-7"}) as response:
        assert response.status == HTTPStatus.PARTIAL_CONTENT
        assert response.content_type == "video/mp4"
        assert await response.read() == b"ftyp"
    async with client.get(answer["url"], headers={"Range": "bytes=-9"}) as response:
        assert response.status == HTTPStatus.PARTIAL_CONTENT
        assert len(await response.read()) == 9
    beyond = {"Range": f"bytes={answer['size']}-"}
    async with client.get(answer["url"], headers=beyond) as response:
        assert response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    async with client.head(answer["url"]) as response:
        assert response.status == HTTPStatus.OK
        assert response.headers["Content-Length"] == str(answer["size"])
    unsigned = answer["url"].partition("?")[0]
    assert (await client.head(unsigned)).status == HTTPStatus.UNAUTHORIZED


async def test_no_place(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str, tmp_path: Path
) -> None:
    """Say why a file cannot be written, and leave nothing of it."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    seen = await passage(hass, camera)
    asked = {
        "passage_id": seen["passage_id"],
        "file": str(tmp_path / "clips" / "1.mp4"),
    }
    full = OSError(errno.ENOSPC, "No space left on device")
    with (
        patch.object(clip, "_mux", side_effect=full),
        pytest.raises(HomeAssistantError) as raised,
    ):
        await ask(hass, "get_recording", None, **asked)
    assert raised.value.translation_key == "file_not_written"
    assert "No space left on device" in str(raised.value)
    assert not list((tmp_path / "clips").iterdir())


async def test_between_two_times(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str, tmp_path: Path
) -> None:
    """Write a recording that goes over two files of the device where the user wants it."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    seam = camera.device.footage.spans[1][1].start
    path = tmp_path / "clips" / "gate.mp4"
    answer = await ask(
        hass,
        "get_recording",
        None,
        device_id=device_id,
        start=seam - timedelta(seconds=1),
        end=seam + timedelta(seconds=2),
        file=str(path),
    )
    assert (answer["url"], answer["file"]) == (None, str(path))
    assert answer["size"] == path.stat().st_size
    assert (answer["complete"], answer["seconds"]) == (True, 3.0)
    assert [found.name for found in path.parent.iterdir()] == ["gate.mp4"]


async def test_begins_late(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Give what there is, and say that it is not all."""
    first = camera.device.footage.spans[1][0].start
    answer = await between(
        hass, device_id, first - timedelta(seconds=5), first + timedelta(seconds=2)
    )
    assert not answer["complete"]
    assert abs(datetime.fromisoformat(answer["start"]) - first) < timedelta(seconds=1)


async def test_camera_speaks_utc(
    hass: HomeAssistant, camera: SimulatedCamera, rtsp: RtspServer, device_id: str
) -> None:
    """Do not take what was recorded by another clock's time for what is asked for."""
    now = camera.clock.now()
    ahead = now.utcoffset()
    assert ahead
    camera.device.footage.spans[1] = [
        Span(start=now - timedelta(minutes=4), end=now - timedelta(minutes=2))
    ]
    start = now - timedelta(minutes=3) - ahead
    with pytest.raises(HomeAssistantError) as raised:
        await between(hass, device_id, start, start + timedelta(seconds=1))
    assert raised.value.translation_key == "recording_deleted"
    assert not rtsp.played


async def test_pages(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Read a search to its end, however short its pages are."""
    begin = camera.clock.now().replace(microsecond=0) - timedelta(minutes=5)
    camera.device.footage.page = 2
    camera.device.footage.spans[1] = [
        Span(
            start=begin + timedelta(seconds=number),
            end=begin + timedelta(seconds=number + 1),
        )
        for number in range(7)
    ]
    answer = await between(hass, device_id, begin, begin + timedelta(seconds=7))
    assert answer["seconds"] == 7.0


async def test_nothing_recorded(
    hass: HomeAssistant, camera: SimulatedCamera, rtsp: RtspServer, device_id: str
) -> None:
    """Do not take another recording for the one that is not there."""
    start = camera.clock.now() - timedelta(days=3)
    with pytest.raises(HomeAssistantError) as raised:
        await between(hass, device_id, start, start + timedelta(seconds=5))
    assert raised.value.translation_key == "recording_deleted"
    oldest = camera.device.footage.spans[1][0].start
    assert f"begin at {oldest:%Y-%m-%d %H:%M:%S}" in str(raised.value)
    assert not rtsp.played


async def test_search_answers_other_recordings(
    hass: HomeAssistant, camera: SimulatedCamera, rtsp: RtspServer, device_id: str
) -> None:
    """Play what was asked for where the device answers all that it has, escaped twice."""
    camera.faults.on(Fault.SEARCH_OTHER_RECORDINGS, Fault.SEARCH_ESCAPED_TWICE)
    start = camera.clock.now() - timedelta(minutes=3)
    answer = await between(hass, device_id, start, start + timedelta(seconds=2))
    assert (answer["complete"], answer["seconds"]) == (True, 2.0)
    begin = start.astimezone(UTC)
    assert f"starttime={begin:%Y%m%dT%H%M%SZ}" in rtsp.played[0]
    start -= timedelta(days=3)
    with pytest.raises(HomeAssistantError) as raised:
        await between(hass, device_id, start, start + timedelta(seconds=2))
    assert raised.value.translation_key == "recording_deleted"
    assert len(rtsp.played) == 1


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"enabled": False}, "recording_not_scheduled"),
        ({"mode": "motion"}, "recording_of_events"),
        ({"mode": "continuous"}, "recording_not_there"),
    ],
)
async def test_schedule_says_why(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    change: dict[str, Any],
    key: str,
) -> None:
    """Tell of the recording schedule where it is the reason."""
    await ask(hass, "set_recording_schedule", None, device_id=device_id, **change)
    now = camera.clock.now()
    camera.device.footage.spans[1] = [
        Span(start=now - timedelta(days=5), end=now - timedelta(days=4))
    ]
    start = now - timedelta(days=3)
    with pytest.raises(HomeAssistantError) as raised:
        await between(hass, device_id, start, start + timedelta(seconds=5))
    assert raised.value.translation_key == key


STORAGES: tuple[tuple[str | None, str | None, str, str | None], ...] = (
    (None, None, "no_storage", None),
    ("unformatted", None, "storage_unusable", "hdd1 (unformatted)"),
    (None, "offline", "storage_unusable", "/volume1/anpr (offline)"),
    (
        "error",
        "offline",
        "storage_unusable",
        "hdd1 (error), /volume1/anpr (offline)",
    ),
    ("error", "ok", "recording_deleted", None),
)


async def test_storage_says_why(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    subtests: pytest.Subtests,
) -> None:
    """Say that there is nothing on which the device could record, or what is wrong."""
    for card, share, key, storage in STORAGES:
        with subtests.test(card=card, share=share):
            camera.device.card_status, camera.device.share_status = card, share
            start = camera.clock.now() - timedelta(days=3)
            with pytest.raises(HomeAssistantError) as raised:
                await between(hass, device_id, start, start + timedelta(seconds=5))
            assert raised.value.translation_key == key
            assert (raised.value.translation_placeholders or {}).get(
                "storage"
            ) == storage


async def test_recorded_on_a_share_alone(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Find and play what a camera without a card recorded on its network share."""
    camera.device.card_status, camera.device.share_status = None, "online"
    await init_integration.runtime_data.watch.async_check()
    seen = await passage(hass, camera)
    found = await ask(hass, "get_recording", None, passage_id=seen["passage_id"])
    assert (found["complete"], round(found["seconds"])) == (True, 15)
    now = camera.clock.now()
    camera.device.footage.spans[1] = [
        Span(start=now - timedelta(minutes=5), end=now + timedelta(minutes=5))
    ]
    start = now - timedelta(hours=1)
    with pytest.raises(HomeAssistantError) as raised:
        await between(hass, device_id, start, start + timedelta(seconds=5))
    assert raised.value.translation_key == "recording_deleted"


async def test_not_played(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    rtsp: RtspServer,
    device_id: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Say so where nothing answers, without the password, and leave no file."""
    seen = await passage(hass, camera)
    await rtsp.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, "get_recording", None, passage_id=seen["passage_id"])
    assert raised.value.translation_key == "recording_not_played"
    assert camera.password not in str(raised.value) + caplog.text
    folder = Path(hass.config.cache_path(DOMAIN, "exports"))
    assert not list(folder.glob("*recording*"))


async def test_panel_follows(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Tell the panel each second that has come, and where the file is in the end."""
    seen = await passage(hass, camera)
    client = await hass_ws_client(hass)
    command = {"type": f"{DOMAIN}/recording/get", "before": 2, "after": 2}
    await client.send_json_auto_id({**command, "passage_id": seen["passage_id"]})
    assert (await client.receive_json())["result"] == {"api_version": 1, "seconds": 4.0}
    events = [(await client.receive_json())["event"] for _ in range(5)]
    *progress, done = events
    assert progress == [
        {"kind": "progress", "seconds": number} for number in (1, 2, 3, 4)
    ]
    assert (done["kind"], done["seconds"], done["complete"]) == ("done", 4.0, True)
    assert await hass.async_add_executor_job(Path(done["file"]).stat)

    camera.device.footage.spans[1].clear()
    await client.send_json_auto_id({**command, "passage_id": seen["passage_id"]})
    assert (await client.receive_json())["success"]
    failed = (await client.receive_json())["event"]
    assert (failed["kind"], failed["error"]) == ("failed", "recording_not_there")
    await client.send_json_auto_id(command)
    assert not (await client.receive_json())["success"]


async def test_ends_with_home_assistant(
    hass: HomeAssistant, camera: SimulatedCamera, rtsp: RtspServer, device_id: str
) -> None:
    """Do not keep Home Assistant from stopping, and leave nothing half-written."""
    rtsp.speed = 1
    seen = await passage(hass, camera)
    asked = {"passage_id": seen["passage_id"], "before": 30, "after": 30}
    playing = hass.async_create_task(ask(hass, "get_recording", None, **asked))
    async with asyncio.timeout(PATIENCE):
        while not rtsp.played:
            await asyncio.sleep(0.01)
    with patch.object(type(hass), "is_running", False):
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(HomeAssistantError):
                await playing
    folder = Path(hass.config.cache_path(DOMAIN, "exports"))
    assert not await hass.async_add_executor_job(lambda: list(folder.iterdir()))


async def test_panel_ends(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    rtsp: RtspServer,
    device_id: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """End a recording that nobody waits for any more, and leave nothing of it."""
    rtsp.speed = 1
    seen = await passage(hass, camera)
    client = await hass_ws_client(hass)
    command = {"type": f"{DOMAIN}/recording/get", "passage_id": seen["passage_id"]}
    await client.send_json({"id": 1, **command})
    assert (await client.receive_json())["success"]
    assert (await client.receive_json())["event"] == {"kind": "progress", "seconds": 1}
    await client.send_json({"id": 2, "type": "unsubscribe_events", "subscription": 1})
    while (await client.receive_json()).get("type") != "result":
        pass
    folder = Path(hass.config.cache_path(DOMAIN, "exports"))

    def left() -> list[Path]:
        return list(folder.glob("*recording*")) + list(folder.glob(".*part"))

    for _ in range(50):
        if not await hass.async_add_executor_job(left):
            break
        await asyncio.sleep(0.1)
    assert not await hass.async_add_executor_job(left)


async def test_two_at_once(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Play several, no more than two at once, and mix none up."""
    seen = await passage(hass, camera)
    lock, playing = threading.Lock(), list[int]()
    now_playing = 0

    def counted(*args: Any) -> float:
        nonlocal now_playing
        with lock:
            now_playing += 1
            playing.append(now_playing)
        try:
            return clip.write_clip(*args)
        finally:
            with lock:
                now_playing -= 1

    asked = {"passage_id": seen["passage_id"], "before": 1, "after": 1}
    with patch.object(recorded_clip, "write_clip", counted):
        answers = await asyncio.gather(
            *(ask(hass, "get_recording", None, **asked) for _ in range(4))
        )
    assert max(playing) == recorded_clip.AT_ONCE == 2
    assert len({answer["file"] for answer in answers}) == 4
    assert {answer["seconds"] for answer in answers} == {2.0}


BAD: tuple[tuple[dict[str, str], str], ...] = (
    ({"passage_id": "nobody"}, "passage_not_found"),
    ({"device_id": "nobody"}, "recording_time_missing"),
    (
        {
            "device_id": "nobody",
            "start": "2026-11-01 12:00:00",
            "end": "2026-11-01 11:00:00",
        },
        "recording_time_wrong",
    ),
    (
        {
            "device_id": "nobody",
            "start": "2026-11-01 12:00:00",
            "end": "2026-11-01 12:11:00",
        },
        "recording_time_wrong",
    ),
    (
        {
            "device_id": "nobody",
            "start": "2026-11-01 12:00:00",
            "end": "2026-11-01 12:01:00",
        },
        "device_not_found",
    ),
)


async def test_bad_input(
    hass: HomeAssistant, device_id: str, subtests: pytest.Subtests
) -> None:
    """Say what is wrong with it."""
    for data, key in BAD:
        with subtests.test(key=key):
            with pytest.raises(ServiceValidationError) as raised:
                await ask(hass, "get_recording", None, **data)
            assert raised.value.translation_key == key


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


async def test_is_for_administrators(
    hass: HomeAssistant, device_id: str, hass_read_only_user: MockUser
) -> None:
    """Show recordings to nobody else; and ask for something at all."""
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await ask(hass, "get_recording", context, passage_id="1")
    with pytest.raises(vol.Invalid):
        await ask(hass, "get_recording", None)


def test_no_film(tmp_path: Path) -> None:
    """Refuse what is no stream."""
    text = tmp_path / "film.h264"
    text.write_text("no film")
    with pytest.raises(clip.ClipError):
        clip.write_clip(
            str(text), tmp_path / "out.mp4", 5, threading.Event(), lambda _: None
        )
    assert [found.name for found in tmp_path.iterdir()] == ["film.h264"]
