"""Test the code tables of ISAPI ANPR."""

from collections.abc import Callable, Sequence
import re

from homeassistant.generated.countries import COUNTRIES as ISO_COUNTRIES
from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi.tables.brands import (
    BRANDS,
    NO_BRAND,
    brand_name,
)
from custom_components.hikvision_anpr.isapi.tables.countries import (
    COUNTRIES,
    country_code,
)
from custom_components.hikvision_anpr.isapi.tables.lists import (
    LIST_NUMBERS,
    LIST_WORDS,
    device_list,
    verdict,
)
from custom_components.hikvision_anpr.isapi.tables.plates import (
    COLOR_PREFIXES,
    PROVINCES,
    is_unreadable,
    strip_color_prefix,
)
from custom_components.hikvision_anpr.isapi.tables.vehicles import (
    PLATE_COLORS,
    VEHICLE_COLORS,
    VEHICLE_TYPES,
    direction,
    plate_color,
    plate_type,
    vehicle_color,
    vehicle_type,
)
from tests.repository.house import ENGLISH, flat_json

type Slugger = Callable[[str | None], str | None]

TEXTS_OF_PLATE_TYPES = "entity.event.passage.state_attributes.plate_type.state."
PLATE_TYPES = sorted(
    path.removeprefix(TEXTS_OF_PLATE_TYPES)
    for path in flat_json(ENGLISH)
    if path.startswith(TEXTS_OF_PLATE_TYPES)
)

SLUGGERS: list[tuple[Slugger, Sequence[str]]] = [
    (vehicle_type, VEHICLE_TYPES),
    (vehicle_color, VEHICLE_COLORS),
    (plate_color, PLATE_COLORS),
    (plate_type, PLATE_TYPES),
]


def test_every_index_is_decided() -> None:
    """Every index of the reference is a country, unless it is reserved or says none."""
    reserved = {
        *range(55, 59),
        *range(100, 104),
        *range(165, 169),
        *range(223, 227),
        252,
    }
    assert set(range(259)) - COUNTRIES.keys() == reserved | {0, 253, 254, 255}


def test_countries_are_iso_codes() -> None:
    """Every code is ISO's, but for Kosovo and the withdrawn Antilles."""
    assert set(COUNTRIES.values()) - ISO_COUNTRIES == {"XK", "AN"}


@pytest.mark.parametrize(
    ("index", "alpha2"),
    [
        (1, "CZ"),
        (12, "UA"),
        (14, "BG"),
        (17, "GB"),
        (46, "TR"),
        (49, "XK"),
        (54, "SM"),
        (59, "CN"),
        (64, "TH"),
        (66, "AE"),
        (81, "TR"),
        (96, "IN"),
        (99, "TL"),
        (104, "EG"),
        (126, "CD"),
        (158, "SS"),
        (160, "YT"),
        (161, "RE"),
        (162, "ES"),
        (163, "PT"),
        (164, "PT"),
        (169, "CA"),
        (195, "SX"),
        (209, "AN"),
        (222, "AR"),
        (227, "AU"),
        (250, "PN"),
        (251, "US"),
        (256, "TW"),
        (257, "HK"),
        (258, "MO"),
    ],
)
def test_country_of_an_index(index: int, alpha2: str) -> None:
    """The ends of every run and the odd ones carry the right country."""
    assert country_code(str(index)) == alpha2


@pytest.mark.parametrize(
    ("country", "cr_index", "iso", "expected"),
    [
        (None, None, None, None),
        ("", "", "", None),
        ("0", "0", None, None),
        ("254", None, None, None),
        ("255", None, None, None),
        ("259", None, None, None),
        ("-1", None, None, None),
        ("Atlantis", None, None, None),
        (" 12 ", None, None, "UA"),
        ("12", "14", None, "UA"),
        ("253", "257", None, "HK"),
        ("253", "253", None, None),
        ("253", None, None, None),
        (None, "66", None, "AE"),
        ("0", "7", None, "PL"),
        ("DXB", "66", None, "AE"),
        ("dxb", None, None, "AE"),
        ("AUH", None, None, "AE"),
        ("GBR", None, None, "GB"),
        (" idn\n", None, None, "ID"),
        ("de", None, None, "DE"),
        ("GIB", None, None, "GI"),
        ("ad", None, None, "AD"),
        ("12", "14", "pl", "PL"),
        ("12", None, "GG", "GG"),
        ("12", None, "ZZ", "UA"),
        ("12", None, "POL", "UA"),
    ],
)
def test_country_code(
    country: str | None, cr_index: str | None, iso: str | None, expected: str | None
) -> None:
    """The ISO code wins, then the country, then the CRIndex."""
    assert country_code(country, cr_index, iso) == expected


