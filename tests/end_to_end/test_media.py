"""Look through the pictures of passages in a real browser, as a user does."""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

from scripts.demo_home.browser import (
    CHROMIUM,
    PATIENCE,
    ROOTS,
    Browser,
    running_browser,
)

from .house import House

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
]

SOURCE: Final = "media-source://hikvision_anpr"

#: How many small pictures the page has loaded, shadow roots included.
_THUMBNAILS: Final = (
    "(() => {"
    + ROOTS
    + """
  return roots(document)
    .flatMap((root) => [...root.querySelectorAll("[style*='data:image/jpeg']")])
    .length;
})()
"""
)


def page_of(*folders: str) -> str:
    """Return the page of the media browser that shows a folder."""
    path = [f"app,{SOURCE}", *(f"image,{SOURCE}/{one}" for one in folders)]
    steps = "/".join(quote(step, safe="") for step in path)
    return f"/media-browser/browser/{steps}"


async def wait_for_thumbnails(browser: Browser, count: int) -> None:
    """Wait until a page shows so many small pictures."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await browser.evaluate(_THUMBNAILS) == count:
                return
            await asyncio.sleep(0.1)


async def test_pictures_are_browsed(house: House, tmp_path: Path) -> None:
    """Find a passage by its day, and see it small; then its three pictures."""
    async with house.expect_passage() as passage:
        await house.camera.vehicle_passes("M3DIA")
    day = str(passage["received_at"])[:10]
    await house.wait_for("scene_picture", lambda now: now["state"] != "unknown")
    async with running_browser(tmp_path) as browser:
        await browser.log_in(house.home)
        root = house.home.url
        await browser.open(root + page_of(), "Channels", "Recordings", day)
        of_day = f"day/{day}"
        await browser.open(root + page_of(of_day), "M3DIA · ")
        await wait_for_thumbnails(browser, 1)
        of_passage = f"passage/{passage['passage_id']}"
        await browser.open(root + page_of(of_day, of_passage), "All of M3DIA")
        # The recording shows the scene, too.
        await wait_for_thumbnails(browser, 4)
    assert house.home.bad_lines == []
