"""Let a camera play what it recorded."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from simulator.camera import SimulatedCamera
from simulator.footage import Span
from simulator.rtsp import RtspServer


@asynccontextmanager
async def playing(camera: SimulatedCamera) -> AsyncGenerator[RtspServer]:
    """Let a camera have recorded all the time, and play it faster than the clock."""
    now = camera.clock.now()
    camera.device.footage.spans[1] = [
        Span(start=now - timedelta(hours=1), end=now - timedelta(minutes=30)),
        Span(start=now - timedelta(minutes=30), end=now + timedelta(hours=1)),
    ]
    server = RtspServer(device=camera.device, speed=40)
    await server.start(camera.host)
    yield server
    await server.stop()
