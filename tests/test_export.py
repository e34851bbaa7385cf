"""Test taking passages out of the archive into files."""

import asyncio
from collections.abc import Iterable
import csv
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO, StringIO
import json
import os
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

from homeassistant.components.backup.const import EXCLUDE_FROM_BACKUP
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from openpyxl import load_workbook
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.hikvision_anpr import export_services
from custom_components.hikvision_anpr.archive import export, export_pages, export_table
from custom_components.hikvision_anpr.centre import async_get_centre
from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .registry import add, ask
from .waiting import PATIENCE, expect_events


@pytest.fixture(autouse=True)
async def passages(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    tmp_path: Path,
) -> None:
    """Let three vehicles pass, and allow a folder."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    await add(hass, "XY987ZZ", vehicle_name="=SUM(1)", list="block")
    async with expect_events(hass, EVENT_PASSAGE, 3):
        await camera.vehicle_passes("AB123CD", confidence=90)
        await camera.vehicle_passes("XY987ZZ")
        await camera.vehicle_passes(None)
    archive = async_get_centre(hass).archive
    assert archive
    await archive.pictures.async_flush()
    await archive.database.async_write(lambda _: None)


async def exported(hass: HomeAssistant, path: Path, **data: Any) -> bytes:
    """Export into a file, and return it."""
    answer = await ask(hass, "export_passages", None, file=str(path), **data)
    content = await hass.async_add_executor_job(path.read_bytes)
    assert (answer["file"], answer["size"]) == (str(path), len(content))
    assert not list(path.parent.glob("*.part"))
    return content


def table(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a table."""
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("page", [1, 2, 1000])
async def test_csv(hass: HomeAssistant, tmp_path: Path, page: int) -> None:
    """Write every passage once, whatever is on a page, and no formula."""
    with patch.object(export_pages, "MOST_ON_A_PAGE", page):
        rows = table(await exported(hass, tmp_path / "out.csv"))
    assert [row["Plate"] for row in rows] == ["AB123CD", "XY987ZZ", ""]
    assert rows[1]["Vehicle name"] == "'=SUM(1)"
    assert (rows[1]["List"], rows[1]["Live"]) == ("Block list", "Yes")
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o644
    zone = hass.config.time_zone
    assert zone
    found = await ask(hass, "search_passages", sort="oldest")
    assert [row["Passage ID"] for row in rows] == [
        one["passage_id"] for one in found["passages"]
    ]


async def test_filters(hass: HomeAssistant, tmp_path: Path) -> None:
    """Write only what is asked for."""
    rows = table(await exported(hass, tmp_path / "a.csv", list="block"))
    assert [row["Plate"] for row in rows] == ["XY987ZZ"]
    rows = table(await exported(hass, tmp_path / "b.csv", sort="newest", plate="a"))
    assert [row["Plate"] for row in rows] == ["AB123CD"]
    assert table(await exported(hass, tmp_path / "c.csv", country="XX")) == []


async def test_json(hass: HomeAssistant, tmp_path: Path) -> None:
    """Write what a search answers."""
    rows = json.loads(await exported(hass, tmp_path / "out.json", format="json"))
    assert [row["plate"] for row in rows] == ["AB123CD", "XY987ZZ", None]
    assert rows[0]["confidence"] == 90
    assert (
        json.loads(
            await exported(hass, tmp_path / "no.json", format="json", country="XX")
        )
        == []
    )


async def test_xlsx(hass: HomeAssistant, tmp_path: Path) -> None:
    """Write texts alone, on as many sheets as are needed."""
    with patch.object(export_table, "MOST_IN_A_WORKBOOK", 2):
        content = await exported(hass, tmp_path / "out.xlsx", format="xlsx")
    book = await hass.async_add_executor_job(load_workbook, BytesIO(content))
    first, second = book.worksheets
    assert [row[1].value for row in first] == ["Plate", "AB123CD", "XY987ZZ"]
    assert [row[1].value for row in second] == ["Plate", None]
    assert "f" not in {cell.data_type for row in first for cell in row}
    empty = await exported(hass, tmp_path / "no.xlsx", format="xlsx", country="XX")
    book = await hass.async_add_executor_job(load_workbook, BytesIO(empty))
    assert book.worksheets[0].max_row == 1


async def test_zip(hass: HomeAssistant, tmp_path: Path) -> None:
    """Write the pictures as well, and what each file has to be."""
    content = await exported(hass, tmp_path / "out.zip", format="zip")
    with ZipFile(BytesIO(content)) as archive:
        names = set(archive.namelist())
        sums = json.loads(archive.read("manifest.json"))["sha256"]
        assert names == {*sums, "manifest.json"}
        assert len([name for name in names if name.startswith("pictures/")]) == 9
        for name, expected in sums.items():
            assert sha256(archive.read(name)).hexdigest() == expected
        assert len(table(archive.read("passages.csv"))) == 3


