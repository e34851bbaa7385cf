"""Test that the pictures of passages are kept, shown and deleted."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Any
from unittest.mock import patch

from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.media_player import BrowseError, SearchMediaQuery
from homeassistant.components.media_source import (
    Unresolvable,
    async_browse_media,
    async_resolve_media,
    async_search_media,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
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

from custom_components.hikvision_anpr.archive import (
    picture_writer,
    pictures as the_pictures,
)
from custom_components.hikvision_anpr.archive.archive import RETRY_EVERY, Archive
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.errors import ArchiveError
from custom_components.hikvision_anpr.centre import async_get_centre, is_centre
from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from custom_components.hikvision_anpr.media_source import async_get_media_source
from custom_components.hikvision_anpr.picture_view import picture_links
from custom_components.hikvision_anpr.recording_media import channel_names
from simulator.camera import SimulatedCamera
from simulator.passage import Passage

from .archive.passages import passage
from .areas import add_area, watch_yard
from .registry import add, ask
from .waiting import PATIENCE, expect_events, seconds_later, wait_until

SOURCE = f"media-source://{DOMAIN}"


@pytest.fixture
def archive(hass: HomeAssistant, init_integration: MockConfigEntry) -> Archive:
    """Return the archive."""
    archive = async_get_centre(hass).archive
    assert archive
    return archive


async def passes(
    hass: HomeAssistant, camera: SimulatedCamera, archive: Archive, plate: str
) -> Passage:
    """Let a vehicle pass, and wait until its pictures are kept."""
    before = len(files(hass))
    async with expect_events(hass, EVENT_PASSAGE):
        sent = await camera.vehicle_passes(plate)
    async with asyncio.timeout(PATIENCE):
        while len(files(hass)) < before + len(sent.pictures):
            await asyncio.sleep(0.01)
    await archive.pictures.async_flush()
    await archive.database.async_write(lambda _: None)
    return sent


def files(hass: HomeAssistant) -> list[Path]:
    """Return all files of pictures."""
    folder = Path(hass.config.path("media")) / DOMAIN
    return sorted(folder.rglob("*.jpg"))


async def found(hass: HomeAssistant, **query: object) -> list[dict[str, Any]]:
    """Return what a search finds, after all that passed before is written."""
    archive = async_get_centre(hass).archive
    assert archive
    await archive.database.async_write(lambda _: None)
    answer = await ask(hass, "search_passages", None, **query)
    passages: list[dict[str, Any]] = answer["passages"]
    return passages


async def test_kept_and_served(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    archive: Archive,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Keep each picture, and show it to those who are logged in."""
    sent = await passes(hass, camera, archive, "AB123CD")
    (passage,) = await found(hass)
    assert set(passage["pictures"]) == {"plate", "scene", "vehicle"}
    client = await hass_client()
    url = passage["pictures"]["scene"]
    answer = await client.get(url)
    assert answer.status == HTTPStatus.OK
    assert answer.content_type == "image/jpeg"
    assert await answer.read() in sent.jpegs.values()
    small = await client.get(f"{url}?thumbnail=1")
    assert small.status == HTTPStatus.OK
    again = await client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == HTTPStatus.NOT_MODIFIED
    stranger = await hass_client_no_auth()
    assert (await stranger.get(url)).status == HTTPStatus.UNAUTHORIZED
    signed = async_sign_path(hass, url, timedelta(minutes=1))
    assert (await stranger.get(signed)).status == HTTPStatus.OK
    links = picture_links(hass, passage["passage_id"])
    assert {(await stranger.get(link)).status for link in links.values()} == {
        HTTPStatus.OK
    }


NOWHERE: tuple[str, ...] = (
    "01J/scene",
    "01J/other",
    "..%2F..%2Fsecret/scene",
    "%00/scene",
)


async def test_not_there(
    hass: HomeAssistant,
    archive: Archive,
    hass_client: ClientSessionGenerator,
    subtests: pytest.Subtests,
) -> None:
    """Answer 404 for what is not there, whatever is asked for."""
    client = await hass_client()
    for path in NOWHERE:
        with subtests.test(path=path):
            answer = await client.get(f"/api/{DOMAIN}/picture/{path}")
            assert answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}


