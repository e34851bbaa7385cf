"""Test that tokens stand in for plates, and what finds them."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, strategies as st
import pytest
from sqlalchemy import select

from custom_components.hikvision_anpr.archive.correction import correct_passage
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.hiding import Place, hide, strangers
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.plate_hash import PlateHash, is_token
from custom_components.hikvision_anpr.archive.plate_pattern import PlatePattern
from custom_components.hikvision_anpr.archive.record import milliseconds
from custom_components.hikvision_anpr.archive.schema import KNOWN_MISREADS, PLATES
from custom_components.hikvision_anpr.archive.search import count, search
from custom_components.hikvision_anpr.intake.passage import Verdict, normalize_plate

from .passages import START, keep, passage

HASH = PlateHash(key=b"key")
BEGINNING: Place = (0, 0)


async def hide_all(database: Database, known: set[str] | None = None) -> list[str]:
    """Hide those who passed in the first ten seconds; return their passages."""
    before = milliseconds(START + timedelta(seconds=10))[0]

    def token(plate: str) -> str | None:
        return None if plate in (known or set()) else HASH.token(plate)

    found = await database.async_read(lambda c: strangers(c, BEGINNING, before, 100))
    return await database.async_write(lambda c: hide(c, found, token))


async def plates(database: Database, text: str, *, distance: int = 0) -> list[str]:
    """Return the plates that a search finds, tokens as a mark."""
    pattern = PlatePattern.parse(text, distance=distance, plate_hash=HASH)
    query = PassageQuery(plate=pattern, sort="oldest")
    page = await database.async_read(lambda c: search(c, query))
    total = await database.async_read(lambda c: count(c, query))
    assert total.count == len(page.passages)
    return [
        "#" if is_token(str(one["plate_normalized"])) else str(one["plate"])
        for one in page.passages
    ]


@given(st.text(max_size=40))
def test_tokens(plate: str) -> None:
    """Make tokens of which no search can hold a part, and that tell keys apart."""
    normalized = normalize_plate(plate)
    token = HASH.token(normalized)
    assert is_token(token)
    assert not is_token(normalized)
    assert normalize_plate(token) == ""
    assert len(token) <= 64
    assert token == PlateHash(key=b"key").token(normalized)
    assert token != PlateHash(key=b"other").token(normalized)


async def test_search(database: Database) -> None:
    """Find a hidden plate by the whole of it, and by nothing less."""
    await keep(
        database,
        [passage(0, "AB-123-CD"), passage(1, "AB123CE"), passage(20, "AB123CD")],
    )
    assert len(await hide_all(database)) == 2
    assert await plates(database, "ab 123 cd") == ["#", "AB123CD"]
    assert await plates(database, '"AB123CD"') == ["#", "AB123CD"]
    assert await plates(database, '"AB123CE"') == ["#"]
    assert await plates(database, "AB123C") == ["AB123CD"]
    assert await plates(database, "AB*") == ["AB123CD"]
    assert await plates(database, "AB12?CE") == []
    assert await plates(database, "AB123CE", distance=1) == ["#", "AB123CD"]
    for part in ("#", "*", "⠿"):
        with pytest.raises(Exception, match="plate_without_characters"):
            await plates(database, part)


async def test_nothing_is_left(database: Database) -> None:
    """Keep a plate nowhere once its last passage is hidden."""
    await keep(database, [passage(0, "AB123CD"), passage(1, "AB123C0")])
    corrected = passage(1, None).passage_id
    await database.async_write(lambda c: correct_passage(c, corrected, "AB123CD"))
    assert len(await hide_all(database)) == 2
    kept = await database.async_read(lambda c: list(c.scalars(select(PLATES.c.plate))))
    assert kept == [HASH.token("AB123CD")]
    learned = await database.async_read(
        lambda c: c.execute(select(KNOWN_MISREADS)).all()
    )
    assert learned == []
    page = await database.async_read(lambda c: search(c, PassageQuery()))
    assert {(one["plate"], one["corrected_plate"]) for one in page.passages} == {
        (kept[0], None)
    }
    assert await hide_all(database, {kept[0]}) == []


async def test_only_strangers(database: Database) -> None:
    """Leave those alone who are known, or passed only lately."""
    allowed = Verdict(list="allow")
    named = Verdict(list="none", vehicle_name="Van")
    await keep(
        database,
        [
            replace(passage(0, "ALLOWED"), verdict=allowed),
            replace(passage(1, "NAMED"), verdict=named),
            passage(2, "KNOWN"),
            passage(3, None),
            passage(10, "LATELY"),
            passage(4, "STRANGER"),
        ],
    )
    (hidden,) = await hide_all(database, {"KNOWN"})
    assert hidden == passage(4, None).passage_id
    found = await plates(database, "E")
    assert found == ["ALLOWED", "NAMED", "LATELY"]
    assert await plates(database, "KNOWN") == ["KNOWN"]


async def test_one_page_after_another(database: Database) -> None:
    """Come by every stranger once, also by those of the same moment."""
    await keep(database, [passage(number // 2, f"AB{number}") for number in range(2)])
    await keep(database, [passage(number, f"CD{number}") for number in range(5, 9)])
    place, seen = BEGINNING, []
    while found := await database.async_read(
        lambda c, after=place: strangers(c, after, 2**60, 2)  # type: ignore[misc]
    ):
        seen += [one.plate for one in found]
        place = found[-1].place
    assert sorted(seen) == sorted(set(seen))
    assert len(seen) == 5
