"""Provide an action to export passages."""

import asyncio
from collections.abc import Callable, Mapping
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
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from .allowed_files import written_or_told
from .archive.database import Database
from .archive.export import FORMATS, Exported, export_passages
from .archive.export_pages import Follower
from .archive.export_zip import Recordings
from .archive.passage_query import PassageQuery
from .archive.query_schema import FILTERS, query_of
from .archive.search import search
from .centre import open_archive
from .const import DOMAIN
from .exceptions import centre_errors_told
from .export_order import async_forget, async_remember
from .file_link import link_to, place_of
from .passage_clip import async_get_passage_clip
from .passage_wording import READER, async_language, async_wording

SERVICE_EXPORT_PASSAGES: Final = "export_passages"
MOST_RECORDINGS: Final = 100
"""How many passages may be exported with their recordings: a device plays two at once,
each as long as it lasts."""
EXPORTING: HassKey[threading.Event] = HassKey(f"{DOMAIN}_exporting")

EXPORT: Final[dict[Any, Any]] = {
    **{marker: kind for marker, kind in FILTERS.items() if marker != "limit"},
    vol.Optional("sort", default="oldest"): vol.In(["newest", "oldest", "plate"]),
    vol.Optional("format", default="csv"): vol.In(FORMATS),
    vol.Optional("file"): str,
    vol.Optional("recordings", default=False): cv.boolean,
    **READER,
}
EXPORT_SCHEMA: Final[Any] = vol.Schema(EXPORT)

type Data = Mapping[str, Any]


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
    """Write passages into a file, and answer where it is."""
    user_id = call.context.user_id
    return await async_export(call.hass, call.data, _tell_nobody, user_id=user_id)


@callback
def _tell_nobody(_passages: int) -> None:
    """Let nobody follow: an action answers once."""


async def async_export(
    hass: HomeAssistant,
    data: Data,
    tell: Callable[[int], None],
    name: str | None = None,
    user_id: str | None = None,
) -> dict[str, Any]:
    """Write passages into a file, and return where it is; one export at a time.

    `tell` is told in the event loop how many are written; `name` is that of a file
    without a place of its own, and the language is that of the user. What Home Assistant's end cuts short begins anew with
    the next start. Raises HomeAssistantError.
    """
    if EXPORTING in hass.data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="export_going_on"
        )
    ended = hass.data[EXPORTING] = threading.Event()

    def follow(passages: int) -> None:
        if ended.is_set() or not hass.is_running:
            raise OSError("the export was ended")
        hass.loop.call_soon_threadsafe(tell, passages)

    try:
        spoken = {"language": await async_language(hass, user_id), **data}
        return await _async_export_now(hass, spoken, follow, name or _new_name(data))
    finally:
        ended.set()
        del hass.data[EXPORTING]
        if hass.is_running:
            await async_forget(hass)


def _new_name(data: Data) -> str:
    """Return the name of a file for which none was wished."""
    # Two within a second are two files: the link of the first must not lead to the second.
    now = dt_util.now()
    return f"passages-{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03}.{data['format']}"


async def _async_export_now(
    hass: HomeAssistant, data: Data, follow: Follower, name: str
) -> dict[str, Any]:
    """Write passages into a file."""
    archive = open_archive(hass)
    path = place_of(hass, data.get("file"), name)
    wording = await async_wording(hass, data["language"], data.get("time_zone"))
    with centre_errors_told(), written_or_told(path):
        query = query_of({**data, "limit": MOST_RECORDINGS}, archive.plate_hash)
        wished = {str(key): data[key] for key in EXPORT if key in data}
        await async_remember(hass, {"data": wished, "name": name})
        recordings = await _async_recordings(hass, data, archive.database, query)
        done = await archive.async_read(
            lambda connection: export_passages(
                connection,
                query,
                data["format"],
                path,
                archive.pictures.files,
                wording,
                follow,
                recordings,
            )
        )
    return _told(hass, path, done)


async def _async_recordings(
    hass: HomeAssistant, data: Data, database: Database, query: PassageQuery
) -> Recordings:
    """Return the recordings of passages, if they are wanted.

    Raises ServiceValidationError where they cannot be exported, and ArchiveError.
    """
    if not data["recordings"]:
        return Recordings()
    if data["format"] != "zip":
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="recordings_need_zip"
        )
    page = await database.async_read(lambda connection: search(connection, query))
    if page.cursor is not None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_many_recordings",
            translation_placeholders={"most": str(MOST_RECORDINGS)},
        )
    return await _async_clips(
        hass, [str(passage["passage_id"]) for passage in page.passages]
    )


async def _async_clips(hass: HomeAssistant, passage_ids: list[str]) -> Recordings:
    """Return the clips of passages, and in words why others have none."""
    async with asyncio.TaskGroup() as group:
        tasks = {key: group.create_task(_async_clip(hass, key)) for key in passage_ids}
    found = {key: task.result() for key, task in tasks.items()}
    return Recordings(
        clips={key: one for key, one in found.items() if isinstance(one, Path)},
        missing={key: one for key, one in found.items() if isinstance(one, str)},
    )


async def _async_clip(hass: HomeAssistant, passage_id: str) -> Path | str:
    """Return the clip of a passage, or why there is none."""
    try:
        return await async_get_passage_clip(hass, passage_id)
    except HomeAssistantError as error:
        return str(error)


def _told(hass: HomeAssistant, path: Path, done: Exported) -> dict[str, Any]:
    """Return where a file is, and what is in it."""
    return {
        "file": str(path),
        "count": done.passages,
        "pictures": done.pictures,
        "recordings": done.recordings,
        "size": done.size,
        "url": link_to(hass, path),
    }
