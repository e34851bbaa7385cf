"""Test what a read may be by the formats of its country."""

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi.tables.countries import COUNTRIES
from custom_components.hikvision_anpr.vehicles.national_plates import (
    COUNTRIES as KNOWN,
    national_forms,
)


@pytest.mark.parametrize(
    ("country", "read", "forms"),
    [
        ("ES", "I234BCD", ["1234BCD", "I2348CD"]),
        ("ES", "1234BC0", ["1234BCD"]),
        ("ES", "1234BC8", ["1234BCB"]),
        ("ES", "M1234AB", []),
        ("DE", "BOA12Z4", ["BO41224", "BOA1224", "BOAI224", "BOAL224"]),
        ("DE", "BOAI234", []),
        ("DE", "BOA123E", []),
        ("FR", "A8I23CD", ["AB123CD"]),
        ("FR", "123ABC75", []),
        ("CH", "2HI23456", ["ZH123456"]),
        ("NL", "12AB3A", ["12AB34", "1ZAB34"]),
        ("IT", "AB123C0", ["AB123CD", "AB123CO", "AB123CQ"]),
        ("FR", "AB123C0", ["AB123CD", "AB123CQ"]),
        ("FR", "ABIZ3C0", []),
        ("TR", "3AABC123", ["34ABC123"]),
        ("RU", "A12EBC77", []),
        ("RU", "A1Z3BC77", ["4123BC77", "A123BC77"]),
        ("ES", "1X34BCD", []),
        ("GB", "AB1ZCDE", []),
        (None, "I234BCD", []),
        ("ES", "", []),
        ("ES", "I234BCD" * 30, []),
        ("RU", "А123ВС77", []),
    ],
)
def test_forms(country: str | None, read: str, forms: list[str]) -> None:
    """Replace only what cannot stand where it stands, by what looks alike."""
    assert list(national_forms(read, country)) == forms


def test_countries_are_those_of_reads() -> None:
    """Name countries as reads do."""
    assert set(COUNTRIES.values()) >= KNOWN


@given(
    read=st.text("0123456789ABDGILOQSTZ", max_size=9),
    country=st.sampled_from([*sorted(KNOWN), "GB", None]),
)
def test_what_is_well_formed_is_left_alone(read: str, country: str | None) -> None:
    """Give well-formed plates of the same length, which have no other forms."""
    for form in national_forms(read, country):
        assert len(form) == len(read)
        assert form != read
        assert national_forms(form, country) == ()
