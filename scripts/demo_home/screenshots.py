"""Take the screenshots of docs/images: python -m scripts.demo_home.screenshots."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
import io
from pathlib import Path
import shutil
import socket
import sys
import tempfile
from typing import Final

from PIL import Image

from simulator.barrier import BarrierInterface
from simulator.camera import SimulatedCamera
from simulator.profiles import DEEPINVIEW, ENTRANCE
from simulator.sadp import SadpResponder
from simulator.visitors import Visitors

from .api import DOMAIN, HomeApi
from .browser import Browser, running_browser
from .dashboard import furnish_dashboard
from .demo import add_camera, running_home, say
from .home import ROOT, Home, HomeError, free_port

FOLDER: Final = ROOT / ".cache" / "screenshots"
IMAGES: Final = ROOT / "docs" / "images"
WIDTH: Final = 1200
VEHICLES: Final = 12
SECONDS_BETWEEN: Final = 1.5
#: What a page may still draw once its texts are there.
SETTLE_SECONDS: Final = 4
TRIGGER: Final = {
    "trigger": f"{DOMAIN}.passage",
    "options": {"list": ["allow"], "min_confidence": 85},
}
ACTION: Final = {
    "action": "cover.open_cover",
    "target": {"entity_id": "cover.gate_barrier"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Photographer:
    """Walk through the pages of a home, and keep what they show.

    Attributes:
        browser: A page that is logged in to the home.
        home: The home.
        api: A connection to it.
    """

    browser: Browser
    home: Home
    api: HomeApi

    async def take_all(self) -> None:
        """Take each picture, under the name of its method."""
        for show in (
            *(self.dashboard, self.setup, self.device, self.media),
            *(self.automation, self.listening, self.repair),
        ):
            await show()
            await asyncio.sleep(SETTLE_SECONDS)
            say(f"Keeping {show.__name__}.png")
            shown = Image.open(io.BytesIO(await self.browser.screenshot()))
            few_colors = shown.convert("RGB").quantize(256, dither=Image.Dither.NONE)
            few_colors.save(IMAGES / f"{show.__name__}.png", optimize=True)

    async def dashboard(self) -> None:
        """Show the dashboard of the demo."""
        await furnish_dashboard(self.api)
        await self._open("", "Last passages", "↓ Towards", height=930)

    async def setup(self) -> None:
        """Show the login of a device that was found."""
        await self._open("config/integrations/dashboard", "Discovered", height=620)
        await self.browser.click("Add")
        await self.browser.wait_for("Log in to")

    async def device(self) -> None:
        """Show the page of the camera."""
        page = f"config/devices/device/{await self._device_id()}"
        await self._open(page, "Last plate", height=1175)

    async def media(self) -> None:
        """Show the passages of today."""
        page = f"media-browser/browser/app%2Cmedia-source%3A%2F%2F{DOMAIN}"
        day = datetime.now(UTC).date().isoformat()
        await self._open(page, day, height=790)
        await self.browser.click(day)

    async def automation(self) -> None:
        """Show the trigger of an automation."""
        automation = {"alias": "Open for the family", "actions": [ACTION]}
        automation["triggers"] = [TRIGGER]
        await self.api.post("config/automation/config/1", automation)
        await self._open("config/automation/edit/1", "Vehicle passed", height=1050)
        await self.browser.click("Vehicle passed")

    async def listening(self) -> None:
        """Show what changes on a camera that is to post."""
        await self._open(f"config/integrations/integration/{DOMAIN}", "Gate")
        for text in ("Configure", "Listening", "Submit", "Set up the device for me"):
            await self.browser.click(text)
            await asyncio.sleep(SETTLE_SECONDS)
        await self.browser.click("Next")
        await self.browser.wait_for("What changes on the device")

    async def repair(self) -> None:
        """Show the repair of a linkage that is missing."""
        linkage = {"device_id": await self._device_id(), "center": False}
        await self.api.post(f"services/{DOMAIN}/set_linkage?return_response", linkage)
        problem = "Gate does not report its reads"
        await self._open("config/repairs", problem, height=620)
        await self.browser.click(problem)
        await self.browser.wait_for("What will change")

    async def _device_id(self) -> str:
        """Return the device of the gate's camera."""
        devices = await self.api.command("config/device_registry/list")
        return next(str(one["id"]) for one in devices if one["name"] == "Gate")

    async def _open(self, page: str, *texts: str, height: int = 800) -> None:
        """Open a page of the home in a window of this height."""
        await self.browser.resize(WIDTH, height)
        await self.browser.open(f"{self.home.url}/{page}", *texts, images=0)


@contextlib.asynccontextmanager
async def running_cameras() -> AsyncIterator[SimulatedCamera]:
    """Start the camera of a gate, and one in the same network that is found."""
    gate = SimulatedCamera(replace(DEEPINVIEW, barrier=BarrierInterface.PARKING))
    gate.device.gallery.is_used = True
    found = SimulatedCamera(ENTRANCE)
    search = SadpResponder([found])
    await gate.start()
    await found.start(own_address())
    await search.start(found.host)
    try:
        yield gate
    finally:
        await search.stop()
        await found.stop()
        await gate.stop()


def own_address() -> str:
    """Return the address of this machine in its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


async def run() -> None:
    """Let vehicles pass at the gate of a new home, and take the pictures."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    home = Home(FOLDER, free_port([0]))
    async with running_cameras() as camera, running_home(home), HomeApi(home) as api:
        await api.command("config/core/update", internal_url=home.url)
        await add_camera(api, camera)
        visitors = Visitors(seed=3)
        for _ in range(VEHICLES):
            plate, facts = visitors.next()
            await camera.vehicle_passes(plate, **facts)
            await asyncio.sleep(SECONDS_BETWEEN)
        with tempfile.TemporaryDirectory() as folder:
            async with running_browser(Path(folder)) as browser:
                await browser.log_in(home)
                photographer = Photographer(browser=browser, home=home, api=api)
                await photographer.take_all()


if __name__ == "__main__":
    try:
        asyncio.run(run())
    except HomeError as err:
        sys.exit(f"Stopped: {err}")
