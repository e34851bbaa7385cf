"""Read tables from web pages, which some systems name xls."""

from collections.abc import Iterator
import re
from typing import Final

from lxml import html
from lxml.etree import LxmlError

_PAGE: Final = re.compile(
    rb"\s*(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|table)\b", re.IGNORECASE
)


def is_page(data: bytes) -> bool:
    """Tell whether a file is a web page, whatever its name."""
    return _PAGE.match(data) is not None


def read_page(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of all tables of a page; none where it cannot be read."""
    try:
        page = html.document_fromstring(data, html.HTMLParser(encoding=_encoding(data)))
    except LxmlError, ValueError:
        return
    for row in page.iter("tr"):
        yield [cell.text_content().strip() for cell in row.iterchildren("td", "th")]


def _encoding(data: bytes) -> str | None:
    """Return the encoding of a page; None for the one that the page names."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"
