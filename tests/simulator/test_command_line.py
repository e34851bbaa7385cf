"""Test the command line as a program of its own."""

import asyncio
from asyncio.subprocess import PIPE, STDOUT, Process, create_subprocess_exec
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import re
import signal
import socket
import sys

import aiohttp
import av
import pytest

from simulator import DEEPINVIEW, ENTRANCE
from simulator.__main__ import arguments, camera
from simulator.camera import PASSWORD, USERNAME
from simulator.faults import Fault
from simulator.profiles import numbered
from simulator.sadp import GROUP, PORT
from tests.multicast import free_port, join

ROOT = Path(__file__).parents[2]

type Run = Callable[..., Awaitable[Process]]


@pytest.fixture
async def run(socket_enabled: None) -> AsyncGenerator[Run]:
    """Return a function that runs the simulator with arguments."""
    async with AsyncExitStack() as stack:

        async def start(*argv: str) -> Process:
            command = (sys.executable, "-m", "simulator", "--port", "0", *argv)
            process = await create_subprocess_exec(
                *command, cwd=ROOT, stdout=PIPE, stderr=STDOUT
            )
            stack.push_async_callback(end, process)
            return process

        yield start


async def end(process: Process) -> None:
    """Stop a process that a failed test left behind."""
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def line_with(process: Process, marker: str) -> str:
    """Return the next line of output that holds the marker, a pattern."""
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while line := (await process.stdout.readline()).decode():
            if re.search(marker, line):
                return line.strip()
    raise AssertionError(f"{marker} never came")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_stops_cleanly(number: signal.Signals, run: Run) -> None:
    """Print where it is, and stop without a complaint when told to."""
    process = await run("--every", "3600")
    address = (await line_with(process, "Camera 1")).rpartition(" ")[2]
    await line_with(process, "Ready")
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{address}/SDK/activateStatus") as response,
    ):
        assert response.status == 200
    process.send_signal(number)
    output, _ = await process.communicate()
    assert (process.returncode, output) == (0, b"")


async def test_vehicles_pass_by_themselves(run: Run) -> None:
    """Print every passage of every camera."""
    process = await run("--every", "0.01", "--camera-count", "2", "--seed", "1")
    await line_with(process, r"Camera 1: \d\d:\d\d:\d\d .+ list ")
    await line_with(process, r"Camera 2: \d\d:\d\d:\d\d .+ list ")


async def test_control_steers_a_camera(run: Run) -> None:
    """Let a vehicle pass on demand."""
    process = await run("--control-port", "0", "--profile", "entrance")
    control = (await line_with(process, "Control")).rpartition(" ")[2]
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{control}/passage", data=json.dumps({"plate": "X1"})) as answer,
    ):
        assert (await answer.json())["plate"] == "X1"


async def test_recorder(run: Run) -> None:
    """Answer for the cameras behind it, and tell of what passes them."""
    process = await run(
        "--recorder", "--camera-count", "3", "--control-port", "0", "--every", "3600"
    )
    address = (await line_with(process, "Recorder")).split()[3].strip(",")
    control = (await line_with(process, "Control")).rpartition(" ")[2]
    login = aiohttp.DigestAuthMiddleware("admin", PASSWORD)
    channels = f"{address}/ISAPI/ContentMgmt/InputProxy/channels"
    stream = f"{address}/ISAPI/Event/notification/alertStream"
    async with aiohttp.ClientSession(middlewares=(login,)) as session:
        async with session.get(channels) as answer:
            assert (await answer.text()).count("<id>") == 3
        async with session.get(stream) as answer, asyncio.timeout(30):
            passage = {"plate": "AB123CD"}
            url = f"{control}/passage?camera=2"
            async with session.post(url, json=passage, middlewares=()) as passed:
                assert passed.status == 200
            read = await answer.content.readuntil(b"</EventNotificationAlert>")
            assert b"<dynChannelID>2</dynChannelID>" in read
            assert b"AB123CD" in read


def test_every_unit_of_a_model_is_another() -> None:
    """Number more units than an octet counts, and leave the first ones as they were."""
    units = [numbered(DEEPINVIEW, number) for number in range(1, 1025)]
    for name in ("serial_number", "mac_address", "device_id", "device_name"):
        assert len({getattr(unit, name) for unit in units}) == 1024
    assert units[0] == DEEPINVIEW
    assert units[1].mac_address == "44:a6:42:01:5e:01"
    assert units[1].device_id.endswith("44a642015e01")


async def test_cameras_are_found(run: Run) -> None:
    """Answer the vendor's search for every camera, where there is multicast."""
    free_port()
    process = await run("--sadp", "--camera-count", "2")
    await line_with(process, "SADP")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        join(client)
        client.bind(("", PORT))
        client.setblocking(False)
        question = b"<Probe><Uuid>1</Uuid><Types>inquiry</Types></Probe>"
        client.sendto(question, (GROUP, PORT))
        loop, heard = asyncio.get_running_loop(), set[bytes]()
        wanted = {numbered(DEEPINVIEW, n).serial_number.encode() for n in (1, 2)}
        async with asyncio.timeout(30):
            while heard != wanted:
                data = await loop.sock_recv(client, 65536)
                heard |= {number for number in wanted if number + b"<" in data}


async def test_size_of_the_plates_table() -> None:
    """Give a camera a table of plates, a larger one or none."""
    given = arguments(["--profile", "entrance", "--plates", "7"])
    assert camera(given, 1).profile.plates.size == 7
    untouched = camera(arguments(["--profile", "entrance"]), 1)
    assert untouched.profile == ENTRANCE


async def test_card() -> None:
    """Put a card into a camera that is asked for with one."""
    assert camera(arguments(["--card"]), 1).device.gallery.is_used
    assert not camera(arguments([]), 1).device.gallery.is_used


async def test_host_to_post_to() -> None:
    """Fill the first slot, and refuse what the model would refuse."""
    url = "http://192.0.2.5:8123/api/webhook/1?key=2"
    given = arguments(["--post-to", url, "--resend"])
    first, *others = camera(given, 1).listening.hosts
    assert (first.whole_url, first.resends) == (url, True)
    assert not any(host.in_use for host in others)
    with pytest.raises(ValueError, match="badXmlContent"):
        camera(arguments(["--post-to", "ftp://192.0.2.5/"]), 1)


def test_options() -> None:
    """Take faults several times, and nothing unknown."""
    chosen = arguments(["--fault", "stall", "--fault", "busy", "--tls"])
    assert chosen.fault == [Fault.STALL, Fault.BUSY]
    assert chosen.tls
    with pytest.raises(SystemExit):
        arguments(["--fault", "rain"])


@pytest.mark.parametrize(
    ("argv", "track"),
    [(("--camera-count", "2"), 101), (("--camera-count", "2", "--recorder"), 201)],
)
async def test_video(run: Run, argv: tuple[str, ...], track: int) -> None:
    """Play what is recorded, of cameras as of those behind a recorder."""
    process = await run("--rtsp", *argv)
    line = await line_with(process, "plays on port")
    port = line.rpartition(" ")[2]
    yesterday = f"{datetime.now(UTC) - timedelta(hours=20):%Y%m%dT%H%M%SZ}"
    address = (
        f"rtsp://{USERNAME}:{PASSWORD}@127.0.0.1:{port}/Streaming/tracks/{track}/"
        f"?starttime={yesterday}"
    )

    def kinds() -> list[str]:
        with av.open(address, options={"rtsp_transport": "tcp"}, timeout=10) as film:
            return [stream.codec_context.name for stream in film.streams]

    assert await asyncio.to_thread(kinds) == ["h264"]
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 0
