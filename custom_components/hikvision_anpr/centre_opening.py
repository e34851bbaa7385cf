"""Set up the archive, the known vehicles and the car park of the centre."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util
from sqlalchemy import URL

from .archive.archive import Archive
from .archive.database import Database
from .archive.driver import async_install_driver
from .archive.errors import ArchiveError, ArchiveUnavailableError
from .archive.server import parse_server_url
from .archive_move import ArchiveMove, async_forget_move
from .centre import Centre, async_get_centre
from .centre_options import (
    areas_of,
    exact_lists,
    hides_strangers,
    min_confidence,
    picture_rules,
    retention_days,
    tolerance,
)
from .const import (
    CONF_DATABASE_URL,
    CONF_HIDE_STRANGERS_DAYS,
    CONF_MOVE_ARCHIVE,
    DOMAIN,
    EVENT_OVERSTAY,
)
from .file_link import async_start_sweeping
from .hidden_plates import recordable
from .parking.car_park import CarPark
from .parking_statistics import ParkingStatistics
from .strangers import Strangers, async_plate_hash
from .vehicles.guests import Guests
from .vehicles.judge import Judge
from .vehicles.registry import Registry

_LOGGER = logging.getLogger(__name__)

RETRY_SECONDS: Final = 30.0
LOOK_FOR_OVERSTAYS: Final = timedelta(minutes=1)


async def async_open(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Open the rooms of the centre; they close with its entry."""
    centre = entry.runtime_data = async_get_centre(hass)
    archive = centre.archive = Archive(
        hass,
        retention_days(entry),
        picture_rules(hass, entry),
        await _async_server(hass, entry),
    )
    archive.plate_hash = await async_plate_hash(hass, create=hides_strangers(entry))
    move = _move(hass, entry, archive.database)
    archive.async_start(deletes=move is None)
    unsubscribe = centre.subscribe(archive)

    async def close() -> None:
        unsubscribe()
        centre.archive = None
        if move:
            await move.async_stop()
        await archive.async_stop()

    entry.async_on_unload(close)
    entry.async_on_unload(async_start_sweeping(hass))
    rooms = _Rooms(hass, entry, centre, archive, move)
    await rooms.async_open_vehicles()
    rooms.open_strangers(await rooms.async_open_car_park())
    if move:
        move.async_start()


class _Rooms:
    """Open the rooms that keep what they know in the database of the archive."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        centre: Centre,
        archive: Archive,
        move: ArchiveMove | None,
    ) -> None:
        """Prepare; `move` brings their tables to another database first."""
        self._hass = hass
        self._entry = entry
        self._centre = centre
        self._archive = archive
        self._move = move

    async def async_open_vehicles(self) -> None:
        """Let the known vehicles be judged, as soon as the database gives them."""
        entry, centre = self._entry, self._centre
        registry = Registry(
            self._archive.database, tolerance(entry), exact_lists(entry)
        )
        guests = Guests(registry, self._runner("count a guest"))
        judge = Judge(
            registry=registry, guests=guests, min_confidence=min_confidence(entry)
        )

        @callback
        def begin() -> None:
            centre.open_vehicles(registry, judge)
            entry.async_on_unload(centre.subscribe(guests))

        entry.async_on_unload(centre.close_vehicles)
        await self._async_begin(registry.async_load, begin)

    async def async_open_car_park(self) -> CarPark:
        """Count who is inside, as soon as the database tells who was."""
        entry, centre = self._entry, self._centre
        car_park = centre.car_park = CarPark(
            self._archive.database,
            areas_of(entry).values(),
            self._runner("write visits"),
        )
        statistics = ParkingStatistics(self._hass, car_park)

        @callback
        def begin() -> None:
            entry.async_on_unload(centre.subscribe(car_park))
            statistics.async_start()

        async def end() -> None:
            centre.car_park = None
            await statistics.async_stop()

        entry.async_on_unload(end)
        entry.async_on_unload(_look_for_overstays(self._hass, car_park))
        await self._async_begin(car_park.async_load, begin)
        return car_park

    @callback
    def open_strangers(self, car_park: CarPark) -> None:
        """Hide the plates of strangers after some days, if that is wanted."""
        if not hides_strangers(self._entry):
            return
        age = timedelta(days=self._entry.options[CONF_HIDE_STRANGERS_DAYS])
        strangers = Strangers(
            self._hass, self._archive, car_park, lambda: self._centre.vehicles, age
        )
        strangers.async_start()
        self._entry.async_on_unload(strangers.async_stop)

    async def _async_begin(
        self, load: Callable[[], Awaitable[None]], begin: Callable[[], None]
    ) -> None:
        """Load and begin now, or as soon as the database can be used."""
        if self._move:
            load = self._move.after_rooms(load)
        try:
            await load()
        except ArchiveError:
            self._entry.async_create_background_task(
                self._hass, _async_begin_later(load, begin), f"{DOMAIN} load"
            )
        else:
            begin()

    def _runner(self, name: str) -> Callable[[Coroutine[Any, Any, None]], None]:
        """Return what runs work as long as the centre is open."""

        def run(work: Coroutine[Any, Any, None]) -> None:
            self._entry.async_create_task(self._hass, work, f"{DOMAIN} {name}")

        return run


@callback
def _look_for_overstays(hass: HomeAssistant, car_park: CarPark) -> CALLBACK_TYPE:
    """Tell again and again who is inside for too long; return how to stop."""

    @callback
    def look(_: datetime) -> None:
        now = dt_util.utcnow()
        for visit in car_park.async_find_overstays(now):
            hass.bus.async_fire(EVENT_OVERSTAY, recordable(hass, visit.as_dict(now)))

    return async_track_time_interval(
        hass, look, LOOK_FOR_OVERSTAYS, cancel_on_shutdown=True
    )


async def _async_begin_later(
    load: Callable[[], Awaitable[None]], begin: Callable[[], None]
) -> None:
    """Try again until what is kept can be loaded."""
    while True:
        await asyncio.sleep(RETRY_SECONDS)
        try:
            await load()
        except ArchiveError as error:
            _LOGGER.debug("What is kept is loaded later: %s", error)
        else:
            begin()
            return


async def _async_server(hass: HomeAssistant, entry: ConfigEntry) -> URL | None:
    """Return the server that the archive is kept on; None for a file of our own."""
    if not (text := entry.options.get(CONF_DATABASE_URL)):
        async_forget_move(hass)
        return None
    url = parse_server_url(text)
    try:
        await async_install_driver(hass, url)
    except ArchiveUnavailableError as error:
        _LOGGER.error("The archive waits for its database's driver: %s", error)
    return url


def _move(
    hass: HomeAssistant, entry: ConfigEntry, database: Database
) -> ArchiveMove | None:
    """Return what brings the file's passages to the server; None where that is done."""
    options = entry.options
    if not (options.get(CONF_DATABASE_URL) and options.get(CONF_MOVE_ARCHIVE)):
        return None
    return ArchiveMove(hass, entry, database)
