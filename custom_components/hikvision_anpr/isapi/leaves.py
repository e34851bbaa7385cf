"""List every text of a document, also of elements that nobody knows."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from .writable_document import Element, name_of


def leaf_elements(element: Element, path: str = "") -> Iterator[tuple[str, Element]]:
    """Yield each element that holds a text, with the path to it.

    Several of a name are numbered.
    """
    several = Counter(map(name_of, element))
    counts = dict.fromkeys(several, 0)
    for one in element:
        if not (name := name_of(one)):
            continue
        counts[name] += 1
        shown = etree.QName(one).localname
        number = f"[{counts[name]}]" if several[name] > 1 else ""
        below = f"{path}{shown}{number}"
        if len(one):
            yield from leaf_elements(one, f"{below}/")
        else:
            yield below, one


def leaves(root: Element) -> Iterator[tuple[str, str]]:
    """Yield each text of a document with the path to it."""
    for path, element in leaf_elements(root):
        yield path, (element.text or "").strip()
