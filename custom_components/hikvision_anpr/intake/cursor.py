"""Store up to where the reads of a device have been received."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple, NotRequired, TypedDict

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..isapi.plate_read import PlateRead
from .identity import is_same_plate

OVERLAP: Final = timedelta(seconds=30)
"""How far before the cursor a device is asked again; reads overtake each other."""

KEPT: Final = timedelta(minutes=10)
"""How long before the cursor reads came in that are known again after a restart."""

REMEMBERED_READS: Final = 4096
"""How many reads are known again until a restart."""

SHORTEST_TOLERANCE: Final = 3
"""Seconds by which a read's time in a stream and in a table may differ at least."""

SAVE_SECONDS: Final = 30
"""Changes are written not more often than this."""

_VERSION: Final = 1


class StoredCursor(TypedDict):
    """Name what is stored of a cursor.

    Times are ISO 8601. What was taken: the second since 1970 of its capture, the
    plate, null for one that could not be read, and the second when it came in.
    `begun_at` is our time of the first contact, until what was before it is known.
    """

    captured_at: str
    received_at: str
    begun_at: NotRequired[str]
    taken: list[tuple[int, str | None, int]]


class _Taken(NamedTuple):
    """Hold when a read came in, in seconds since 1970.

    The passage of an `identified` one is remembered: a copy of it is known by its
    identity. What was recovered, or taken before a restart, has none.
    """

    received: int
    identified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Hold a moment by the device's clock and by ours; both times are aware."""

    captured_at: datetime
    received_at: datetime


class Cursor:
    """Hold up to where the reads of one channel are taken without a gap.

    The newest live read sets it, as the device's clock may have been set back;
    a recovered one only moves it on. After an interruption it is held until the
    gap is closed.
    """

    def __init__(self, tolerance: int, on_change: Callable[[], None]) -> None:
        """Start without a position; `tolerance` is in seconds."""
        self.position: Position | None = None
        self.begun_at: datetime | None = None
        self.remembers_all = False
        self._tolerance = tolerance
        self._on_change = on_change
        self._newest: Position | None = None
        self._held = False
        self._taken: dict[int, dict[str | None, _Taken]] = {}
        self._remembered = 0

    def start(self, drift: timedelta | None) -> datetime | None:
        """Return the device time to ask from; None where nothing was ever taken.

        `drift` is how far the device's clock is ahead of ours now: where it was
        set back, reads since then look older than the cursor.
        """
        if self.position is None:
            return None
        start = min((self.position.captured_at, *self._captured_lately()))
        if drift is not None:
            start = min(start, self.position.received_at + drift)
        return start - OVERLAP

    def _captured_lately(self) -> Iterator[datetime]:
        """Yield when the live reads around the cursor were captured, by the second.

        Where the clock was set forward between them, what was lost beside the first
        lies far before the last.
        """
        if self.position is None:
            return
        oldest = (self.position.received_at - OVERLAP).timestamp()
        zone = self.position.captured_at.tzinfo
        for second, plates in self._taken.items():
            if any(
                one.identified and one.received >= oldest for one in plates.values()
            ):
                yield datetime.fromtimestamp(second, zone)

    def is_copy(self, read: PlateRead, *, live: bool) -> bool:
        """Tell whether a read is of a vehicle that was taken at about its time.

        A live one may be a vehicle that is read on: it is a copy only of what it
        cannot be told from by its identity.
        """
        return any(not (live and known.identified) for known in self._known(read))

    def _known(self, read: PlateRead) -> Iterator[_Taken]:
        """Yield what was taken of nearly a read's plate at about its time."""
        if read.captured_at is None:
            return
        second = int(read.captured_at.timestamp())
        for near in range(second - self._tolerance, second + self._tolerance + 1):
            for plate, known in self._taken.get(near, {}).items():
                if is_same_plate(plate, read.plate):
                    yield known

    def take(self, read: PlateRead, received_at: datetime, *, live: bool) -> None:
        """Note that a read was taken; one without a time cannot be known again."""
        if read.captured_at is None:
            return
        self._remember(
            int(read.captured_at.timestamp()),
            read.plate,
            _Taken(int(received_at.timestamp()), live),
        )
        position = Position(captured_at=read.captured_at, received_at=received_at)
        if live or _is_beyond(position, self._newest):
            self._newest = position
        if not self._held:
            self.position = self._newest
        self._on_change()

    def note(self, read: PlateRead, received_at: datetime) -> None:
        """Note that a read was told by somebody else; the cursor stays."""
        if read.captured_at:
            second, received = read.captured_at.timestamp(), received_at.timestamp()
            self._remember(
                int(second), read.plate, _Taken(int(received), identified=False)
            )
            self._on_change()

    def recall(self, read: PlateRead, received_at: datetime) -> None:
        """Know a read of before a restart again where it is recovered.

        One that comes live is news: the device's clock may show a time twice.
        """
        if read.captured_at:
            second, received = read.captured_at.timestamp(), received_at.timestamp()
            self._remember(
                int(second), read.plate, _Taken(int(received), identified=True)
            )

    def _remember(self, second: int, plate: str | None, taken: _Taken) -> None:
        """Know a read again, and forget the seconds that were known for longest."""
        plates = self._taken.setdefault(second, {})
        self._remembered += plate not in plates
        plates.setdefault(plate, taken)
        while self._remembered > REMEMBERED_READS:
            self.remembers_all = False
            self._remembered -= len(self._taken.pop(next(iter(self._taken))))

    def begin(self, now: Position) -> None:
        """Begin here where nothing was ever taken: what was before is history."""
        if self.position is None:
            self.position, self.begun_at = now, now.received_at
            self._on_change()

    def hold(self) -> None:
        """Stay, whatever is taken: there may be a gap before it."""
        self._held = True

    def rewind(self, now: Position) -> None:
        """Go back to what the device's clock shows where that was set back."""
        position = self.position
        if position and position.captured_at > now.captured_at + OVERLAP:
            self.position = replace(position, captured_at=now.captured_at)
            self._on_change()

    def advance(self, position: Position) -> None:
        """Move on within a gap that is being closed."""
        if self.position and _is_beyond(position, self.position):
            self.position = position
            self._on_change()

    def release(self, reached: Position) -> None:
        """Move to the newest read, or to `reached` where there was none ever.

        A newest one that is yet to come is from before the clock was set back: what
        follows lies before it, also when the clock is right again.
        """
        self._held, self.begun_at = False, None
        newest = self._newest
        if newest is None or newest.captured_at > reached.captured_at + OVERLAP:
            newest = reached
        self._newest = self.position = newest
        self._on_change()

    def as_stored(self) -> StoredCursor | None:
        """Return what is to be stored, if there is anything."""
        if self.position is None:
            return None
        oldest = (self.position.received_at - KEPT).timestamp()
        stored = StoredCursor(
            captured_at=self.position.captured_at.isoformat(),
            received_at=self.position.received_at.isoformat(),
            taken=[
                (second, plate, taken.received)
                for second, plates in self._taken.items()
                for plate, taken in plates.items()
                if taken.received >= oldest
            ],
        )
        if self.begun_at:
            stored["begun_at"] = self.begun_at.isoformat()
        return stored

    def restore(self, stored: StoredCursor) -> None:
        """Take over what was stored."""
        self.position = self._newest = Position(
            captured_at=datetime.fromisoformat(stored["captured_at"]),
            received_at=datetime.fromisoformat(stored["received_at"]),
        )
        if begun_at := stored.get("begun_at"):
            self.begun_at = datetime.fromisoformat(begun_at)
        for second, plate, received in stored["taken"]:
            self._remember(second, plate, _Taken(received, identified=False))


