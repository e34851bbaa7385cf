"""Test that a search finds what it should, page after page, and nothing else."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.hikvision_anpr.archive import (
    candidates,
    search as search_module,
    search_way,
)
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.errors import SearchError
from custom_components.hikvision_anpr.archive.passage_query import PassageQuery
from custom_components.hikvision_anpr.archive.plate_pattern import PlatePattern
from custom_components.hikvision_anpr.archive.search import (
    Count,
    count,
    count_by,
    passage_of,
    search,
)
from custom_components.hikvision_anpr.intake.passage import Passage

from .conftest import empty
from .passages import START, keep, passage

KEPT = ["AB123CD", "AB 128 CD", "CD456EF", None, "ÄÖ12", "A0123CD", "AB123CD"]


def query(text: str | None = None, **filters: object) -> PassageQuery:
    """Return a query for a plate and other filters."""
    pattern = PlatePattern.parse(text) if text else None
    return PassageQuery(plate=pattern, **filters)  # type: ignore[arg-type]


async def found(database: Database, asked: PassageQuery) -> list[object]:
    """Return the plates, as read, that a query finds."""
    page = await database.async_read(lambda connection: search(connection, asked))
    return [one["plate"] for one in page.passages]


@pytest.fixture
async def filled(database: Database) -> Database:
    """Return a database with a few passages."""
    await keep(
        database,
        [
            passage(
                number,
                plate,
                confidence=90 - number,
                country="PL" if number % 2 else "DE",
            )
            for number, plate in enumerate(KEPT)
        ],
    )
    return database


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("123", ["AB123CD", "A0123CD", "AB123CD"]),
        ("b 12", ["AB123CD", "AB 128 CD", "AB123CD"]),
        ("b", ["AB123CD", "AB 128 CD", "AB123CD"]),
        ("AB12?CD", ["AB123CD", "AB 128 CD", "AB123CD"]),
        ("*456*", ["CD456EF"]),
        ("AB*", ["AB123CD", "AB 128 CD", "AB123CD"]),
        ('"ab-123-cd"', ["AB123CD", "AB123CD"]),
        ('"123"', []),
        ("äö", ["ÄÖ12"]),
        ("' OR 1=1 --", []),
        ("NEAR(A B)", []),
        ("plate:123", []),
        ("123 AND 456", []),
    ],
)
async def test_plate(filled: Database, text: str, plates: list[str]) -> None:
    """Find parts, masks and whole plates; take syntax of others literally."""
    assert await found(filled, query(text)) == plates


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("%", "plate_without_characters"),
        ("🚗", "plate_without_characters"),
        ("**?", "plate_without_characters"),
        ("x" * 10_000, "plate_too_long"),
    ],
)
def test_text_without_a_plate(text: str, key: str) -> None:
    """Say why a text finds nothing."""
    with pytest.raises(SearchError) as caught:
        PlatePattern.parse(text)
    assert caught.value.key == key


async def test_look_alikes_and_edits(filled: Database) -> None:
    """Find what looks alike, and what is a few edits away."""
    folded = PlatePattern.parse("ABIZ3CX", look_alikes=True)
    assert await found(filled, PassageQuery(plate=folded)) == []
    folded = PlatePattern.parse("ABIZ3CO", look_alikes=True)
    assert await found(filled, PassageQuery(plate=folded)) == ["AB123CD", "AB123CD"]
    near = PlatePattern.parse("AB123CD", distance=1)
    assert await found(filled, PassageQuery(plate=near)) == [
        "AB123CD",
        "A0123CD",
        "AB 128 CD",
        "AB123CD",
    ]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    plate=st.text("AB012", min_size=4, max_size=10),
    edits=st.lists(
        st.tuples(st.integers(0, 10), st.integers(0, 1), st.sampled_from(["", "X"])),
        max_size=2,
    ),
)
def test_edits_of_a_longer_plate(
    database: Database, plate: str, edits: list[tuple[int, int, str]]
) -> None:
    """Find a plate wherever two characters are missing, too many or others."""
    edited = plate
    for place, removed, added in edits:
        edited = edited[:place] + added + edited[place + removed :]
    asked = PassageQuery(plate=PlatePattern.parse(plate, distance=2))
    assert asyncio.run(_kept_and_found(database, [passage(1, edited)], asked)) == [
        edited
    ]


async def test_plates_that_begin_alike(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut a plate elsewhere where many have the first piece of it."""
    module = "custom_components.hikvision_anpr.archive.candidates.MOST_SHARING"
    near = PlatePattern.parse("AB123CD", distance=1)
    expected = await found(filled, PassageQuery(plate=near))
    for most in (0, 1, 2):
        monkeypatch.setattr(module, most)
        assert await found(filled, PassageQuery(plate=near)) == expected


