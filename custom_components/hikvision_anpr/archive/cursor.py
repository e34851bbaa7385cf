"""Encode where a page of results ended."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
import json
from typing import Final, Self

from .errors import SearchError

_LONGEST: Final = 400
_LARGEST: Final = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Hold the sort key, a time in milliseconds or a plate, and the row after it."""

    sort: str
    key: int | str
    row_id: int

    def encode(self) -> str:
        """Return the cursor as a text that means nothing to others."""
        text = json.dumps([self.sort, self.key, self.row_id], separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, sort: str) -> Self:
        """Read a cursor back. Raises SearchError unless it is one for this sort."""
        if len(text) > _LONGEST:
            raise SearchError("cursor_invalid")
        try:
            padded = text + "=" * (-len(text) % 4)
            found = json.loads(urlsafe_b64decode(padded.encode("ascii")))
            of_sort, key, row_id = found
        except (ValueError, TypeError, RecursionError) as error:
            raise SearchError("cursor_invalid") from error
        if of_sort != sort or not _is_number(row_id):
            raise SearchError("cursor_invalid")
        if not (isinstance(key, str) if sort == "plate" else _is_number(key)):
            raise SearchError("cursor_invalid")
        return cls(sort=sort, key=key, row_id=row_id)


def _is_number(value: object) -> bool:
    """Tell whether a value is a whole number that databases take."""
    return type(value) is int and abs(value) < _LARGEST
