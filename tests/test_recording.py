"""Test taking what a device recorded of a passage off it."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import errno
from http import HTTPStatus
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch

import av
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)
import voluptuous as vol

from custom_components.hikvision_anpr import clip, recorded_clip
from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.footage import Span
from simulator.rtsp import RtspServer

from .archived import passage
from .recordings import playing
from .registry import ask
from .waiting import PATIENCE


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
