"""Keep the last pictures of a device across restarts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
import logging
import os
from pathlib import Path
import shutil
from typing import Final

from homeassistant.core import HomeAssistant

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

KINDS: Final = ("licensePlatePicture", "detectionPicture", "vehiclePicture")
"""The kinds of pictures that are shown: plate, scene, vehicle (reference 1.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Hold a picture, a JPEG, and when it arrived."""

    data: bytes
    arrived_at: datetime


type Pictures = Mapping[str, Picture]


class PictureCache:
    """Write the last pictures of each channel to the cache folder, and read them.

    The cache folder takes no part in backups. A file's time is its picture's.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Use a folder of the entry's own."""
        self._hass = hass
        self._folder = Path(hass.config.cache_path(DOMAIN, entry_id))

    async def async_load(self, channel: int) -> Pictures:
        """Return the pictures of a channel from before."""
        return await self._hass.async_add_executor_job(self._load, channel)

    async def async_save(self, channel: int, pictures: Pictures) -> None:
        """Keep the pictures of a channel; a full or missing disk is only logged."""
        await self._hass.async_add_executor_job(self._save, channel, pictures)

    async def async_remove(self) -> None:
        """Delete all pictures of the entry."""
        await self._hass.async_add_executor_job(
            lambda: shutil.rmtree(self._folder, ignore_errors=True)
        )

    def _path(self, channel: int, kind: str) -> Path:
        """Return the file of a picture."""
        return self._folder / f"{channel}-{kind}.jpg"

    def _load(self, channel: int) -> Pictures:
        """Read the pictures that are there."""
        pictures: dict[str, Picture] = {}
        for kind in KINDS:
            path = self._path(channel, kind)
            try:
                arrived_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                pictures[kind] = Picture(data=path.read_bytes(), arrived_at=arrived_at)
            except OSError:
                continue
        return pictures

    def _save(self, channel: int, pictures: Pictures) -> None:
        """Write the pictures that are newer than their files, each in one step."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for kind, picture in pictures.items():
                self._write(self._path(channel, kind), picture)
        except OSError as err:
            _LOGGER.debug("The last pictures could not be kept: %s", err)

    def _write(self, path: Path, picture: Picture) -> None:
        """Write one picture and its time."""
        arrived_at = picture.arrived_at.timestamp()
        if path.exists() and path.stat().st_mtime == arrived_at:
            return
        part = path.with_suffix(".part")
        part.write_bytes(picture.data)
        os.utime(part, (arrived_at, arrived_at))
        part.replace(path)
