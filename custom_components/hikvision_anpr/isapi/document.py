"""Read XML and JSON of a device: hardened, and tolerant of its oddities."""

from collections.abc import Iterator
from functools import lru_cache
import re
from typing import Final

from lxml import etree

from .encoding import is_utf8, text_of, with_escapes
from .errors import BadAnswerError
from .json_document import end_of_json, parse_json
from .node import Node
from .xml_node import XmlNode

_BLANK: Final = b"\xef\xbb\xbf \t\r\n\0"
_OPENING: Final = re.compile(rb"<(?:\?|!--|([A-Za-z_][\w:.-]*)(?=[\s/>]))")
_PROLOG: Final = re.compile(rb"<\?xml|<!DOCTYPE")


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
        return list(parse_json(content))
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


@lru_cache(maxsize=64)
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


_STRICT: Final = _parser(encoding="utf-8", recover=False)
_AS_IT_SAYS: Final = _parser(recover=False)
_LENIENT: Final = _parser(encoding="utf-8", recover=True)


def _parse_xml(document: bytes) -> Node | None:
    """Read one XML document, repairing it where it is complete but faulty."""
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        return None
    try:
        parser = _STRICT if is_utf8(document) else _AS_IT_SAYS
        return _checked(etree.fromstring(document, parser))
    except etree.XMLSyntaxError, ValueError:
        pass
    if not is_complete(document):
        return None
    try:
        repaired = with_escapes(text_of(document).encode())
        return _checked(etree.fromstring(repaired, _LENIENT))
    except etree.XMLSyntaxError, ValueError:
        return None


def _checked(root: etree._Element | None) -> Node | None:
    """Refuse a document type, which could define entities."""
    if root is None or root.getroottree().docinfo.doctype:
        return None
    return XmlNode(root)
