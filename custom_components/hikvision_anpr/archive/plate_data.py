"""Collect everything that the archive has about a plate."""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, or_, select

from ..intake.passage import PassageValue
from .passage_query import MOST_ON_A_PAGE, PassageQuery
from .picture_rows import kinds_of
from .plate_hash import PlateHash
from .plate_pattern import PlatePattern
from .schema import KNOWN_MISREADS
from .search import count, search

MOST_TOLD: Final = 10_000
"""How many passages are told of at once, the latest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateData:
    """Hold what is kept of a plate.

    `kinds` are those of the passages' pictures. `count` is of all passages, also where
    more than MOST_TOLD are there; with `exact` False there are still more.
    """

    passages: list[dict[str, PassageValue]]
    kinds: dict[str, list[str]]
    count: int
    exact: bool
    misreads: list[dict[str, str | int]]


def read_plate_data(
    connection: Connection, normalized: str, plate_hash: PlateHash | None = None
) -> PlateData:
    """Return what is kept under a plate, as it was read or corrected to."""
    pattern = PlatePattern.parse(f'"{normalized}"', plate_hash=plate_hash)
    query = PassageQuery(plate=pattern, limit=MOST_ON_A_PAGE)
    passages = _all(connection, query)
    total = count(connection, query)
    return PlateData(
        passages=passages,
        kinds=kinds_of(connection, [str(one["passage_id"]) for one in passages]),
        count=total.count,
        exact=total.exact,
        misreads=_misreads(connection, normalized),
    )


def _all(connection: Connection, query: PassageQuery) -> list[dict[str, PassageValue]]:
    """Return the passages of all pages, the latest first, up to MOST_TOLD."""
    passages: list[dict[str, PassageValue]] = []
    while len(passages) < MOST_TOLD:
        page = search(connection, query)
        passages += page.passages
        if page.cursor is None:
            break
        query = replace(query, cursor=page.cursor)
    return passages[:MOST_TOLD]


def _misreads(connection: Connection, normalized: str) -> list[dict[str, str | int]]:
    """Return what the plate was read as, and what reads of it were corrected to."""
    columns = KNOWN_MISREADS.c
    statement = (
        select(KNOWN_MISREADS)
        .where(or_(columns.plate == normalized, columns.read_plate == normalized))
        .order_by(columns.read_plate, columns.plate)
    )
    return [dict(row) for row in connection.execute(statement).mappings()]
