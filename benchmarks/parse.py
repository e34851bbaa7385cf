"""Measure how fast documents become reads: python -m benchmarks.parse --help."""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from typing import Final

from custom_components.hikvision_anpr.isapi.events import parse_messages
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from simulator.profiles import DEEPINVIEW, ENTRANCE, Profile

from .reads import PICTURE_BYTES, ReadMaker, number_of
from .references import document_references, with_lxml_alone
from .report import Row, show
from .timing import rates

_DIFFERENT: Final = 64
"""How many documents go round, so that none is the one just read."""


def measure(profile: Profile, seconds: float) -> list[Row]:
    """Read the documents of one model of camera, in all ways."""
    maker = ReadMaker(profile, profile.pictures or tuple(PICTURE_BYTES))
    now = datetime.now(UTC)
    documents = [maker.document(number, now) for number in range(_DIFFERENT)]
    _check(documents)
    ours = f"parse_messages, {len(documents[0])} bytes"
    ways: dict[str, Callable[[bytes], object]] = {
        ours: lambda document: parse_messages(document, UTC),
        **document_references(),
        "lxml alone, no fields (limit)": with_lxml_alone,
    }
    found = rates({by: _repeated(way, documents) for by, way in ways.items()}, seconds)
    return [
        Row(
            measured=f"parse {profile.name}",
            by=by,
            result=f"{rate:,.0f} documents/s, {1e6 / rate:.0f} µs each",
            compared=f"{rate / found[ours]:.2f} x",
        )
        for by, rate in found.items()
    ]


def _repeated(
    way: Callable[[bytes], object], documents: Sequence[bytes]
) -> Callable[[], None]:
    """Return a call that reads the next document in one way."""
    following = partial(next, cycle(documents))

    def read() -> None:
        way(following())

    return read


def _check(documents: Sequence[bytes]) -> None:
    """Make sure that all who name the fields understand the same."""
    for number, document in enumerate(documents):
        (read,) = parse_messages(document, UTC)
        assert isinstance(read, PlateRead)
        assert read.plate is not None
        assert number_of(read.plate) == number
        for way in document_references().values():
            fields = way(document)
            assert (fields["licensePlate"], fields["UUID"]) == (read.plate, read.uuid)


def run(seconds: float) -> list[Row]:
    """Measure the documents of both families of cameras."""
    return [
        row for profile in (DEEPINVIEW, ENTRANCE) for row in measure(profile, seconds)
    ]


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="benchmarks.parse", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=5, help="for each way to read (default 5)"
    )
    show(run(parser.parse_args().seconds))


if __name__ == "__main__":
    main()
