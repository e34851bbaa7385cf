"""Test telling which reads are one read, and which are one vehicle."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.intake.folding import fold_plate
from custom_components.hikvision_anpr.intake.identity import (
    MIN_UUID_CHARACTERS,
    is_certain,
    is_nearly_same_plate,
    is_same_vehicle,
    read_key,
)
from custom_components.hikvision_anpr.isapi.plate_read import PlateRead
from tests.isapi.fixtures import FUZZ, at

UUID = "2026040708153049800abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR"
READ = PlateRead(plate="AB1234", captured_at=at("2026-04-07T08:15:30+02:00"))
PLATES = st.text("AB01OQDIZS258-", min_size=1, max_size=8)


def test_uuid_is_the_whole_identity() -> None:
    """Know a read again by its UUID, whatever else a second message says."""
    read = replace(READ, uuid=UUID)
    again = replace(read, plate="XX99", channel=2, captured_at=None)
    assert read_key(read) == read_key(again)
    assert is_certain(read)


@pytest.mark.parametrize("length", [16, 32, 36, 63, 64])
def test_uuids_with_a_long_common_beginning(length: int) -> None:
    """Compare UUIDs to their last character (trap 9)."""
    one, other = (replace(READ, uuid="2" * (length - 1) + last) for last in ("a", "b"))
    assert read_key(one) != read_key(other)


@pytest.mark.parametrize("uuid", [None, "", "x", "0", "1" * (MIN_UUID_CHARACTERS - 1)])
def test_placeholder_is_no_identity(uuid: str | None) -> None:
    """Take channel, plate, time and vehicle where there is no real UUID."""
    read = replace(READ, uuid=uuid)
    assert not is_certain(read)
    assert read_key(read) == read_key(replace(read, uuid=None))
    for other in (
        replace(read, channel=2),
        replace(read, plate="AB1235"),
        replace(read, plate=None),
        replace(read, captured_at=None),
        replace(read, captured_at=at("2026-04-07T08:15:30.001+02:00")),
        replace(read, vehicle_index=7),
    ):
        assert read_key(other) != read_key(read)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("AB1234", "AB1234", True),
        ("AB1234", "ab-12 34", True),
        ("AB1234", "A81Z34", True),
        ("OQD015", "0000IS", True),
        ("AL1234", "AI1234", True),
        ("MÜ-AB 12", "MUAB12", True),
        ("Α٣4567", "A34567", True),
        ("AB1234", "AB123", True),
        ("AB1234", "B1234", True),
        ("AB1234", "A1234", False),
        ("AB1234", "AB12", False),
        ("AB123", "AB12", False),
        ("AB1234", "AB1235", False),
        ("AB1234", "AB12345", True),
        ("AB1234", "XAB1234Y", False),
        ("蓝苏B3QX88", "苏B3QX88", True),
        ("蓝苏B3QX88", "苏B3QX8", True),
        ("กข1234", "กข1234", True),
        ("กข1234", "กค1234", False),
    ],
)
def test_nearly_the_same_plate(first: str, second: str, same: bool) -> None:
    """Allow look-alikes and one character lost at an end, nothing else."""
    assert is_nearly_same_plate(first, second) is same
    assert is_nearly_same_plate(second, first) is same


@FUZZ
@given(PLATES, PLATES)
def test_likeness_has_no_order(first: str, second: str) -> None:
    """Find two plates alike whichever came first, and each like itself."""
    assert is_nearly_same_plate(first, second) is is_nearly_same_plate(second, first)
    assert is_nearly_same_plate(first, first)
    assert fold_plate(fold_plate(first)) == fold_plate(first)


@pytest.mark.parametrize(
    ("earlier", "later", "same"),
    [
        ({}, {"direction": "reverse", "country": "BG", "lane": 2}, True),
        ({}, {"plate": "AB123"}, True),
        ({}, {"plate": "CD5678"}, False),
        ({"plate": None}, {}, False),
        ({"plate": None}, {"plate": None}, True),
        ({"plate": None, "lane": 1}, {"plate": None, "lane": 1}, True),
        ({"plate": None, "lane": 1}, {"plate": None, "lane": 2}, False),
        ({}, {"plate": None}, False),
        ({"vehicle_index": 7}, {"plate": None, "vehicle_index": 7}, False),
        ({"vehicle_index": 7}, {"plate": None, "vehicle_index": 8}, False),
        (
            {"plate": None, "vehicle_index": 7},
            {"plate": None, "vehicle_index": 8},
            False,
        ),
        (
            {"plate": None, "vehicle_index": 7, "lane": 1},
            {"plate": None, "vehicle_index": 7, "lane": 2},
            True,
        ),
        ({"plate": None, "vehicle_index": 7}, {"vehicle_index": 7}, False),
        ({"vehicle_index": 7}, {"vehicle_index": 8}, True),
    ],
)
def test_same_vehicle(
    earlier: dict[str, object], later: dict[str, object], same: bool
) -> None:
    """Know a vehicle by plate or index, never by direction or country (trap 6, 7)."""
    first, second = (replace(READ, **changes) for changes in (earlier, later))  # type: ignore[arg-type]
    assert is_same_vehicle(first, second) is same
