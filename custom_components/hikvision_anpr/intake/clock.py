"""Know how far a device's clock is off, and so how old a read really is."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

FRESH: Final = timedelta(seconds=30)
"""How old a live read may be when it arrives."""

DISAGREEMENT: Final = timedelta(seconds=5)
"""How far a heartbeat may contradict the measured drift before it is doubted."""


class DeviceClock:
    """Hold the drift of a device's clock, as measured by asking the device.

    Many cameras have a wrong clock (reference 7.6): a wrong clock alone makes no
    read old. All times given are aware; `drift` is device time minus ours.
    """

    def __init__(self, home_zone: tzinfo) -> None:
        """Start unmeasured; times without offset are in the zone of the home."""
        self.drift: timedelta | None = None
        self.measured_at: datetime | None = None
        self.zone = home_zone

    @property
    def is_measured(self) -> bool:
        """Tell whether the drift is known."""
        return self.drift is not None

    def measure(self, device_time: datetime, now: datetime) -> None:
        """Set the drift from the device's own answer."""
        self.drift = device_time - now
        self.measured_at = now
        self.zone = device_time.tzinfo or self.zone

    def observe_heartbeat(self, sent_at: datetime, now: datetime) -> bool:
        """Use a heartbeat's time; tell whether the drift must be measured again.

        A heartbeat only ever comes late, so it never overrides a measurement.
        """
        if self.drift is None:
            self.drift = sent_at - now
            return False
        return abs(sent_at - now - self.drift) > DISAGREEMENT

    def age(self, captured_at: datetime, now: datetime) -> timedelta:
        """Return how long ago something was captured, the drift taken out."""
        return now + (self.drift or timedelta()) - captured_at

    def is_fresh(self, captured_at: datetime | None, now: datetime) -> bool:
        """Tell whether a capture is recent.

        A time that is missing, or cannot be judged because the clock was never
        measured, is no evidence against a read.
        """
        if captured_at is None or self.drift is None:
            return True
        return self.age(captured_at, now) <= FRESH

    def to_our_time(self, captured_at: datetime) -> datetime:
        """Return a capture time as our clock would have shown it, in UTC."""
        return (captured_at - (self.drift or timedelta())).astimezone(UTC)
