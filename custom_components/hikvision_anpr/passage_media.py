"""Browse the passages of the archive, by day, area, channel and plate."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, unquote

from homeassistant.components.media_player import MediaClass
from homeassistant.components.media_source import BrowseMediaSource
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from sqlalchemy import Connection

from . import recording_media
from .archive.errors import ArchiveError
from .archive.picture_rows import kinds_of, picture_days
from .archive.query_schema import query_of
from .archive.search import passage_of, search
from .centre import async_get_centre
from .channel_targets import all_targets
from .const import DOMAIN
from .media_folder import folder
from .parking_areas import areas_of_centre
from .passage_clip import MIME_TYPE
from .picture_view import picture_url

TITLE: Final = "Hikvision ANPR"
JPEG: Final = "image/jpeg"
MOST_DAYS: Final = 366
MOST_SHOWN: Final = 500
_CLOCK: Final = "%H:%M:%S"
_DAY_AND_CLOCK: Final = f"%Y-%m-%d {_CLOCK}"
_UNREADABLE: Final = "Unreadable"
_BEST_FIRST: Final = ("scene", "vehicle", "plate")


async def async_show_root(hass: HomeAssistant) -> BrowseMediaSource:
    """Return the other ways in, and the days that have pictures, the latest first."""
    offset = dt_util.now().utcoffset() or timedelta()
    days = await _async_read(
        hass, lambda c: picture_days(c, int(offset.total_seconds()), MOST_DAYS)
    )
    ways = _ways(hass)
    children = [folder(way, way.capitalize()) for way in ways if ways[way]]
    if ways["channels"]:
        children.append(folder(recording_media.FOLDER, "Recordings"))
    children += [folder(f"day/{day}", day.isoformat()) for day in days]
    root = folder("", TITLE, children)
    root.can_search = True
    return root


def show_way(hass: HomeAssistant, way: str) -> BrowseMediaSource:
    """Return the areas, the channels or the named vehicles, as folders."""
    return folder(way, way.capitalize(), _ways(hass)[way])


async def async_show_day(hass: HomeAssistant, day: date) -> BrowseMediaSource:
    """Return the passages of a day, the latest first."""
    end = dt_util.start_of_local_day(day + timedelta(days=1))
    found = await async_find(hass, start=dt_util.start_of_local_day(day), end=end)
    return folder(f"day/{day}", day.isoformat(), found)


async def async_show_passages(
    hass: HomeAssistant, identifier: str, **filters: object
) -> BrowseMediaSource:
    """Return the latest passages that filters let through. Raises ArchiveError."""
    title = unquote(identifier.rpartition("/")[2])
    names = dict(recording_media.channel_names(hass))
    found = await async_find(hass, **filters)
    return folder(identifier, names.get(title, title), found)


async def async_show_passage(hass: HomeAssistant, passage_id: str) -> BrowseMediaSource:
    """Return the pictures of a passage, and its recording."""
    kinds = await _async_read(hass, lambda c: kinds_of(c, [passage_id]))
    children = [_picture(passage_id, kind) for kind in kinds.get(passage_id, ())]
    passage = await _async_read(hass, lambda c: passage_of(c, passage_id))
    if passage and _is_set_up(hass, passage["device_id"]):
        best = _thumbnail(passage_id, kinds.get(passage_id, []))
        children.append(_recording(passage_id, best))
    if plate := passage and passage["plate_normalized"]:
        children.append(_plate_folder(str(plate), f"All of {plate}"))
    title = _title(hass, passage, _DAY_AND_CLOCK) if passage else passage_id
    return folder(f"passage/{passage_id}", title, children)


def _picture(passage_id: str, kind: str) -> BrowseMediaSource:
    """Return a picture of a passage."""
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"picture/{passage_id}/{kind}",
        media_class=MediaClass.IMAGE,
        media_content_type=JPEG,
        title=kind.capitalize(),
        can_play=True,
        can_expand=False,
        thumbnail=_thumbnail(passage_id, [kind]),
    )


async def async_find(hass: HomeAssistant, **filters: object) -> list[BrowseMediaSource]:
    """Return passages with pictures, the latest first. Raises ArchiveError."""
    asked = {"look_alikes": False, "max_distance": 0, "sort": "newest", **filters}
    query = query_of({**asked, "limit": MOST_SHOWN})
    page = await _async_read(hass, lambda c: search(c, query))
    ids = [str(passage["passage_id"]) for passage in page.passages]
    kinds = await _async_read(hass, lambda c: kinds_of(c, ids))
    pattern = _CLOCK if "start" in filters else _DAY_AND_CLOCK
    return [
        folder(
            f"passage/{key}",
            _title(hass, passage, pattern),
            thumbnail=_thumbnail(key, kinds[key]),
        )
        for key, passage in zip(ids, page.passages, strict=True)
        if key in kinds
    ]


def _ways(hass: HomeAssistant) -> dict[str, list[BrowseMediaSource]]:
    """Return the ways in other than by day, with what is behind them."""
    channels = recording_media.channel_names(hass)
    return {
        "areas": [
            folder(f"area/{quote(name, safe='')}", name)
            for name in areas_of_centre(hass)
        ],
        "channels": [
            folder(f"channel/{device_id}", name) for device_id, name in channels
        ],
        "vehicles": _vehicles(hass),
    }


def _vehicles(hass: HomeAssistant) -> list[BrowseMediaSource]:
    """Return the known vehicles that have a name, by it."""
    registry = async_get_centre(hass).vehicles
    named = [one for one in registry.vehicles.values() if one.name] if registry else []
    return [
        _plate_folder(one.normalized, f"{one.name} · {one.plate}")
        for one in sorted(named, key=lambda one: str(one.name).casefold())
    ]


def _is_set_up(hass: HomeAssistant, device_id: object) -> bool:
    """Tell whether a device is there that can be asked for its recordings."""
    return any(one.device_id == device_id for one in all_targets(hass))


def _title(hass: HomeAssistant, passage: dict[str, Any], pattern: str) -> str:
    """Return which vehicle passed, when and where: what is cut off matters least."""
    moment = datetime.fromisoformat(passage["captured_at"])
    device = dr.async_get(hass).async_get(passage["device_id"])
    place = (device.name_by_user or device.name) if device else None
    plate = passage["corrected_plate"] or passage["plate"] or _UNREADABLE
    clock = dt_util.as_local(moment).strftime(pattern)
    return " · ".join(filter(None, (plate, clock, passage["vehicle_name"], place)))


async def _async_read[T](hass: HomeAssistant, work: Callable[[Connection], T]) -> T:
    """Read from the archive. Raises ArchiveError."""
    archive = async_get_centre(hass).archive
    if archive is None:
        raise ArchiveError("the archive is closed")
    return await archive.async_read(work)


def _plate_folder(plate: str, title: str) -> BrowseMediaSource:
    """Return the folder of the passages of a normalized plate."""
    return folder(f"plate/{quote(plate, safe='')}", title)


def _recording(passage_id: str, thumbnail: str | None) -> BrowseMediaSource:
    """Return the recording of a passage; whether there is one is asked when it plays."""
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"recording/{passage_id}",
        media_class=MediaClass.VIDEO,
        media_content_type=MIME_TYPE,
        title="Recording",
        can_play=True,
        can_expand=False,
        thumbnail=thumbnail,
    )


def _thumbnail(passage_id: str, kinds: list[str]) -> str | None:
    """Return the small picture that shows a passage best."""
    best = next((kind for kind in _BEST_FIRST if kind in kinds), None)
    return f"{picture_url(passage_id, best)}?thumbnail=1" if best else None
