"""Create folders for Home Assistant's media browser."""

from homeassistant.components.media_player import MediaClass, MediaType
from homeassistant.components.media_source import BrowseMediaSource

from .const import DOMAIN


def folder(
    identifier: str,
    title: str,
    children: list[BrowseMediaSource] | None = None,
    *,
    thumbnail: str | None = None,
    holds: MediaClass = MediaClass.IMAGE,
) -> BrowseMediaSource:
    """Return a folder."""
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.IMAGE,
        title=title,
        can_play=False,
        can_expand=True,
        children_media_class=holds,
        children=children,
        thumbnail=thumbnail,
    )
