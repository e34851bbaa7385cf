"""Represent a parking area."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Hold an area: how many fit in, and how long they may stay; None for no limit."""

    name: str
    capacity: int | None = None
    longest_stay: timedelta | None = None
