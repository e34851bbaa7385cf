"""Edit the slots of a device's HTTP hosts in place (reference 3.2)."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Final

from lxml import etree

from .writable_document import Element, child, name_of

_SLOT: Final = "httphostnotification"

_ORDER: Final = (
    "id",
    "url",
    "protocoltype",
    "parameterformattype",
    "addressingformattype",
    "hostname",
    "ipaddress",
    "ipv6address",
    "portno",
    "username",
    "password",
    "httpauthenticationmethod",
    "httpbroken",
    "anpr",
)
"""The vendor's order of the elements, to add a missing one where it belongs."""


def slots(root: Element) -> list[Element]:
    """Return the slots of a list, or the one that came without a list."""
    if name_of(root) == _SLOT:
        return [root]
    return [element for element in root if name_of(element) == _SLOT]


def detached(slot: Element) -> Element:
    """Return a copy of a slot that stands for itself, with its list's version."""
    alone = deepcopy(slot)
    alone.tail = None
    parent = slot.getparent()
    version = parent.get("version") if parent is not None else None
    if version and not alone.get("version"):
        alone.set("version", version)
    return alone


def replaced(slot: Element, alone: Element) -> Element:
    """Return the document of a slot with another, detached one in its place."""
    parent = slot.getparent()
    if parent is None:
        return alone
    if not slot.get("version"):
        alone.attrib.pop("version", None)
    alone.tail = slot.tail
    parent.replace(slot, alone)
    return parent


def put(element: Element, path: Sequence[str], value: str) -> None:
    """Set the text at a path, adding what is missing."""
    for name in path:
        inner = child(element, name)
        element = _added(element, name) if inner is None else inner
    element.text = value


def _added(parent: Element, name: str) -> Element:
    """Add an element behind those that the vendor's order puts before it."""
    added = etree.Element(etree.QName(etree.QName(parent).namespace, name))
    earlier = [each for each in parent if _rank(name_of(each)) < _rank(name)]
    if earlier:
        added.tail = earlier[-1].tail
        parent.insert(parent.index(earlier[-1]) + 1, added)
    else:
        parent.append(added)
    return added


def _rank(name: str) -> int:
    """Return the place of an element in the vendor's order, the last if unknown."""
    name = name.lower()
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
