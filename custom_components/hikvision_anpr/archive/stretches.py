"""Part a search into stretches of an index, each of which is in the order of time.

An index by device or area leads to the passages of one value in their order; those of
several values, or of a device with several channels, would have to be sorted, however
many they are.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, select

from .passage_query import PassageQuery
from .schema import PASSAGES

MOST_STRETCHES: Final = 100
"""Where there are more, it is as well to walk back in time."""

_OF_DEVICES: Final = frozenset({"device_id", "channel"})

type Names = frozenset[str]
type Stretch = ColumnElement[bool]


def stretches(
    connection: Connection, query: PassageQuery
) -> tuple[Names, list[Stretch]]:
    """Return the names in `any_of` that are parted, and the condition of each stretch.

    No names stand for a query that is not parted.
    """
    values = dict(query.any_of)
    if not _OF_DEVICES.isdisjoint(values):
        names, found = _OF_DEVICES, _of_devices(connection, query)
    elif "area" in values:
        names, found = frozenset({"area"}), _of_column("area", values["area"])
    else:
        return frozenset(), []
    some = list(islice(found, MOST_STRETCHES + 1))
    return (names, some) if len(some) <= MOST_STRETCHES else (frozenset(), [])


def _of_column(name: str, values: tuple[str | int, ...]) -> Iterator[Stretch]:
    """Yield a stretch for each value of a column."""
    for value in dict.fromkeys(values):
        yield PASSAGES.c[name] == value


def _of_devices(connection: Connection, query: PassageQuery) -> Iterator[Stretch]:
    """Yield a stretch for each channel that is asked for."""
    values = dict(query.any_of)
    device, channel = PASSAGES.c.device_id, PASSAGES.c.channel
    devices = values.get("device_id") or _distinct(connection, device)
    for one in dict.fromkeys(devices):
        channels = values.get("channel") or _distinct(
            connection, channel, device == one
        )
        for number in dict.fromkeys(channels):
            yield and_(device == one, channel == number)


def _distinct(
    connection: Connection, column: ColumnElement[str | int], *conditions: Stretch
) -> Iterator[str | int]:
    """Yield the values of a column, leaping from one to the next in its index."""
    least = select(func.min(column)).where(*conditions)
    value = connection.scalar(least)
    while value is not None:
        yield value
        value = connection.scalar(least.where(column > value))
