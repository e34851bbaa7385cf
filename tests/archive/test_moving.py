"""Test that an archive is copied whole, whatever is there already."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from custom_components.hikvision_anpr.archive import moving
from custom_components.hikvision_anpr.archive.correction import correct_passage
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.moving import Move
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.picture_rows import (
    KeptPicture,
    keep_pictures,
)
from custom_components.hikvision_anpr.archive.schema import METADATA, PLATES
from custom_components.hikvision_anpr.archive.search import search
from custom_components.hikvision_anpr.parking.visit import Visit
from custom_components.hikvision_anpr.parking.visit_store import keep_visits
from custom_components.hikvision_anpr.vehicles.store import (
    Author,
    VehicleChange,
    keep_changes,
)
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle

from .passages import keep, passage

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEPT = [passage(number, f"A{number % 7}") for number in range(20)]
NUMBERED = {"id", "plate_id"}


@pytest.fixture
async def file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    """Return an archive with something in every room."""
    monkeypatch.setattr(moving, "BATCH", 3)
    file = Database(f"sqlite:///{tmp_path / 'old.db'}")
    await keep(file, [*KEPT, passage(20, None)])
    one = KEPT[1].passage_id
    await file.async_write(partial(correct_passage, passage_id=one, plate="B1"))
    pictures = [
        KeptPicture(
            passage_id=kept.passage_id, kind=kind, file="x", size=1, captured_at=1
        )
        for kept in KEPT[:5]
        for kind in ("plate", "scene")
    ]
    await file.async_write(partial(keep_pictures, pictures=pictures))
    await file.async_write(keep_others)
    yield file
    file.close()


def keep_others(connection: Connection) -> None:
    """Put visits, vehicles and their changes into an archive."""
    keep_visits(
        connection,
        [
            Visit(visit_id=str(number), area="Yard", plate="A1", entered_at=NOON)
            for number in range(7)
        ],
    )
    changes = [
        VehicleChange(
            before=None, after=Vehicle(vehicle_id=str(number), plate=f"A{number}")
        )
        for number in range(7)
    ]
    keep_changes(connection, changes, Author(origin="action"), NOON)


def contents(connection: Connection) -> dict[str, set[tuple[object, ...]]]:
    """Return the rows of all tables, without the numbers that databases give."""
    told: dict[str, set[tuple[object, ...]]] = {}
    for table in METADATA.sorted_tables:
        columns = [column for column in table.c if column.name not in NUMBERED]
        told[table.name] = {tuple(row) for row in connection.execute(select(*columns))}
    return told


async def plates(database: Database) -> list[object]:
    """Return the plates of all passages, as they are found."""
    page = await database.async_read(partial(search, query=PassageQuery(sort="oldest")))
    return [one["plate_normalized"] for one in page.passages]


async def move(source: Database, target: Database) -> list[tuple[int, int]]:
    """Move, and return what was told of it."""
    told: list[tuple[int, int]] = []
    whole = Move(source, target)
    await whole.async_copy_rooms()
    arrived = await whole.async_copy_passages(lambda *now: told.append(now))
    pictures = await whole.async_copy_pictures()
    assert (arrived, pictures) == await whole.async_count()
    return told


async def test_whole_archive(file: Database, database: Database) -> None:
    """Find everything on the other side, also when it is done twice."""
    told = await move(file, database)
    assert told[0] == (3, 21)
    assert told[-1] == (21, 21)
    await move(file, database)
    assert await database.async_read(contents) == await file.async_read(contents)
    assert await plates(database) == await plates(file)


async def test_into_an_archive_in_use(file: Database, database: Database) -> None:
    """Leave what is there as it is, and add what is not."""
    newer = passage(3, "A3", confidence=99)
    await keep(database, [passage(40, "Z1", confidence=1), newer, passage(30, "A5")])
    own = [Visit(visit_id="own", area="Yard", plate="A1", entered_at=NOON)]
    await database.async_write(partial(keep_visits, visits=own))
    await move(file, database)
    found = await plates(database)
    assert len(found) == 23
    assert found[-2:] == ["A5", "Z1"]
    page = await database.async_read(
        partial(search, query=PassageQuery(min_confidence=99))
    )
    assert [one["passage_id"] for one in page.passages] == [newer.passage_id]
    told = await database.async_read(contents)
    assert [row[0] for row in told["visits"]] == ["own"]
    assert told["vehicles"] == set()
    numbered = await database.async_read(
        lambda c: list(c.scalars(select(PLATES.c.plate)))
    )
    assert sorted(numbered) == ["A0", "A1", "A2", "A3", "A4", "A5", "A6", "B1", "Z1"]
