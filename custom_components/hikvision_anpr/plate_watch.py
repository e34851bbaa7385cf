"""Create repair issues when a camera sees plates badly."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.util import dt as dt_util
from sqlalchemy import Connection

from .archive.confidence import Confidence, mean_confidence
from .archive.errors import ArchiveError
from .centre import async_get_centre
from .channels import Channels
from .const import DOMAIN
from .intake.passage import Passage
from .plate_sizes import LEAST_HEIGHT, PlateSizes, SizeProblem

type PlateProblem = SizeProblem | Literal["confidence_falls"]

SIZE_PROBLEMS: Final[tuple[SizeProblem, ...]] = (
    "plates_small",
    "plates_cut_off",
    "plates_skewed",
)
LOOK_BACK_EVERY: Final = timedelta(days=1)
FIRST_LOOK_BACK: Final = timedelta(minutes=5)
"""After the start: who restarts daily shall be warned as well."""
RECENT: Final = timedelta(days=7)
BEFORE: Final = timedelta(days=28)
"""The last week is compared with the four weeks before it."""
ENOUGH: Final = 50
"""How many passages a time needs to be judged."""
FALL: Final = 8.0
"""By how many points of a hundred the mean confidence has to fall."""


class PlateWatch:
    """Watch how a device's channels see plates."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing seen."""
        self.sizes = PlateSizes()
        self._measured: dict[int, str] = {}
        self._hass = hass
        self._entry = entry
        self._channels: Channels

    @callback
    def start(self, channels: Channels) -> None:
        """Look back soon and every day; show nothing of an entry that is not loaded."""
        self._channels = channels
        self._entry.async_on_unload(self._end_all)
        first = HassJob(self.async_look_back, cancel_on_shutdown=True)
        self._entry.async_on_unload(
            async_call_later(self._hass, FIRST_LOOK_BACK, first)
        )
        self._entry.async_on_unload(
            async_track_time_interval(
                self._hass,
                self.async_look_back,
                LOOK_BACK_EVERY,
                cancel_on_shutdown=True,
            )
        )

    @callback
    def take(self, passage: Passage) -> None:
        """Take a passage, and judge by it and those before.

        It is measured once: by its first read, or by a later one that says where the
        plate is.
        """
        channel = passage.read.channel
        if self._measured.get(channel) == passage.passage_id:
            return
        if not self.sizes.take(passage.read):
            return
        self._measured[channel] = passage.passage_id
        found = self.sizes.problems(channel)
        if found is None:
            return
        pixels = f"{self.sizes.height(channel) or 0:.0f}"
        for problem in SIZE_PROBLEMS:
            self._judge(
                channel,
                problem,
                problem in found,
                height=pixels,
                least=f"{LEAST_HEIGHT:.0f}",
            )

    async def async_look_back(self, _: datetime | None = None) -> None:
        """Compare how sure the channels are with how sure they were weeks ago."""
        archive = async_get_centre(self._hass).archive
        if archive is None:
            return
        for number, channel in list(self._channels.followed.items()):
            compare = partial(_compare, device_id=channel.device_id)
            try:
                before, now = await archive.database.async_read(compare)
            except ArchiveError:
                return
            if before and now:
                self._judge_fall(number, before, now)

    def _judge_fall(self, channel: int, before: Confidence, now: Confidence) -> None:
        """Show that a channel is less sure than it was, if both times can be judged."""
        if min(before.count, now.count) < ENOUGH:
            return
        self._judge(
            channel,
            "confidence_falls",
            before.mean - now.mean >= FALL,
            before=f"{before.mean:.0f}",
            now=f"{now.mean:.0f}",
        )

    def _judge(
        self, channel: int, problem: PlateProblem, is_wrong: bool, **values: str
    ) -> None:
        """Show what is wrong with a channel, or no longer."""
        if not is_wrong:
            ir.async_delete_issue(self._hass, DOMAIN, self._id(channel, problem))
            return
        device = dr.async_get(self._hass).async_get(
            self._channels.followed[channel].device_id
        )
        name = (device.name_by_user or device.name) if device else None
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._id(channel, problem),
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=problem,
            translation_placeholders={"name": name or self._entry.title, **values},
        )

    @callback
    def _end_all(self) -> None:
        """Take everything away."""
        for channel in self._channels.followed:
            for problem in (*SIZE_PROBLEMS, "confidence_falls"):
                ir.async_delete_issue(self._hass, DOMAIN, self._id(channel, problem))

    def _id(self, channel: int, problem: str) -> str:
        """Return the name of an issue of a channel."""
        return f"{problem}_{self._entry.entry_id}_{channel}"


def _compare(
    connection: Connection, device_id: str
) -> tuple[Confidence | None, Confidence | None]:
    """Return how sure a device was before, and is now."""
    now = dt_util.utcnow()
    recent = now - RECENT
    return (
        mean_confidence(connection, device_id, recent - BEFORE, recent),
        mean_confidence(connection, device_id, recent, now),
    )
