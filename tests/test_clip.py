"""Test writing clips of recordings as devices really have them."""

from collections.abc import Iterator
import contextlib
from pathlib import Path
import threading
from typing import Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
import pytest

from custom_components.hikvision_anpr import clip
from custom_components.hikvision_anpr.clip import ClipError, write_clip

FRAMES_A_SECOND: Final = 10
SECONDS: Final = 4
RATE: Final = 8000
OPEN_GROUPS: Final = {
    "x264-params": "bframes=3:b-adapt=0:open-gop=1:keyint=10:min-keyint=10:scenecut=0"
}
"""Let the first pictures of a group refer to the group before."""


def record(
    path: Path,
    audio: str | None,
    *,
    video_codec: str = "libx264",
    container: str = "mov",
    reorders: bool = False,
    options: dict[str, str] | None = None,
) -> Path:
    """Write four seconds of a recording with a kind of audio, or none."""
    with av.open(str(path), "w", format=container) as file:
        video = file.add_stream(video_codec, FRAMES_A_SECOND)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.codec_context.gop_size = FRAMES_A_SECOND
        reordered = 2 if reorders else 0
        if video_codec == "libx264":
            video.codec_context.options = options or {"bf": f"{reordered}"}
        elif video_codec == "libx265":
            parameters = f"bframes={reordered}:log-level=none"
            video.codec_context.options = {"x265-params": parameters}
        sound = file.add_stream(audio, RATE, layout="mono") if audio else None
        for number in range(SECONDS * FRAMES_A_SECOND):
            picture = av.VideoFrame(64, 48, "yuv420p")
            picture.pts = number
            file.mux(video.encode(picture))
            if isinstance(sound, av.AudioStream):
                file.mux(sound.encode(silence(number)))
        file.mux(video.encode(None))
        if isinstance(sound, av.AudioStream):
            file.mux(sound.encode(None))
    return path


def silence(number: int) -> av.AudioFrame:
    """Return the silence that belongs to a picture."""
    samples = RATE // FRAMES_A_SECOND
    frame = av.AudioFrame("s16", "mono", samples)
    frame.rate, frame.pts = RATE, number * samples
    return frame


def clip_of(source: Path, seconds: float = SECONDS) -> tuple[Path, float]:
    """Write a clip, and return where it is and how long."""
    path = source.with_name("clip.mp4")
    length = write_clip(str(source), path, seconds, threading.Event(), lambda _: None)
    return path, length


def watched(path: Path) -> tuple[int, list[str]]:
    """Return how many pictures of a clip can be seen, and what can be heard."""
    with av.open(str(path)) as file:
        heard = [stream.codec_context.name for stream in file.streams.audio]
        return sum(1 for _ in file.decode(video=0)), heard


@pytest.mark.parametrize(
    ("audio", "heard"),
    [
        (None, []),
        ("aac", ["aac"]),
        ("pcm_mulaw", []),
        ("pcm_alaw", []),
        ("pcm_s16be", []),
    ],
)
def test_odd_audio(tmp_path: Path, audio: str | None, heard: list[str]) -> None:
    """Keep what MP4 can hold, and leave other audio out instead of failing."""
    path, length = clip_of(record(tmp_path / "source.mkv", audio))
    assert watched(path) == (SECONDS * FRAMES_A_SECOND, heard)
    assert SECONDS - 1 < length <= SECONDS


@pytest.mark.parametrize("container", ["mov", "matroska"])
def test_pictures_out_of_order(tmp_path: Path, container: str) -> None:
    """Keep pictures that refer to later ones, though a stream tells no order at first."""
    source = record(tmp_path / "source", None, container=container, reorders=True)
    path, length = clip_of(source)
    assert watched(path)[0] == SECONDS * FRAMES_A_SECOND
    assert SECONDS - 1 < length <= SECONDS


