"""Read the bytes of a device as the text that was meant, whatever they are said to be.

Devices write UTF-8 (reference 0.4), and Chinese firmware its older encoding. Where a
document says what it is written in, that may be wrong; the bytes are not.
"""

import re
from typing import Final

_OLDER: Final = "gb18030"
_SAYS_OLDER: Final = re.compile(
    rb"""\s*<\?xml[^>]*\sencoding\s*=\s*["']gb""", re.IGNORECASE
)
_THREE_BYTES: Final = re.compile(rb"[\xe0-\xef]")
_BARE_AMPERSAND: Final = re.compile(
    rb"(<!\[CDATA\[.*?(?:\]\]>|\Z))|&(?!(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);)",
    re.DOTALL,
)


def text_of(content: bytes) -> str:
    """Read UTF-8, or else the older Chinese encoding. Never raises."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode(_OLDER, errors="replace")


def is_utf8(document: bytes) -> bool:
    """Tell whether a document of XML is UTF-8, whatever it says.

    Two bytes may be a letter, or one character of the older Chinese encoding: there the
    document's word counts. Longer ones are no accident.
    """
    if document.isascii():
        return True
    try:
        document.decode()
    except UnicodeDecodeError:
        return False
    return bool(_THREE_BYTES.search(document) or not _SAYS_OLDER.match(document))


def with_escapes(document: bytes) -> bytes:
    """Return a document whose bare ampersands are escaped."""
    return _BARE_AMPERSAND.sub(lambda found: found[1] or b"&amp;", document)
