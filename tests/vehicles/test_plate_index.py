"""Test that a plate leads to its vehicle, and to no other."""

from hypothesis import given, strategies as st
import pytest
from rapidfuzz.distance import Levenshtein

from custom_components.hikvision_anpr.intake.folding import fold_plate
from custom_components.hikvision_anpr.intake.passage import ListName, normalize_plate
from custom_components.hikvision_anpr.vehicles.plate_index import PlateIndex
from custom_components.hikvision_anpr.vehicles.vehicle import Vehicle


def vehicle(plate: str, on_list: ListName = "allow") -> Vehicle:
    """Return a vehicle."""
    return Vehicle(vehicle_id=plate, plate=plate, list=on_list)


def index_of(*vehicles: Vehicle, allow: int = 0, block: int = 0) -> PlateIndex:
    """Return an index of vehicles."""
    index = PlateIndex({"allow": allow, "block": block, "none": allow})
    for one in vehicles:
        index.add(one)
    return index


def found(index: PlateIndex, plate: str) -> tuple[str | None, str | None]:
    """Return the plate of the vehicle that is found, and how."""
    answer = index.find(plate)
    return (answer.vehicle.plate if answer.vehicle else None, answer.match)


def test_kinds_of_match() -> None:
    """Say how a plate was found; the nearest kind counts."""
    index = index_of(vehicle("AB-12 CO"), vehicle("ABI2C0"), allow=1)
    assert found(index, "AB12CO") == ("AB-12 CO", "exact")
    assert found(index, "ABI2C0") == ("ABI2C0", "exact")
    assert found(index, "XYZ") == (None, None)


def test_look_alikes() -> None:
    """Take look-alikes for equal, unless two vehicles are then the same."""
    index = index_of(vehicle("AB12CO"), vehicle("XO1"), vehicle("X0I"))
    assert found(index, "A812C0") == ("AB12CO", "folded")
    assert found(index, "ΑВ12СО") == ("AB12CO", "folded")
    assert found(index_of(vehicle("بح234")), "بح٢٣٤") == ("بح234", "folded")
    assert found(index_of(vehicle("กข๒๓๔")), "กข234") == ("กข๒๓๔", "folded")
    assert found(index_of(vehicle("MÜ-AB 12")), "MUAB12") == ("MÜ-AB 12", "folded")
    assert found(index_of(vehicle("ŠI 123 ĐČ")), "SI123DC") == ("ŠI 123 ĐČ", "folded")
    both = index.find("XOI")
    assert both.vehicle is None
    assert both.is_ambiguous
    assert {one.plate for one in both.candidates} == {"XO1", "X0I"}
    assert found(index, "XO1") == ("XO1", "exact")


@pytest.mark.parametrize(
    ("plate", "expected"),
    [
        ("WX34567", "WX34567"),
        ("WX3456", "WX34567"),
        ("WX345678", "WX34567"),
        ("WY34567", "WX34567"),
        ("WY34568", None),
    ],
)
def test_one_edit(plate: str, expected: str | None) -> None:
    """Allow one character that differs, is missing or too many."""
    assert found(index_of(vehicle("WX34567"), allow=1), plate)[0] == expected


def test_two_edits_for_long_plates_alone() -> None:
    """Take no short plate for one that differs by much of it."""
    index = index_of(vehicle("WX34567"), vehicle("PQR45"), vehicle("KLM"), allow=2)
    assert found(index, "WY34568") == ("WX34567", "fuzzy")
    assert found(index, "PQR4") == (None, None)
    assert found(index, "PQV45") == ("PQR45", "fuzzy")
    assert found(index, "PQV46") == (None, None)
    assert found(index, "KLN") == (None, None)


def test_lists_have_their_own_tolerance() -> None:
    """Be strict with one list and tolerant with the other."""
    index = index_of(vehicle("WX34567"), vehicle("PQ98765", "block"), block=1)
    assert found(index, "WY34567") == (None, None)
    assert found(index, "PR98765") == ("PQ98765", "fuzzy")


def test_neighbour_of_another_list_makes_ambiguous() -> None:
    """Know nobody where a plate is near vehicles of both lists."""
    index = index_of(vehicle("WX34567"), vehicle("WV34567", "block"), block=1)
    assert index.find("WY34567").is_ambiguous


def test_learned_corrections() -> None:
    """Know what was corrected before, as long as it is clear and nobody's plate."""
    index = index_of(
        *map(vehicle, ("WX34567", "PQ98765", "PQ98111", "LM11111", "LM34567"))
    )
    index.learn(
        [
            ("HH34567", "WX34567"),
            ("PQ98711", "PQ98765"),
            ("PQ98711", "PQ98111"),
            ("LM11111", "LM34567"),
            ("VOLVO", "WX34567"),
            ("FF11111", "GONE"),
        ]
    )
    assert found(index, "HH34567") == ("WX34567", "folded")
    assert index.find("PQ98711").is_ambiguous
    assert found(index, "LM11111") == ("LM11111", "exact")
    assert found(index, "FF11111") == (None, None)
    assert found(index, "VOLVO") == (None, None)


