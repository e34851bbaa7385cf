"""Run simulated cameras from the command line: python -m simulator --help."""

import argparse
import asyncio
from collections.abc import Sequence
import contextlib
from dataclasses import replace
import signal
from typing import Final

from aiohttp import web

from .camera import PASSWORD, USERNAME, SimulatedCamera
from .certificate import self_signed_context
from .control import application
from .faults import Fault
from .nvr import SimulatedNvr
from .profiles import DEEPINVIEW, PROFILES, numbered
from .rtsp import RtspServer
from .sadp import SadpResponder
from .visitors import Visitors

RECORDER: Final = 0
"""The number of the recorder; its cameras count from 1."""


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to answer on")
    parser.add_argument(
        "--port", type=int, default=8064, help="port of the first camera; 0: any"
    )
    parser.add_argument("--camera-count", type=int, default=1, metavar="N")
    parser.add_argument(
        "--recorder",
        action="store_true",
        help="put the cameras behind a recorder, which alone answers",
    )
    parser.add_argument(
        "--control-port", type=int, default=None, help="port of the control; 0: any"
    )
    parser.add_argument("--profile", choices=sorted(PROFILES), default=DEEPINVIEW.name)
    parser.add_argument("--user", default=USERNAME)
    parser.add_argument("--password", default=PASSWORD)
    parser.add_argument(
        "--every", type=float, metavar="SECONDS", help="let a vehicle pass this often"
    )
    parser.add_argument(
        "--fault",
        type=Fault,
        action="append",
        default=[],
        choices=list(Fault),
        metavar="NAME",
        help="misbehave; may be given several times: " + ", ".join(Fault),
    )
    parser.add_argument("--heartbeat", type=float, default=10, metavar="SECONDS")
    parser.add_argument(
        "--plates", type=int, metavar="N", help="plates that it remembers; 0: none"
    )
    parser.add_argument(
        "--card", action="store_true", help="store the pictures of vehicles"
    )
    parser.add_argument(
        "--rtsp",
        action="store_true",
        help="record all the time, and play that and the live picture over RTSP",
    )
    parser.add_argument(
        "--post-to", metavar="URL", help="post every passage to this address, too"
    )
    parser.add_argument(
        "--resend", action="store_true", help="post again what was not taken"
    )
    parser.add_argument(
        "--sadp", action="store_true", help="be found by the vendor's search"
    )
    parser.add_argument("--seed", type=int, help="make the same day again")
    parser.add_argument("--tls", action="store_true", help="serve HTTPS, self-signed")
    return parser.parse_args(argv)


def camera(options: argparse.Namespace, number: int) -> SimulatedCamera:
    """Return one camera as the command line describes it."""
    profile = numbered(PROFILES[options.profile], number)
    if options.plates is not None:
        profile = replace(profile, plates=replace(profile.plates, size=options.plates))
    made = SimulatedCamera(
        profile,
        username=options.user,
        password=options.password,
        heartbeat_seconds=options.heartbeat,
        seed=options.seed,
        ssl_context=self_signed_context(options.host) if options.tls else None,
    )
    made.faults.on(*options.fault)
    made.device.gallery.is_used = options.card
    if options.post_to:
        made.listening.post_to(options.post_to, resends=options.resend)
    return made


def recorder(options: argparse.Namespace) -> SimulatedNvr:
    """Return a recorder as the command line describes it, without cameras."""
    made = SimulatedNvr(
        username=options.user,
        password=options.password,
        heartbeat_seconds=options.heartbeat,
        seed=options.seed,
        ssl_context=self_signed_context(options.host) if options.tls else None,
    )
    made.faults.on(*options.fault)
    return made