def test_every_iso_country_is_valid_text() -> None:
    """No country of ISO 3166-1 is refused as text."""
    assert {country_code(code) for code in ISO_COUNTRIES} == ISO_COUNTRIES


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (None, None),
        ("", None),
        (" ", None),
        ("0", None),
        (0, None),
        ("1788", None),
        ("1795", None),
        ("1036", "Mercedes-Benz"),
        (1028, "Audi"),
        (" 1134 ", "Skoda"),
        ("1139", "Tesla"),
        ("1621", "Wuling"),
        ("1684", "Hyundai"),
        ("1707", "Zhongtong"),
        ("1804", "Baojun"),
        ("1", "1"),
        (9999, "9999"),
    ],
)
def test_brand_name(index: str | int | None, name: str | None) -> None:
    """An index has its brand, and shows itself when it has none."""
    assert brand_name(index) == name


def test_brands_are_spelt_out() -> None:
    """No brand is blank or shouted, but for the initials."""
    assert not BRANDS.keys() & NO_BRAND
    assert all(name.strip() == name != "" for name in BRANDS.values())
    assert not [name for name in BRANDS.values() if re.fullmatch("[A-Z]{6,}", name)]


@pytest.mark.parametrize(
    ("slugger", "text", "slug"),
    [
        (vehicle_type, "SUVMPV", "suv_mpv"),
        (vehicle_type, "suvmpv", "suv_mpv"),
        (vehicle_type, " pickupTruck ", "pickup_truck"),
        (vehicle_type, "nonmotorVehicle", "non_motor_vehicle"),
        (vehicle_type, "minitruck", "mini_truck"),
        (vehicle_type, "hovercraft", "other"),
        (vehicle_color, "deepBlue", "deep_blue"),
        (vehicle_color, "DEEPGRAY", "deep_gray"),
        (vehicle_color, "unknown", None),
        (plate_color, "White", "white"),
        (plate_color, "newEnergyYellowGreen", "new_energy_yellow_green"),
        (plate_color, "Unknown", None),
        (plate_type, "leftRightMilitay", "left_right_military"),
        (plate_type, "leftRightMilitary", "left_right_military"),
        (plate_type, "92TypeCivil", "92_type_civil"),
        (plate_type, "arm", "police"),
        (plate_type, "motorola", "motorcycle"),
        (plate_type, "tempTravl", "temporary_travel"),
        (plate_type, "Private", "private"),
    ],
)
def test_slug(slugger: Slugger, text: str, slug: str | None) -> None:
    """A wire word has its slug in any case, "other" outside the table."""
    assert slugger(text) == slug


@pytest.mark.parametrize(
    ("slugger", "words"),
    [
        (
            vehicle_type,
            "vehicle SUVMPV van truck bus largeBus mediumBus minibus buggy smallCar "
            "miniCar pickupTruck nonmotorVehicle pedestrian twoWheelVehicle coupe "
            "threeWheelVehicle motorVehicle crane concreteMixer slagTruck minitruck "
            "containerTruck platformTrailer oilTankTruck hatchback saloon lightTruck "
            "mediumHeavyTruck",
        ),
        (
            vehicle_color,
            "green brown pink purple deepGray cyan orange white silver gray black red "
            "deepBlue blue yellow",
        ),
        (
            plate_color,
            "black blue golden orange red yellow white newEnergyYellowGreen green "
            "civilAviationBlack civilAviationGreen mixedColor newEnergyGreen brown",
        ),
        (
            plate_type,
            "92TypeCivil arm upDownMilitay 92TypeArm leftRightMilitay embassy "
            "02TypePersonalized yellowTwoLine 04NewMilitay oneLineArm twoLineArm "
            "yellow1225FarmVehicle green1325FarmVehicle yellow1325FarmVehicle coach "
            "motorola tempTravl trailer consulate hongKongMacao tempEntry newEnergy "
            "civilAviation 92FarmVehicle emergency oneLineArmHeadquarters Private "
            "twoLineArmHeadquarters twoWheelVehicle",
        ),
    ],
)
def test_every_word_of_the_reference_has_a_slug(slugger: Slugger, words: str) -> None:
    """The words of the reference are all known, each by a slug of its own."""
    slugs = [slugger(word) for word in words.split()]
    assert not {None, "other"} & set(slugs)
    assert len(set(slugs)) == len(slugs)


@pytest.mark.parametrize(("slugger", "slugs"), SLUGGERS)
def test_slugs_are_options_of_a_sensor(slugger: Slugger, slugs: Sequence[str]) -> None:
    """Slugs are unique, translatable keys, "other" among them, and map to themselves."""
    assert len(set(slugs)) == len(slugs)
    assert "other" in slugs
    for slug in slugs:
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", slug)
        assert slugger(slug) == slug