async def test_deleted_with_their_passage(
    hass: HomeAssistant, camera: SimulatedCamera, archive: Archive
) -> None:
    """Leave no picture behind, however a passage goes."""
    await passes(hass, camera, archive, "AB123CD")
    await passes(hass, camera, archive, "XY987ZZ")
    (first,) = await found(hass, plate="AB123CD")
    await ask(hass, "delete_passages", passage_id=first["passage_id"])
    assert len(files(hass)) == 3
    answer = await ask(hass, "forget_plate", plate="XY987ZZ")
    assert answer["pictures"] == 3
    assert files(hass) == []


async def test_limits(
    hass: HomeAssistant, camera: SimulatedCamera, archive: Archive
) -> None:
    """Delete the oldest when there are too many, too old, or without a passage."""
    await passes(hass, camera, archive, "AB123CD")
    size = sum(path.stat().st_size for path in files(hass))
    await passes(hass, camera, archive, "XY987ZZ")
    rules = the_pictures.PictureRules
    pictures = archive.pictures
    pictures.rules = rules(folder=pictures.files.folder, most_bytes=size * 3 // 2)
    assert await pictures.async_clean() == 3
    (kept,) = [one for one in await found(hass) if one["pictures"]]
    assert kept["plate"] == "XY987ZZ"
    await passes(hass, camera, archive, "NEW1")
    pictures.rules = rules(folder=pictures.files.folder, most=6)
    assert await pictures.async_clean() == 0
    pictures.rules = rules(folder=pictures.files.folder, most=5)
    assert await pictures.async_clean() == 3
    (kept,) = [one for one in await found(hass) if one["pictures"]]
    assert kept["plate"] == "NEW1"
    pictures.rules = rules(folder=pictures.files.folder, days=1)
    assert await pictures.async_clean() == 0
    with seconds_later(2 * 86400):
        assert await pictures.async_clean() == 3
    assert files(hass) == []


async def test_folder_is_away(
    hass: HomeAssistant, camera: SimulatedCamera, archive: Archive
) -> None:
    """Say so, keep the passage, and go on when the folder is there again."""
    folder = archive.pictures.files.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder", encoding="utf-8")
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    async with asyncio.timeout(PATIENCE):
        while archive.pictures.dropped < 3:
            await asyncio.sleep(0.01)
    issue = (DOMAIN, picture_writer.ISSUE)
    assert issue in ir.async_get(hass).issues
    assert len(await found(hass)) == 1
    folder.unlink()
    await passes(hass, camera, archive, "XY987ZZ")
    assert issue not in ir.async_get(hass).issues


async def test_many_vehicles_in_a_row(
    hass: HomeAssistant, camera: SimulatedCamera, archive: Archive
) -> None:
    """Keep the pictures as fast as vehicles pass, whatever the database takes."""
    vehicles = 40
    async with expect_events(hass, EVENT_PASSAGE, vehicles):
        for number in range(vehicles):
            await camera.vehicle_passes(f"AB{number:03}CD")
            await asyncio.sleep(0.05)
        assert len(files(hass)) > vehicles * 3 / 2
    await archive.pictures.async_flush()
    assert archive.pictures.dropped == 0
    passages = await found(hass)
    assert all(len(passage["pictures"]) == 3 for passage in passages)


async def test_pictures_that_come_one_by_one(
    hass: HomeAssistant, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Write what comes within a moment together, and not each by itself."""
    times: list[float] = []
    write = picture_writer._write  # noqa: SLF001

    def count(*args: Any) -> Any:
        times.append(monotonic())
        return write(*args)

    monkeypatch.setattr(picture_writer, "_write", count)
    for number in range(20):
        archive.pictures.take(passage(number, "AB123CD"), "scene", b"\xff\xd8\xff\xd9")
        await asyncio.sleep(0.01)
    await archive.pictures.async_flush()
    assert len(files(hass)) == 20
    assert len(times) <= (times[-1] - times[0]) / picture_writer.PAUSE_SECONDS + 1.1


async def test_database_that_is_away_for_a_moment(
    hass: HomeAssistant, camera: SimulatedCamera, archive: Archive
) -> None:
    """Tell the database later of what is there, without waiting for a next picture."""
    with patch.object(Database, "async_write", side_effect=ArchiveError("locked")):
        async with expect_events(hass, EVENT_PASSAGE):
            await camera.vehicle_passes("AB123CD")
        async with asyncio.timeout(PATIENCE):
            while len(files(hass)) < 3:
                await asyncio.sleep(0.01)
        await archive.pictures.async_flush()
    (passage,) = await found(hass)
    assert passage["pictures"] == {}
    async_fire_time_changed(hass, dt_util.utcnow() + RETRY_EVERY)
    await archive.pictures.async_flush()
    (passage,) = await found(hass)
    assert set(passage["pictures"]) == {"plate", "scene", "vehicle"}


async def test_no_room_in_memory(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Drop and count what waits beyond what there is room for."""
    monkeypatch.setattr(picture_writer, "MOST_WAITING", 10)
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    async with asyncio.timeout(PATIENCE):
        while archive.pictures.dropped < 3:
            await asyncio.sleep(0.01)
    assert files(hass) == []


async def test_options(hass: HomeAssistant, archive: Archive, tmp_path: Path) -> None:
    """Keep pictures where the user wants them, if that is possible."""
    (entry,) = filter(is_centre, hass.config_entries.async_entries(DOMAIN))
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"next_step_id": "pictures"}
    )
    (tmp_path / "file").write_text("", encoding="utf-8")
    form = {
        "pictures_folder": str(tmp_path / "file"),
        "pictures_gigabytes": 1,
        "pictures_count": 7,
    }
    flow = await hass.config_entries.options.async_configure(flow["flow_id"], form)
    assert flow["errors"] == {"pictures_folder": "folder_not_writable"}
    form["pictures_folder"] = str(tmp_path / "share")
    flow = await hass.config_entries.options.async_configure(flow["flow_id"], form)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    opened = async_get_centre(hass).archive
    assert opened
    assert opened.pictures.files.folder == tmp_path / "share"
    assert opened.pictures.rules.most == 7
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"next_step_id": "pictures"}
    )
    form["pictures_folder"] = " "
    await hass.config_entries.options.async_configure(flow["flow_id"], form)
    assert entry.options["pictures_folder"] == str(
        Path(hass.config.path("media")) / DOMAIN
    )


