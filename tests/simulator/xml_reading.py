"""Read the documents of the simulated camera."""

from lxml import etree


def tree(document: bytes) -> etree._Element:
    """Return a document's root."""
    return etree.fromstring(document)


def names(document: bytes) -> list[str]:
    """Return the path of every element, without namespaces, in document order."""
    return [path for element in tree(document).iter() if (path := _path(element))]


def text(document: bytes, path: str) -> str | None:
    """Return the text of the one element at a path below the root."""
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    found = tree(document).findall(steps)
    assert len(found) == 1, f"{len(found)} x {path}"
    return found[0].text


def _path(element: etree._Element) -> str:
    """Return an element's path below the root."""
    above = [*element.iterancestors()][:-1]
    line = [*reversed(above), element] if element.getparent() is not None else []
    return "/".join(etree.QName(one).localname for one in line)
