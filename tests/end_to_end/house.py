"""Open a house with a camera, and watch it through Home Assistant's API."""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from pathlib import Path
from typing import Any, Final

from scripts.demo_home.api import HomeApi
from scripts.demo_home.demo import add_camera
from scripts.demo_home.home import Home, free_port
from simulator.camera import SimulatedCamera

PATIENCE: Final = 60
EVENT: Final = "hikvision_anpr_passage"

type State = dict[str, Any]


class House:
    """Hold a camera, a home that follows it, and a connection to the home."""

    def __init__(self, folder: Path) -> None:
        """Plan a house; it is not open yet."""
        self.camera = SimulatedCamera(seed=1)
        self.home = Home(folder, free_port([0]))
        self.api: HomeApi
        self.entities: dict[str, str] = {}
        self._stack = contextlib.AsyncExitStack()

    async def open(self) -> None:
        """Start everything and add the camera as a user does."""
        await self.camera.start()
        await self.home.furnish()
        await self._start_home()
        await add_camera(self.api, self.camera)
        self.entities = await self.api.entities()

    async def close(self) -> None:
        """Stop everything."""
        await self._stack.aclose()
        await self.camera.stop()

    async def restart(self) -> None:
        """Stop the home, start it again and wait until it follows the camera."""
        await self._stack.aclose()
        await self._start_home()
        async with asyncio.timeout(PATIENCE):
            await self.camera.wait_for_stream()

    async def state(self, key: str) -> State:
        """Return the state of one of our entities."""
        return await self.api.state(self.entities[key])

    async def wait_for(self, key: str, accept: Callable[[State], bool]) -> State:
        """Wait until one of our entities has a state that is accepted."""
        changes = await self.api.subscribe(
            "subscribe_trigger",
            trigger={"platform": "state", "entity_id": self.entities[key]},
        )
        state = await self.state(key)
        async with asyncio.timeout(PATIENCE):
            while not accept(state):
                state = (await changes.get())["variables"]["trigger"]["to_state"]
        return state

    async def wait_for_log(self, since: int, part: str, count: int) -> list[str]:
        """Wait until so many lines, from a place on, hold a text; return them."""
        async with asyncio.timeout(PATIENCE):
            while True:
                lines = [line for line in self.home.log[since:] if part in line]
                if len(lines) >= count:
                    return lines
                await asyncio.sleep(0.1)

    @contextlib.asynccontextmanager
    async def expect_passage(self) -> AsyncIterator[dict[str, Any]]:
        """Wait, when leaving, for a passage; give what its event says."""
        events = await self.api.subscribe("subscribe_events", event_type=EVENT)
        passage: dict[str, Any] = {}
        yield passage
        async with asyncio.timeout(PATIENCE):
            passage.update((await events.get())["data"])

    async def _start_home(self) -> None:
        """Start the home and connect to it."""
        await self.home.start()
        self._stack.push_async_callback(self.home.stop)
        self.api = await self._stack.enter_async_context(HomeApi(self.home))