async def test_link(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Answer with a link, which counts for a while."""
    answer = await ask(hass, "export_passages")
    client = await hass_client_no_auth()
    got = await client.get(answer["url"])
    assert got.status == HTTPStatus.OK
    assert "attachment" in got.headers["Content-Disposition"]
    assert len(table(await got.read())) == 3
    bare = answer["url"].partition("?")[0]
    assert (await client.get(bare)).status == HTTPStatus.UNAUTHORIZED


async def test_not_in_backups(hass: HomeAssistant) -> None:
    """Write a file that lives for a day where backups of Home Assistant leave it out."""
    answer = await ask(hass, "export_passages")
    assert Path(answer["file"]).is_relative_to(hass.config.cache_path())
    assert ".cache/*" in EXCLUDE_FROM_BACKUP


@pytest.mark.parametrize("name", ["nothing.csv", "..%2Farchive.db", "%2e%2e"])
async def test_no_other_file(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, name: str
) -> None:
    """Serve nothing but exports."""
    client = await hass_client()
    answer = await client.get(f"/api/hikvision_anpr/export/{name}")
    assert answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}


async def test_one_at_a_time(hass: HomeAssistant, tmp_path: Path) -> None:
    """Refuse a second export, and allow the next."""
    first = asyncio.ensure_future(
        ask(hass, "export_passages", file=str(tmp_path / "a.csv"))
    )
    while export_services.EXPORTING not in hass.data:
        await asyncio.sleep(0)
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "export_passages", file=str(tmp_path / "b.csv"))
    assert error.value.translation_key == "export_going_on"
    assert (await first)["count"] == 3
    assert export_services.EXPORTING not in hass.data


async def test_trouble(hass: HomeAssistant, tmp_path: Path) -> None:
    """Say what is wrong, and leave nothing half-written."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for file, key in (
        ("/etc/out.csv", "path_not_allowed"),
        (str(tmp_path / "file" / "out.csv"), "file_not_written"),
    ):
        with pytest.raises(HomeAssistantError) as error:
            await ask(hass, "export_passages", file=file)
        assert error.value.translation_key == key
    with pytest.raises(ServiceValidationError):
        await ask(hass, "export_passages", start="2026-02-01", end="2026-01-01")
    target = tmp_path / "kept.csv"
    target.write_text("before", encoding="utf-8")
    with (
        patch.object(export, "write_csv", side_effect=OSError("full")),
        pytest.raises(HomeAssistantError),
    ):
        await ask(hass, "export_passages", file=str(target))
    assert target.read_text(encoding="utf-8") == "before"
    assert not list(tmp_path.glob("*.part"))


async def test_exports_are_for_administrators(
    hass: HomeAssistant, hass_read_only_user: MockUser
) -> None:
    """Give the archive to nobody else."""
    with pytest.raises(Unauthorized):
        await ask(hass, "export_passages", Context(user_id=hass_read_only_user.id))


async def test_panel(
    hass: HomeAssistant, tmp_path: Path, hass_ws_client: WebSocketGenerator
) -> None:
    """Tell the panel how far an export is, and where the file is in the end."""
    client = await hass_ws_client(hass)
    command = {
        "type": "hikvision_anpr/passages/export",
        "file": str(tmp_path / "a.csv"),
    }
    with patch.object(export_pages, "MOST_ON_A_PAGE", 1):
        await client.send_json_auto_id(command)
        result = (await client.receive_json())["result"]
        assert result == {"api_version": 1, "count": 3, "count_is_exact": True}
        events = [(await client.receive_json())["event"] for _ in range(4)]
    assert [(one["kind"], one["count"]) for one in events] == [
        ("progress", 1),
        ("progress", 2),
        ("progress", 3),
        ("done", 3),
    ]
    assert events[-1]["file"] == command["file"]
    await client.send_json_auto_id(command | {"file": "/etc/passages.csv"})
    assert (await client.receive_json())["success"]
    failed = (await client.receive_json())["event"]
    assert (failed["kind"], failed["error"]) == ("failed", "path_not_allowed")
    await client.send_json_auto_id(command | {"plate": "%"})
    assert not (await client.receive_json())["success"]


async def test_panel_ends_an_export(
    hass: HomeAssistant, tmp_path: Path, hass_ws_client: WebSocketGenerator
) -> None:
    """End an export that nobody waits for any more, and leave nothing of it."""
    client = await hass_ws_client(hass)
    written = threading.Event()
    ends = threading.Event()

    def write(rows: Iterable[object], _path: Path, _: object) -> None:
        for _ in rows:
            written.set()
            ends.wait(10)

    command = {
        "type": "hikvision_anpr/passages/export",
        "file": str(tmp_path / "out" / "a.csv"),
    }
    with (
        patch.object(export, "write_csv", write),
        patch.object(export_pages, "MOST_ON_A_PAGE", 1),
    ):
        await client.send_json({"id": 1, **command})
        assert (await client.receive_json())["success"]
        await hass.async_add_executor_job(written.wait, 10)
        await client.send_json(
            {"id": 2, "type": "unsubscribe_events", "subscription": 1}
        )
        assert (await client.receive_json())["success"]
        await hass.async_block_till_done()
        assert export_services.EXPORTING not in hass.data
        ends.set()
        async with asyncio.timeout(PATIENCE):
            while await hass.async_add_executor_job(os.listdir, tmp_path / "out"):
                await asyncio.sleep(0.01)
