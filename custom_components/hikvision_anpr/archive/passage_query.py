"""Describe a query of the archive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from ..intake.passage import Passage
from .errors import SearchError
from .plate_pattern import PlatePattern
from .record import normalized_of, row_of

type Sort = Literal["newest", "oldest", "plate"]

MOST_ON_A_PAGE: Final = 1000
ANY_OF: Final = (
    "device_id",
    "channel",
    "lane",
    "area",
    "direction",
    "country",
    "list",
    "vehicle_name",
    "vehicle_type",
    "vehicle_color",
    "vehicle_brand",
    "plate_color",
    "decision",
    "source",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageQuery:
    """Hold the filters of a search; an empty one lets all through.

    `start` is part of the time asked for, `end` is not; both are aware. `live` False
    asks for recovered passages, `unreadable` True for those without a plate. Each name in
    `any_of` is one of ANY_OF, with the values that are let through.
    """

    plate: PlatePattern | None = None
    start: datetime | None = None
    end: datetime | None = None
    any_of: tuple[tuple[str, tuple[str | int, ...]], ...] = ()
    min_confidence: int | None = None
    live: bool | None = None
    unreadable: bool | None = None
    sort: Sort = "newest"
    limit: int = 100
    cursor: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be answered with SearchError."""
        if self.start and self.end and self.start >= self.end:
            raise SearchError("time_range_reversed")
        if not 1 <= self.limit <= MOST_ON_A_PAGE:
            raise SearchError("limit_out_of_range")

    def matches(self, passage: Passage) -> bool:
        """Tell whether the filters let a passage through that was just taken."""
        row = row_of(passage)
        normalized = normalized_of(row)
        return (
            (self.plate is None or self.plate.matches(normalized))
            and (self.start is None or passage.captured_at >= self.start)
            and (self.end is None or passage.captured_at < self.end)
            and all(row.get(name) in values for name, values in self.any_of)
            and (
                self.min_confidence is None
                or (passage.read.confidence or 0) >= self.min_confidence
            )
            and self.live in {None, passage.live}
            and self.unreadable in {None, normalized is None}
        )
