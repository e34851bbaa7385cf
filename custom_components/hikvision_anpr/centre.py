"""Wire what all devices share: what judges a vehicle, and what remembers it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
import logging
from typing import Any, Final, Protocol

from homeassistant.config_entries import SOURCE_SYSTEM, ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .archive.archive import Archive
from .archive.database import Database
from .archive.errors import ArchiveError
from .archive.retention import Days
from .const import (
    CONF_KEEP_DAYS_ALLOW,
    CONF_KEEP_DAYS_BLOCK,
    CONF_KEEP_DAYS_NONE,
    CONF_MATCH_CONFIDENCE_ALLOW,
    CONF_MATCH_CONFIDENCE_BLOCK,
    CONF_MATCH_EDITS_ALLOW,
    CONF_MATCH_EDITS_BLOCK,
    DOMAIN,
)
from .intake.passage import ListName, Passage, Verdict
from .intake.passages import Change
from .vehicles.guests import Guests
from .vehicles.judge import Judge, Place
from .vehicles.plate_index import Tolerance
from .vehicles.registry import Registry

_LOGGER = logging.getLogger(__name__)

CENTRE_TITLE: Final = "ANPR centre"
CENTRE_UNIQUE_ID: Final = "centre"
RETRY_SECONDS: Final = 30.0

type JudgeOf = Callable[[Passage, Place, datetime], Verdict | None]


class PassageTaker(Protocol):
    """Take what all devices hand over, live and recovered, in the order of arrival.

    Both are called in the event loop and return at once: what lasts is queued.
    """

    def take(self, passage: Passage, change: Change) -> None:
        """Take a new passage, or a known one with more in it."""

    def take_picture(self, passage: Passage, kind: str, data: bytes) -> None:
        """Take a picture, a JPEG, of a passage that was taken before."""


class Centre:
    """Judge the passages of all devices, and hand them over.

    It is there before any entry and as long as Home Assistant runs; what is kept
    over a restart opens and closes with the centre's own entry.
    """

    def __init__(self) -> None:
        """Start with nobody to judge and nobody to hand over to."""
        self.judge_of: JudgeOf | None = None
        self.archive: Archive | None = None
        self.vehicles: Registry | None = None
        self._takers: list[PassageTaker] = []

    @property
    def database(self) -> Database | None:
        """Return the database of the archive while that is open."""
        return self.archive.database if self.archive else None

    @callback
    def judge(self, passage: Passage, place: Place) -> Verdict | None:
        """Return what is known of a passage's vehicle; None where nothing is.

        What came late is judged by what holds for when it passed.
        """
        if self.judge_of is None:
            return None
        moment = dt_util.now() if passage.live else passage.captured_at
        return self.judge_of(passage, place, dt_util.as_local(moment))

    @callback
    def take(self, passage: Passage, change: Change) -> None:
        """Hand a passage over after it was announced."""
        for taker in self._takers:
            taker.take(passage, change)

    @callback
    def take_picture(self, passage: Passage, kind: str, data: bytes) -> None:
        """Hand a picture of a passage over."""
        for taker in self._takers:
            taker.take_picture(passage, kind, data)

    @callback
    def subscribe(self, taker: PassageTaker) -> CALLBACK_TYPE:
        """Hand over to one more; return how to stop."""
        self._takers = [*self._takers, taker]

        @callback
        def unsubscribe() -> None:
            self._takers = [other for other in self._takers if other is not taker]

        return unsubscribe


CENTRE: HassKey[Centre] = HassKey(f"{DOMAIN}_centre")


@callback
def async_get_centre(hass: HomeAssistant) -> Centre:
    """Return the centre of a Home Assistant."""
    if CENTRE not in hass.data:
        hass.data[CENTRE] = Centre()
    return hass.data[CENTRE]


@callback
def is_centre(entry: ConfigEntry) -> bool:
    """Tell the centre's entry from those of devices."""
    return entry.unique_id == CENTRE_UNIQUE_ID


@callback
def async_ensure_entry(hass: HomeAssistant) -> None:
    """Make the centre's entry with the first device; a disabled one counts."""
    if any(map(is_centre, hass.config_entries.async_entries(DOMAIN))):
        return
    hass.async_create_task(
        hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_SYSTEM}),
        f"{DOMAIN} make the centre",
    )


async def async_open(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Open what the centre keeps over a restart; it closes with the centre's entry."""
    centre = async_get_centre(hass)
    archive = centre.archive = Archive(hass, _days(entry))
    archive.async_start()
    unsubscribe = centre.subscribe(archive)

    async def close() -> None:
        unsubscribe()
        centre.archive = None
        await archive.async_stop()

    entry.async_on_unload(close)
    await _async_open_vehicles(hass, entry, centre, archive.database)


async def _async_open_vehicles(
    hass: HomeAssistant, entry: ConfigEntry, centre: Centre, database: Database
) -> None:
    """Let the known vehicles be judged, as soon as the database gives them."""
    registry = Registry(database, _tolerance(entry))

    def run(work: Coroutine[Any, Any, None]) -> None:
        entry.async_create_task(hass, work, f"{DOMAIN} count a guest")

    guests = Guests(registry, run)

    @callback
    def begin() -> None:
        centre.vehicles = registry
        centre.judge_of = Judge(
            registry=registry, guests=guests, min_confidence=_confidence(entry)
        )
        entry.async_on_unload(centre.subscribe(guests))

    @callback
    def end() -> None:
        centre.vehicles = centre.judge_of = None

    entry.async_on_unload(end)
    try:
        await registry.async_load()
    except ArchiveError:
        entry.async_create_background_task(
            hass, _async_load_later(registry, begin), f"{DOMAIN} load vehicles"
        )
    else:
        begin()


async def _async_load_later(registry: Registry, begin: Callable[[], None]) -> None:
    """Load the vehicles when the database can be used again."""
    while True:
        await asyncio.sleep(RETRY_SECONDS)
        try:
            await registry.async_load()
        except ArchiveError as error:
            _LOGGER.debug("The vehicles are loaded later: %s", error)
        else:
            begin()
            return


def _days(entry: ConfigEntry) -> Days:
    """Return for how many days passages are kept, by list."""
    options = entry.options
    return {
        "allow": options.get(CONF_KEEP_DAYS_ALLOW, 0),
        "block": options.get(CONF_KEEP_DAYS_BLOCK, 0),
        "none": options.get(CONF_KEEP_DAYS_NONE, 0),
    }


def _tolerance(entry: ConfigEntry) -> Tolerance:
    """Return by how many edits a plate may differ from a vehicle's, by its list."""
    allow = entry.options.get(CONF_MATCH_EDITS_ALLOW, 0)
    block = entry.options.get(CONF_MATCH_EDITS_BLOCK, 0)
    return {"allow": allow, "block": block, "none": allow}


def _confidence(entry: ConfigEntry) -> Mapping[ListName, int]:
    """Return how sure a device has to be for a list to count, in percent."""
    return {
        "allow": entry.options.get(CONF_MATCH_CONFIDENCE_ALLOW, 0),
        "block": entry.options.get(CONF_MATCH_CONFIDENCE_BLOCK, 0),
    }


@callback
def open_archive(hass: HomeAssistant) -> Archive:
    """Return the archive. Raises HomeAssistantError while it is not open."""
    if (archive := async_get_centre(hass).archive) is None:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="archive_closed"
        )
    return archive


@callback
def open_registry(hass: HomeAssistant) -> Registry:
    """Return the known vehicles. Raises HomeAssistantError while they are not there."""
    if (registry := async_get_centre(hass).vehicles) is None:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="archive_closed"
        )
    return registry
