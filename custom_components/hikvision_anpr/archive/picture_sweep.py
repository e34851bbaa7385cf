"""Delete picture files that are not in the database."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
import logging
from pathlib import Path
import re
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_track_time_change
from homeassistant.util import dt as dt_util

from ..single_task import SingleTask
from .database import Database
from .errors import ArchiveError
from .picture_files import PictureFiles
from .picture_rows import files_of_day

_LOGGER = logging.getLogger(__name__)

GRACE: Final = timedelta(days=1)
"""How old a file has to be: the row of a younger one may be yet to be written."""

MOST_DAYS: Final = 400
"""How many days of pictures are looked at in one night; the next goes on from there."""

MOST_DELETED: Final = 20_000

_PICTURE: Final = re.compile(r"([\w-]+-(?:plate|scene|vehicle))(?:\.thumb)?(\.jpg)")
_PART: Final = re.compile(r"tmp\w+\.part")


class PictureSweep:
    """Look once a night for files that a crash, or a share that was away, left behind.

    Files of other programs, and those of other Home Assistants, are no concern of ours.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        database: Database,
        files: PictureFiles,
        unwritten: Callable[[], Iterable[str]],
    ) -> None:
        """Prepare; `unwritten` are the files whose rows are yet to be written."""
        self._hass = hass
        self._database = database
        self._files = files
        self._unwritten = unwritten
        self._last: date | None = None
        self._task = SingleTask(hass, self._async_sweep, "delete stray pictures")

    @callback
    def start(self) -> None:
        """Sweep in the night, when the machine has the least to do."""
        timer = async_track_time_change(
            self._hass, self._task.async_begin, hour=3, minute=40, second=0
        )
        self._task.async_follow(timer)

    async def async_stop(self) -> None:
        """End, also in the middle of it."""
        await self._task.async_stop()

    async def async_sweep(self) -> int:
        """Delete files without a row; return how many. Raises ArchiveError and OSError.

        Where most files have none, the database is a new one or another's: then they
        are left alone.
        """
        strays: list[str] = []
        known = 0
        for day in await self._async_days():
            names = await self._async_names(day)
            rows = await self._database.async_read(partial(files_of_day, day=day))
            rows |= set(self._unwritten())
            without = [name for name in names if _picture(name) not in rows]
            known += len(names) - len(without)
            strays += await self._hass.async_add_executor_job(self._old, without)
            self._last = day
            if len(strays) >= MOST_DELETED:
                break
        if len(strays) > known:
            _LOGGER.warning(
                "Of the pictures in %s, %s belong to no passage and only %s to one;"
                " nothing is deleted",
                self._files.folder,
                len(strays),
                known,
            )
            return 0
        await self._hass.async_add_executor_job(self._files.delete, strays)
        return len(strays)

    async def _async_sweep(self) -> None:
        """Sweep; in times of trouble, another night."""
        try:
            deleted = await self.async_sweep()
        except (ArchiveError, OSError) as error:
            _LOGGER.debug("Stray pictures are deleted later: %s", error)
        except Exception:
            _LOGGER.exception("Stray pictures cannot be deleted")
        else:
            _LOGGER.debug("Deleted %s stray pictures", deleted)

    async def _async_days(self) -> list[date]:
        """Return the days whose turn it is."""
        days = await self._hass.async_add_executor_job(_days, self._files.folder)
        coming = [day for day in days if self._last is None or day > self._last]
        return (coming or days)[:MOST_DAYS]

    async def _async_names(self, day: date) -> list[str]:
        """Return the pictures of a day, of the devices that are ours."""
        devices = {device.id for device in dr.async_get(self._hass).devices}
        return await self._hass.async_add_executor_job(
            _names, self._files.folder, day, devices
        )

    def _old(self, names: Iterable[str]) -> list[str]:
        """Return those files that are old enough to be deleted."""
        before = (dt_util.utcnow() - GRACE).timestamp()
        return [name for name in names if _changed(self._files.folder / name) < before]


def _days(folder: Path) -> list[date]:
    """Return the days that have a folder, the earliest first."""
    found: list[date] = []
    for path in folder.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]"):
        year, month, day = path.parts[-3:]
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return sorted(found)


def _names(folder: Path, day: date, devices: set[str]) -> list[str]:
    """Return the names of a day's pictures below the folder, small ones included."""
    start = f"{day:%Y/%m/%d}"
    return [
        f"{start}/{path.parent.name}/{path.name}"
        for path in (folder / start).glob("*/*")
        if path.parent.name in devices
        and (_PICTURE.fullmatch(path.name) or _PART.fullmatch(path.name))
    ]


def _picture(name: str) -> str:
    """Return the picture that a file is, or is the small one of."""
    place, _, last = name.rpartition("/")
    found = _PICTURE.fullmatch(last)
    return f"{place}/{found[1]}{found[2]}" if found else name


def _changed(path: Path) -> float:
    """Return when a file was written; one that is gone is as good as new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
