"""Speak to a running Home Assistant over REST and WebSocket, as its owner."""

import asyncio
from collections.abc import AsyncIterator, Mapping
import contextlib
from itertools import count
from typing import Any, Final, Self

import aiohttp

from .home import Home, HomeError

DOMAIN: Final = "hikvision_anpr"

type Json = dict[str, Any]


class HomeApi:
    """One connection to a home; use it as a context."""

    def __init__(self, home: Home) -> None:
        """Describe the connection."""
        self._home = home
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._events: dict[int, asyncio.Queue[Json]] = {}
        self._stack = contextlib.AsyncExitStack()
        self._session: aiohttp.ClientSession
        self._socket: aiohttp.ClientWebSocketResponse

    async def __aenter__(self) -> Self:
        """Connect, and wait until the home is up and running."""
        token = self._home.access.token
        self._session = await self._stack.enter_async_context(
            aiohttp.ClientSession(
                self._home.url, headers={"Authorization": f"Bearer {token}"}
            )
        )
        self._socket = await self._stack.enter_async_context(
            self._session.ws_connect("/api/websocket", max_msg_size=0)
        )
        await self._socket.receive_json()
        await self._socket.send_json({"type": "auth", "access_token": token})
        if (await self._socket.receive_json())["type"] != "auth_ok":
            raise HomeError("The home does not know its owner: remove .cache/demo.")
        reader = asyncio.create_task(self._read())
        self._stack.callback(reader.cancel)
        await self._wait_until_running()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        await self._stack.aclose()

    async def get(self, path: str) -> Any:
        """Return the JSON of a path below /api."""
        async with self._session.get(f"/api/{path}") as response:
            response.raise_for_status()
            return await response.json()

    async def post(self, path: str, body: Mapping[str, object]) -> Any:
        """Post JSON to a path below /api and return the answer's."""
        async with self._session.post(f"/api/{path}", json=body) as response:
            response.raise_for_status()
            return await response.json()

    async def download(self, path: str) -> bytes:
        """Return the bytes behind a path."""
        async with self._session.get(path) as response:
            response.raise_for_status()
            return await response.read()

    async def command(self, kind: str, **fields: object) -> Any:
        """Send a WebSocket command and return its result.

        Raises:
            HomeError: It was refused.
        """
        return await self._send(next(self._ids), kind, fields)

    async def subscribe(self, kind: str, **fields: object) -> asyncio.Queue[Json]:
        """Subscribe with a WebSocket command; what comes is put into the queue."""
        number = next(self._ids)
        queue = self._events[number] = asyncio.Queue[Json]()
        await self._send(number, kind, fields)
        return queue

    async def state(self, entity_id: str) -> Json:
        """Return an entity's state with its attributes."""
        found: Json = await self.get(f"states/{entity_id}")
        return found

    async def picture(self, entity_id: str) -> bytes:
        """Return the picture that an image or a camera shows."""
        state = await self.state(entity_id)
        return await self.download(state["attributes"]["entity_picture"])

    async def entities(self) -> dict[str, str]:
        """Return the entity id of each of our entities by its key."""
        found = await self.command("config/entity_registry/list")
        return {
            entity["unique_id"].rpartition("-")[2]: entity["entity_id"]
            for entity in found
            if entity["platform"] == DOMAIN
        }

    async def entries(self) -> list[Json]:
        """Return the config entries of our devices; the centre is none."""
        found: list[Json] = await self.get(
            f"config/config_entries/entry?domain={DOMAIN}"
        )
        return [entry for entry in found if entry["source"] != "system"]

    async def flow(self, start: Mapping[str, object], *forms: Json) -> Json:
        """Walk through a config flow and return what its last step answers."""
        path = "config/config_entries/flow"
        step: Json = await self.post(path, start)
        for form in forms:
            step = await self.post(f"{path}/{step['flow_id']}", form)
        return step

    async def _wait_until_running(self) -> None:
        """Wait for the end of the start."""
        started = await self.subscribe(
            "subscribe_events", event_type="homeassistant_started"
        )
        if (await self.command("get_config"))["state"] != "RUNNING":
            await started.get()

    async def _send(self, number: int, kind: str, fields: Mapping[str, object]) -> Any:
        """Send a command and wait for its answer."""
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "type": kind, **fields})
        return await answer

    async def _read(self) -> None:
        """Hand out what arrives until the connection ends."""
        async for message in self._messages():
            number = message["id"]
            if message["type"] == "event":
                self._events[number].put_nowait(message["event"])
            elif message["type"] == "result":
                self._answer(self._answers.pop(number), message)
        for waiting in self._answers.values():
            waiting.set_exception(HomeError("Home Assistant hung up."))

    async def _messages(self) -> AsyncIterator[Json]:
        """Yield each message, whether they come one by one or in a list."""
        async for frame in self._socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                data = frame.json()
                for message in data if isinstance(data, list) else [data]:
                    yield message

    @staticmethod
    def _answer(waiting: asyncio.Future[Any], message: Json) -> None:
        """Give a result to who waits for it."""
        if message["success"]:
            waiting.set_result(message["result"])
        else:
            waiting.set_exception(HomeError(message["error"]["message"]))
