"""Read and write a list of plates as the file that devices take (reference 5.1).

CSV with a byte order mark, as far as is public; one client alone tells of it.
"""

from collections.abc import Iterable
import csv
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Final, Self

from .errors import BadAnswerError
from .plate_list_entry import FOR_EVER, ListEntry
from .tables.lists import LIST_GROUPS

_BYTE_ORDER_MARK: Final = "\ufeff"
_FIRST_DAY: Final = date(1970, 1, 1)
_FAR: Final = 2037
_GROUPS: Final = {word: code for code, word in LIST_GROUPS.items()}
_COLUMNS: Final = ("no", "plate", "group", "start", "end", "card")
_NEEDED: Final = frozenset({"plate", "group"})


@dataclass(frozen=True, slots=True)
class ListTable:
    """Hold the rows of a file, and in which column what stands."""

    heading: list[str]
    columns: dict[str, int]
    rows: list[list[str]]

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a file. Raises BadAnswerError for one that is another, or cut off."""
        try:
            lines = list(csv.reader(StringIO(data.decode("utf-8-sig")), strict=True))
        except (UnicodeDecodeError, csv.Error) as error:
            raise BadAnswerError("The device's list is no CSV file") from error
        heading, rows = (lines or [[""]])[0], [row for row in lines[1:] if any(row)]
        columns = {
            name: place
            for name in _COLUMNS
            for place, title in reversed([*enumerate(heading)])
            if title.strip().lower().startswith(name)
        }
        if not columns.keys() >= _NEEDED:
            raise BadAnswerError("The device's list has other columns")
        if any(len(row) != len(heading) for row in rows):
            raise BadAnswerError("The device's list is cut off")
        return cls(heading, columns, rows)

    def write(self) -> bytes:
        """Return the file as devices take it (trap 68)."""
        text = StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows([self.heading, *self.rows])
        return (_BYTE_ORDER_MARK + text.getvalue()).encode()

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
        blank = [""] * len(self.heading)
        return self._numbered(rows + [self._row(one, blank) for one in new.values()])

    def without(self, plate: str) -> Self:
        """Return the table without a plate."""
        rows = [row for row in self.rows if self._cell(row, "plate") != plate]
        return self._numbered(rows)

    def _row(self, entry: ListEntry, row: list[str]) -> list[str]:
        """Return a row as wanted; columns that nobody knows stay."""
        changed = list(row)
        for name, value in _cells(entry).items():
            if (column := self.columns.get(name)) is not None:
                changed[column] = value
        return changed

    def _numbered(self, rows: list[list[str]]) -> Self:
        """Return the table with other rows, numbered from one."""
        table = type(self)(self.heading, self.columns, [list(row) for row in rows])
        if (column := self.columns.get("no")) is not None:
            for number, row in enumerate(table.rows, 1):
                row[column] = str(number)
        return table

    def _cell(self, row: list[str], name: str) -> str:
        """Return what stands in a column; nothing where there is no such column."""
        column = self.columns.get(name)
        return "" if column is None else row[column].strip()

    def _entry(self, row: list[str]) -> ListEntry | None:
        """Return the entry of a row; None for one without a plate."""
        if not (plate := self._cell(row, "plate")):
            return None
        return ListEntry(
            plate=plate,
            list=LIST_GROUPS.get(self._cell(row, "group"), "other"),
            valid_from=_day(self._cell(row, "start")),
            valid_to=_day(self._cell(row, "end")),
            card_id=self._cell(row, "card") or None,
        )


def _cells(entry: ListEntry) -> dict[str, str]:
    """Return what stands in the columns for an entry."""
    return {
        "plate": entry.plate,
        "group": _GROUPS[entry.list],
        "start": (entry.valid_from or _FIRST_DAY).isoformat(),
        "end": (entry.valid_to or FOR_EVER).isoformat(),
        "card": entry.card_id or "",
    }


def _day(text: str) -> date | None:
    """Return a day; None for one that stands for no limit."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return None if day.year >= _FAR or day <= _FIRST_DAY else day
