"""Understand the heading of a file with a list of plates (reference 5.1)."""

from collections.abc import Mapping, Sequence
import re
from typing import Final

from .tables.lists import LIST_GROUPS

_CODE: Final = re.compile(r"(\d)\s*[=:：\-]?\s*(allow|white|block|black|白|黑)")
_LIST_OF: Final = {
    "allow": "allow",
    "white": "allow",
    "白": "allow",
    "block": "block",
    "black": "block",
    "黑": "block",
}


def titles_of(row: Sequence[str]) -> list[str]:
    """Return the titles of columns, one that was cut at a comma in brackets put together.

    The title of the groups has such a comma, and not every program writes it in quotes.
    """
    titles: list[str] = []
    is_open = False
    for cell in row:
        if is_open:
            titles[-1] += f",{cell}"
        else:
            titles.append(cell)
        is_open = titles[-1].count("(") > titles[-1].count(")")
    return titles


def group_codes(title: str) -> Mapping[str, str]:
    """Return the codes of the lists: those that their column's title tells, else the known.

    Of two devices one may call the other's allowed plates blocked.
    """
    told = {code: _LIST_OF[word] for code, word in _CODE.findall(title.casefold())}
    return told if {*told.values()} == {"allow", "block"} else LIST_GROUPS