@pytest.mark.parametrize("slugger", [row[0] for row in SLUGGERS])
@pytest.mark.parametrize("text", [None, "", "  ", "unknown", "UNKNOWN"])
def test_nothing_has_no_slug(slugger: Slugger, text: str | None) -> None:
    """A value that is absent or unknown is None."""
    assert slugger(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("forward", "forward"),
        ("Reverse", "reverse"),
        (" forward\n", "forward"),
        ("unknown", "unknown"),
        ("sideways", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_direction(text: str | None, expected: str) -> None:
    """A direction is forward or reverse, everything else unknown."""
    assert direction(text) == expected


@pytest.mark.parametrize(
    ("list_name", "list_type", "listed", "decided"),
    [
        (None, None, None, "none"),
        ("", "", None, "none"),
        (" ", " ", None, "none"),
        ("allowList", None, "allow", "allow"),
        ("whiteList", None, "allow", "allow"),
        ("WHITELIST", None, "allow", "allow"),
        (None, "white", "allow", "allow"),
        ("blockList", None, "block", "block"),
        ("blackList", None, "block", "block"),
        (None, "black", "block", "block"),
        (None, "temporary", "temporary", "none"),
        ("temporaryList", None, "temporary", "none"),
        ("otherList", None, "other", "none"),
        (None, "gray", "other", "none"),
        ("Staff Berlin", None, "Staff Berlin", "none"),
        (None, "Staff", "Staff", "none"),
        ("0", None, "0", "none"),
        ("1", None, "1", "none"),
        (None, "0", "allow", "allow"),
        (None, "1", "block", "block"),
        (None, "2", "other", "none"),
        (None, "3", "other", "none"),
        (None, "4", "other", "none"),
        (None, "5", "5", "none"),
        ("", "white", "allow", "allow"),
        ("blackList", "white", "block", "block"),
    ],
)
def test_device_list(
    list_name: str | None, list_type: str | None, listed: str | None, decided: str
) -> None:
    """Both generations of words are understood, and only two lists decide."""
    assert device_list(list_name, list_type) == listed
    assert verdict(listed) == decided


def test_list_words_stay_within_the_vocabulary() -> None:
    """Every word is in lower case and means one of the four lists."""
    vocabulary = {"allow", "block", "temporary", "other"}
    assert {*LIST_WORDS.values(), *LIST_NUMBERS.values()} <= vocabulary
    assert all(word == word.casefold() for word in LIST_WORDS)
    assert all(device_list(name) == name for name in vocabulary)


@pytest.mark.parametrize(
    ("text", "unreadable"),
    [
        (None, True),
        ("", True),
        ("  ", True),
        ("unknown", True),
        ("UNKNOWN", True),
        ("Unknown ", True),
        ("noPlate", True),
        ("NOPLATE", True),
        ("no plate", True),
        ("No_Plate", True),
        ("无车牌", True),
        ("-", True),
        ("???", True),
        ("MXY123", False),
        ("UNKNOWN1", False),
        ("NULL", False),
        ("1กก1234", False),
        ("蓝皖A00001", False),
    ],
)
def test_is_unreadable(text: str | None, unreadable: bool) -> None:
    """A sentinel in any case or spacing is no plate, everything else is."""
    assert is_unreadable(text) is unreadable


@pytest.mark.parametrize(
    ("text", "color", "plate"),
    [
        ("蓝皖A00001", "blue", "皖A00001"),
        ("黄沪B12345", "yellow", "沪B12345"),
        ("白京A0001警", "white", "京A0001警"),
        ("黑粤Z0001港", "black", "粤Z0001港"),
        ("绿苏AD12345", "green", "苏AD12345"),
        ("黄绿浙A12345D", "new_energy_yellow_green", "浙A12345D"),
        ("黑黑A12345", "black", "黑A12345"),
        ("蓝黑A12345", "blue", "黑A12345"),
        ("黑A12345", None, "黑A12345"),
        ("皖A00001", None, "皖A00001"),
        ("蓝", None, "蓝"),
        ("蓝ABC123", None, "蓝ABC123"),
        ("MXY123", None, "MXY123"),
        ("", None, ""),
    ],
)
def test_strip_color_prefix(text: str, color: str | None, plate: str) -> None:
    """A colour goes only where the character of a province follows."""
    assert strip_color_prefix(text) == (color, plate)


def test_prefixes_and_provinces_are_complete() -> None:
    """The mainland has 31 plates and every prefix is a colour of a plate."""
    assert len(PROVINCES) == 31
    assert set(COLOR_PREFIXES.values()) <= set(PLATE_COLORS)


@given(st.none() | st.text())
def test_texts_never_raise(text: str | None) -> None:
    """Any text of a device has an answer of the promised kind."""
    for slugger, slugs in SLUGGERS:
        assert slugger(text) in {None, *slugs}
    assert direction(text) in {"forward", "reverse", "unknown"}
    assert brand_name(text) != ""
    assert device_list(text) != ""
    assert device_list(None, text) != ""
    assert verdict(text) in {"allow", "block", "none"}
    assert is_unreadable(text) in {True, False}


@given(*[st.none() | st.text(max_size=4)] * 3)
def test_country_code_never_raises(
    country: str | None, cr_index: str | None, iso: str | None
) -> None:
    """Any three texts are a country of two letters or none."""
    code = country_code(country, cr_index, iso)
    assert code is None or re.fullmatch("[A-Z]{2}", code)


@given(st.text())
def test_strip_color_prefix_only_takes_from_the_front(text: str) -> None:
    """A plate keeps its end, and all of itself where no colour is seen."""
    color, plate = strip_color_prefix(text)
    assert text.endswith(plate)
    assert (color is None) == (plate == text)
