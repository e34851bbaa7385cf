"""Read elements of XML where they stand, each only once somebody asks for it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import override

from lxml.etree import _Element

from .node import MAX_DEPTH, Node


class XmlNode(Node):
    """Hold an element of XML, with its children down to a depth."""

    __slots__ = ("_children", "_depth", "_element")

    def __init__(self, element: _Element, depth: int = MAX_DEPTH) -> None:
        """Look at nothing yet: most of a document is never asked for."""
        self._element = element
        self._depth = depth
        self._children: Mapping[str, Sequence[_Element]] | None = None

    @property
    @override
    def name(self) -> str:
        """Return the local name, as sent."""
        return _local_name(str(self._element.tag))

    @property
    @override
    def text(self) -> str:
        """Return the text without blanks around it, empty where there is none."""
        return (self._element.text or "").strip()

    @override
    def first(self, name: str) -> Node | None:
        """Return the first child of a name, or None."""
        found = self._by_name().get(name.lower())
        return XmlNode(found[0], self._depth - 1) if found else None

    @override
    def every(self, name: str) -> Sequence[Node]:
        """Return all children of a name, in their order."""
        found = self._by_name().get(name.lower(), ())
        return [XmlNode(element, self._depth - 1) for element in found]

    @override
    def nodes(self) -> Iterator[Node]:
        """Iterate over the children, grouped by name."""
        for group in self._by_name().values():
            for element in group:
                yield XmlNode(element, self._depth - 1)

    def _by_name(self) -> Mapping[str, Sequence[_Element]]:
        """Return the children by their names in lower case."""
        if self._children is None:
            self._children = _grouped(self._element) if self._depth > 0 else {}
        return self._children


def _grouped(parent: _Element) -> Mapping[str, Sequence[_Element]]:
    """Group the children of an element by their names in lower case."""
    groups: dict[str, list[_Element]] = {}
    for element in parent:
        groups.setdefault(_matched_name(str(element.tag)), []).append(element)
    return groups


def _local_name(tag: str) -> str:
    """Strip namespace or prefix from a tag."""
    return tag.rpartition("}")[2].rpartition(":")[2]


@lru_cache(maxsize=1024)
def _matched_name(tag: str) -> str:
    """Return what a tag is matched by; devices have some hundreds of them."""
    return _local_name(tag).lower()
