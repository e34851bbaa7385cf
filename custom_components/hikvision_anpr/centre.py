"""Share between all devices what judges and remembers vehicles."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Final, Protocol

from homeassistant.config_entries import SOURCE_SYSTEM, ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .archive.archive import Archive
from .archive.database import Database
from .archive.errors import ArchiveError
from .archive.taken import reads_since
from .const import CENTRE_UNIQUE_ID, DOMAIN
from .gate.openings import Openings
from .intake.passage import Passage, Verdict
from .intake.passages import Change
from .isapi.plate_read import PlateRead
from .listeners import Listeners
from .parking.car_park import CarPark
from .vehicles.registry import Registry

CENTRE_TITLE: Final = "ANPR centre"

type JudgeOf = Callable[[Passage, datetime], Verdict | None]


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
        self.car_park: CarPark | None = None
        self.openings = Openings(monotonic)
        self._takers = Listeners[PassageTaker]()
        self._followers = Listeners[Callable[[Registry], None]]()

    @property
    def database(self) -> Database | None:
        """Return the database of the archive while that is open."""
        return self.archive.database if self.archive else None

    @callback
    def judge(self, passage: Passage) -> Verdict | None:
        """Return what is known of a passage's vehicle; None where nothing is.

        What came late is judged by what holds for when it passed.
        """
        if self.judge_of is None:
            return None
        moment = dt_util.now() if passage.live else passage.captured_at
        return self.judge_of(passage, dt_util.as_local(moment))

    @callback
    def take(self, passage: Passage, change: Change) -> None:
        """Hand a passage over after it was announced."""
        for taker in self._takers:
            taker.take(passage, change)

    async def async_taken(
        self, device_id: str, channel: int, since: datetime
    ) -> list[tuple[PlateRead, datetime]] | None:
        """Return the reads of a channel in the archive, and when they came in.

        `since` is by the device's clock. None while the archive is away.
        """
        if self.archive is None:
            return None
        ask = partial(reads_since, device_id=device_id, channel=channel, since=since)
        try:
            return await self.archive.database.async_read(ask)
        except ArchiveError:
            return None

    @callback
    def take_picture(self, passage: Passage, kind: str, data: bytes) -> None:
        """Hand a picture of a passage over."""
        for taker in self._takers:
            taker.take_picture(passage, kind, data)

    @property
    def known_inside(self) -> CarPark | None:
        """Return who is inside; None until the database has told."""
        return self.car_park if self.car_park and self.car_park.is_loaded else None

    @callback
    def subscribe(self, taker: PassageTaker) -> CALLBACK_TYPE:
        """Hand over to one more; return how to stop."""
        return self._takers.add(taker)

    @callback
    def open_vehicles(self, vehicles: Registry, judge_of: JudgeOf) -> None:
        """Judge by the known vehicles from now on, and tell who follows them."""
        self.vehicles, self.judge_of = vehicles, judge_of
        for follower in self._followers:
            follower(vehicles)

    @callback
    def close_vehicles(self) -> None:
        """Know no vehicles, until they are opened anew."""
        self.vehicles = self.judge_of = None

    @callback
    def follow_vehicles(self, follower: Callable[[Registry], None]) -> CALLBACK_TYPE:
        """Hand the known vehicles over, now and each time they open; return how to stop."""
        if self.vehicles:
            follower(self.vehicles)
        return self._followers.add(follower)


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
        raise _not_loaded(hass)
    return registry


@callback
def open_car_park(hass: HomeAssistant) -> CarPark:
    """Return who is inside. Raises HomeAssistantError while that is not known."""
    if (car_park := async_get_centre(hass).known_inside) is None:
        raise _not_loaded(hass)
    return car_park


def _not_loaded(hass: HomeAssistant) -> HomeAssistantError:
    """Return why what the database keeps is not there: it is away, or the centre is."""
    is_open = async_get_centre(hass).archive is not None
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="archive_unavailable" if is_open else "archive_closed",
    )
