"""Test that passages are kept, corrected and deleted the same in every database."""

from functools import partial

from custom_components.hikvision_anpr.archive.correction import correct_passage
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.deletion import (
    delete_before,
    delete_passages,
    forget_plate,
)
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.record import milliseconds
from custom_components.hikvision_anpr.archive.schema import KNOWN_MISREADS, PLATES
from custom_components.hikvision_anpr.archive.search import passage_of, search

from .passages import START, keep, passage


async def test_strange_values(database: Database) -> None:
    """Take what a device invents."""
    odd = passage(1, "A\0\ud800" + "9" * 300, lane=10**30, region="x" * 999)
    await keep(database, [odd])
    public = await database.async_read(lambda c: passage_of(c, odd.passage_id))
    assert public is not None
    assert public["lane"] == 2**31 - 1


async def test_correction(database: Database) -> None:
    """Find a passage under the corrected plate, keep what was read, and learn."""
    await keep(database, [passage(1, "AB12"), passage(2, "AB12")])
    for number in (1, 2):
        one = passage(number, "AB12").passage_id
        assert await database.async_write(
            partial(correct_passage, passage_id=one, plate="a8-12")
        )
    await keep(database, [passage(1, "AB12", confidence=99)])
    kept = await database.async_read(lambda c: search(c, PassageQuery()))
    assert {(one["plate"], one["plate_normalized"]) for one in kept.passages} == {
        ("AB12", "A812")
    }
    learned = await database.async_read(
        lambda c: c.execute(KNOWN_MISREADS.select()).all()
    )
    assert [tuple(row) for row in learned] == [("AB12", "A812", 2)]
    assert not await database.async_write(lambda c: correct_passage(c, "nobody", "A1"))


async def test_deletion(database: Database) -> None:
    """Delete what is asked for, and the plates that nothing has any more."""
    await keep(database, [passage(number, f"A{number % 3}") for number in range(9)])
    ids = [passage(number, None).passage_id for number in (0, 1)]
    assert await database.async_write(lambda c: delete_passages(c, [*ids, "x"])) == ids
    assert len(await database.async_write(lambda c: forget_plate(c, "A2"))) == 3
    since, _ = milliseconds(START)
    before = since + 5000
    assert (
        await database.async_write(lambda c: delete_before(c, before, "none", 1)) == 1
    )
    assert (
        await database.async_write(lambda c: delete_before(c, before, "none", 9)) == 1
    )
    left = await database.async_read(lambda c: search(c, PassageQuery()))
    assert [one["plate"] for one in left.passages] == ["A1", "A0"]
    known = await database.async_read(lambda c: list(c.scalars(PLATES.select())))
    assert len(known) == 2
