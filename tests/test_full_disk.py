"""Test that a full disk stops neither intake nor events, and is said and got over."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hikvision_anpr.archive.archive import ISSUE, RETRY_EVERY, Archive
from custom_components.hikvision_anpr.archive.picture_writer import (
    ISSUE as PICTURES_ISSUE,
)
from custom_components.hikvision_anpr.centre import async_get_centre
from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .registry import ask
from .small_disk import SmallDisk, mounted
from .waiting import expect_events, wait_until


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Return the small disk on which Home Assistant keeps everything."""
    with mounted(tmp_path / "config") as disk:
        yield disk


@pytest.fixture
def hass_config_dir(disk: SmallDisk) -> str:
    """Return where it is mounted."""
    return str(disk.folder)


def opened_archive(hass: HomeAssistant) -> Archive:
    """Return the archive."""
    archive = async_get_centre(hass).archive
    assert archive
    return archive


async def test_full_disk(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    disk: SmallDisk,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Announce what passes, say what is not kept, and keep it when there is room."""
    coordinator = init_integration.runtime_data
    async with expect_events(hass, EVENT_PASSAGE, 1):
        await camera.vehicle_passes("BEFORE1")
    archive = opened_archive(hass)
    await archive.pictures.async_flush()
    assert (await ask(hass, "search_passages"))["count"] == 1

    # What is committed next needs room in a new log.
    await asyncio.wrap_future(
        archive.database.run_in_writer(archive.database.checkpoint)
    )
    await hass.async_add_executor_job(disk.fill)
    async with expect_events(hass, EVENT_PASSAGE, 20):
        for number in range(20):
            await camera.vehicle_passes(f"FULL{number:02}")
    await wait_until(
        coordinator,
        lambda: issue_registry.async_get_issue(DOMAIN, ISSUE) is not None,
    )
    await archive.pictures.async_flush()
    assert archive.pictures.dropped
    issue = issue_registry.async_get_issue(DOMAIN, ISSUE)
    assert issue is not None
    assert issue.translation_key == "archive_full"
    # What the journal's reserve gave up, and nobody needed, would do for a small file.
    await hass.async_add_executor_job(disk.fill)
    with pytest.raises(HomeAssistantError, match="No space left"):
        await ask(hass, "export_passages", None, format="xlsx")
    before = (await ask(hass, "search_passages"))["passages"]
    assert [one["plate"] for one in before] == ["BEFORE1"]

    await hass.async_add_executor_job(disk.free)
    async_fire_time_changed(hass, dt_util.utcnow() + RETRY_EVERY)
    await wait_until(
        coordinator, lambda: issue_registry.async_get_issue(DOMAIN, ISSUE) is None
    )
    assert (await ask(hass, "search_passages"))["count"] == 21
    assert (await ask(hass, "export_passages"))["count"] == 21
    async with expect_events(hass, EVENT_PASSAGE, 1):
        await camera.vehicle_passes("AFTER1")
    await wait_until(
        coordinator,
        lambda: issue_registry.async_get_issue(DOMAIN, PICTURES_ISSUE) is None,
    )
    left = await hass.async_add_executor_job(
        lambda: list(disk.folder.rglob("*.part")) + list(disk.folder.rglob("*.journal"))
    )
    assert left == []
