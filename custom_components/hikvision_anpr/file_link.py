"""Keep temporary files for a day, and provide signed links to them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from glob import escape
import logging
from pathlib import Path
from time import time
from typing import Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .allowed_files import allowed_path
from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

LINK_COUNTS: Final = timedelta(hours=24)
"""How long a link leads to a file, and how long files without a place of their own are
kept."""

URL: Final = f"/api/{DOMAIN}/export/{{name}}"
KINDS: Final = ("passages-*", "recording-*", "capture-*", "snapshot-*", "*.part")
SWEEP_EVERY: Final = timedelta(hours=1)
_STARTED: Final = time()
"""What is half-written since before then, nobody goes on with."""


class FileView(HomeAssistantView):
    """Answer with a file that was written without a place of its own."""

    url = URL
    name = f"api:{DOMAIN}:export"

    async def get(self, request: web.Request, name: str) -> web.StreamResponse:
        """Return the file, or 404."""
        hass = request.app[KEY_HASS]
        path = folder(hass) / name
        is_there = await hass.async_add_executor_job(path.is_file)
        if path.parent != folder(hass) or not is_there:
            raise web.HTTPNotFound
        disposition = f'attachment; filename="{path.name}"'
        return web.FileResponse(path, headers={"Content-Disposition": disposition})

    head = get


def folder(hass: HomeAssistant) -> Path:
    """Return where files without a place of their own are; backups leave it out."""
    return Path(hass.config.cache_path(DOMAIN, "exports"))


def place_of(hass: HomeAssistant, wanted: str | None, name: str) -> Path:
    """Return where a file goes: where the user wants it, else under a name of ours.

    Raises ServiceValidationError outside what is allowed.
    """
    return allowed_path(hass, wanted) if wanted is not None else folder(hass) / name


def link_to(hass: HomeAssistant, path: Path) -> str | None:
    """Return a signed link to a file; None to one that has a place of its own."""
    if path.parent != folder(hass):
        return None
    return async_sign_path(hass, url_of(path), LINK_COUNTS)


def url_of(path: Path) -> str:
    """Return where a file is, for those who are logged in."""
    return URL.format(name=path.name)


@callback
def async_start_sweeping(hass: HomeAssistant) -> CALLBACK_TYPE:
    """Delete files whose links count no longer, now and then; return what ends it."""

    async def sweep_now(_: datetime | None = None) -> None:
        await hass.async_add_executor_job(sweep, folder(hass))

    hass.async_create_task(sweep_now(), f"{DOMAIN} sweep files")
    return async_track_time_interval(
        hass, sweep_now, SWEEP_EVERY, cancel_on_shutdown=True
    )


def sweep(where: Path) -> None:
    """Delete files whose links count no longer, and what a crash left half-written."""
    oldest = dt_util.utcnow().timestamp() - LINK_COUNTS.total_seconds()
    for path in (path for kind in KINDS for path in where.glob(kind)):
        kept_since = max(oldest, _STARTED) if path.suffix == ".part" else oldest
        try:
            if path.stat().st_mtime < kept_since:
                path.unlink(missing_ok=True)
        except OSError as error:
            _LOGGER.debug("A file is swept later: %s", error)


def delete_clips(where: Path, passage_ids: Iterable[str]) -> None:
    """Delete the clips of passages that are gone."""
    for passage_id in passage_ids:
        for path in where.glob(f"recording-{escape(passage_id)}*"):
            path.unlink(missing_ok=True)
