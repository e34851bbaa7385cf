"""Hold the last state of a channel."""

from dataclasses import dataclass, field
from typing import Final

from .intake.passage import Passage
from .picture_cache import Pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """Hold what a channel last saw.

    `last_plate` is that of the last passage whose plate could be read; `latency`
    the milliseconds from a read's last byte to its announcement.
    """

    passage: Passage | None = None
    last_plate: str | None = None
    passages_today: int = 0
    latency: float | None = None
    pictures: Pictures = field(default_factory=dict)


NOTHING_SEEN: Final = ChannelState()
"""What a channel saw that is not followed."""