def _is_beyond(position: Position, other: Position | None) -> bool:
    """Tell whether a position is later than another, by the device's clock."""
    return other is None or position.captured_at > other.captured_at


class Cursors:
    """Keep the cursors of a device's channels in Home Assistant's storage.

    They hold the plates of the last minutes: nobody but its user may read them.
    """

    def __init__(
        self, hass: HomeAssistant, entry_id: str, *, merge_seconds: float = 0
    ) -> None:
        """Prepare the storage of an entry."""
        self._store: Store[dict[str, StoredCursor]] = Store(
            hass, _VERSION, f"{DOMAIN}.cursors.{entry_id}", private=True
        )
        self._tolerance = max(SHORTEST_TOLERANCE, round(merge_seconds))
        self._cursors: dict[int, Cursor] = {}

    async def async_load(self) -> None:
        """Read the cursors of before."""
        for channel, stored in (await self._store.async_load() or {}).items():
            self.of(int(channel)).restore(stored)

    def of(self, channel: int) -> Cursor:
        """Return the cursor of a channel."""
        if channel not in self._cursors:
            self._cursors[channel] = Cursor(self._tolerance, self._schedule_save)
        return self._cursors[channel]

    async def async_save(self) -> None:
        """Write the cursors now."""
        await self._store.async_save(self._stored())

    async def async_remove(self) -> None:
        """Delete what was stored."""
        await self._store.async_remove()

    @callback
    def _schedule_save(self) -> None:
        """Write the cursors soon, and at the latest when Home Assistant stops."""
        self._store.async_delay_save(self._stored, SAVE_SECONDS)

    def _stored(self) -> dict[str, StoredCursor]:
        """Return what is to be stored of all channels."""
        return {
            str(channel): stored
            for channel, cursor in self._cursors.items()
            if (stored := cursor.as_stored())
        }
