"""Test that entries find their exits, in whatever order they come."""

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.parking.visit import Movement, Visit
from custom_components.hikvision_anpr.parking.visit_book import VisitBook

START = datetime(2026, 11, 25, 8, tzinfo=UTC)


def at(minute: int) -> datetime:
    """Return a time."""
    return START + timedelta(minutes=minute)


def move(minute: int, plate: str | None = "AB123CD", area: str = "yard") -> Movement:
    """Return a movement."""
    return Movement(area=area, plate=plate, at=at(minute), passage_id=f"p{minute}")


def book() -> VisitBook:
    """Return a book with nobody inside."""
    numbers = count()
    return VisitBook(lambda: f"v{next(numbers)}")


def plates(one: VisitBook, area: str | None = None) -> list[str | None]:
    """Return who is inside."""
    return [visit.plate for visit in one.inside(area)]


def test_visit() -> None:
    """Pair an entry with its exit."""
    one = book()
    (entered,) = one.enter(move(0))
    assert entered.is_open
    assert entered.seconds(at(5)) == 300
    (left,) = one.leave(move(10))
    assert left.visit_id == entered.visit_id
    assert (left.paired, left.closed_by, left.seconds(at(99))) == ("exact", "exit", 600)
    assert one.inside() == []


def test_areas_are_apart() -> None:
    """Let an exit of one area end no visit of another."""
    one = book()
    one.enter(move(0, area="yard"))
    one.enter(move(1, area="garage"))
    one.leave(move(2, area="garage"))
    assert plates(one, "yard") == ["AB123CD"]
    assert plates(one, "garage") == []


@pytest.mark.parametrize(
    ("read", "paired"), [("A8123CD", "similar"), ("AB123C", "similar"), ("XY1", None)]
)
def test_misread_exit(read: str, paired: str | None) -> None:
    """Find the only visit with nearly this plate; else keep the exit for itself."""
    one = book()
    one.enter(move(0))
    (left,) = one.leave(move(1, read))
    assert left.paired == paired
    assert len(one.inside()) == (0 if paired else 1)
    assert left.is_unmatched == (paired is None)


def test_two_that_are_similar() -> None:
    """Guess nothing where two could be meant."""
    one = book()
    one.enter(move(0, "AB123CD"))
    one.enter(move(1, "AB123CE"))
    (alone,) = one.leave(move(2, "AB123CF"))
    assert alone.is_unmatched
    assert len(one.inside()) == 2


def test_vehicles_that_could_not_be_read() -> None:
    """Count them, and let the longest go first."""
    one = book()
    one.enter(move(0, None))
    one.enter(move(1, None))
    one.enter(move(2))
    (left,) = one.leave(move(3, None))
    assert (left.entered_at, left.paired) == (at(0), "anonymous")
    (left,) = one.leave(move(4, "UNSEEN1"))
    assert (left.entered_at, left.paired) == (at(1), "anonymous")
    assert plates(one) == ["AB123CD"]


def test_entry_without_an_exit_before() -> None:
    """End the visit whose exit nobody saw, without a time."""
    one = book()
    one.enter(move(0))
    ended, begun = one.enter(move(60))
    assert (ended.closed_by, ended.left_at, ended.is_unmatched) == (
        "reentry",
        None,
        True,
    )
    assert begun.is_open
    assert plates(one) == ["AB123CD"]


def test_exit_that_comes_late_finds_its_visit() -> None:
    """Put a recovered exit between two entries where it belongs."""
    one = book()
    one.enter(move(0))
    ended, _ = one.enter(move(60))
    (left,) = one.leave(move(30))
    assert left.visit_id == ended.visit_id
    assert (left.left_at, left.paired) == (at(30), "exact")
    assert plates(one) == ["AB123CD"]


