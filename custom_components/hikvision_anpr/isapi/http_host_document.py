"""Edit the document of an HTTP host in place, so that all else stays as it is.

What a device sent is written back to it, down to elements that nobody knows:
some devices reject a document that lacks one (reference 3.2).
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import Final

from lxml import etree
from lxml.etree import _Element

from .errors import BadAnswerError

type Element = _Element

_SLOT: Final = "httphostnotification"
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_LIMITS: Final = ("opt", "min", "max", "def", "size")
"""What capabilities say of a value; sent back, it is rejected (reference 0.4)."""

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


def parse(body: bytes) -> Element:
    """Read a document that can be written back.

    Raises BadAnswerError where it cannot be read exactly.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body.strip(b"\xef\xbb\xbf \t\r\n\0"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadAnswerError("The device's document is no XML") from error
    if root.getroottree().docinfo.doctype:
        raise BadAnswerError("The device's document defines a type of its own")
    return root


def slots(root: Element) -> list[Element]:
    """Return the slots of a list, or the one that came without a list."""
    if _name(root) == _SLOT:
        return [root]
    return [element for element in root if _name(element) == _SLOT]


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


def serialize(root: Element) -> bytes:
    """Write a document as it was read."""
    return _DECLARATION + etree.tostring(root, encoding="UTF-8")


def writable(root: Element) -> bytes:
    """Write a document as devices accept it back: without what capabilities say.

    Empty elements keep both their tags, for some devices reject `<userName/>`.
    """
    root = deepcopy(root)
    for element in root.iter(etree.Element):
        for limit in _LIMITS:
            element.attrib.pop(limit, None)
        if not len(element) and element.text is None:
            element.text = ""
    return serialize(root)


def child(element: Element, *path: str) -> Element | None:
    """Return the first element on a path of names, in any namespace and case."""
    found: Element | None = element
    for name in path:
        inner = found if found is not None else ()
        found = next((each for each in inner if _name(each) == name.lower()), None)
    return found


def text(element: Element, *path: str) -> str | None:
    """Return the text at a path, empty where it is blank, None where it is absent."""
    found = child(element, *path)
    return None if found is None else (found.text or "").strip()


def options(element: Element, *path: str, attribute: str = "opt") -> tuple[str, ...]:
    """Return the values that a capability offers at a path."""
    found = child(element, *path)
    listed = found.get(attribute, "") if found is not None else ""
    return tuple(option for each in listed.split(",") if (option := each.strip()))


def put(element: Element, path: Sequence[str], value: str) -> None:
    """Set the text at a path, adding what is missing."""
    for name in path:
        inner = child(element, name)
        element = _added(element, name) if inner is None else inner
    element.text = value


def drop(element: Element, name: str) -> None:
    """Remove the children of a name."""
    for each in list(element):
        if _name(each) == name.lower():
            element.remove(each)


def _added(parent: Element, name: str) -> Element:
    """Add an element behind those that the vendor's order puts before it."""
    added = etree.Element(etree.QName(etree.QName(parent).namespace, name))
    earlier = [each for each in parent if _rank(_name(each)) < _rank(name)]
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


def _name(element: Element) -> str:
    """Return an element's name without namespace, in lower case; comments have none."""
    if not isinstance(element.tag, str):
        return ""
    return etree.QName(element).localname.lower()
