"""Write XML documents the way the devices write them."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

#: An element's content: its text, its children by name, or several of the same name.
#: Keys that begin with "@" are attributes.
type Node = str | Mapping[str, Node] | Sequence[Node]

#: The children of an element that is still being put together.
type Tree = dict[str, Node]

PROLOG: Final = '<?xml version="1.0" encoding="UTF-8"?>'


def render(
    root: str,
    children: Mapping[str, Node],
    *,
    namespace: str,
    version: str = "2.0",
    prolog: str = PROLOG,
    newline: str = "\n",
) -> str:
    """Return the document with one element a line, unindented, nothing self-closed.

    Args:
        root: Name of the root element.
        children: The elements below it, in the order in which they are written.
        namespace: Default namespace; empty writes none, as thermal cameras do
            (reference 1.2).
        version: Value of the root's version attribute; empty writes none.
        prolog: The XML declaration; empty leaves it out, as alertStream does
            (reference 2.1).
        newline: Line end; cameras write CRLF, recorders LF (reference 2.1).
    """
    attributes: dict[str, Node] = {"@version": version} if version else {}
    if namespace:
        attributes["@xmlns"] = namespace
    lines = [prolog] if prolog else []
    lines += _lines(root, attributes | dict(children))
    return newline.join(lines) + newline


def _lines(name: str, node: Node) -> list[str]:
    """Return the lines of one element, or of several of the same name."""
    if isinstance(node, str):
        return [f"<{name}>{escape(node)}</{name}>"]
    if isinstance(node, Sequence):
        return [line for item in node for line in _lines(name, item)]
    return _parent_lines(name, node)


def _parent_lines(name: str, node: Mapping[str, Node]) -> list[str]:
    """Return the lines of an element that has attributes or children."""
    attributes = "".join(
        f" {key[1:]}={quoteattr(str(value))}"
        for key, value in node.items()
        if key.startswith("@")
    )
    text = node.get("#text")
    if isinstance(text, str):
        return [f"<{name}{attributes}>{escape(text)}</{name}>"]
    children = [
        line
        for key, value in node.items()
        if not key.startswith("@")
        for line in _lines(key, value)
    ]
    return [f"<{name}{attributes}>", *children, f"</{name}>"]