def test_entry_that_comes_late_finds_its_exit() -> None:
    """Complete an exit whose entry is recovered afterwards."""
    one = book()
    (alone,) = one.leave(move(30))
    (whole,) = one.enter(move(0))
    assert whole.visit_id == alone.visit_id
    assert whole.seconds(at(99)) == 1800
    assert one.inside() == []
    one.enter(move(40))
    assert plates(one) == ["AB123CD"]


def test_entry_from_before_the_one_that_is_known() -> None:
    """Let the later of two entries be the one that is inside."""
    one = book()
    one.enter(move(60))
    one.enter(move(0))
    assert [visit.entered_at for visit in one.inside()] == [at(60)]


def test_better_read_of_an_entry() -> None:
    """Give a visit the plate of the better read."""
    one = book()
    one.enter(move(0, "A8123CD"))
    (named,) = one.rename(move(0, "AB123CD"))
    assert named.plate == "AB123CD"
    assert one.rename(move(0, "AB123CD")) == []
    assert one.rename(move(7, "AB123CD")) == []


def test_by_hand() -> None:
    """End a visit, once."""
    one = book()
    (visit,) = one.enter(move(0))
    (ended,) = one.end(visit.visit_id, at(5))
    assert (ended.closed_by, ended.left_at) == ("hand", at(5))
    assert one.end(visit.visit_id, at(6)) == []


@pytest.mark.parametrize("wanted", [0, 1, 2, 3, 5])
def test_count_by_hand(wanted: int) -> None:
    """Let just so many be inside, those without a plate going first."""
    one = book()
    one.enter(move(0))
    one.enter(move(1, None))
    one.enter(move(2, "XY1"))
    one.enter(move(3, area="garage"))
    one.set_count("yard", wanted, at(9))
    expected = {0: [], 1: ["XY1"], 2: ["AB123CD", "XY1"]}
    inside = plates(one, "yard")
    assert len(inside) == wanted
    assert [plate for plate in inside if plate] == expected.get(wanted, expected[2])
    assert len(one.inside("garage")) == 1


def test_restored() -> None:
    """Go on with what was there before a restart."""
    one = book()
    (entered,) = one.enter(move(0))
    (alone,) = one.leave(move(10, "OTHER99"))
    again = book()
    again.restore([entered, alone])
    assert plates(again) == ["AB123CD"]
    (whole,) = again.enter(move(5, "OTHER99"))
    assert whole.visit_id == alone.visit_id


MOVES = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["AA11111", "ZZ99999", None])), max_size=30
)


@given(MOVES)
def test_nobody_is_inside_twice(moves: list[tuple[bool, str | None]]) -> None:
    """Keep each plate inside once at most, and no visit that ends before it begins."""
    one = book()
    visits: dict[str, Visit] = {}
    for minute, (enters, plate) in enumerate(moves):
        act = one.enter if enters else one.leave
        visits |= {visit.visit_id: visit for visit in act(move(minute, plate))}
    named = [plate for plate in plates(one) if plate is not None]
    assert len(named) == len(set(named))
    assert {visit.visit_id for visit in visits.values() if visit.is_open} == {
        visit.visit_id for visit in one.inside()
    }
    for visit in visits.values():
        if visit.entered_at and visit.left_at:
            assert visit.entered_at <= visit.left_at


@given(st.permutations(range(6)))
def test_any_order_gives_the_same(order: list[int]) -> None:
    """Give the same stays in whatever order entries and exits come."""
    moves = [(minute % 2 == 0, minute * 10) for minute in range(6)]
    one = book()
    visits: dict[str, Visit] = {}
    for number in order:
        enters, minute = moves[number]
        act = one.enter if enters else one.leave
        visits |= {visit.visit_id: visit for visit in act(move(minute))}
    stays = sorted(
        (visit.entered_at, visit.left_at)
        for visit in visits.values()
        if visit.entered_at and visit.left_at
    )
    assert one.inside() == []
    assert stays == [(at(0), at(10)), (at(20), at(30)), (at(40), at(50))]
