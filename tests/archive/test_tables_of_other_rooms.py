"""Test that visits, vehicles and pictures are kept the same in every database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.picture_rows import (
    KeptPicture,
    keep_pictures,
    kinds_of,
    picture_days,
    take_out_orphans,
    take_out_surplus,
    total_size,
)
from custom_components.hikvision_anpr.parking.visit import Visit
from custom_components.hikvision_anpr.parking.visit_store import (
    VisitQuery,
    find_visits,
    forget_visits,
    keep_visits,
    load_visits,
)
from custom_components.hikvision_anpr.vehicles.store import (
    Author,
    VehicleChange,
    changes_of,
    forget_changes,
    keep_changes,
    load_vehicles,
)
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_visits(database: Database) -> None:
    """Keep visits, change one, find and forget them."""
    inside = Visit(visit_id="1", area="Yard", plate="A1", entered_at=NOON)
    over = Visit(
        visit_id="2", area="Yard", plate=None, left_at=NOON + HOUR, closed_by="exit"
    )
    await database.async_write(lambda c: keep_visits(c, [inside, over]))
    await database.async_write(lambda c: keep_visits(c, [inside]))
    assert await database.async_read(load_visits) == [inside, over]
    for asked, expected in (
        (VisitQuery(), [over, inside]),
        (VisitQuery(areas=("Yard",), inside=True), [inside]),
        (VisitQuery(unmatched=True), [over]),
        (VisitQuery(plates=("A1",), start=NOON, end=NOON + HOUR), [inside]),
    ):
        found = await database.async_read(partial(find_visits, query=asked))
        assert found == expected
    assert await database.async_write(lambda c: forget_visits(c, "A1")) == 1


async def test_vehicles(database: Database) -> None:
    """Keep vehicles, change one, and tell its history."""
    old = Vehicle(vehicle_id="1", plate="AÉ 1", name="Zoë 🚗", valid_to=NOON)
    new = Vehicle(vehicle_id="1", plate="AÉ 1", list="block", note="x" * 2000)
    changes = [
        VehicleChange(before=None, after=old),
        VehicleChange(before=old, after=new),
    ]
    author = Author(origin="action")
    for change in changes:
        await database.async_write(
            partial(keep_changes, changes=[change], author=author, now=NOON)
        )
    assert await database.async_read(load_vehicles) == [new]
    told = await database.async_read(lambda c: changes_of(c, old.normalized))
    assert [one["change"] for one in told] == ["added", "changed"]
    assert told[0]["after"]["vehicle_name"] == "Zoë 🚗"
    forgotten = await database.async_write(lambda c: forget_changes(c, old.normalized))
    assert forgotten == 2


async def test_forgotten_plate_of_a_renamed_vehicle(database: Database) -> None:
    """Leave neither plate where the other one is told of, and other vehicles alone."""
    first = Vehicle(vehicle_id="1", plate="AÉ 1")
    second, third = replace(first, plate="B 2"), replace(first, plate="C3")
    other = Vehicle(vehicle_id="2", plate="D4", note='"plate_normalized": "B2"')
    steps = [(None, first), (first, second), (second, third), (None, other)]
    changes = [VehicleChange(before=before, after=after) for before, after in steps]
    author = Author(origin="panel")
    for change in changes:
        await database.async_write(
            partial(keep_changes, changes=[change], author=author, now=NOON)
        )
    left = await database.async_read(lambda c: len(changes_of(c, third.normalized)))
    assert left == 3
    for plate, count in ((first, 2), (second, 1), (third, 0)):
        forget = partial(forget_changes, normalized=plate.normalized)
        assert await database.async_write(forget) == count
    assert await database.async_read(lambda c: changes_of(c, third.normalized)) == []
    kept = await database.async_read(lambda c: len(changes_of(c, other.normalized)))
    assert kept == 1


async def test_pictures(database: Database) -> None:
    """Know pictures, their days and their size, and take out what is too much."""
    since = int(NOON.timestamp() * 1000)
    kept = [
        KeptPicture(
            passage_id=f"p{number}",
            kind="plate",
            file=f"{number}.jpg",
            size=100,
            captured_at=since + number * 86_400_000,
        )
        for number in range(3)
    ]
    await database.async_write(lambda c: keep_pictures(c, kept))
    await database.async_write(lambda c: keep_pictures(c, kept[:1]))
    assert await database.async_read(total_size) == 300
    days = await database.async_read(lambda c: picture_days(c, 3600, 9))
    assert [day.day for day in days] == [27, 26, 25]
    assert await database.async_read(lambda c: kinds_of(c, ["p0", "p9"])) == {
        "p0": ["plate"]
    }
    assert await database.async_write(lambda c: take_out_surplus(c, 250)) == ["0.jpg"]
    orphans = await database.async_write(
        lambda c: take_out_orphans(c, since + 2 * 86_400_000)
    )
    assert orphans == ["1.jpg"]
