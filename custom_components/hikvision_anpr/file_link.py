"""Keep files that have no place of their own for a day, and lead there by signed links."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .allowed_files import allowed_path
from .const import DOMAIN

LINK_COUNTS: Final = timedelta(hours=24)
"""How long a link leads to a file, and how long files without a place of their own are
kept."""

URL: Final = f"/api/{DOMAIN}/export/{{name}}"
KINDS: Final = ("passages-*", "recording-*")


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


def folder(hass: HomeAssistant) -> Path:
    """Return where files without a place of their own are."""
    return Path(hass.config.path(DOMAIN, "exports"))


def place_of(hass: HomeAssistant, wanted: str | None, name: str) -> Path:
    """Return where a file goes: where the user wants it, else under a name of ours.

    Raises ServiceValidationError outside what is allowed.
    """
    return allowed_path(hass, wanted) if wanted is not None else folder(hass) / name


def link_to(hass: HomeAssistant, path: Path) -> str | None:
    """Return a signed link to a file; None to one that has a place of its own."""
    if path.parent != folder(hass):
        return None
    return async_sign_path(hass, URL.format(name=path.name), LINK_COUNTS)


def sweep(where: Path) -> None:
    """Delete files whose links count no longer."""
    oldest = dt_util.utcnow().timestamp() - LINK_COUNTS.total_seconds()
    for path in (path for kind in KINDS for path in where.glob(kind)):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
