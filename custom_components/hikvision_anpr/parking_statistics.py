"""Write the long-term statistics of parking areas."""

from datetime import datetime, timedelta
from functools import partial
import logging
from typing import Final

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import StatisticData
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    async_add_external_statistics,
    get_last_statistics,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_utc_time_change
from homeassistant.util import dt as dt_util

from .archive.errors import ArchiveError
from .parking.car_park import CarPark
from .parking.hourly import HOUR, first_moment, hours
from .parking_series import (
    OCCUPANCY,
    SERIES,
    Series,
    differs,
    metadata_of,
    rows_of,
    slugs,
    statistic_id,
)
from .single_task import SingleTask

_LOGGER = logging.getLogger(__name__)

AT_ONCE: Final = timedelta(days=30)
"""How much is summed up at a time: Home Assistant has other work in between."""

AGAIN: Final = timedelta(days=1)
"""How much is looked at again after a start: what was corrected just before it."""

type Known = dict[Series, dict[float, StatisticsRow]]


class ParkingStatistics:
    """Write what hours that are over add up to, and again what was corrected since.

    Only what differs from what the recorder has is written. Without a recorder there is
    nothing to do.
    """

    def __init__(self, hass: HomeAssistant, car_park: CarPark) -> None:
        """Prepare; nothing is written yet."""
        self._hass = hass
        self._car_park = car_park
        self._until: dict[str, datetime] = {}
        self._task = SingleTask(hass, self._async_try, "write statistics")

    @callback
    def async_start(self) -> None:
        """Write at once what is missing, then every hour."""
        timer = async_track_utc_time_change(
            self._hass, self._task.async_begin, minute=1, second=0
        )
        self._task.async_follow(timer)
        self._task.async_begin()

    async def async_stop(self) -> None:
        """End, also in the middle of it."""
        await self._task.async_stop()

    async def _async_try(self) -> None:
        """Write; in times of trouble, an hour later."""
        try:
            await self.async_update()
        except ArchiveError as error:
            _LOGGER.debug("Statistics are written later: %s", error)
        except Exception:
            _LOGGER.exception("Statistics cannot be written")

    async def async_update(self) -> None:
        """Bring the statistics of all areas up to date. Raises ArchiveError."""
        if "recorder" not in self._hass.config.components:
            return
        # What was handed over before has to be there to be read.
        await get_instance(self._hass).async_block_till_done()
        if touched := self._car_park.async_take_touched():
            self._go_back_to(_full_hour(touched))
        now = _full_hour(dt_util.utcnow())
        for area, slug in slugs(self._car_park.areas).items():
            since = self._until.get(area) or await self._async_since(area, slug)
            if since is None:
                continue
            await self._async_write(area, slug, since, now)
            self._until[area] = now

    def _go_back_to(self, hour: datetime) -> None:
        """Look again at all areas from an hour on."""
        self._until = {area: min(hour, until) for area, until in self._until.items()}

    async def _async_since(self, area: str, slug: str) -> datetime | None:
        """Return from when on hours are missing, None where there are none."""
        first = await self._car_park.async_read(partial(first_moment, area=area))
        wanted = statistic_id(slug, OCCUPANCY)
        last = await get_instance(self._hass).async_add_executor_job(
            get_last_statistics, self._hass, 1, wanted, False, {"mean"}
        )
        begin = _full_hour(first) if first else None
        if not (rows := last.get(wanted)):
            return begin
        end = dt_util.utc_from_timestamp(rows[0]["start"]) + HOUR
        return min(end, max(end - AGAIN, begin)) if begin else end

    async def _async_write(
        self, area: str, slug: str, start: datetime, end: datetime
    ) -> None:
        """Write the hours of a time, some at a time."""
        before = (start - HOUR).timestamp()
        known = await self._async_known(slug, start - HOUR, start)
        sums = {one: _sum(known[one].get(before)) for one in SERIES}
        while start < end:
            over = min(end, start + AT_ONCE)
            known = await self._async_known(slug, start, over)
            found = await self._car_park.async_read(
                partial(hours, area=area, start=start, end=over)
            )
            for one in SERIES:
                rows = rows_of(one, found, sums[one])
                sums[one] = rows[-1].get("sum") or 0.0
                at = known[one]
                new = [row for row in rows if differs(row, at.get(_start(row)))]
                if new:
                    metadata = metadata_of(area, slug, one)
                    async_add_external_statistics(self._hass, metadata, new)
            start = over

    async def _async_known(self, slug: str, start: datetime, end: datetime) -> Known:
        """Return what the recorder has of a time, by series and hour."""
        found = await get_instance(self._hass).async_add_executor_job(
            statistics_during_period,
            self._hass,
            start,
            end,
            {statistic_id(slug, one) for one in SERIES},
            "hour",
            None,
            {"sum", "mean", "min", "max"},
        )
        return {
            one: {row["start"]: row for row in found.get(statistic_id(slug, one), ())}
            for one in SERIES
        }


def _sum(row: StatisticsRow | None) -> float:
    """Return the sum of an hour, 0 where there is none."""
    return (row.get("sum") or 0.0) if row else 0.0


def _start(row: StatisticData) -> float:
    """Return when an hour began, as the recorder counts."""
    return row["start"].timestamp()


def _full_hour(moment: datetime) -> datetime:
    """Return the full hour that a time is in."""
    return moment.replace(minute=0, second=0, microsecond=0)
