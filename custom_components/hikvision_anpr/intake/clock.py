"""Track how far a device's clock is off, and how old a read really is."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Final

FRESH: Final = timedelta(seconds=30)
"""How old a live read may be when it arrives."""

DISAGREEMENT: Final = timedelta(seconds=5)
"""How far a heartbeat may contradict the measured drift before it is doubted."""

LONGEST_DELAY: Final = timedelta(minutes=2)
"""How late a heartbeat can arrive; beyond this its time is written differently."""

CLOCK_LIMIT: Final = timedelta(minutes=1)
"""How wrong a clock may be before the user is told."""

_ZONE_STEP: Final = timedelta(minutes=15)
"""What zones differ by; the rest of a difference is the clock, which was set."""


class DeviceClock:
    """Hold the drift of a device's clock: device time minus ours.

    Many cameras have a wrong clock (reference 7.6): a wrong clock alone makes no
    read old. The drift is measured by asking the device. Events may be written in
    another zone than the answer; heartbeats, which are events, show that.
    All times given are aware.
    """

    def __init__(self, home_zone: tzinfo) -> None:
        """Start unmeasured; times without offset are in the zone of the home."""
        self.measured_at: datetime | None = None
        self.zone = home_zone
        self.on_drift: Callable[[timedelta], None] | None = None
        self._recalled: timedelta | None = None
        self._drift: timedelta | None = None
        self._events_ahead = timedelta()

    @property
    def drift(self) -> timedelta | None:
        """Return how far the times of events are ahead of ours; None if unknown."""
        return None if self._drift is None else self._drift + self._events_ahead

    @property
    def own_drift(self) -> timedelta | None:
        """Return how far the clock itself is ahead, however its events are written."""
        return self._drift

    @property
    def events_ahead(self) -> timedelta:
        """Return how far the times of events are ahead of the clock itself."""
        return self._events_ahead

    def recall(self, drift: timedelta) -> None:
        """Judge by an earlier drift until there is a new one."""
        self._recalled = drift

    def measure(self, device_time: datetime, now: datetime) -> None:
        """Set the drift from the device's own answer."""
        self._drift = device_time - now
        self.measured_at = now
        self.zone = device_time.tzinfo or self.zone
        self._tell()

    def is_contradicted(self, sent_at: datetime, now: datetime) -> bool:
        """Tell whether a heartbeat's time does not fit the drift."""
        return self.drift is None or abs(self._ahead(sent_at, now)) > DISAGREEMENT

    def settle(self, sent_at: datetime, now: datetime) -> None:
        """Take over a heartbeat's time, unless it may just have come late."""
        if self._drift is None:
            self._drift = sent_at - now
        elif not -LONGEST_DELAY <= (ahead := self._ahead(sent_at, now)) <= DISAGREEMENT:
            zone = round(ahead / _ZONE_STEP) * _ZONE_STEP
            self._events_ahead += zone
            self._drift += ahead - zone
        else:
            return
        self._tell()

    def _tell(self) -> None:
        """Hand a new drift to whoever remembers it."""
        if self.on_drift and self.drift is not None:
            self.on_drift(self.drift)

    def _ahead(self, sent_at: datetime, now: datetime) -> timedelta:
        """Return how far a heartbeat is ahead of what the drift lets expect."""
        return sent_at - now - (self.drift or timedelta())

    def age(self, captured_at: datetime, now: datetime) -> timedelta:
        """Return how long ago something was captured, the drift taken out."""
        return now + (self._best_drift or timedelta()) - captured_at

    def is_fresh(self, captured_at: datetime | None, now: datetime) -> bool:
        """Tell whether a capture is recent; one that is yet to come is not.

        It is from before the clock was set back. A time that is missing, or cannot
        be judged because the clock was never measured, not even before a restart, is
        no evidence against a read.
        """
        if captured_at is None or self._best_drift is None:
            return True
        return abs(self.age(captured_at, now)) <= FRESH

    @property
    def _best_drift(self) -> timedelta | None:
        """Return the drift, or else the one of before a restart."""
        return self._recalled if self.drift is None else self.drift
