"""Detect that a camera reads plates without reporting them."""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from .channel import ONLY_CHANNEL
from .intake.clock import DeviceClock
from .isapi.client import IsapiClient
from .isapi.errors import NotSupportedError
from .isapi.plates import async_get_plates

SILENT: Final = timedelta(hours=6)
"""How long nothing may be told before the camera's own table is asked."""

ON_ITS_WAY: Final = timedelta(minutes=2)
"""How young a read may be that is not told yet, and how old one that was."""


class Silence:
    """Compare what a camera told with what it read."""

    def __init__(self, client: IsapiClient, clock: DeviceClock) -> None:
        """Begin now, as if something had just been told."""
        self._client = client
        self._clock = clock
        self._since = dt_util.utcnow()

    @property
    def hours(self) -> int:
        """Return for how many whole hours nothing was told."""
        return (dt_util.utcnow() - self._since) // timedelta(hours=1)

    def end(self) -> None:
        """Note that something was told just now."""
        self._since = dt_util.utcnow()

    async def async_untold(self) -> int:
        """Return how many plates the camera read and did not tell.

        It is asked only after a long silence; without a table it has no witness.
        Raises the errors of the client.
        """
        now = dt_util.utcnow()
        if now - self._since < SILENT:
            return 0
        try:
            records = await async_get_plates(
                self._client, ONLY_CHANNEL, after=self._by_device(now - SILENT)
            )
        except NotSupportedError:
            return 0
        begin = max(self._since + ON_ITS_WAY, now - SILENT)
        first, last = self._by_device(begin), self._by_device(now - ON_ITS_WAY)
        return sum(first < record.captured_at <= last for record in records)

    def _by_device(self, moment: datetime) -> datetime:
        """Return a moment by the camera's clock and in its zone."""
        drift = self._clock.own_drift or timedelta()
        return (moment + drift).astimezone(self._clock.zone)
