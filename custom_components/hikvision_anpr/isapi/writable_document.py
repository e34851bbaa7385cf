"""Edit a device's document in place, so that all else stays as it is.

What a device sent is written back to it, down to elements that nobody knows: a document
that lacks one is rejected, or loses what it said (reference 7, 3.2).
"""

from copy import deepcopy
import re
from typing import Final

from lxml import etree
from lxml.etree import _Element

from .encoding import is_utf8
from .errors import BadAnswerError

type Element = _Element

_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_LIMITS: Final = ("opt", "min", "max", "def")
"""What capabilities say of a value; sent back, it is rejected (reference 0.4).

The `size` of a list stays: clients send it (reference 7.4).
"""


def parse(body: bytes) -> Element:
    """Read a document that can be written back.

    Raises BadAnswerError where it cannot be read exactly.
    """
    content = body.strip(b"\xef\xbb\xbf \t\r\n\0")
    parser = etree.XMLParser(
        encoding="utf-8" if is_utf8(content) else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadAnswerError("The device's document is no XML") from error
    if root.getroottree().docinfo.doctype:
        raise BadAnswerError("The device's document defines a type of its own")
    return root


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
        found = next((each for each in inner if name_of(each) == name.lower()), None)
    return found


def text(element: Element, *path: str) -> str | None:
    """Return the text at a path, empty where it is blank, None where it is absent."""
    found = child(element, *path)
    return None if found is None else (found.text or "").strip()


def whole_number(value: str | None) -> int | None:
    """Read a whole number; None for none, and for one that is longer than any."""
    return int(value) if value and _WHOLE.fullmatch(value) else None


def options(element: Element, *path: str, attribute: str = "opt") -> tuple[str, ...]:
    """Return the values that a capability offers at a path."""
    found = child(element, *path)
    listed = found.get(attribute, "") if found is not None else ""
    return tuple(option for each in listed.split(",") if (option := each.strip()))


def drop(element: Element, name: str) -> None:
    """Remove the children of a name."""
    for each in list(element):
        if name_of(each) == name.lower():
            element.remove(each)


def name_of(element: Element) -> str:
    """Return an element's name without namespace, in lower case; comments have none."""
    if not isinstance(element.tag, str):
        return ""
    return etree.QName(element).localname.lower()
