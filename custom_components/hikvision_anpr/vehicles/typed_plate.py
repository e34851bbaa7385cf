"""Refuse symbols in a plate that a person types, and leave them out of others."""

from typing import Any, Final
import unicodedata

from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN

_SIGNS: Final = frozenset("*?#%&@!")
"""Punctuation that divides no plate: a pattern, or a slip of the finger."""


def typed_plate(value: Any) -> str:
    """Return a plate as it was typed.

    Plates are compared by their letters and digits: without its symbol, the plate would
    be that of another vehicle. Raises vol.Invalid and ServiceValidationError.
    """
    plate: str = cv.string(value)
    for character in filter(_is_symbol, plate):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="plate_with_symbol",
            translation_placeholders={"plate": plate, "symbol": character},
        )
    return plate


def without_symbols(plate: str) -> str:
    """Return a plate of a file or of a device without its symbols."""
    return "".join(one for one in plate if not _is_symbol(one)).strip()


def _is_symbol(character: str) -> bool:
    """Tell whether a character is an emoji or the like; joiners come with pasted text."""
    if character in _SIGNS:
        return True
    category = unicodedata.category(character)
    is_symbol = category[0] in "SC" and category != "Cf"
    return is_symbol and not character.isspace()
