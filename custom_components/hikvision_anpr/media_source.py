"""Browse the pictures and recordings of passages among Home Assistant's media."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, override
from urllib.parse import quote, unquote

from homeassistant.components.media_player import (
    MediaClass,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from sqlalchemy import Connection

from . import recording_media
from .archive.archive import PICTURE_KINDS
from .archive.errors import ArchiveError
from .archive.picture_rows import kinds_of, picture_days
from .archive.query_schema import query_of
from .archive.search import passage_of, search
from .centre import async_get_centre
from .channel_targets import all_targets
from .const import DOMAIN
from .exceptions import archive_error
from .file_link import url_of
from .media_folder import folder
from .parking_areas import areas_of_centre
from .passage_clip import MIME_TYPE, async_get_passage_clip
from .picture_view import picture_url

TITLE: Final = "Hikvision ANPR"
MOST_DAYS: Final = 366
MOST_SHOWN: Final = 500
_CLOCK: Final = "%H:%M:%S"
_DAY_AND_CLOCK: Final = f"%Y-%m-%d {_CLOCK}"
_UNREADABLE: Final = "Unreadable"
_LONGEST_TIME: Final = 11
_JPEG: Final = "image/jpeg"
_BEST_FIRST: Final = ("scene", "vehicle", "plate")


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return the source of pictures."""
    return PassageMediaSource(hass)


