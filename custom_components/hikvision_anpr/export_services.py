"""Let users take passages out of the archive into a file."""

from pathlib import Path
import threading
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from .archive.errors import ArchiveError
from .archive.export import FORMATS, Exported, export_passages
from .archive.query_schema import FILTERS, query_of
from .centre import open_archive
from .const import DOMAIN
from .exceptions import archive_error
from .file_link import link_to, place_of

SERVICE_EXPORT_PASSAGES: Final = "export_passages"
EXPORTING: HassKey[threading.Event] = HassKey(f"{DOMAIN}_exporting")

EXPORT_SCHEMA: Final[Any] = vol.Schema(
    {
        **{marker: kind for marker, kind in FILTERS.items() if marker != "limit"},
        vol.Optional("sort", default="oldest"): vol.In(["newest", "oldest", "plate"]),
        vol.Optional("format", default="csv"): vol.In(FORMATS),
        vol.Optional("file"): str,
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action; it is for administrators."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_EXPORT_PASSAGES,
        _async_export,
        EXPORT_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_export(call: ServiceCall) -> ServiceResponse:
    """Write passages into a file, and answer where it is; one export at a time."""
    hass = call.hass
    if EXPORTING in hass.data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="export_going_on"
        )
    ended = hass.data[EXPORTING] = threading.Event()
    try:
        return await _async_export_now(call, ended)
    finally:
        ended.set()
        del hass.data[EXPORTING]


async def _async_export_now(
    call: ServiceCall, ended: threading.Event
) -> ServiceResponse:
    """Write passages into a file."""
    hass, written_as = call.hass, call.data["format"]
    archive = open_archive(hass)
    name = f"passages-{dt_util.now():%Y%m%d-%H%M%S}.{written_as}"
    path = place_of(hass, call.data.get("file"), name)

    def follow(passages: int) -> None:
        if ended.is_set():
            raise OSError("the export was ended")

    try:
        query = query_of({**call.data, "limit": 1})
        done = await archive.database.async_read(
            lambda connection: export_passages(
                connection,
                query,
                written_as,
                path,
                archive.pictures.files,
                dt_util.get_default_time_zone(),
                follow,
            )
        )
    except ArchiveError as error:
        raise archive_error(error) from error
    except OSError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="file_not_written",
            translation_placeholders={"path": str(path)},
        ) from error
    return _told(hass, path, done)


def _told(hass: HomeAssistant, path: Path, done: Exported) -> dict[str, Any]:
    """Return where a file is, and what is in it."""
    return {
        "file": str(path),
        "count": done.passages,
        "pictures": done.pictures,
        "size": done.size,
        "url": link_to(hass, path),
    }
