"""Read XML and JSON of a device into one tree: hardened, and tolerant of its oddities."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from json import JSONDecodeError, JSONDecoder
import re
from typing import Final

from lxml import etree

from .errors import BadAnswerError

MAX_DEPTH: Final = 64

_BLANK: Final = b"\xef\xbb\xbf \t\r\n\0"
_OPENING: Final = re.compile(rb"<(?:\?|!--|([A-Za-z_][\w:.-]*)(?=[\s/>]))")
_PROLOG: Final = re.compile(rb"<\?xml|<!DOCTYPE")
_BARE_AMPERSAND: Final = re.compile(
    rb"&(?!(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);)"
)
_EXACT: Final = 2**53
"""Numbers beyond are text: a float would falsify them (reference 4.1)."""

_JSON_BLANK: Final = re.compile(r"[\s\0]*")
_JSON: Final = JSONDecoder(parse_int=str, parse_float=str)


@dataclass(frozen=True, slots=True)
class Node:
    """Hold one element: its local name as sent, its text and its children.

    Names are matched without namespace and without regard to case, because
    devices use a dozen namespaces and mix their spelling (reference 0.4, 1.2).
    """

    name: str
    text: str = ""
    children: Mapping[str, Sequence[Node]] = field(default_factory=dict)

    def child(self, *path: str) -> Node | None:
        """Return the first element on a path of names, or None."""
        node: Node | None = self
        for name in path:
            found = node.children.get(name.lower()) if node else None
            node = found[0] if found else None
        return node

    def every(self, name: str) -> Sequence[Node]:
        """Return all children of a name, in their order."""
        return self.children.get(name.lower(), ())

    def find(self, name: str) -> Node | None:
        """Return the first element of a name at any depth, itself included."""
        if self.name.lower() == name.lower():
            return self
        if direct := self.child(name):
            return direct
        for node in self.nodes():
            if found := node.find(name):
                return found
        return None

    def nodes(self) -> Iterator[Node]:
        """Iterate over the children, grouped by name."""
        for group in self.children.values():
            yield from group

    def value(self, *path: str) -> str | None:
        """Return the text at a path, or None where it is absent or blank."""
        node = self.child(*path)
        return node.text or None if node else None

    def integer(self, *path: str) -> int | None:
        """Return the whole number at a path, or None where there is none."""
        try:
            number = float(self.value(*path) or "")
        except ValueError:
            return None
        return round(number) if abs(number) < _EXACT else None

    def flag(self, *path: str) -> bool | None:
        """Return the truth value at a path, or None where there is none."""
        return {"true": True, "1": True, "false": False, "0": False}.get(
            (self.value(*path) or "").lower()
        )


def parse_document(body: bytes) -> Node:
    """Read the one document of an answer.

    Raises BadAnswerError where there is none.
    """
    for document in parse_documents(body):
        return document
    raise BadAnswerError("The device's answer is neither XML nor JSON")


def parse_documents(body: bytes) -> list[Node]:
    """Read every document of a body, leaving out what cannot be understood.

    Devices glue several documents into one part, or an HTTP answer behind one
    (reference 2.1).
    """
    content = body.lstrip(_BLANK)
    if content[:1] in {b"{", b"["}:
        return list(_parse_json(content))
    return [
        node
        for document in _split(content)
        if (node := _parse_xml(document)) is not None
    ]


def is_complete(body: bytes) -> bool:
    """Tell whether a body ends where its document does."""
    content = body.strip(_BLANK)
    if content[:1] in {b"{", b"["}:
        return end_of_json(content) == len(content)
    if not content.endswith(b">"):
        return False
    root = _find_root(content)
    return root is not None and (
        _closes(content, root[1]) or _is_self_closed(content, root)
    )


def _closes(content: bytes, name: bytes) -> bool:
    """Tell whether content ends with the end tag of a name."""
    start = content.rfind(b"</")
    return start >= 0 and content[start + 2 : -1].rstrip() == name


def _is_self_closed(content: bytes, root: re.Match[bytes]) -> bool:
    """Tell whether the whole document is one empty tag."""
    return content.endswith(b"/>") and content.find(b">", root.end()) + 1 == len(
        content
    )


def begin_of_xml(content: bytes | bytearray) -> tuple[int, re.Pattern[bytes]] | None:
    """Return where the root element of content has begun, and what ends it.

    None as long as no element has begun.
    """
    root = _find_root(content)
    return (root.end(), _end_tag(root[1])) if root else None


def end_of_json(content: bytes | bytearray) -> int | None:
    """Return where the JSON document that content begins with ends, or None."""
    try:
        return _JSON.raw_decode(content.decode("latin-1"))[1]
    except JSONDecodeError, RecursionError:
        return None


def _end_tag(name: bytes) -> re.Pattern[bytes]:
    """Return the pattern of the end tag of a name."""
    return re.compile(rb"</" + re.escape(name) + rb"\s*>")


def _find_root(content: bytes | bytearray, position: int = 0) -> re.Match[bytes] | None:
    """Return the opening of the next element, passing over prolog and comments."""
    while opening := _OPENING.search(content, position):
        if opening[1]:
            return opening
        closing = b"-->" if opening[0] == b"<!--" else b"?>"
        position = content.find(closing, opening.end())
        if position < 0:
            return None
    return None


def _split(content: bytes) -> Iterator[bytes]:
    """Cut glued XML documents apart, each from its prolog to its end tag."""
    position = 0
    while root := _find_root(content, position):
        start = (_PROLOG.search(content, position, root.start()) or root).start()
        end = _end_tag(root[1]).search(content, root.end())
        if end is None:
            yield content[start:]
            return
        yield content[start : end.end()]
        position = end.end()


def _parser(*, encoding: str | None = None, recover: bool) -> etree.XMLParser:
    """Make a parser that loads nothing and expands nothing."""
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


_STRICT: Final = _parser(recover=False)
_LENIENT: Final = _parser(encoding="utf-8", recover=True)


def _parse_xml(document: bytes) -> Node | None:
    """Read one XML document, repairing it where it is complete but faulty."""
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        return None
    try:
        return _checked(etree.fromstring(document, _STRICT))
    except etree.XMLSyntaxError, ValueError:
        pass
    if not is_complete(document):
        return None
    try:
        return _checked(etree.fromstring(_repair(document), _LENIENT))
    except etree.XMLSyntaxError, ValueError:
        return None


def _repair(document: bytes) -> bytes:
    """Escape bare ampersands and turn Chinese legacy encoding into UTF-8."""
    try:
        document.decode()
    except UnicodeDecodeError:
        document = document.decode("gb18030", errors="replace").encode()
    return _BARE_AMPERSAND.sub(b"&amp;", document)


def _checked(root: etree._Element | None) -> Node | None:
    """Refuse a document type, which could define entities."""
    if root is None or root.getroottree().docinfo.doctype:
        return None
    return _from_element(root, MAX_DEPTH)


def _from_element(element: etree._Element, depth: int) -> Node:
    """Turn an element into a node, down to a depth."""
    children: dict[str, list[Node]] = {}
    if depth > 0:
        for child in element:
            node = _from_element(child, depth - 1)
            children.setdefault(node.name.lower(), []).append(node)
    return Node(_local_name(str(element.tag)), (element.text or "").strip(), children)


def _local_name(tag: str) -> str:
    """Strip namespace or prefix from a tag."""
    return tag.rpartition("}")[2].rpartition(":")[2]


type _Json = str | bool | list[_Json] | dict[str, _Json] | None


def _parse_json(content: bytes) -> Iterator[Node]:
    """Read JSON documents until one cannot be understood."""
    text = content.decode(errors="replace")
    position = 0
    while position < len(text):
        try:
            value, position = _JSON.raw_decode(text, position)
        except JSONDecodeError, RecursionError:
            return
        yield from _from_root(value)
        position = _JSON_BLANK.match(text, position).end()  # type: ignore[union-attr]


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
        return Node(name, _scalar(value))
    children: dict[str, list[Node]] = {}
    for key, inner in value.items() if depth > 0 else ():
        child_name = _text(key)
        values = inner if isinstance(inner, list) else [inner]
        children.setdefault(child_name.lower(), []).extend(
            _from_json(child_name, item, depth - 1) for item in values
        )
    return Node(name, "", children)


def _scalar(value: _Json) -> str:
    """Write a JSON scalar as XML would."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else ""


def _text(value: str) -> str:
    """Return a JSON text without blanks around it and halves of characters."""
    return value.strip().encode(errors="replace").decode()