class Untimed:
    """Play a recording as RTSP does: the first packet of each stream has no time."""

    def __init__(self, source: InputContainer) -> None:
        """Play another container."""
        self.streams = source.streams
        self._source = source

    def demux(self, *streams: Stream) -> Iterator[Packet[Stream]]:
        """Yield packets."""
        begun: set[int] = set()
        for packet in self._source.demux(*streams):
            if packet.stream.index not in begun:
                begun.add(packet.stream.index)
                packet.pts = packet.dts = None
            yield packet


@pytest.mark.parametrize("reorders", [True, False])
def test_first_picture_without_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reorders: bool
) -> None:
    """Show the first picture for as long as the others, whatever comes next."""
    opened = clip._opened  # noqa: SLF001

    @contextlib.contextmanager
    def untimed(source: str) -> Iterator[Untimed]:
        with opened(source) as container:
            yield Untimed(container)

    monkeypatch.setattr(clip, "_opened", untimed)
    source = record(tmp_path / "source", None, container="matroska", reorders=reorders)
    path, _ = clip_of(source)
    with av.open(str(path)) as file:
        shown = [
            float(one.pts or 0) * float(one.time_base or 0) for one in file.decode()
        ]
    assert len(shown) == SECONDS * FRAMES_A_SECOND
    assert shown[:4] == pytest.approx([0, 0.1, 0.2, 0.3])


def test_pictures_before_the_first(tmp_path: Path) -> None:
    """Leave out what refers to pictures before the clip, and begin with the first whole."""
    whole = record(tmp_path / "whole", None, container="mov", options=OPEN_GROUPS)
    source = tmp_path / "source"
    with av.open(str(whole)) as file, av.open(str(source), "w", format="mov") as cut:
        target = cut.add_stream_from_template(file.streams.video[0])
        groups = 0
        for packet in file.demux(video=0):
            groups += packet.is_keyframe
            if packet.pts is not None and groups > 1:
                packet.stream = target
                cut.mux(packet)
    path, _ = clip_of(source)
    with av.open(str(path)) as file:
        times = [one.pts for one in file.demux(video=0) if one.pts is not None]
    assert (min(times), times[0]) == (0, 0)


def test_plays_on_phones(tmp_path: Path) -> None:
    """Call H.265, which many cameras record, by the name that Apple's players take."""
    source = record(
        tmp_path / "source", None, video_codec="libx265", container="matroska"
    )
    path, _ = clip_of(source)
    assert watched(path)[0] == SECONDS * FRAMES_A_SECOND
    with av.open(str(path)) as file:
        assert file.streams.video[0].codec_context.codec_tag == "hvc1"


def test_video_that_mp4_cannot_hold(tmp_path: Path) -> None:
    """Refuse it, and leave nothing."""
    source = record(
        tmp_path / "source", None, video_codec="libvpx", container="matroska"
    )
    with pytest.raises(ClipError, match="mp4"):
        clip_of(source)
    assert [found.name for found in tmp_path.iterdir()] == ["source"]


def test_cut_short(tmp_path: Path) -> None:
    """Make a whole clip of what came before a device broke off."""
    source = record(tmp_path / "source.mkv", "aac", container="matroska")
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    path, length = clip_of(source)
    pictures, _ = watched(path)
    assert 0 < pictures < SECONDS * FRAMES_A_SECOND
    assert 0 < length < SECONDS - 1


def test_no_more_than_wanted(tmp_path: Path) -> None:
    """End where the time is over, though the stream goes on."""
    path, length = clip_of(record(tmp_path / "source.mkv", None), seconds=2)
    assert watched(path)[0] == 2 * FRAMES_A_SECOND + 1
    assert length == 2


def test_nothing_to_see(tmp_path: Path) -> None:
    """Refuse a stream of audio alone, and leave nothing."""
    source = tmp_path / "source.wav"
    with av.open(str(source), "w") as file:
        sound = file.add_stream("pcm_s16le", RATE)
        assert isinstance(sound, av.AudioStream)
        file.mux(sound.encode(silence(0)))
    with pytest.raises(ClipError):
        clip_of(source)
    assert [found.name for found in tmp_path.iterdir()] == ["source.wav"]
