"""Tell how a text that holds a table was written: its encoding and its delimiter."""

import codecs
from io import StringIO
from itertools import islice
from typing import Final

_DELIMITERS: Final = ",;\t|"
_FIRST_LINES: Final = 10
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def marked_encoding(data: bytes) -> str | None:
    """Return the encoding that a file's byte order mark tells; None without one."""
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def delimiter_of(text: str) -> str:
    """Return what stands between the cells of a text, by its first lines."""
    first = "".join(islice(StringIO(text.lstrip()), _FIRST_LINES))
    return max(_DELIMITERS, key=first.count)
