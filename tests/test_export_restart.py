"""Test that an export goes on after a restart of Home Assistant."""

import asyncio
from collections.abc import Iterable
import csv
from http import HTTPStatus
from io import StringIO
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hikvision_anpr.archive import export, export_pages
from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .archived import written
from .registry import ask
from .waiting import expect_events, until

KEY = f"{DOMAIN}.export"


@pytest.fixture(autouse=True)
async def passages(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Let two vehicles pass."""
    async with expect_events(hass, EVENT_PASSAGE, 2):
        await camera.vehicle_passes("AB123CD")
        await camera.vehicle_passes("XY987ZZ")
    await written(hass)


async def stop_during_export(hass: HomeAssistant, **data: Any) -> None:
    """Export until some of it is written, and stop then."""
    begun, goes_on = threading.Event(), threading.Event()

    def write(rows: Iterable[object], path: Path, _: object) -> None:
        path.write_text("half of", encoding="utf-8")
        for _ in rows:
            begun.set()
            goes_on.wait(10)

    with (
        patch.object(export, "write_csv", write),
        patch.object(export_pages, "MOST_ON_A_PAGE", 1),
    ):
        going_on = asyncio.ensure_future(ask(hass, "export_passages", None, **data))
        await hass.async_add_executor_job(begun.wait, 10)
        hass.set_state(CoreState.stopping)
        goes_on.set()
        with pytest.raises(HomeAssistantError):
            await going_on
    hass.set_state(CoreState.running)


def centre_entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return the entry of the centre as the next start finds it."""
    [entry] = [one for one in hass.config_entries.async_entries(DOMAIN) if not one.data]
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=entry.entry_id,
        unique_id=entry.unique_id,
        source=entry.source,
        title=entry.title,
    )


def plates(path: Path) -> list[str]:
    """Return the plates in an exported file."""
    text = path.read_text(encoding="utf-8-sig")
    return [row["Plate"] for row in csv.DictReader(StringIO(text, newline=""))]


async def test_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any], tmp_path: Path
) -> None:
    """Write the same file with the next start, and never show half of it."""
    folder = tmp_path / "out"
    hass.config.allowlist_external_dirs = {str(folder)}
    target = folder / "of this year.csv"
    await stop_during_export(
        hass, file=str(target), plate="ab", start="2026-01-01T00:00:00+00:00"
    )
    assert list(folder.iterdir()) == []
    assert hass_storage[KEY]["data"]["data"]["plate"] == "ab"
    left = folder / f"{target.name}.left.part"
    left.write_text("of a process that was killed", encoding="utf-8")
    entry = centre_entry(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    async with async_test_home_assistant(config_dir=hass.config.config_dir) as home:
        del home.data[DATA_CUSTOM_COMPONENTS]
        home.config.media_dirs = hass.config.media_dirs
        home.config.allowlist_external_dirs = {str(folder)}
        entry.add_to_hass(home)
        await home.config_entries.async_setup(entry.entry_id)
        await until(target.exists)
        issues = ir.async_get(home)
        await until(lambda: told(issues) == "export_done")
        await until(lambda: KEY not in hass_storage)
        await home.config_entries.async_unload(entry.entry_id)
        await home.async_stop(force=True)
    assert plates(target) == ["AB123CD"]
    assert list(folder.iterdir()) == [target]


def told(issues: ir.IssueRegistry) -> str | None:
    """Return which text the repairs show of an export."""
    issue = issues.async_get_issue(DOMAIN, "export_resumed")
    return issue.translation_key if issue else None


async def reopen(hass: HomeAssistant) -> None:
    """Open the centre anew, as a start does."""
    await hass.config_entries.async_reload(centre_entry(hass).entry_id)


async def test_link(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Lead to a file that has no place of its own."""
    assert await async_setup_component(hass, "http", {})
    await stop_during_export(hass)
    await reopen(hass)
    issues = ir.async_get(hass)
    await until(lambda: told(issues) == "export_done")
    issue = issues.async_get_issue(DOMAIN, "export_resumed")
    assert issue
    assert issue.learn_more_url
    client = await hass_client_no_auth()
    got = await client.get(issue.learn_more_url)
    assert got.status == HTTPStatus.OK
    assert "AB123CD" in await got.text()


@pytest.mark.parametrize(
    "data",
    [
        {"format": "csv", "file": "/etc/out.csv"},
        {"format": "of an earlier version"},
    ],
)
async def test_not_any_more(
    hass: HomeAssistant, hass_storage: dict[str, Any], data: dict[str, str]
) -> None:
    """Say why an export is not made, and forget it."""
    hass_storage[KEY] = {
        "version": 1,
        "minor_version": 1,
        "key": KEY,
        "data": {"data": data, "name": "a"},
    }
    await reopen(hass)
    await until(lambda: told(ir.async_get(hass)) == "export_not_resumed")
    assert KEY not in hass_storage


async def test_nothing_to_resume(
    hass: HomeAssistant, hass_storage: dict[str, Any], tmp_path: Path
) -> None:
    """Forget an export that ended, well or not."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    await ask(hass, "export_passages", None, file=str(tmp_path / "a.csv"))
    assert KEY not in hass_storage
    with (
        patch.object(export, "write_csv", side_effect=OSError("full")),
        pytest.raises(HomeAssistantError),
    ):
        await ask(hass, "export_passages", None, file=str(tmp_path / "b.csv"))
    assert KEY not in hass_storage
    await reopen(hass)
    assert told(ir.async_get(hass)) is None