def test_lists_that_want_the_exact_plate() -> None:
    """Find by nothing but the plate itself, and let nobody else have what is like it."""
    tolerance: dict[ListName, int] = {"allow": 1, "block": 0, "none": 1}
    index = PlateIndex(tolerance, {"allow"})
    for one in (vehicle("WX34567"), vehicle("AB123CO"), vehicle("B0SS11", "block")):
        index.add(one)
    index.learn([("HH34567", "WX34567")])
    assert found(index, "WX34567") == ("WX34567", "exact")
    for plate, country in (
        ("WX345G7", None),
        ("HH34567", None),
        ("AB123C0", "IT"),
        ("A8123C0", None),
    ):
        assert index.find(plate, country).vehicle is None
    assert found(index, "BOSS11") == ("B0SS11", "folded")
    index.add(vehicle("BOS511", "allow"))
    assert index.find("80SS11").is_ambiguous


def test_formats_of_a_country() -> None:
    """Know a vehicle by what may stand in each place, where the country is known."""
    index = index_of(vehicle("AB123CD"), vehicle("AB123CO"), vehicle("6234-BCD"))
    assert index.find("AB123C0").is_ambiguous
    assert index.find("AB123C0", "GB").is_ambiguous
    assert index.find("AB123C0", "IT").is_ambiguous
    french = index.find("AB123C0", "FR")
    assert french.vehicle
    assert (french.vehicle.plate, french.match) == ("AB123CD", "folded")
    assert index.find("G234BCD").vehicle is None
    spanish = index.find("G234BCD", "ES")
    assert spanish.vehicle
    assert spanish.vehicle.plate == "6234-BCD"


def test_blocked_look_alike() -> None:
    """Know nobody where a blocked vehicle looks alike, whatever its format."""
    index = index_of(vehicle("AB123CD"), vehicle("AB123CO", "block"))
    assert index.find("AB123C0", "FR").is_ambiguous


def test_removed_vehicles_are_not_found() -> None:
    """Forget a vehicle, and let its neighbour be clear again."""
    one, other = vehicle("WX34567"), vehicle("WV34567")
    index = index_of(one, other, vehicle("WXE4567"), allow=2)
    index.remove(one)
    assert index.get("WX34567") is None
    index.remove(vehicle("WXE4567"))
    assert found(index, "WY34567") == ("WV34567", "fuzzy")
    index.remove(other)
    assert found(index, "WY34567") == (None, None)


PLATES = st.text("AB1X", min_size=1, max_size=11)


@given(
    plates=st.sets(PLATES, max_size=12),
    read=PLATES,
    tolerance=st.sampled_from([0, 1, 2]),
)
def test_as_if_all_were_compared(plates: set[str], read: str, tolerance: int) -> None:
    """Find through the pieces what comparing all plates finds."""
    index = index_of(*map(vehicle, plates), allow=tolerance)
    answer = index.find(read)
    if read in plates:
        assert answer.match == "exact"
        return
    alike = {plate for plate in plates if fold_plate(plate) == fold_plate(read)}
    near = alike or {plate for plate in plates if is_near(plate, read, tolerance)}
    names = {one.plate for one in answer.candidates}
    if answer.vehicle:
        names = {answer.vehicle.plate}
    assert names == near


def is_near(plate: str, read: str, tolerance: int) -> bool:
    """Tell by comparing whether a plate may be taken for another."""
    shorter = min(len(plate), len(read))
    most = min(tolerance, 0 if shorter < 5 else 1 if shorter < 7 else 2)
    return Levenshtein.distance(fold_plate(plate), fold_plate(read)) <= most


@given(
    st.lists(st.text(max_size=200), max_size=20),
    st.text(max_size=200),
    st.sampled_from([None, "FR", "DE", "XX"]),
)
def test_plates_of_any_script(
    plates: list[str], read: str, country: str | None
) -> None:
    """Find each plate, in whatever letters, and be the end of nothing."""
    known = {one.normalized: one for one in map(vehicle, plates) if one.normalized}
    index = index_of(*known.values(), allow=2)
    for normalized, one in known.items():
        answer = index.find(normalized, country)
        assert (answer.vehicle, answer.match) == (one, "exact")
    if plate := normalize_plate(read):
        assert (index.find(plate, country).match == "exact") is (plate in known)
