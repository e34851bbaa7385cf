"""Write part of a stream to an MP4 file without re-encoding it."""

from collections.abc import Callable, Iterator
import contextlib
from pathlib import Path
import threading
from typing import Final

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

OPEN_SECONDS: Final = 10.0
READ_SECONDS: Final = 10.0

_AUDIO: Final = frozenset({"aac", "mp3"})
"""What MP4 can hold of what cameras send; G.711 is left out."""
_LEAP: Final = 10
"""How many seconds the first picture may be away from the second."""
_FOLLOWING: Final = 4
"""How many pictures come before the one that is shown second, at most."""
_OPTIONS: Final = {"rtsp_transport": "tcp"}
_FAST_START: Final = {"movflags": "+faststart"}


class ClipError(Exception):
    """Tell that a stream could not be written; never names its address."""


def write_clip(
    source: str,
    path: Path,
    seconds: float,
    stop: threading.Event,
    tell: Callable[[int], None],
) -> float:
    """Write the first seconds of a stream to a file; return how many came.

    `source` is an address or a file. The file is there when it is whole, or not at all.
    `tell` is told each second that has come.
    A stream that ends early gives a shorter clip. Blocks. Raises ClipError where not one
    picture came, or when told to stop; OSError where the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        with _opened(source) as stream, _made(partial) as file:
            length = _copy(stream, file, seconds, stop, tell)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return length


@contextlib.contextmanager
def _opened(source: str) -> Iterator[InputContainer]:
    """Open a stream. Raises ClipError."""
    options = _OPTIONS if source.startswith("rtsp:") else {}
    try:
        stream = av.open(source, options=options, timeout=(OPEN_SECONDS, READ_SECONDS))
    except av.FFmpegError as error:
        # The message of the error names the address, with the password in it.
        raise ClipError(error.strerror or type(error).__name__) from None
    with stream:
        yield stream


@contextlib.contextmanager
def _made(path: Path) -> Iterator[OutputContainer]:
    """Make a file. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with av.open(str(path), "w", format="mp4", options=_FAST_START) as file:
        yield file


def _copy(
    stream: InputContainer,
    file: OutputContainer,
    seconds: float,
    stop: threading.Event,
    tell: Callable[[int], None],
) -> float:
    """Copy packets until the seconds are over; return how many there were."""
    if not stream.streams.video:
        raise ClipError("there is no video")
    targets = dict(_targets(stream, file))
    begin: dict[int, int] = {}
    length = 0.0
    for packet in _packets(stream, targets):
        if stop.is_set():
            raise ClipError("ended")
        if not begin and not (packet.stream.type == "video" and packet.is_keyframe):
            continue
        if (at := _place(packet, begin)) > seconds:
            break
        if at < 0:
            # It refers to a picture before the first, and cannot be seen.
            continue
        if int(at) > int(length):
            tell(int(at))
        length = max(length, at)
        packet.stream = targets[packet.stream.index]
        _mux(file, packet)
    if not begin:
        raise ClipError("no picture came")
    return length


def _mux(file: OutputContainer, packet: Packet[Stream]) -> None:
    """Write a packet. Raises ClipError for one that fits in no MP4; OSError."""
    try:
        file.mux(packet)
    except OSError:
        raise
    except av.FFmpegError as error:
        raise ClipError(error.strerror or type(error).__name__) from error


def _targets(
    stream: InputContainer, file: OutputContainer
) -> Iterator[tuple[int, Stream]]:
    """Yield where the packets of the video and of the audio go. Raises ClipError."""
    video = stream.streams.video[0]
    try:
        target = file.add_stream_from_template(video)
    except ValueError as error:
        raise ClipError(str(error)) from error
    if video.codec_context.name == "hevc":
        # Apple's players take H.265 by this name alone.
        target.codec_context.codec_tag = "hvc1"
    yield video.index, target
    for audio in stream.streams.audio[:1]:
        if audio.codec_context.name in _AUDIO:
            yield audio.index, file.add_stream_from_template(audio)


def _packets(
    stream: InputContainer, targets: dict[int, Stream]
) -> Iterator[Packet[Stream]]:
    """Yield the packets that are wanted, until the stream ends or breaks.

    What is older than what came before it, as when a clock is set back, is left out.
    """
    wanted = [stream.streams[index] for index in targets]
    last: dict[int, int] = {}
    try:
        for packet in _timed(stream.demux(*wanted)):
            assert packet.pts is not None
            packet.dts = _decoded_at(packet, last.get(packet.stream.index))
            if packet.dts > packet.pts:
                continue
            last[packet.stream.index] = packet.dts
            yield packet
    except av.FFmpegError:
        # What came until a device broke off is a clip too.
        return


def _timed(packets: Iterator[Packet[Stream]]) -> Iterator[Packet[Stream]]:
    """Yield the packets that have a time.

    The first of a stream comes over RTSP without one, or with a wrong one: its time is
    told by those that follow. It begins a group of pictures, which would be lost with it.
    """
    held: list[Packet[Stream]] = []
    pictures = 0
    for packet in packets:
        held.append(packet)
        pictures += packet.stream.type == "video"
        if pictures > _FOLLOWING:
            break
    for index in {packet.stream.index for packet in held}:
        _time_first([one for one in held if one.stream.index == index])
    yield from (packet for packet in held if packet.pts is not None)
    yield from (packet for packet in packets if packet.pts is not None)


def _time_first(packets: list[Packet[Stream]]) -> None:
    """Give the first packet a time before all others.

    The second may be shown after those that follow it.
    """
    first, *others = packets
    timed = [one for one in others if one.pts is not None]
    if not timed:
        return
    next_shown = min(timed, key=lambda one: one.pts or 0)
    assert next_shown.pts is not None
    leap = _LEAP / next_shown.time_base
    if first.pts is None or abs(next_shown.pts - first.pts) > leap:
        first.pts = first.dts = next_shown.pts - (next_shown.duration or 1)


def _decoded_at(packet: Packet[Stream], last: int | None) -> int:
    """Return when a packet is decoded: after the last one, which MP4 insists on.

    Streams with pictures that refer to later ones do not tell at first.
    """
    assert packet.pts is not None
    if last is None:
        return packet.pts if packet.dts is None else packet.dts
    return last + 1 if packet.dts is None else max(packet.dts, last + 1)


def _place(packet: Packet[Stream], begin: dict[int, int]) -> float:
    """Let each stream of the clip begin at zero; return a packet's second in it."""
    assert packet.dts is not None
    assert packet.pts is not None
    first = begin.setdefault(packet.stream.index, packet.pts)
    packet.dts -= first
    packet.pts -= first
    return float(packet.pts * packet.time_base)
