"""Test the control over HTTP that demos and end-to-end tests use."""

from collections.abc import AsyncGenerator

import aiohttp
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
import pytest

from simulator import Fault, SimulatedCamera
from simulator.control import application

from .armed import armed
from .receiver import BAD, Receiver
from .xml_reading import text

type Control = TestClient[Request, Application]


@pytest.fixture
async def control(camera: SimulatedCamera) -> AsyncGenerator[Control]:
    """Return a client of the camera's control."""
    async with TestClient(TestServer(application({1: camera}))) as client:
        yield client


async def test_passage_on_demand(
    control: Control, camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Let a vehicle pass as described, and answer its identity."""
    wish = {
        "plate": "MXY123",
        "direction": "reverse",
        "list_name": "block",
        "pictures": ["plate"],
        "captured_at": "2026-01-02T03:04:05+01:00",
    }
    async with armed(session) as client:
        async with control.post("/simulator/passage", json=wish) as response:
            told = await response.json()
        body = (await client.part()).body
    assert text(body, "UUID") == told["uuid"]
    assert text(body, "ANPR/licensePlate") == told["plate"] == "MXY123"
    assert text(body, "ANPR/direction") == "reverse"
    assert text(body, "ANPR/vehicleListName") == "blockList"
    assert told["captured_at"] == "2026-01-02T03:04:05+01:00"


async def test_unreadable_passage_on_demand(
    control: Control, camera: SimulatedCamera
) -> None:
    """Take null as a plate that cannot be read, and no plate as any."""
    await control.post("/simulator/passage", json={"plate": None})
    await control.post("/simulator/passage")
    assert [passage.readable for passage in camera.passages] == [False, True]


async def test_faults_on_demand(control: Control, camera: SimulatedCamera) -> None:
    """Switch exactly the named faults on."""
    camera.faults.on(Fault.STALL)
    wish = {"on": ["busy", "clock_off"], "times": 2}
    async with control.post("/simulator/faults", json=wish) as response:
        assert await response.json() == {"faults": ["busy", "clock_off"]}
    assert camera.faults.active() == [Fault.BUSY, Fault.CLOCK_OFF]


async def test_event_and_drop_on_demand(
    control: Control, camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Send another event, then end the stream."""
    wish = {"type": "IO", "inputIOPortID": 1}
    async with armed(session) as client:
        await control.post("/simulator/event", json=wish)
        assert text((await client.part()).body, "inputIOPortID") == "1"
        await control.post("/simulator/drop")
        assert await client.rest() == b""


async def test_reboot_on_demand(
    control: Control, camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Reboot, and answer once the camera is back."""
    port = camera.port
    async with armed(session) as client:
        async with control.post("/simulator/reboot", json={"seconds": 0}) as response:
            assert await response.json() == {"reboots": 1}
        assert await client.rest() == b""
    assert camera.port == port
    async with armed(session):
        assert camera.open_streams == 1


async def test_state_tells_what_nobody_heard(
    control: Control, camera: SimulatedCamera
) -> None:
    """Tell how many passages were missed, and how many plates are kept."""
    await control.post("/simulator/passage")
    async with control.get("/simulator/state") as response:
        state = await response.json()
    assert (state["missed"], state["plates"]) == (1, 1)
    assert len(camera.missed) == 1


async def test_state(
    control: Control, camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Tell what the camera has seen of its clients."""
    async with (
        armed(session),
        control.get("/simulator/state") as response,
    ):
        state = await response.json()
    assert state["url"] == camera.url
    assert state["open_streams"] == state["stream_opens"] == 1
    assert state["failed_logins"] == 0
    assert state["requests"] == len(camera.requests)


async def test_host_on_demand(
    control: Control, camera: SimulatedCamera, receiver: Receiver
) -> None:
    """Post to an address, tell how that went, and stop again."""
    wish = {"url": receiver.url, "slot": 2, "resends": True}
    async with control.post("/simulator/host", json=wish) as response:
        assert await response.json() == {"slot": 2, "url": receiver.url}
    receiver.answers.extend([BAD, BAD])
    await control.post("/simulator/passage")
    await camera.drain()
    async with control.get("/simulator/state") as response:
        state = await response.json()
    assert state["hosts"] == {"2": receiver.url}
    told = [state[f"posts{end}"] for end in ("", "_taken", "_waiting")]
    assert told == [2, 0, 1]
    async with control.post("/simulator/upload") as response:
        assert await response.json() == {"posts_waiting": 0}
    assert len(receiver.received) == 3
    wish = {"url": None, "slot": 2}
    async with control.post("/simulator/host", json=wish) as response:
        assert await response.json() == wish
    assert camera.listening.slots.in_use == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("passage", '{"speed": 90}'),
        ("passage", '{"captured_at": "yesterday"}'),
        ("passage", "[]"),
        ("passage", "plate=X"),
        ("passage?camera=2", "{}"),
        ("faults", '{"on": ["rain"]}'),
        ("event", "{}"),
        ("reboot", '{"seconds": "long"}'),
        ("host", "{}"),
        ("host", '{"url": "ftp://127.0.0.1/"}'),
        ("host", '{"url": null, "slot": 9}'),
    ],
)
async def test_nonsense_is_refused(
    path: str, body: str, control: Control, camera: SimulatedCamera
) -> None:
    """Refuse unknown names, values, cameras and bodies."""
    async with control.post(f"/simulator/{path}", data=body) as response:
        assert response.status == 400
        assert "error" in await response.json()
    assert camera.passages == []
