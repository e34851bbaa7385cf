"""Set up the archive, the known vehicles and the car park of the centre."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util
from sqlalchemy import URL

from .archive.archive import Archive
from .archive.database import Database
from .archive.driver import async_install_driver
from .archive.errors import ArchiveError, ArchiveUnavailableError
from .archive.server import parse_server_url
from .archive_move import ArchiveMove
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
    await _async_open_vehicles(hass, entry, centre, archive.database, move)
    await _async_open_car_park(hass, entry, centre, archive.database, move)
    _open_strangers(hass, entry, centre)
    if move:
        move.async_start()


async def _async_open_vehicles(
    hass: HomeAssistant,
    entry: ConfigEntry,
    centre: Centre,
    database: Database,
    move: ArchiveMove | None,
) -> None:
    """Let the known vehicles be judged, as soon as the database gives them."""
    registry = Registry(database, tolerance(entry), exact_lists(entry))
    guests = Guests(registry, _runner(hass, entry, "count a guest"))

    @callback
    def begin() -> None:
        centre.open_vehicles(
            registry,
            Judge(
                registry=registry, guests=guests, min_confidence=min_confidence(entry)
            ),
        )
        entry.async_on_unload(centre.subscribe(guests))

    entry.async_on_unload(centre.close_vehicles)
    load = move.after_rooms(registry.async_load) if move else registry.async_load
    await _async_begin(hass, entry, load, begin)


async def _async_open_car_park(
    hass: HomeAssistant,
    entry: ConfigEntry,
    centre: Centre,
    database: Database,
    move: ArchiveMove | None,
) -> None:
    """Count who is inside, as soon as the database tells who was."""
    car_park = CarPark(
        database, areas_of(entry).values(), _runner(hass, entry, "write visits")
    )
    centre.car_park = car_park
    statistics = ParkingStatistics(hass, car_park)

    @callback
    def begin() -> None:
        entry.async_on_unload(centre.subscribe(car_park))
        statistics.async_start()

    @callback
    def look(_: datetime) -> None:
        now = dt_util.utcnow()
        for visit in car_park.async_find_overstays(now):
            hass.bus.async_fire(EVENT_OVERSTAY, recordable(hass, visit.as_dict(now)))

    async def end() -> None:
        centre.car_park = None
        await statistics.async_stop()

    entry.async_on_unload(end)
    entry.async_on_unload(
        async_track_time_interval(
            hass, look, LOOK_FOR_OVERSTAYS, cancel_on_shutdown=True
        )
    )
    load = move.after_rooms(car_park.async_load) if move else car_park.async_load
    await _async_begin(hass, entry, load, begin)


@callback
def _open_strangers(hass: HomeAssistant, entry: ConfigEntry, centre: Centre) -> None:
    """Hide the plates of strangers after some days, if that is wanted."""
    if not hides_strangers(entry) or not centre.archive or not centre.car_park:
        return
    age = timedelta(days=entry.options[CONF_HIDE_STRANGERS_DAYS])
    strangers = Strangers(
        hass, centre.archive, centre.car_park, lambda: centre.vehicles, age
    )
    strangers.async_start()
    entry.async_on_unload(strangers.async_stop)


async def _async_begin(
    hass: HomeAssistant,
    entry: ConfigEntry,
    load: Callable[[], Awaitable[None]],
    begin: Callable[[], None],
) -> None:
    """Load and begin now, or as soon as the database can be used."""
    try:
        await load()
    except ArchiveError:
        entry.async_create_background_task(
            hass, _async_begin_later(load, begin), f"{DOMAIN} load"
        )
    else:
        begin()


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


def _runner(
    hass: HomeAssistant, entry: ConfigEntry, name: str
) -> Callable[[Coroutine[Any, Any, None]], None]:
    """Return what runs work as long as the centre is open."""

    def run(work: Coroutine[Any, Any, None]) -> None:
        entry.async_create_task(hass, work, f"{DOMAIN} {name}")

    return run


async def _async_server(hass: HomeAssistant, entry: ConfigEntry) -> URL | None:
    """Return the server that the archive is kept on; None for a file of our own."""
    if not (text := entry.options.get(CONF_DATABASE_URL)):
        return None
    url = parse_server_url(text)
    try:
        await async_install_driver(hass, url)
    except ArchiveUnavailableError:
        _LOGGER.exception("The archive waits for the driver of its database")
    return url


def _move(
    hass: HomeAssistant, entry: ConfigEntry, database: Database
) -> ArchiveMove | None:
    """Return what brings the file's passages to the server; None where that is done."""
    options = entry.options
    if not (options.get(CONF_DATABASE_URL) and options.get(CONF_MOVE_ARCHIVE)):
        return None
    return ArchiveMove(hass, entry, database)
