"""Tell a plate from the words a device puts in its place (reference 1.4)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_UNREADABLE: Final = frozenset(
    {
        "",
        "unknown",
        "noplate",
        "unlicensed",
        "unrecognised",
        "unrecognized",
        "无牌",
        "无牌车",
        "无车牌",
        "未知",
        "未识别",
    }
)

COLOR_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "黄绿": "new_energy_yellow_green",
        "蓝": "blue",
        "黄": "yellow",
        "白": "white",
        "黑": "black",
        "绿": "green",
        "红": "red",
    }
)
"""Colours that Chinese firmware writes before a plate, the longer ones first."""

PROVINCES: Final = frozenset(
    "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
)
"""Characters a plate of mainland China begins with."""


def is_unreadable(text: str | None) -> bool:
    """Return whether a plate's text says that no plate was read.

    The sentinels are `unknown` and `noPlate` in any case and spacing, and any text
    without a letter or digit.
    """
    return "".join(filter(str.isalnum, text or "")).casefold() in _UNREADABLE


def strip_color_prefix(plate: str) -> tuple[str | None, str]:
    """Split the colour before a Chinese plate off: its slug or None, and the plate.

    A colour counts only before the character of a province, because 黑 begins the
    plates of Heilongjiang as well.
    """
    for prefix, color in COLOR_PREFIXES.items():
        rest = plate.removeprefix(prefix)
        if rest != plate and rest[:1] in PROVINCES:
            return color, rest
    return None, plate
