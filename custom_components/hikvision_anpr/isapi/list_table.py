"""Read and change a list of plates that a device gives as one file (reference 5.1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
import re
from typing import Final, Self

from .errors import BadAnswerError
from .list_form import ListForm, read_form
from .list_heading import group_codes, titles_of
from .plate_list_entry import FOR_EVER, SINCE_EVER, ListEntry
from .tables.lists import LIST_WORDS

HEADING_WITHIN: Final = 10
"""In how many of the first rows the heading is looked for."""

_FAR: Final = 2037
_DAY: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
# One client tells of "No.", "Plate", "Group (0 = …)", "Start date", "End date" and
# "Card ID"; of others only the words can be guessed.
_TITLES: Final = {
    "plate": re.compile(r".*(plate(?!\W*(type|colou?r))|车牌(?!类型|颜色))"),
    "no": re.compile(r"no\b|number\b|index\b|序号"),
    "group": re.compile(r".*(group|list|组|名单)"),
    "start": re.compile(r".*(start|begin|开始|起始)"),
    "end": re.compile(r".*(\bend|expir|结束|截止)"),
    "card": re.compile(r".*(card|卡号)"),
}
_NEEDED: Final = frozenset({"plate", "group"})


@dataclass(frozen=True, slots=True)
class ListTable:
    """Hold the rows of a file, in which column what stands, and what the codes mean.

    `head` is the heading and what stands above it; it goes back as it came.
    """

    form: ListForm
    head: Sequence[Sequence[str]]
    columns: Mapping[str, int]
    codes: Mapping[str, str]
    rows: Sequence[Sequence[str]]

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a file. Raises BadAnswerError for one that is another, or cut off."""
        form = read_form(data)
        number, titles = _heading(form.rows)
        columns = _columns(titles)
        rows = [row for row in form.rows[number:] if any(row)]
        if any(len(row) < len(titles) or len(row) != len(rows[0]) for row in rows):
            raise BadAnswerError("The device's list is cut off")
        codes = group_codes(titles[columns["group"]])
        return cls(form, form.rows[:number], columns, codes, rows)

    def write(self) -> bytes:
        """Return the file in the form that the device gave. Raises ListFullError."""
        return self.form.write([*self.head, *self.rows])

    def entries(self) -> list[ListEntry]:
        """Return what is on the list."""
        return [entry for row in self.rows if (entry := self._entry(row))]

    def changed(self, entries: Iterable[ListEntry]) -> Self:
        """Return the table with each plate once, as wanted; new ones stand last."""
        wanted = {entry.plate: entry for entry in entries}
        new, rows = dict(wanted), []
        for row in self.rows:
            plate = self._cell(row, "plate")
            if entry := new.pop(plate, None):
                rows.append(self._row(entry, row))
            elif plate not in wanted:
                rows.append(row)
        blank = [""] * len(self.rows[0] if self.rows else titles_of(self.head[-1]))
        return self._numbered(rows + [self._row(one, blank) for one in new.values()])

    def without(self, plate: str) -> Self:
        """Return the table without a plate."""
        rows = [row for row in self.rows if self._cell(row, "plate") != plate]
        return self._numbered(rows)

    def _row(self, entry: ListEntry, row: Sequence[str]) -> Sequence[str]:
        """Return a row as wanted; columns that nobody knows stay."""
        changed = list(row)
        for name, value in self._cells(entry).items():
            if (column := self.columns.get(name)) is not None:
                changed[column] = value
        return changed

    def _numbered(self, rows: Iterable[Sequence[str]]) -> Self:
        """Return the table with other rows, numbered from one."""
        numbered = [list(row) for row in rows]
        if (column := self.columns.get("no")) is not None:
            for number, row in enumerate(numbered, 1):
                row[column] = str(number)
        return replace(self, rows=numbered)

    def _cell(self, row: Sequence[str], name: str) -> str:
        """Return what stands in a column; nothing where there is no such column."""
        column = self.columns.get(name)
        return "" if column is None else row[column].strip()

    def _entry(self, row: Sequence[str]) -> ListEntry | None:
        """Return the entry of a row; None for one without a plate."""
        if not (plate := self._cell(row, "plate")):
            return None
        return ListEntry(
            plate=plate,
            list=self._list(self._cell(row, "group")),
            valid_from=_day(self._cell(row, "start")),
            valid_to=_day(self._cell(row, "end")),
            card_id=self._cell(row, "card") or None,
        )

    def _cells(self, entry: ListEntry) -> dict[str, str]:
        """Return what stands in the columns for an entry."""
        return {
            "plate": entry.plate,
            "group": self._group(entry.list),
            "start": self._written("start", entry.valid_from or SINCE_EVER),
            "end": self._written("end", entry.valid_to or FOR_EVER),
            "card": entry.card_id or "",
        }

    def _list(self, group: str) -> str:
        """Return the list of a group, which is a code, or on some devices a word."""
        word = group.casefold().replace(" ", "")
        return self.codes.get(group) or LIST_WORDS.get(word) or "other"

    def _group(self, name: str) -> str:
        """Return the group of a list as the file has it, else its code."""
        groups = (self._cell(row, "group") for row in self.rows)
        code = next(code for code, listed in self.codes.items() if listed == name)
        return next((group for group in groups if self._list(group) == name), code)

    def _written(self, column: str, day: date) -> str:
        """Return a day with the signs in between that the file has."""
        days = (_DAY.match(self._cell(row, column)) for row in self.rows)
        sign = next((found[2] for found in days if found), "-")
        return day.isoformat().replace("-", sign)


def _heading(rows: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """Return how many rows the head has, and the titles. Raises BadAnswerError."""
    for number, row in enumerate(rows[:HEADING_WITHIN], 1):
        titles = titles_of(row)
        if _columns(titles).keys() >= _NEEDED:
            return number, titles
    raise BadAnswerError("The device's list has other columns")


def _columns(titles: Sequence[str]) -> dict[str, int]:
    """Return which column is where, each for one thing; the first that fits counts."""
    found: dict[str, int] = {}
    for place, title in enumerate(titles):
        plain = title.strip().casefold()
        for name, words in _TITLES.items():
            if name not in found and words.match(plain):
                found[name] = place
                break
    return found


def _day(text: str) -> date | None:
    """Return a day; None for one that stands for no limit."""
    if not (found := _DAY.match(text)):
        return None
    try:
        day = date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return None if day.year >= _FAR or day <= SINCE_EVER else day
