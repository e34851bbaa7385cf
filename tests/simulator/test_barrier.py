"""Test the barrier of the simulated camera: commands, position, and its tricks."""

from http import HTTPStatus

import aiohttp
import pytest

from simulator import DEEPINVIEW, ENTRANCE, BarrierInterface, Fault, SimulatedCamera
from simulator.barrier import Barrier

from .conftest import Connect, StartCamera
from .xml_reading import text

GATE = "/ISAPI/Parking/channels/1/barrierGate"
ITC = "/ISAPI/ITC/Entrance/barrierGateCtrl"


@pytest.fixture
async def entrance(start_camera: StartCamera) -> SimulatedCamera:
    """Return a camera with a barrier."""
    return await start_camera(ENTRANCE)


@pytest.fixture
async def gate(entrance: SimulatedCamera, connect: Connect) -> aiohttp.ClientSession:
    """Return a session with it."""
    return await connect(entrance)


async def command(session: aiohttp.ClientSession, mode: str) -> HTTPStatus:
    """Send a command, and return how it was answered."""
    body = f"<BarrierGate><ctrlMode>{mode}</ctrlMode></BarrierGate>"
    async with session.put(GATE, data=body) as response:
        return HTTPStatus(response.status)


async def position(session: aiohttp.ClientSession) -> str | None:
    """Ask where the boom is."""
    async with session.get(f"{GATE}/barrierGateStatus") as response:
        return text(await response.read(), "barrierGateStatus")


async def test_open_and_close(
    entrance: SimulatedCamera, gate: aiohttp.ClientSession
) -> None:
    """Move, and tell where it is."""
    assert await position(gate) == "1"
    assert await command(gate, "open") is HTTPStatus.OK
    assert await position(gate) == "2"
    assert await command(gate, "close") is HTTPStatus.OK
    assert await position(gate) == "1"
    assert entrance.barrier.commands == ["open", "close"]


async def test_locked_gate_says_ok_and_stays(
    entrance: SimulatedCamera, gate: aiohttp.ClientSession
) -> None:
    """Accept a command that moves nothing (trap 70)."""
    await command(gate, "lock")
    assert await command(gate, "open") is HTTPStatus.OK
    assert await position(gate) == "1"
    await command(gate, "unlock")
    await command(gate, "open")
    assert entrance.barrier.is_open


async def test_unwired_gate_has_no_signal(
    entrance: SimulatedCamera, gate: aiohttp.ClientSession
) -> None:
    """Tell 0, which is not closed (trap 71)."""
    entrance.barrier.wired = False
    await command(gate, "open")
    assert await position(gate) == "0"
    assert entrance.barrier.is_open


@pytest.mark.parametrize("body", ["<BarrierGate>", "<BarrierGate/>"])
async def test_what_is_no_command(
    entrance: SimulatedCamera, gate: aiohttp.ClientSession, body: str
) -> None:
    """Refuse what it does not understand, and do nothing."""
    async with gate.put(GATE, data=body) as response:
        assert response.status == HTTPStatus.BAD_REQUEST
    assert await command(gate, "stop") is HTTPStatus.BAD_REQUEST
    assert entrance.barrier.commands == []


async def test_answer_that_is_lost(
    entrance: SimulatedCamera, gate: aiohttp.ClientSession
) -> None:
    """Move, and say nothing of it, also to a client that asks again by itself."""
    entrance.faults.on(Fault.BARRIER_ANSWER_LOST)
    with pytest.raises(aiohttp.ClientError):
        await command(gate, "open")
    assert entrance.barrier.is_open


async def test_older_words(start_camera: StartCamera, connect: Connect) -> None:
    """Take the misspelt commands of ITC, and none of the newer ones."""
    camera = await start_camera(DEEPINVIEW)
    camera.device.barrier = Barrier(interface=BarrierInterface.ITC)
    session = await connect(camera)
    assert await command(session, "open") is HTTPStatus.FORBIDDEN
    body = "<BarrierGateCtrl><barrietGateOper>on</barrietGateOper></BarrierGateCtrl>"
    async with session.put(ITC, data=body) as response:
        assert response.status == HTTPStatus.OK
    assert camera.barrier.commands == ["open"]


async def test_camera_without_a_barrier(
    camera: SimulatedCamera, session: aiohttp.ClientSession
) -> None:
    """Have no commands for what is not there."""
    assert await command(session, "open") is HTTPStatus.FORBIDDEN
    async with session.get(f"{GATE}/capabilities") as response:
        assert response.status == HTTPStatus.FORBIDDEN
    with pytest.raises(ValueError, match="barrier"):
        _ = camera.barrier
