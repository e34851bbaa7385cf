"""Write an event in the other two formats: JSON and a query (reference 1.10)."""

from collections.abc import Mapping
import json
from typing import Final

from lxml import etree

from simulator.configuration import local_name, text_of

type _Json = str | list[_Json] | dict[str, _Json]

#: The names of a query, and the elements whose texts they carry.
_QUERY: Final[Mapping[str, str]] = {
    "channelID": "channelID",
    "dateTime": "dateTime",
    "eventType": "eventType",
    "country": "country",
    "licensePlate": "licensePlate",
    "lane": "line",
    "direction": "direction",
    "confidenceLevel": "confidenceLevel",
    "macAddress": "macAddress",
}


def as_json(document: bytes) -> bytes:
    """Return an event as JSON: the same tree, every value a text.

    No capture shows it; clients expect the tree with its root. A single child is an
    object, several of a name are a list.
    """
    root = _read(document)
    return json.dumps({local_name(root): _node(root)}, ensure_ascii=False).encode()


def as_query(document: bytes) -> str:
    """Return an event as the query of a URL, in which nothing is encoded."""
    root = _read(document)
    found = {name: text_of(root, element) for name, element in _QUERY.items()}
    return "&".join(f"{name}={text}" for name, text in found.items() if text)


def _read(document: bytes) -> etree._Element:
    """Return an event's root, even if a fault has made it no XML."""
    return etree.fromstring(document, etree.XMLParser(recover=True))


def _node(element: etree._Element) -> _Json:
    """Return an element's text or its children by name."""
    children = [*element.iterchildren("{*}*")]
    if not children:
        return (element.text or "").strip()
    node: dict[str, _Json] = {}
    for child in children:
        name, value = local_name(child), _node(child)
        before = node.get(name)
        if before is None:
            node[name] = value
        else:
            node[name] = [*(before if isinstance(before, list) else [before]), value]
    return node
