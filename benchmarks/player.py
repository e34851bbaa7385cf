"""Play recordings to the benchmark, in a process of its own: simulated cameras."""

import argparse
import asyncio
from datetime import timedelta
import json
import os
import sys

from simulator.camera import SimulatedCamera
from simulator.footage import FRAMES_A_SECOND, Span
from simulator.profiles import DEEPINVIEW, numbered
from simulator.rtsp import RtspServer

RECORDED = timedelta(hours=2)


async def play(cameras: int, speed: float, megabits: float) -> None:
    """Record all the time, and play until the standard input ends."""
    filler = int(megabits * 1e6 / 8 / FRAMES_A_SECOND)
    ports = []
    for number in range(1, cameras + 1):
        camera = SimulatedCamera(numbered(DEEPINVIEW, number))
        now = camera.clock.now()
        camera.device.footage.spans[1] = [Span(start=now - RECORDED, end=now)]
        await camera.start()
        server = RtspServer(device=camera.device, speed=speed, filler=filler)
        await server.start(camera.host)
        ports.append({"http": camera.port, "rtsp": camera.device.rtsp_port})
    print(json.dumps(ports), flush=True)
    await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    """Read the command line and play."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=1)
    parser.add_argument("--speed", type=float, default=1)
    parser.add_argument("--megabits", type=float, default=4)
    parser.add_argument("--core", type=int, default=0)
    options = parser.parse_args()
    os.sched_setaffinity(0, {options.core})
    asyncio.run(play(options.cameras, options.speed, options.megabits))
    # The servers still play to whoever has left: nothing more is to be done.
    os._exit(0)


if __name__ == "__main__":
    main()