async def test_other_filters(filled: Database) -> None:
    """Let the other filters through what they say."""
    assert await found(filled, query(unreadable=True)) == [None]
    assert len(await found(filled, query(unreadable=False))) == len(KEPT) - 1
    assert await found(filled, query(live=False)) == []
    assert await found(filled, query(min_confidence=90)) == ["AB123CD"]
    assert len(await found(filled, query(any_of=(("country", ("PL",)),)))) == 3
    second = START + timedelta(seconds=2)
    assert await found(
        filled, query(start=second, end=second + timedelta(seconds=1))
    ) == ["CD456EF"]


async def test_counts(filled: Database) -> None:
    """Count all, and per value; say when there are more than were counted."""
    asked = query("AB")
    assert await filled.async_read(lambda c: count(c, asked)) == Count(
        count=3, exact=True
    )
    by_country = await filled.async_read(lambda c: count_by(c, query(), "country"))
    assert by_country == [("DE", 4), ("PL", 3)]
    with patch.object(search_module, "MOST_COUNTED", 2):
        assert await filled.async_read(lambda c: count(c, asked)) == Count(
            count=2, exact=False
        )


async def test_one_passage(filled: Database) -> None:
    """Return a passage under the public names."""
    kept = passage(1, KEPT[1], confidence=89, country="PL")
    public = await filled.async_read(lambda c: passage_of(c, kept.passage_id))
    assert public == kept.as_dict() | {"corrected_plate": None}
    assert await filled.async_read(lambda c: passage_of(c, "nobody")) is None


@pytest.mark.parametrize("sort", ["newest", "oldest", "plate"])
@pytest.mark.parametrize("text", [None, "B12", "A*"])
@pytest.mark.parametrize("frequent", [True, False])
async def test_pages(
    filled: Database, sort: str, text: str | None, frequent: bool
) -> None:
    """Give each passage once over all pages, whichever way they are found."""
    whole = await found(filled, query(text, sort=sort))
    pages: list[object] = []
    cursor: str | None = None
    with patch.object(search_way, "_are_frequent", return_value=frequent):
        while True:
            asked = query(text, sort=sort, limit=1, cursor=cursor)
            page = await filled.async_read(partial(search, query=asked))
            pages += [one["plate"] for one in page.passages]
            if (cursor := page.cursor) is None:
                break
    assert pages == whole


@pytest.mark.parametrize(
    "cursor", ["", "x", "[]", "W10", "é", "WyJuZXdlc3QiLCIxIiwxXQ"]
)
async def test_strange_cursor(filled: Database, cursor: str) -> None:
    """Refuse a cursor that we did not give."""
    with pytest.raises(SearchError, match="cursor_invalid"):
        await found(filled, query(cursor=cursor))


def test_reversed_time_range() -> None:
    """Refuse a time range that ends before it begins."""
    with pytest.raises(SearchError, match="time_range_reversed"):
        PassageQuery(start=START, end=START - timedelta(1))


async def test_too_many_plates(filled: Database) -> None:
    """Find the same when the plates are too many to be gathered first."""
    with (
        patch.object(candidates, "FEW", 0),
        patch.object(candidates, "MOST_GATHERED", 0),
    ):
        assert await found(filled, query("b1")) == ["AB123CD", "AB 128 CD", "AB123CD"]


@pytest.mark.parametrize("steps", [0, 10**9])
@pytest.mark.parametrize("few", [0, 300])
async def test_frequent_plates(filled: Database, steps: int, few: int) -> None:
    """Find and count the same, by plate and by time."""
    with (
        patch.object(search_way, "_STEPS_AS_DEAR_AS_A_PLATE", steps),
        patch.object(search_way, "_MANY", few),
        patch.object(search_way, "FEW", few),
    ):
        plates = await found(filled, query("b", any_of=(("country", ("DE",)),)))
        number = await filled.async_read(partial(count, query=query("b1")))
    assert plates == ["AB123CD", "AB123CD"]
    assert number.count == 3


PLATE = st.text("AB08Z2-", min_size=1, max_size=6)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    plates=st.lists(PLATE, max_size=12),
    text=st.text("AB08Z2*?", min_size=1, max_size=5),
    look_alikes=st.booleans(),
    distance=st.integers(0, 2),
)
def test_database_agrees_with_the_pattern(
    database: Database,
    plates: list[str],
    text: str,
    look_alikes: bool,
    distance: int,
) -> None:
    """Find in the database exactly what the pattern itself lets through."""
    try:
        pattern = PlatePattern.parse(text, look_alikes=look_alikes, distance=distance)
    except SearchError:
        return
    asked = PassageQuery(plate=pattern)
    passages = [passage(number, plate) for number, plate in enumerate(plates)]
    expected = [one.read.plate for one in reversed(passages) if asked.matches(one)]
    assert asyncio.run(_kept_and_found(database, passages, asked)) == expected


async def _kept_and_found(
    database: Database, passages: Iterable[Passage], asked: PassageQuery
) -> list[object]:
    """Put passages into the database, and nothing else, and search there."""
    await database.async_write(empty)
    await keep(database, passages)
    return await found(database, asked)
