"""Merge reads into passages, one for each vehicle passing."""

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from ..isapi.plate_read import PlateRead
from .identity import ReadKey, is_certain, is_same_vehicle, read_key
from .passage import Passage, Source, better_read

LONGEST_PASSAGE: Final = timedelta(seconds=60)
"""A vehicle that stays and is read on is announced again after this time."""

RECENT_PASSAGES: Final = 32
"""How many passages of a channel may be going on at a time."""

REMEMBERED_READS: Final = 4096
"""How many reads are known again when a device sends them a second time."""

type Change = Literal["new", "update", "repeat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Hold the passage that a read belongs to, and what the read changed.

    `new`: a vehicle that was not there before. `update`: another read, or the rest
    of a read, of a known passage. `repeat`: nothing that was not known.
    """

    passage: Passage
    change: Change


@dataclass(slots=True, eq=False)
class _Open:
    """Hold a passage that may go on, and the read that last belonged to it."""

    passage: Passage
    last_read: PlateRead
    last_received_at: datetime


class Passages:
    """Hand each read to its passage (design: read and passage).

    Reads of nearly the same plate on one channel, each within `merge_seconds` of
    the one before, are one passage.
    """

    def __init__(
        self,
        device_id: Callable[[int], str],
        *,
        merge_seconds: float,
        new_id: Callable[[], str],
    ) -> None:
        """Start without a memory; `device_id` names the device of a channel."""
        self._device_id = device_id
        self._window = timedelta(seconds=merge_seconds)
        self._new_id = new_id
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._recent: defaultdict[int, deque[_Open]] = defaultdict(
            lambda: deque(maxlen=RECENT_PASSAGES)
        )
        self._passage_of_read: OrderedDict[ReadKey, str] = OrderedDict()

    def take(
        self, read: PlateRead, *, received_at: datetime, live: bool, source: Source
    ) -> Arrival:
        """Return the passage of a read; `received_at` is aware."""
        if known := self._known(read):
            return self._take_again(known, read)
        if going_on := self._going_on(read, received_at, live=live):
            going_on.last_read, going_on.last_received_at = read, received_at
            self._open.move_to_end(going_on.passage.passage_id)
            self._recent[read.channel].remove(going_on)
            self._recent[read.channel].append(going_on)
            return self._update(going_on, read, reads=going_on.passage.reads + 1)
        passage = Passage(
            passage_id=self._new_id(),
            device_id=self._device_id(read.channel),
            read=read,
            captured_at=_to_millisecond(read.captured_at or received_at),
            received_at=_to_millisecond(received_at),
            source=source,
            live=live,
        )
        opened = _Open(passage, read, received_at)
        self._recent[read.channel].append(opened)
        self._remember(opened, read)
        return Arrival(passage=passage, change="new")

    def keep(self, passage: Passage) -> None:
        """Keep a passage with what was added to it."""
        self._open[passage.passage_id].passage = passage

    def forget(self, passage: Passage) -> None:
        """Forget a passage that is none: neither its reads nor pictures join it."""
        opened = self._open.pop(passage.passage_id)
        self._recent[passage.read.channel].remove(opened)

    def passage_of(self, read: PlateRead) -> Passage | None:
        """Return the passage that a read was taken into, if it is remembered."""
        opened = self._known(read, trust_all=True)
        return opened.passage if opened else None

    def _known(self, read: PlateRead, *, trust_all: bool = False) -> _Open | None:
        """Return the passage that a read was taken into before."""
        if not (trust_all or is_certain(read)):
            return None
        return self._open.get(self._passage_of_read.get(read_key(read), ""))

    def _take_again(self, known: _Open, read: PlateRead) -> Arrival:
        """Take a read that came before: its second half (hasMoreData) or a copy."""
        if better_read(known.passage.read, read) == known.passage.read:
            return Arrival(passage=known.passage, change="repeat")
        return self._update(known, read, reads=known.passage.reads)

    def _update(self, opened: _Open, read: PlateRead, *, reads: int) -> Arrival:
        """Put a read into a passage."""
        opened.passage = replace(
            opened.passage, read=better_read(opened.passage.read, read), reads=reads
        )
        self._remember(opened, read)
        return Arrival(passage=opened.passage, change="update")

    def _going_on(
        self, read: PlateRead, received_at: datetime, *, live: bool
    ) -> _Open | None:
        """Return the passage that is still going on and has this vehicle."""
        for opened in reversed(self._recent[read.channel]):
            if received_at - opened.last_received_at > 2 * self._window:
                return None
            if (
                opened.passage.live == live
                and self._is_within_window(opened, read, received_at)
                and is_same_vehicle(opened.passage.read, read)
            ):
                return opened
        return None

    def _is_within_window(
        self, opened: _Open, read: PlateRead, received_at: datetime
    ) -> bool:
        """Tell whether a read is close enough, by the device's time and by ours.

        Ours alone would merge a backlog that arrives at once, the device's alone a
        device whose clock stands still. Delivery may lag behind by another window.
        """
        if received_at - opened.passage.received_at >= LONGEST_PASSAGE:
            return False
        before, now = opened.last_read.captured_at, read.captured_at
        if before is None or now is None:
            return received_at - opened.last_received_at <= self._window
        return abs(now - before) <= self._window

    def _remember(self, opened: _Open, read: PlateRead) -> None:
        """Know a read and its passage again."""
        key, passage_id = read_key(read), opened.passage.passage_id
        self._passage_of_read[key] = passage_id
        self._passage_of_read.move_to_end(key)
        self._open[passage_id] = opened
        while len(self._passage_of_read) > REMEMBERED_READS:
            self._passage_of_read.popitem(last=False)
        while len(self._open) > REMEMBERED_READS:
            self._open.popitem(last=False)


def _to_millisecond(moment: datetime) -> datetime:
    """Cut a time as the archive keeps it, so that a passage is the same everywhere."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