async def run(options: argparse.Namespace) -> None:
    """Serve the cameras until the program is told to stop."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with contextlib.AsyncExitStack() as stack:
        start = _start_recorder if options.recorder else _start_cameras
        cameras = await start(options, stack)
        if options.rtsp:
            await _start_players(options, cameras, stack)
        await _start_control(options, cameras, stack)
        await _start_search(options, cameras, stack)
        print("Ready; Ctrl-C stops.", flush=True)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(_visits(options, number, one))
                for number, one in cameras.items()
                if options.every and number != RECORDER
            ]
            await stopped.wait()
            for task in tasks:
                task.cancel()


async def _start_cameras(
    options: argparse.Namespace, stack: contextlib.AsyncExitStack
) -> dict[int, SimulatedCamera]:
    """Start the cameras on ports in a row, and say where they are."""
    cameras: dict[int, SimulatedCamera] = {}
    for number in range(1, options.camera_count + 1):
        one = await asyncio.to_thread(camera, options, number)
        port = options.port + number - 1 if options.port else 0
        await one.start(options.host, port)
        stack.push_async_callback(one.stop)
        cameras[number] = one
        print(f"Camera {number}: {one.profile.model} at {one.url}", flush=True)
    return cameras


async def _start_recorder(
    options: argparse.Namespace, stack: contextlib.AsyncExitStack
) -> dict[int, SimulatedCamera]:
    """Start a recorder with cameras behind it, and say where it is."""
    nvr = await asyncio.to_thread(recorder, options)
    cameras: dict[int, SimulatedCamera] = {RECORDER: nvr}
    for number in range(1, options.camera_count + 1):
        cameras[number] = await asyncio.to_thread(camera, options, number)
        nvr.add(number, cameras[number])
    await nvr.start(options.host, options.port)
    stack.push_async_callback(nvr.stop)
    print(
        f"Recorder: {nvr.profile.model} at {nvr.url},"
        f" {options.camera_count} x {cameras[1].profile.model}",
        flush=True,
    )
    return cameras


async def _start_players(
    options: argparse.Namespace,
    cameras: dict[int, SimulatedCamera],
    stack: contextlib.AsyncExitStack,
) -> None:
    """Play what the cameras, or the recorder alone, see and record."""
    playing = {RECORDER: cameras[RECORDER]} if options.recorder else cameras
    channels = [number for number in cameras if number] if options.recorder else [1]
    for number, one in playing.items():
        for channel in channels:
            one.device.footage.record(channel, one.clock.now())
        player = RtspServer(device=one.device)
        await player.start(options.host)
        stack.push_async_callback(player.stop)
        name = f"Camera {number}" if number else "Recorder"
        print(f"{name} plays on port {one.device.rtsp_port}", flush=True)


async def _start_control(
    options: argparse.Namespace,
    cameras: dict[int, SimulatedCamera],
    stack: contextlib.AsyncExitStack,
) -> None:
    """Start the control on loopback, if it is asked for, and say where it is."""
    if options.control_port is None:
        return
    runner = web.AppRunner(application(cameras), access_log=None, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", options.control_port).start()
    print(f"Control: http://127.0.0.1:{runner.addresses[0][1]}/simulator", flush=True)


async def _start_search(
    options: argparse.Namespace,
    cameras: dict[int, SimulatedCamera],
    stack: contextlib.AsyncExitStack,
) -> None:
    """Let the cameras be found on the network of their address, if it is asked for."""
    if options.sadp:
        responder = SadpResponder([one for one in cameras.values() if one.port])
        await responder.start(options.host)
        stack.push_async_callback(responder.stop)
        print(f"SADP: answers searches on the network of {options.host}", flush=True)


async def _visits(
    options: argparse.Namespace, number: int, one: SimulatedCamera
) -> None:
    """Let a vehicle pass every so often."""
    seed = None if options.seed is None else options.seed + number
    visitors = Visitors(seed)
    while True:
        await asyncio.sleep(options.every)
        plate, facts = visitors.next()
        passage = await one.vehicle_passes(plate, **facts)
        listed = passage.list_name or "-"
        print(
            f"Camera {number}: {passage.captured_at:%H:%M:%S} {passage.plate}"
            f" {passage.direction} list {listed}",
            flush=True,
        )


def main() -> None:
    """Read the command line and run."""
    asyncio.run(run(arguments()))


if __name__ == "__main__":
    main()