async def test_media_source(
    hass: HomeAssistant, camera: SimulatedCamera, archive: Archive
) -> None:
    """Browse days, passages and pictures, and play one."""
    assert await async_setup_component(hass, "media_source", {})
    empty = await async_browse_media(hass, SOURCE)
    assert [one.title for one in empty.children or ()] == ["Channels", "Recordings"]
    await passes(hass, camera, archive, "AB123CD")
    days = await async_browse_media(hass, SOURCE)
    assert days.children is not None
    _, recordings, day = days.children
    assert recordings.title == "Recordings"
    assert day.title == dt_util.now().date().isoformat()
    passages = await async_browse_media(hass, day.media_content_id)
    assert passages.children is not None
    (passage,) = passages.children
    assert "AB123CD" in passage.title
    assert passage.thumbnail
    assert passage.thumbnail.endswith("/scene?thumbnail=1")
    pictures = await async_browse_media(hass, passage.media_content_id)
    assert pictures.children is not None
    assert [one.title for one in pictures.children] == [
        "Plate",
        "Scene",
        "Vehicle",
        "Recording",
        "All of AB123CD",
    ]
    played = await async_resolve_media(
        hass, pictures.children[0].media_content_id, None
    )
    assert played.mime_type == "image/jpeg"
    assert played.url.startswith(f"/api/{DOMAIN}/picture/")


async def shown(hass: HomeAssistant, *titles: str) -> list[str]:
    """Return what is in a folder, by the titles that lead there."""
    folder = await async_browse_media(hass, SOURCE)
    for title in titles:
        (inside,) = [one for one in folder.children or () if one.title == title]
        folder = await async_browse_media(hass, inside.media_content_id)
    return [one.title for one in folder.children or ()]


