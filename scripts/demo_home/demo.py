"""Run the demo: a simulated camera and a real Home Assistant that follows it."""

import argparse
import asyncio
from collections.abc import AsyncIterator
import contextlib
import signal
import sys
from typing import Final

from simulator.camera import SimulatedCamera
from simulator.rtsp import RtspServer
from simulator.visitors import Visitors

from .api import DOMAIN, HomeApi
from .dashboard import URL_PATH, furnish_dashboard
from .home import ROOT, Home, HomeError, free_port
from .watch import watch

FOLDER: Final = ROOT / ".cache" / "demo"
HOME_PORTS: Final = range(8123, 8223)
CAMERA_PORTS: Final = range(8064, 8164)
EVERY_SECONDS: Final = 6.0


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument(
        "--port", type=int, help="port of Home Assistant (default: 8123 or the next)"
    )
    parser.add_argument(
        "--every",
        type=float,
        default=EVERY_SECONDS,
        metavar="SECONDS",
        help="how often a vehicle passes (default: %(default)s)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="end with 0 once passages with pictures were seen through the API",
    )
    return parser.parse_args()


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"\033[1m==>\033[0m {text}", flush=True)


async def run(options: argparse.Namespace) -> None:
    """Run the demo until it is stopped, or its check has passed."""
    port = free_port([options.port] if options.port else HOME_PORTS)
    home = Home(FOLDER, port)
    async with running_camera() as camera, running_home(home):
        async with HomeApi(home) as api:
            await add_camera(api, camera)
            await furnish_dashboard(api)
            driving = asyncio.create_task(drive(camera, options.every))
            try:
                await (watch(api) if options.check else show(home))
            finally:
                driving.cancel()
        if options.check:
            report(home)


@contextlib.asynccontextmanager
async def running_camera() -> AsyncIterator[SimulatedCamera]:
    """Start a camera with a card that records all the time, and stop it in the end."""
    camera = SimulatedCamera()
    camera.device.gallery.is_used = True
    camera.device.footage.record(1, camera.clock.now())
    await camera.start(port=free_port(CAMERA_PORTS))
    player = RtspServer(device=camera.device)
    await player.start(camera.host)
    say(f"Camera {camera.profile.model} answers at {camera.url}")
    try:
        yield camera
    finally:
        await player.stop()
        await camera.stop()


@contextlib.asynccontextmanager
async def running_home(home: Home) -> AsyncIterator[None]:
    """Start Home Assistant, and stop it in the end."""
    if not home.is_furnished:
        say(f"Furnishing a home in {home.folder.relative_to(ROOT)}")
    await home.furnish()
    say("Starting Home Assistant")
    try:
        await home.start()
        yield
    finally:
        say("Stopping")
        await home.stop()


async def add_camera(api: HomeApi, camera: SimulatedCamera) -> None:
    """Add the camera as a user does; a home that has it learns its address."""
    form = {
        "host": "127.0.0.1",
        "port": camera.port,
        "ssl": False,
        "verify_ssl": True,
        "username": camera.username,
        "password": camera.password,
    }
    entries = await api.entries()
    start = {"handler": DOMAIN}
    if entries:
        start["entry_id"] = entries[0]["entry_id"]
    else:
        say("Adding the camera")
    result = await api.flow(start, form)
    if result["type"] != "create_entry" and result.get("reason") != (
        "reconfigure_successful"
    ):
        raise HomeError(f"The camera could not be added: {result}")
    await camera.wait_for_stream()


async def drive(camera: SimulatedCamera, every: float) -> None:
    """Let a vehicle pass every so often."""
    visitors = Visitors()
    while True:
        plate, facts = visitors.next()
        await camera.vehicle_passes(plate, **facts)
        await asyncio.sleep(every)


async def show(home: Home) -> None:
    """Print how to get in, and wait until Home Assistant ends by itself."""
    access = home.access
    say("Vehicles are passing. Open")
    print(f"\n    {home.url}/{URL_PATH}\n")
    print(f"    Username  {access.username}\n    Password  {access.password}\n")
    say("Ctrl-C stops everything; the next start finds this home again")
    await home.wait()
    raise HomeError("Home Assistant ended: look into .cache/demo/home-assistant.log.")


def report(home: Home) -> None:
    """Say that all is well.

    Raises:
        HomeError: Home Assistant logged what it must not.
    """
    if home.bad_lines:
        raise HomeError("\n".join(["Home Assistant logged:", *home.bad_lines]))
    say("All is well: passages with pictures, and a clean log")


def main() -> int:
    """Read the command line, run, and return the exit code."""
    return asyncio.run(_run_until_signal(arguments()))


async def _run_until_signal(options: argparse.Namespace) -> int:
    """Run until the end or a signal, and return the exit code."""
    task = asyncio.create_task(run(options))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return 0
    except HomeError as err:
        print(f"\033[31mStopped:\033[0m {err}", file=sys.stderr)
        return 1
    return 0
