"""Read what a device offers for its settings, as its capabilities say it (reference 0.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Final

from .client import IsapiClient
from .errors import NOT_TOLD
from .leaves import leaf_elements
from .stored_document import NotOfferedError, UnknownSettingError, word
from .writable_document import Element, options, parse

type Value = bool | int | str

_NUMBERS: Final = re.compile(r"\[\d+\]")
_NUMBER: Final = re.compile(r"-?\d+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Hold what a device offers for a setting; empty and None where it does not say."""

    choices: tuple[str, ...] = ()
    lowest: int | None = None
    highest: int | None = None

    def holds(self, value: Value) -> bool:
        """Tell whether a value is offered, as far as the device says."""
        said = written(value)
        if self.choices:
            return said.lower() in {one.lower() for one in self.choices}
        if not _NUMBER.fullmatch(said):
            return True
        above = self.lowest is None or int(said) >= self.lowest
        return above and (self.highest is None or int(said) <= self.highest)


def offer_of(element: Element) -> Offer:
    """Return what the element of a capability says."""
    lowest, highest = (_limit(element, name) for name in ("min", "max"))
    return Offer(choices=options(element), lowest=lowest, highest=highest)


async def async_get_offers_by_path(
    client: IsapiClient, path: str
) -> Mapping[str, Offer]:
    """Ask for the capabilities of a document, by the paths of its texts.

    Those of several elements of a name are one. Nothing where the device does not say.
    Raises the errors of the client.
    """
    try:
        root = parse(await client.get_bytes(path))
    except NOT_TOLD:
        return {}
    return {
        unnumbered(found): offer_of(element) for found, element in leaf_elements(root)
    }


def set_by_paths(
    root: Element, values: Mapping[str, str], offers: Mapping[str, Offer]
) -> None:
    """Set texts that are in a document by their paths.

    Raises UnknownSettingError for a path that is not there, and NotOfferedError for a
    value that the device does not offer.
    """
    there = dict(leaf_elements(root))
    for path, value in values.items():
        if path not in there:
            raise UnknownSettingError(path)
        if not offers.get(unnumbered(path), Offer()).holds(value):
            raise NotOfferedError(path, value)
        there[path].text = value


def unnumbered(path: str) -> str:
    """Return a path without the numbers of several elements of a name."""
    return _NUMBERS.sub("", path)


def written(value: Value) -> str:
    """Return a value as devices write it."""
    return word(value) if isinstance(value, bool) else str(value)


def _limit(element: Element, name: str) -> int | None:
    """Return a limit of a capability."""
    said = element.get(name, "").strip()
    return int(said) if _NUMBER.fullmatch(said) else None