class PassageMediaSource(MediaSource):
    """Offer passages by day, area, channel and plate, and what was seen of each."""

    name = TITLE

    def __init__(self, hass: HomeAssistant) -> None:
        """Offer what the archive keeps."""
        super().__init__(DOMAIN)
        self._hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where a picture, a clip or a stream is. Raises Unresolvable."""
        match item.identifier.split("/"):
            case ["recording", passage_id]:
                return await self._async_clip(passage_id)
            case ["play", device_id, start, end] if _are_times(start, end):
                with _told():
                    return await recording_media.async_play(
                        self._hass, device_id, _moment(start), _moment(end)
                    )
            case ["picture", passage_id, kind] if kind in PICTURE_KINDS.values():
                return PlayMedia(picture_url(passage_id, kind), _JPEG)
        raise Unresolvable(translation_domain=DOMAIN, translation_key="no_picture")

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return a folder with what is in it. Raises Unresolvable."""
        try:
            match item.identifier.split("/") if item.identifier else []:
                case []:
                    return await self._async_days()
                case ["day", day]:
                    return await self._async_passages(date.fromisoformat(day))
                case ["areas" | "channels" | "vehicles" as way]:
                    return folder(way, way.capitalize(), self._ways()[way])
                case ["channel", device_id]:
                    return await self._async_folder(item, device_id=[device_id])
                case ["area", area]:
                    return await self._async_folder(item, area=[unquote(area)])
                case ["plate", plate]:
                    return await self._async_folder(item, plate=f'"{unquote(plate)}"')
                case ["passage", passage_id]:
                    return await self._async_pictures(passage_id)
                case [recording_media.FOLDER, *rest]:
                    with _told():
                        return await self._async_recordings(rest)
        except ArchiveError as error:
            told = archive_error(error)
            raise Unresolvable(
                translation_domain=DOMAIN, translation_key=told.translation_key
            ) from error
        except ValueError:
            pass
        raise Unresolvable(translation_domain=DOMAIN, translation_key="no_picture")

    @override
    async def async_search_media(
        self, item: MediaSourceItem, query: SearchMediaQuery
    ) -> SearchMedia:
        """Return the passages with a part of a plate. Raises ValueError, with a text."""
        try:
            return SearchMedia(result=await self._async_found(plate=query.search_query))
        except ArchiveError as error:
            raise ValueError(str(archive_error(error))) from error

    async def _async_clip(self, passage_id: str) -> PlayMedia:
        """Return the clip of a passage, once it is made. Raises Unresolvable."""
        with _told():
            path = await async_get_passage_clip(self._hass, passage_id)
        return PlayMedia(url_of(path), MIME_TYPE)

    async def _async_recordings(self, path: list[str]) -> BrowseMediaSource:
        """Return a folder of recordings. Raises HomeAssistantError and ValueError."""
        match path:
            case []:
                return recording_media.show_channels(self._hass)
            case [device_id]:
                return recording_media.show_days(self._hass, device_id)
            case [device_id, day]:
                return await recording_media.async_show_day(
                    self._hass, device_id, date.fromisoformat(day)
                )
        raise ValueError(path)

    async def _async_days(self) -> BrowseMediaSource:
        """Return the other ways in, and the days that have pictures, the latest first."""
        offset = dt_util.now().utcoffset() or timedelta()
        days = await self._async_read(
            lambda c: picture_days(c, int(offset.total_seconds()), MOST_DAYS)
        )
        ways = self._ways()
        children = [folder(way, way.capitalize()) for way in ways if ways[way]]
        if ways["channels"]:
            children.append(folder(recording_media.FOLDER, "Recordings"))
        children += [folder(f"day/{day}", day.isoformat()) for day in days]
        root = folder("", TITLE, children)
        root.can_search = True
        return root

    def _ways(self) -> dict[str, list[BrowseMediaSource]]:
        """Return the ways in other than by day, with what is behind them."""
        channels = recording_media.channel_names(self._hass)
        return {
            "areas": [
                folder(f"area/{quote(name, safe='')}", name)
                for name in areas_of_centre(self._hass)
            ],
            "channels": [
                folder(f"channel/{device_id}", name) for device_id, name in channels
            ],
            "vehicles": self._vehicles(),
        }

    def _vehicles(self) -> list[BrowseMediaSource]:
        """Return the known vehicles that have a name, by it."""
        registry = async_get_centre(self._hass).vehicles
        named = (
            [one for one in registry.vehicles.values() if one.name] if registry else []
        )
        return [
            _plate_folder(one.normalized, f"{one.name} · {one.plate}")
            for one in sorted(named, key=lambda one: str(one.name).casefold())
        ]

    async def _async_folder(
        self, item: MediaSourceItem, **filters: object
    ) -> BrowseMediaSource:
        """Return the latest passages that filters let through. Raises ArchiveError."""
        title = unquote(item.identifier.rpartition("/")[2])
        names = dict(recording_media.channel_names(self._hass))
        found = await self._async_found(**filters)
        return folder(item.identifier, names.get(title, title), found)

    async def _async_passages(self, day: date) -> BrowseMediaSource:
        """Return the passages of a day, the latest first."""
        end = dt_util.start_of_local_day(day + timedelta(days=1))
        found = await self._async_found(start=dt_util.start_of_local_day(day), end=end)
        return folder(f"day/{day}", day.isoformat(), found)

    async def _async_found(self, **filters: object) -> list[BrowseMediaSource]:
        """Return passages with pictures, the latest first. Raises ArchiveError."""
        asked = {"look_alikes": False, "max_distance": 0, "sort": "newest", **filters}
        query = query_of({**asked, "limit": MOST_SHOWN})
        page = await self._async_read(lambda c: search(c, query))
        ids = [str(passage["passage_id"]) for passage in page.passages]
        kinds = await self._async_read(lambda c: kinds_of(c, ids))
        pattern = _CLOCK if "start" in filters else _DAY_AND_CLOCK
        return [
            folder(
                f"passage/{key}",
                self._title(passage, pattern),
                thumbnail=_thumbnail(key, kinds[key]),
            )
            for key, passage in zip(ids, page.passages, strict=True)
            if key in kinds
        ]

    async def _async_pictures(self, passage_id: str) -> BrowseMediaSource:
        """Return the pictures of a passage, and its recording."""
        kinds = await self._async_read(lambda c: kinds_of(c, [passage_id]))
        children = [
            BrowseMediaSource(
                domain=DOMAIN,
                identifier=f"picture/{passage_id}/{kind}",
                media_class=MediaClass.IMAGE,
                media_content_type=_JPEG,
                title=kind.capitalize(),
                can_play=True,
                can_expand=False,
                thumbnail=_thumbnail(passage_id, [kind]),
            )
            for kind in kinds.get(passage_id, ())
        ]
        passage = await self._async_read(lambda c: passage_of(c, passage_id))
        if passage and self._is_set_up(passage["device_id"]):
            best = _thumbnail(passage_id, kinds.get(passage_id, []))
            children.append(_recording(passage_id, best))
        if plate := passage and passage["plate_normalized"]:
            children.append(_plate_folder(str(plate), f"All of {plate}"))
        title = self._title(passage, _DAY_AND_CLOCK) if passage else passage_id
        return folder(f"passage/{passage_id}", title, children)

    def _is_set_up(self, device_id: object) -> bool:
        """Tell whether a device is there that can be asked for its recordings."""
        return any(one.device_id == device_id for one in all_targets(self._hass))

    def _title(self, passage: dict[str, Any], pattern: str) -> str:
        """Return which vehicle passed, when and where: what is cut off matters least."""
        moment = datetime.fromisoformat(passage["captured_at"])
        device = dr.async_get(self._hass).async_get(passage["device_id"])
        place = (device.name_by_user or device.name) if device else None
        plate = passage["corrected_plate"] or passage["plate"] or _UNREADABLE
        clock = dt_util.as_local(moment).strftime(pattern)
        return " · ".join(filter(None, (plate, clock, passage["vehicle_name"], place)))

    async def _async_read[T](self, work: Callable[[Connection], T]) -> T:
        """Read from the archive. Raises ArchiveError."""
        archive = async_get_centre(self._hass).archive
        if archive is None:
            raise ArchiveError("the archive is closed")
        return await archive.async_read(work)


@contextmanager
def _told() -> Iterator[None]:
    """Tell the user why there is nothing, as media sources tell it."""
    try:
        yield
    except HomeAssistantError as error:
        raise Unresolvable(
            translation_domain=error.translation_domain,
            translation_key=error.translation_key,
            translation_placeholders=error.translation_placeholders,
        ) from error


def _are_times(*texts: str) -> bool:
    """Tell whether texts are seconds since 1970, as identifiers hold them."""
    return all(text.isdecimal() and len(text) <= _LONGEST_TIME for text in texts)


def _moment(seconds: str) -> datetime:
    """Return a time of an identifier."""
    return datetime.fromtimestamp(int(seconds), UTC)


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
