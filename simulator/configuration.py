"""Keep the documents that clients may change, whole, as the devices do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from .answers import BAD_CONTENT, BAD_FORMAT, OK, REBOOT_REQUIRED, Status

#: Attributes of capability documents that must not come back (reference 0.4).
_CAPABILITY_ATTRIBUTES: Final = {"opt", "min", "max", "def"}


def parse(body: bytes) -> etree._Element:
    """Return the root of a document.

    Raises:
        etree.XMLSyntaxError: The body is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(body, parser)


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return etree.QName(element).localname


def text_of(root: etree._Element, name: str) -> str | None:
    """Return the text of the first element of that name; None when there is none."""
    for element in root.iter(f"{{*}}{name}"):
        return (element.text or "").strip()
    return None


def fields(root: etree._Element) -> dict[str, str]:
    """Return the texts of a document that is flat, by their names."""
    return {local_name(element): (element.text or "").strip() for element in root}


@dataclass(slots=True)
class Configuration:
    """Hold what was written, by path; what was not is as it left the factory."""

    _stored: dict[str, bytes] = field(default_factory=dict)
    _pending: dict[str, bytes] = field(default_factory=dict)

    def get(self, path: str, factory: Callable[[], bytes]) -> bytes:
        """Return the document at a path."""
        return self._stored.get(path) or factory()

    def put(
        self, path: str, body: bytes, root: str, *, at_reboot: bool = False
    ) -> Status:
        """Replace the document at a path as a whole.

        What the new document leaves out is gone, and capability attributes are
        refused (reference 7). With at_reboot it is stored but not active before the
        next start (reference 10.2).
        """
        try:
            tree = parse(body)
        except etree.XMLSyntaxError:
            return BAD_FORMAT
        if local_name(tree) != root or has_capability_attributes(tree):
            return BAD_CONTENT
        (self._pending if at_reboot else self._stored)[path] = body
        return REBOOT_REQUIRED if at_reboot else OK

    def reboot(self) -> None:
        """Make active what waited for a reboot."""
        self._stored |= self._pending
        self._pending.clear()


def has_capability_attributes(root: etree._Element) -> bool:
    """Tell whether any element carries an attribute that only capabilities have."""
    return any(
        _CAPABILITY_ATTRIBUTES & {str(name) for name in element.attrib}
        for element in root.iter()
    )
