"""Check the demo's dashboard in a real browser."""

from pathlib import Path

import pytest

from scripts.demo_home.browser import CHROMIUM, running_browser
from scripts.demo_home.dashboard import URL_PATH, furnish_dashboard

from .house import House

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
]


async def test_dashboard_shows_the_last_vehicle(house: House, tmp_path: Path) -> None:
    """Open the home as its owner and find plate, pictures and passages."""
    await furnish_dashboard(house.api)
    await furnish_dashboard(house.api)
    async with house.expect_passage():
        await house.camera.vehicle_passes("D4SHBRD", list_name="allow")
    await house.wait_for("scene_picture", lambda now: now["state"] != "unknown")
    async with running_browser(tmp_path) as browser:
        await browser.log_in(house.home)
        await browser.open(house.home.url, "D4SHBRD", "Allowed", "Last passages")
        assert f"/{URL_PATH}" in await browser.address()
        picture = await browser.screenshot()
    assert picture.startswith(b"\x89PNG")
    assert house.home.bad_lines == []
