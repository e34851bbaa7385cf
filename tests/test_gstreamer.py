"""Test clips against a video server that is not ours: GStreamer's, where it is there.

Its packages are named in scripts/gstreamer_rtsp.py.
"""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, create_subprocess_exec
from pathlib import Path
import threading
from typing import Final

import av
import pytest

from custom_components.hikvision_anpr.clip import write_clip
from custom_components.hikvision_anpr.connection import rtsp_address

from .test_clip import record
from .waiting import PATIENCE

PYTHON: Final = Path("/usr/bin/python3")
SERVER: Final = Path(__file__).parents[1] / "scripts" / "gstreamer_rtsp.py"
USER, PASSWORD = "admin", "plates 4:all@home"
FILMS: Final = {
    "film.h264.pcm_mulaw.mov": ["avc1"],
    "film.h265.pcm_alaw.mov": ["hvc1"],
    "film.h264.aac.mov": ["avc1", "mp4a"],
}
"""What each film is as a clip: G.711 is left out."""
CODECS: Final = {"h264": "libx264", "h265": "libx265"}


def films(folder: Path) -> list[str]:
    """Write the films, each of four seconds."""
    made = []
    for name in FILMS:
        _, video, audio, _ = name.split(".")
        made.append(record(folder / name, audio, video_codec=CODECS[video]))
    return [str(path) for path in made]


def clip_of(address: str, path: Path) -> tuple[float, list[str], int]:
    """Return how long a clip of three seconds is, what it holds, and its pictures."""
    seconds = write_clip(address, path, 3, threading.Event(), lambda _: None)
    with av.open(str(path)) as file:
        tags = [str(stream.codec_context.codec_tag) for stream in file.streams]
        return seconds, tags, sum(1 for _ in file.decode(video=0))


async def test_clips(tmp_path: Path, socket_enabled: None) -> None:
    """Log in with a hard password, and begin with the first picture of each film."""
    made = await asyncio.to_thread(films, tmp_path)
    try:
        server = await create_subprocess_exec(
            PYTHON, SERVER, USER, PASSWORD, *made, stdout=PIPE, stderr=DEVNULL
        )
    except OSError:
        pytest.skip("there is no python3 of the system")
    try:
        assert server.stdout is not None
        async with asyncio.timeout(PATIENCE):
            port = (await server.stdout.readline()).decode().strip()
        if not port:
            pytest.skip("the packages of GStreamer are not installed")
        data = {"host": "127.0.0.1", "username": USER, "password": PASSWORD}
        for number, tags in enumerate(FILMS.values(), 1):
            path = f"/Streaming/tracks/{number}01/?starttime=20261129T000000Z"
            address = rtsp_address(data, int(port), path)
            clip = tmp_path / "clip.mp4"
            seconds, held, pictures = await asyncio.to_thread(clip_of, address, clip)
            assert held == tags
            assert seconds == pytest.approx(3, abs=0.2)
            assert pictures == pytest.approx(30, abs=2)
    finally:
        if server.returncode is None:
            server.kill()
        await server.wait()
