"""Hold one element of a document of a device, be it XML or JSON."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, override

MAX_DEPTH: Final = 64
"""How many elements below each other are read."""

_EXACT: Final = 2**53
"""Numbers beyond are text: a float would falsify them (reference 4.1)."""

_FLAGS: Final[Mapping[str, bool]] = {
    "true": True,
    "1": True,
    "false": False,
    "0": False,
}


class Node(ABC):
    """Hold one element: its local name as sent, its text and its children.

    Names are matched without namespace and without regard to case, because
    devices use a dozen namespaces and mix their spelling (reference 0.4, 1.2).
    """

    __slots__ = ()

    @property
    @abstractmethod
    def name(self) -> str:
        """Return the local name, as sent."""

    @property
    @abstractmethod
    def text(self) -> str:
        """Return the text without blanks around it, empty where there is none."""

    @abstractmethod
    def first(self, name: str) -> Node | None:
        """Return the first child of a name, or None."""

    @abstractmethod
    def every(self, name: str) -> Sequence[Node]:
        """Return all children of a name, in their order."""

    @abstractmethod
    def nodes(self) -> Iterator[Node]:
        """Iterate over the children, grouped by name."""

    def child(self, *path: str) -> Node | None:
        """Return the first element on a path of names, or None."""
        node: Node | None = self
        for name in path:
            node = node.first(name) if node else None
        return node

    def find(self, name: str) -> Node | None:
        """Return the first element of a name at any depth, itself included."""
        if self.name.lower() == name.lower():
            return self
        if direct := self.first(name):
            return direct
        for node in self.nodes():
            if found := node.find(name):
                return found
        return None

    def value(self, *path: str) -> str | None:
        """Return the text at a path, or None where it is absent or blank."""
        node: Node = self
        for name in path:
            if (found := node.first(name)) is None:
                return None
            node = found
        return node.text or None

    def integer(self, *path: str) -> int | None:
        """Return the whole number at a path, or None where there is none."""
        text = self.value(*path)
        if text is None:
            return None
        try:
            number = float(text)
        except ValueError:
            return None
        return round(number) if abs(number) < _EXACT else None

    def flag(self, *path: str) -> bool | None:
        """Return the truth value at a path, or None where there is none."""
        return _FLAGS.get((self.value(*path) or "").lower())


@dataclass(frozen=True, slots=True)
class PlainNode(Node):
    """Hold an element that was not read from XML, its children by lower-case name."""

    name: str = ""
    text: str = ""
    children: Mapping[str, Sequence[Node]] = field(default_factory=dict)

    @override
    def first(self, name: str) -> Node | None:
        """Return the first child of a name, or None."""
        found = self.every(name)
        return found[0] if found else None

    @override
    def every(self, name: str) -> Sequence[Node]:
        """Return all children of a name, in their order."""
        return self.children.get(name.lower(), ())

    @override
    def nodes(self) -> Iterator[Node]:
        """Iterate over the children, grouped by name."""
        for group in self.children.values():
            yield from group


NOTHING: Final = PlainNode()
"""An element that is not there."""