async def test_media_by_channel_area_and_plate(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    archive: Archive,
    init_integration: MockConfigEntry,
) -> None:
    """Browse the passages of a channel, of an area and of a plate."""
    assert await async_setup_component(hass, "media_source", {})
    centre = await watch_yard(hass, init_integration)
    await add_area(hass, centre, name="Back/side ä")
    kept = async_get_centre(hass).archive
    assert kept
    for plate in ("AB123CD", "XY987ZZ", "AB123CD"):
        await passes(hass, camera, kept, plate)
    ((_, channel),) = channel_names(hass)
    for titles in (("Channels", channel), ("Areas", "Yard")):
        found = await shown(hass, *titles)
        assert [title.split(" · ")[0] for title in found] == [
            "AB123CD",
            "XY987ZZ",
            "AB123CD",
        ]
    assert await shown(hass, "Areas", "Back/side ä") == []
    same = await shown(hass, "Channels", channel, found[1], "All of XY987ZZ")
    assert same == found[1:2]
    await add(hass, "XY 987 ZZ", vehicle_name="Van")
    assert await shown(hass, "Vehicles", "Van · XY 987 ZZ") == found[1:2]


async def test_media_search(
    hass: HomeAssistant, camera: SimulatedCamera, archive: Archive
) -> None:
    """Find passages by a part of a plate; say what cannot be searched for."""
    assert await async_setup_component(hass, "media_source", {})
    for plate in ("AB123CD", "XY987ZZ"):
        await passes(hass, camera, archive, plate)
    root = await async_browse_media(hass, SOURCE)
    assert root.can_search
    for text, plates in (("b1", ["AB123CD"]), ("%' OR 1 --", []), ("9", ["XY987ZZ"])):
        asked = SearchMediaQuery(search_query=text)
        found = (await async_search_media(hass, SOURCE, asked)).result
        assert [one.title.split(" · ")[0] for one in found] == plates
    with pytest.raises(BrowseError, match="must contain a letter or a digit"):
        await async_search_media(hass, SOURCE, SearchMediaQuery(search_query="🚗"))
    with pytest.raises(Unresolvable, match="must contain a letter or a digit"):
        await async_browse_media(hass, f"{SOURCE}/plate/%25")


NOTHING: tuple[str, ...] = (
    "day/never",
    "day/9999-12-31",
    "what",
    "picture/01J/other",
    "day/1/2",
    "recordings/nobody",
    "recordings/nobody/2026-11-28",
    "recordings/a/b/c",
    "play/nobody/1/2",
    "play/nobody/one/2",
    "play/nobody/1/999999999999",
)


async def test_nothing_to_browse(
    hass: HomeAssistant, archive: Archive, subtests: pytest.Subtests
) -> None:
    """Say that there is nothing of this name."""
    assert await async_setup_component(hass, "media_source", {})
    for path in NOTHING:
        with subtests.test(path=path):
            with pytest.raises(Unresolvable):
                await async_browse_media(hass, f"{SOURCE}/{path}")
            with pytest.raises(Unresolvable):
                await async_resolve_media(hass, f"{SOURCE}/{path}", None)


async def test_archive_is_closed(hass: HomeAssistant) -> None:
    """Say so."""
    assert await async_setup_component(hass, "media_source", {})
    assert await async_setup_component(hass, DOMAIN, {})
    assert (await async_get_media_source(hass)).domain == DOMAIN
    with pytest.raises(Unresolvable):
        await async_browse_media(hass, SOURCE)


async def test_panel_gets_addresses(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    archive: Archive,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Tell the panel where the pictures are."""
    await passes(hass, camera, archive, "AB123CD")
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": f"{DOMAIN}/passages/search"})
    (passage,) = (await client.receive_json())["result"]["passages"]
    command = {"type": f"{DOMAIN}/passages/get", "passage_id": passage["passage_id"]}
    await client.send_json_auto_id(command)
    got = (await client.receive_json())["result"]["passage"]
    assert got["pictures"] == passage["pictures"]
    assert set(got["pictures"]) == {"plate", "scene", "vehicle"}


async def test_server_that_takes_no_more(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Read plates also where pictures cannot be served."""
    for component in ("http", "webhook", "websocket_api"):
        assert await async_setup_component(hass, component, {})
    await hass_client_no_auth()
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    assert "takes no more views" in caplog.text
    coordinator = config_entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
