"""Word the cells of a file in the language and time zone of its reader."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from ..intake.passage import PassageValue
from .file_words import plain

YES: Final = "yes"
NO: Final = "no"

type Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Hold the zone, how columns are headed, and what their codes are called.

    What has no words is written as it is kept.
    """

    zone: tzinfo
    headings: Texts = field(default_factory=dict)
    codes: Mapping[str, Texts] = field(default_factory=dict)
    answers: Texts = field(default_factory=dict)

    def heading(self, column: str) -> str:
        """Return what stands above a column."""
        return self.headings.get(column, column)

    def text(self, column: str, value: PassageValue) -> str:
        """Return a value as a cell shows it."""
        match value:
            case None:
                return ""
            case bool():
                answer = YES if value else NO
                return self.answers.get(answer, answer)
            case list():
                return ", ".join(self.text(column, part) for part in value)
            case _:
                return self.codes.get(column, {}).get(str(value), str(value))

    def time(self, moment: datetime) -> str:
        """Return a time with its offset (ISO 8601)."""
        return moment.astimezone(self.zone).isoformat()

    def column(self, heading: str) -> str | None:
        """Return the column that a heading stands above."""
        name = plain(heading)
        return next(
            (column for column, text in self.headings.items() if plain(text) == name),
            None,
        )


def meanings(wordings: Iterable[Wording]) -> dict[str, dict[str, str]]:
    """Return by column what its texts mean in any of several wordings."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for wording in wordings:
        for column, codes in wording.codes.items():
            for code, text in codes.items():
                found[column].setdefault(text, code)
    return dict(found)
