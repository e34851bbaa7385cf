"""Check that a real Home Assistant backs the archive up, and restores it."""

import asyncio
from typing import Any

import pytest

from scripts.demo_home.api import DOMAIN
from scripts.demo_home.home import HomeError

from .house import PATIENCE, House

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="module")]

AGENT = "backup.local"


async def plates(house: House) -> list[str]:
    """Return the plates of the passages in the archive, the newest first."""
    found = await house.api.command(f"{DOMAIN}/passages/search")
    return [passage["plate"] for passage in found["passages"]]


async def back_up(house: House) -> str:
    """Make a backup, once the device that was added is written, and return its id."""
    entries = house.home.folder / ".storage" / "core.config_entries"
    async with asyncio.timeout(PATIENCE):
        while house.camera.profile.serial_number not in entries.read_text("utf-8"):
            await asyncio.sleep(0.1)
    await house.api.command(
        "backup/generate", agent_ids=[AGENT], include_database=False, name="Before"
    )
    async with asyncio.timeout(PATIENCE):
        while True:
            told: dict[str, Any] = await house.api.command("backup/info")
            if told["state"] == "idle" and told["backups"]:
                return str(told["backups"][0]["backup_id"])
            await asyncio.sleep(0.1)


async def test_backup_and_restore(house: House) -> None:
    """Have the archive again as it was when it was backed up, and go on with it."""
    async with house.expect_passage():
        await house.camera.vehicle_passes("BEF0RE")
    backup = await back_up(house)
    async with house.expect_passage():
        await house.camera.vehicle_passes("AFTER")
    assert await plates(house) == ["AFTER", "BEF0RE"]
    with pytest.raises(HomeError, match="hung up"):
        await house.api.command(
            "backup/restore",
            backup_id=backup,
            agent_id=AGENT,
            restore_database=False,
            restore_homeassistant=True,
        )
    await house.restart()
    assert "BEF0RE" in await plates(house)
    async with house.expect_passage():
        await house.camera.vehicle_passes("ANEW")
    assert (await plates(house))[0] == "ANEW"
    assert not house.home.bad_lines
