"""Keep the clip of a passage for a while, so that it plays immediately."""

import asyncio
import os
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .file_link import folder
from .recorded_clip import async_around, async_make_clip

MIME_TYPE: Final = "video/mp4"
_LOCKS: HassKey[WeakValueDictionary[str, asyncio.Lock]] = HassKey(f"{DOMAIN}_clips")


async def async_get_passage_clip(hass: HomeAssistant, passage_id: str) -> Path:
    """Return the clip of a passage, made where it is not there yet.

    Making takes as long as the clip lasts. One of which the device had not yet
    recorded all is made anew the next time. Raises HomeAssistantError.
    """
    wanted = await async_around(hass, passage_id)
    locks = hass.data.setdefault(_LOCKS, WeakValueDictionary())
    async with locks.setdefault(passage_id, asyncio.Lock()):
        kept = folder(hass) / f"recording-{passage_id}.mp4"
        if await hass.async_add_executor_job(_keep_on, kept):
            return kept
        name = f"recording-{passage_id}-{dt_util.now():%Y%m%d-%H%M%S-%f}.mp4"
        clip = await async_make_clip(hass, wanted, folder(hass) / name)
        if not clip.is_whole:
            return clip.path
        return await hass.async_add_executor_job(clip.path.replace, kept)


def _keep_on(path: Path) -> bool:
    """Keep a clip for a day from now on; tell whether it is there."""
    try:
        os.utime(path)
    except OSError:
        return False
    return True
