"""Measure how fast reads are framed out of a body: python -m benchmarks.multipart."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

from custom_components.hikvision_anpr.isapi.multipart import MultipartReader
from simulator.profiles import DEEPINVIEW

from .reads import BOUNDARY, PICTURE_BYTES, ReadMaker
from .references import Bodies, body_references
from .report import Row, show
from .timing import rates

_OURS: Final = "MultipartReader"
_KIB: Final = 1024
_PIECES_KIB: Final = (64, 256)
_STREAMED: Final = 32
"""How many reads the stream has that is read piece by piece."""


def run(seconds: float) -> list[Row]:
    """Take reads with 310 KB of pictures apart: as one stream, and one by one."""
    maker = ReadMaker(DEEPINVIEW, tuple(PICTURE_BYTES))
    now = datetime.now(UTC)
    bodies = [maker.body(number, now) for number in range(_STREAMED)]
    rows = [row for kib in _PIECES_KIB for row in _streamed(bodies, kib, seconds)]
    return rows + _whole(bodies[0], seconds)


def _streamed(bodies: Sequence[bytes], kib: int, seconds: float) -> list[Row]:
    """Read many reads as the pieces of one stream; copying them is the limit."""
    stream = b"".join(bodies)
    pieces = _cut(stream, kib * _KIB)
    assert len(_with_ours(pieces)) == len(bodies) * (1 + len(PICTURE_BYTES))
    ways: dict[str, Callable[[], object]] = {
        _OURS: partial(_with_ours, pieces),
        "copy into a bytearray (limit)": partial(_copy, pieces),
    }
    measured = f"multipart stream in {kib} KiB pieces"
    return _rows(measured, ways, len(bodies), len(stream), seconds)


def _whole(body: bytes, seconds: float) -> list[Row]:
    """Take the body of one read apart, which others must have as a whole."""
    pieces = _cut(body, 64 * _KIB)
    expected = _with_ours(pieces)
    ways: dict[str, Callable[[], object]] = {_OURS: partial(_with_ours, pieces)}
    for by, way in body_references().items():
        is_right = _stripped(way(body)) == _stripped(expected)
        name = by if is_right else f"{by} (other parts)"
        ways[name] = partial(_joined, way, pieces)
    return _rows("multipart body of one read", ways, 1, len(body), seconds)


def _rows(
    measured: str,
    ways: Mapping[str, Callable[[], object]],
    reads: int,
    size: int,
    seconds: float,
) -> list[Row]:
    """Time the ways to take some reads of a size in bytes apart."""
    found = rates(ways, seconds)
    return [
        Row(
            measured=measured,
            by=by,
            result=f"{rate * reads:,.0f} reads/s, {rate * size / 1e6:,.0f} MB/s",
            compared=f"{rate / found[_OURS]:.2f} x",
        )
        for by, rate in found.items()
    ]


def _cut(data: bytes, size: int) -> list[bytes]:
    """Cut bytes into pieces, as they come from the network."""
    return [data[start : start + size] for start in range(0, len(data), size)]


def _with_ours(pieces: Sequence[bytes]) -> Bodies:
    """Return the bodies of all parts, read piece by piece."""
    reader = MultipartReader(BOUNDARY)
    parts = [part for piece in pieces for part in reader.feed(piece)]
    return [part.body for part in (*parts, *reader.finish())]


def _stripped(bodies: Bodies) -> Bodies:
    """Return bodies without the line ends around them, which frame documents."""
    return [body.strip(b"\r\n") for body in bodies]


def _joined(way: Callable[[bytes], Bodies], pieces: Sequence[bytes]) -> None:
    """Let another way have the pieces as the whole body that it asks for."""
    way(b"".join(pieces))


def _copy(pieces: Sequence[bytes]) -> None:
    """Copy all bytes once, which is the least that anybody does."""
    body = bytearray()
    for piece in pieces:
        body += piece


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="benchmarks.multipart", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=5, help="for each way to read (default 5)"
    )
    show(run(parser.parse_args().seconds))


if __name__ == "__main__":
    main()
