"""Understand what a device says about the list a plate is on (reference 5.4)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

type Verdict = Literal["allow", "block", "none"]

LIST_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "allow": "allow",
        "allowlist": "allow",
        "white": "allow",
        "whitelist": "allow",
        "block": "block",
        "blocklist": "block",
        "black": "block",
        "blacklist": "block",
        "temporary": "temporary",
        "temporarylist": "temporary",
        "gray": "other",
        "yellow": "other",
        "other": "other",
        "otherlist": "other",
    }
)
"""Words of every firmware generation, in lower case -> list."""

LIST_NUMBERS: Final[Mapping[str, str]] = MappingProxyType(
    {"0": "allow", "1": "block", "2": "other", "3": "other", "4": "other"}
)
"""Numbers that `listType` may hold instead of a word -> list (reference 5.3)."""

LIST_GROUPS: Final[Mapping[str, str]] = MappingProxyType({"0": "block", "1": "allow"})
"""Groups in the file of a list -> list: the other way round (trap 68)."""


def device_list(list_name: str | None, list_type: str | None = None) -> str | None:
    """Return the list a device found a plate on, None when it names none.

    `list_name` is the text of `vehicleListName` (DeepinView), `list_type` of
    `listType` (DS-TCG); the first that holds anything counts. The answer is "allow",
    "block", "temporary", "other" or the name of a list library as the device has it.
    Numbers are a verdict in `listType` alone: a library may well be named "1".
    """
    if name := (list_name or "").strip():
        return LIST_WORDS.get(name.casefold(), name)
    kind = (list_type or "").strip()
    word = kind.casefold()
    return LIST_NUMBERS.get(word) or LIST_WORDS.get(word, kind) or None


def verdict(name: str | None) -> Verdict:
    """Return what a list of `device_list` means: "allow", "block" or "none".

    Only the two plain lists decide. "temporary" does not allow: devices send it for
    strangers too (reference 1.11).
    """
    match name:
        case "allow":
            return "allow"
        case "block":
            return "block"
        case _:
            return "none"
