"""Read JSON of a device into the tree that its XML twin would be."""

from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
import re
from typing import Final

from .encoding import text_of
from .node import MAX_DEPTH, Node, PlainNode

_BLANK: Final = re.compile(r"[\s\0]*")
_DECODER: Final = JSONDecoder(parse_int=str, parse_float=str)

type _Json = str | bool | list[_Json] | dict[str, _Json] | None


def end_of_json(content: bytes | bytearray) -> int | None:
    """Return where the JSON document that content begins with ends, or None."""
    try:
        return _DECODER.raw_decode(content.decode("latin-1"))[1]
    except JSONDecodeError, RecursionError:
        return None


def parse_json(content: bytes) -> Iterator[Node]:
    """Read JSON documents until one cannot be understood."""
    text = text_of(content)
    position = 0
    while position < len(text):
        try:
            value, position = _DECODER.raw_decode(text, position)
        except JSONDecodeError, RecursionError:
            return
        yield from _from_root(value)
        position = _BLANK.match(text, position).end()  # type: ignore[union-attr]


def _from_root(value: _Json) -> Iterator[Node]:
    """Name a JSON document after its only key, as its XML twin would be."""
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        name, inner = next(iter(item.items()), ("", None))
        if len(item) == 1 and isinstance(inner, dict):
            yield _from_json(_text(name), inner, MAX_DEPTH)
        else:
            yield _from_json("", item, MAX_DEPTH)


def _from_json(name: str, value: _Json, depth: int) -> Node:
    """Turn a JSON value into a node, down to a depth."""
    if not isinstance(value, dict):
        return PlainNode(name, _scalar(value))
    children: dict[str, list[Node]] = {}
    for key, inner in value.items() if depth > 0 else ():
        child_name = _text(key)
        values = inner if isinstance(inner, list) else [inner]
        children.setdefault(child_name.lower(), []).extend(
            _from_json(child_name, item, depth - 1) for item in values
        )
    return PlainNode(name, "", children)


def _scalar(value: _Json) -> str:
    """Write a JSON scalar as XML would."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else ""


def _text(value: str) -> str:
    """Return a JSON text without blanks around it and halves of characters."""
    return value.strip().encode(errors="replace").decode()
