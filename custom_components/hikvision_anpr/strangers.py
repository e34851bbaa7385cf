"""Hide the plates of strangers after some days."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import batched
import logging
import secrets
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .archive.archive import Archive
from .archive.errors import ArchiveError
from .archive.hiding import Place, Stranger, hide, strangers
from .archive.plate_hash import KEY_BYTES, PlateHash, is_token
from .archive.record import milliseconds
from .const import DOMAIN
from .parking.car_park import CarPark
from .single_task import SingleTask
from .vehicles.registry import Registry

_LOGGER = logging.getLogger(__name__)

EVERY: Final = timedelta(hours=1)
WHOLE_EVERY: Final = timedelta(days=1)
"""How often all is looked at again: a vehicle may be known no longer."""

READ_AT_ONCE: Final = 2000
WRITTEN_AT_ONCE: Final = 200

_STORE_VERSION: Final = 1
_BEGINNING: Final[Place] = (-(2**62), 0)


async def async_plate_hash(hass: HomeAssistant, *, create: bool) -> PlateHash | None:
    """Return the hash with the key of this Home Assistant; None where it has none.

    The key is apart from the archive: a copy of that alone gives no plate away.
    """
    store: Store[dict[str, str]] = Store(
        hass, _STORE_VERSION, f"{DOMAIN}.plate_key", private=True
    )
    if stored := await store.async_load():
        return PlateHash(key=bytes.fromhex(stored["key"]))
    if not create:
        return None
    key = secrets.token_bytes(KEY_BYTES)
    await store.async_save({"key": key.hex()})
    return PlateHash(key=key)


class Strangers:
    """Look every hour for strangers who passed so many days ago."""

    def __init__(
        self,
        hass: HomeAssistant,
        archive: Archive,
        car_park: CarPark,
        vehicles: Callable[[], Registry | None],
        age: timedelta,
    ) -> None:
        """Prepare; `vehicles` are those who are known, None while nobody can tell."""
        self._hass = hass
        self._archive = archive
        self._car_park = car_park
        self._vehicles = vehicles
        self._age = age
        self._place = _BEGINNING
        self._whole_at = datetime.min.replace(tzinfo=UTC)
        self._task = SingleTask(hass, self._async_try, "hide strangers")

    @callback
    def async_start(self) -> None:
        """Begin at once, then every hour."""
        timer = async_track_time_interval(
            self._hass, self._task.async_begin, EVERY, cancel_on_shutdown=True
        )
        self._task.async_follow(timer)
        self._task.async_begin()

    async def async_stop(self) -> None:
        """End, also in the middle of it."""
        await self._task.async_stop()

    async def _async_try(self) -> None:
        """Hide; in times of trouble, an hour later."""
        try:
            hidden = await self.async_hide()
        except ArchiveError as error:
            _LOGGER.debug("Strangers are hidden later: %s", error)
        except Exception:
            _LOGGER.exception("The plates of strangers cannot be hidden")
        else:
            _LOGGER.debug("Hid the plates of %s passages", hidden)

    async def async_hide(self) -> int:
        """Hide the plates of those who are due; return of how many passages.

        Their pictures are deleted, which show the plate. Raises ArchiveError.
        """
        if self._vehicles() is None or not self._archive.deletes:
            return 0
        now = dt_util.utcnow()
        if now - self._whole_at >= WHOLE_EVERY:
            self._place, self._whole_at = _BEGINNING, now
        before = now - self._age
        hidden = 0
        while found := await self._async_next(before):
            plain = [one for one in found if self._token(one.plate)]
            for some in batched(plain, WRITTEN_AT_ONCE, strict=False):
                hidden += await self._async_hide_some(some)
            self._place = found[-1].place
        await self._car_park.async_hide(before, self._token)
        return hidden

    async def _async_next(self, before: datetime) -> list[Stranger]:
        """Return the next passages of strangers. Raises ArchiveError."""
        read = partial(
            strangers,
            after=self._place,
            before=milliseconds(before)[0],
            most=READ_AT_ONCE,
        )
        return await self._archive.database.async_read(read)

    async def _async_hide_some(self, some: Sequence[Stranger]) -> int:
        """Hide the plates of passages, and return of how many. Raises ArchiveError."""
        write = partial(hide, found=some, token=self._token)
        ids = await self._archive.database.async_write(write)
        await self._archive.pictures.async_delete(ids)
        return len(ids)

    def _token(self, plate: str) -> str | None:
        """Return what stands for a plate; None for one that is known, or a token."""
        vehicles, plate_hash = self._vehicles(), self._archive.plate_hash
        if is_token(plate) or vehicles is None or vehicles.get(plate):
            return None
        return plate_hash.token(plate) if plate_hash else None
