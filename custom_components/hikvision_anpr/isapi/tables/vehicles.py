"""Name plate types, colours and vehicle types as slugs (reference 1.4, 1.5)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

type Direction = Literal["forward", "reverse", "unknown"]

OTHER: Final = "other"
"""The slug of a value that a device sends and no table knows."""

# The wire's words are kept as the devices spell them; the slugs are spelt properly.
_VEHICLE_TYPES: Final[Mapping[str, str]] = {
    "vehicle": "vehicle",
    "SUVMPV": "suv_mpv",
    "van": "van",
    "truck": "truck",
    "bus": "bus",
    "largeBus": "large_bus",
    "mediumBus": "medium_bus",
    "minibus": "minibus",
    "buggy": "buggy",
    "smallCar": "small_car",
    "miniCar": "mini_car",
    "pickupTruck": "pickup_truck",
    "nonmotorVehicle": "non_motor_vehicle",
    "pedestrian": "pedestrian",
    "twoWheelVehicle": "two_wheel_vehicle",
    "threeWheelVehicle": "three_wheel_vehicle",
    "motorVehicle": "motor_vehicle",
    "crane": "crane",
    "coupe": "coupe",
    "concreteMixer": "concrete_mixer",
    "slagTruck": "slag_truck",
    "minitruck": "mini_truck",
    "containerTruck": "container_truck",
    "platformTrailer": "platform_trailer",
    "oilTankTruck": "oil_tank_truck",
    "hatchback": "hatchback",
    "saloon": "saloon",
    "lightTruck": "light_truck",
    "mediumHeavyTruck": "medium_heavy_truck",
    "other": OTHER,
}

_VEHICLE_COLORS: Final[Mapping[str, str]] = {
    "white": "white",
    "silver": "silver",
    "gray": "gray",
    "deepGray": "deep_gray",
    "black": "black",
    "red": "red",
    "blue": "blue",
    "deepBlue": "deep_blue",
    "yellow": "yellow",
    "green": "green",
    "brown": "brown",
    "pink": "pink",
    "purple": "purple",
    "cyan": "cyan",
    "orange": "orange",
    "other": OTHER,
}

_PLATE_COLORS: Final[Mapping[str, str]] = {
    "white": "white",
    "yellow": "yellow",
    "blue": "blue",
    "black": "black",
    "green": "green",
    "red": "red",
    "orange": "orange",
    "golden": "golden",
    "brown": "brown",
    "mixedColor": "mixed_color",
    "newEnergyGreen": "new_energy_green",
    "newEnergyYellowGreen": "new_energy_yellow_green",
    "civilAviationBlack": "civil_aviation_black",
    "civilAviationGreen": "civil_aviation_green",
    "other": OTHER,
}

# Chinese classes, several of them mistranslated on the wire: "arm" is the police
# and, with a year or lines, the armed police; "motorola" is a motorcycle; "coach" is
# a driving instructor's car.
_PLATE_TYPES: Final[Mapping[str, str]] = {
    "92TypeCivil": "92_type_civil",
    "arm": "police",
    "upDownMilitay": "up_down_military",
    "92TypeArm": "92_type_armed_police",
    "leftRightMilitay": "left_right_military",
    "02TypePersonalized": "02_type_personalized",
    "yellowTwoLine": "yellow_two_line",
    "04NewMilitay": "04_new_military",
    "embassy": "embassy",
    "oneLineArm": "one_line_armed_police",
    "twoLineArm": "two_line_armed_police",
    "yellow1225FarmVehicle": "yellow_1225_farm_vehicle",
    "green1325FarmVehicle": "green_1325_farm_vehicle",
    "yellow1325FarmVehicle": "yellow_1325_farm_vehicle",
    "motorola": "motorcycle",
    "coach": "driver_training",
    "tempTravl": "temporary_travel",
    "trailer": "trailer",
    "consulate": "consulate",
    "hongKongMacao": "hong_kong_macao",
    "tempEntry": "temporary_entry",
    "civilAviation": "civil_aviation",
    "newEnergy": "new_energy",
    "92FarmVehicle": "92_farm_vehicle",
    "emergency": "emergency",
    "oneLineArmHeadquarters": "one_line_armed_police_headquarters",
    "twoLineArmHeadquarters": "two_line_armed_police_headquarters",
    "twoWheelVehicle": "two_wheel_vehicle",
    "Private": "private",
    "other": OTHER,
}

VEHICLE_TYPES: Final = tuple(_VEHICLE_TYPES.values())
VEHICLE_COLORS: Final = tuple(_VEHICLE_COLORS.values())
PLATE_COLORS: Final = tuple(_PLATE_COLORS.values())


def _fold(text: str | None) -> str:
    """Return the letters and digits of a text without case."""
    return "".join(filter(str.isalnum, text or "")).casefold()


def _folded(table: Mapping[str, str]) -> Mapping[str, str]:
    """Index a table by the folded wire word and by the folded slug."""
    slugs = {_fold(slug): slug for slug in table.values()}
    return MappingProxyType(slugs | {_fold(wire): table[wire] for wire in table})


_VEHICLE_TYPE_BY_WORD: Final = _folded(_VEHICLE_TYPES)
_VEHICLE_COLOR_BY_WORD: Final = _folded(_VEHICLE_COLORS)
_PLATE_COLOR_BY_WORD: Final = _folded(_PLATE_COLORS)
_PLATE_TYPE_BY_WORD: Final = _folded(_PLATE_TYPES)


def _slug(words: Mapping[str, str], text: str | None) -> str | None:
    """Return the slug of a wire word, None for none, "other" outside the table."""
    word = _fold(text)
    return None if word in ("", "unknown") else words.get(word, OTHER)


def vehicle_type(text: str | None) -> str | None:
    """Return the slug of `ANPR/vehicleType`, None when unknown (reference 1.4)."""
    return _slug(_VEHICLE_TYPE_BY_WORD, text)


def vehicle_color(text: str | None) -> str | None:
    """Return the slug of `vehicleInfo/color`, None when unknown (reference 1.5)."""
    return _slug(_VEHICLE_COLOR_BY_WORD, text)


def plate_color(text: str | None) -> str | None:
    """Return the slug of `ANPR/plateColor`, None when unknown (reference 1.4)."""
    return _slug(_PLATE_COLOR_BY_WORD, text)


def plate_type(text: str | None) -> str | None:
    """Return the slug of `ANPR/plateType`, None when unknown (reference 1.4)."""
    return _slug(_PLATE_TYPE_BY_WORD, text)


def direction(text: str | None) -> Direction:
    """Return the way a vehicle moved: towards the camera is forward (reference 1.4)."""
    match _fold(text):
        case "forward":
            return "forward"
        case "reverse":
            return "reverse"
        case _:
            return "unknown"
