"""Media source for the pictures and recordings of passages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import Final, override
from urllib.parse import unquote

from homeassistant.components.media_player import SearchMedia, SearchMediaQuery
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from . import passage_media, recording_media
from .archive.archive import PICTURE_KINDS
from .archive.errors import ArchiveError
from .const import DOMAIN
from .exceptions import archive_error
from .file_link import url_of
from .passage_clip import MIME_TYPE, async_get_passage_clip
from .picture_view import picture_url

_LONGEST_TIME: Final = 11


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return the source of pictures."""
    return PassageMediaSource(hass)


class PassageMediaSource(MediaSource):
    """Offer passages by day, area, channel and plate, and what was seen of each."""

    name = passage_media.TITLE

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
                return PlayMedia(picture_url(passage_id, kind), passage_media.JPEG)
        raise Unresolvable(translation_domain=DOMAIN, translation_key="no_picture")

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return a folder with what is in it. Raises Unresolvable."""
        try:
            return await self._async_folder(item.identifier or "")
        except ArchiveError as error:
            told = archive_error(error)
            raise Unresolvable(
                translation_domain=DOMAIN, translation_key=told.translation_key
            ) from error
        except (ValueError, OverflowError) as error:
            raise Unresolvable(
                translation_domain=DOMAIN, translation_key="no_picture"
            ) from error

    @override
    async def async_search_media(
        self, item: MediaSourceItem, query: SearchMediaQuery
    ) -> SearchMedia:
        """Return the passages with a part of a plate. Raises ValueError, with a text."""
        wanted = query.search_query
        try:
            found = await passage_media.async_find(self._hass, plate=wanted)
        except ArchiveError as error:
            raise ValueError(str(archive_error(error))) from error
        return SearchMedia(result=found)

    async def _async_folder(self, identifier: str) -> BrowseMediaSource:
        """Return a folder. Raises Unresolvable, ArchiveError and ValueError."""
        show = partial(passage_media.async_show_passages, self._hass, identifier)
        match identifier.split("/"):
            case [""]:
                return await passage_media.async_show_root(self._hass)
            case ["day", day]:
                moment = date.fromisoformat(day)
                return await passage_media.async_show_day(self._hass, moment)
            case ["areas" | "channels" | "vehicles" as way]:
                return passage_media.show_way(self._hass, way)
            case ["channel", device_id]:
                return await show(device_id=[device_id])
            case ["area", area]:
                return await show(area=[unquote(area)])
            case ["plate", plate]:
                return await show(plate=f'"{unquote(plate)}"')
            case ["passage", passage_id]:
                return await passage_media.async_show_passage(self._hass, passage_id)
            case [recording_media.FOLDER, *rest]:
                with _told():
                    return await self._async_recordings(rest)
        raise ValueError(identifier)

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
