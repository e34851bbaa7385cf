"""Serve the pictures of passages to logged-in users."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant

from .archive.archive import PICTURE_KINDS
from .archive.errors import ArchiveError
from .centre import async_get_centre
from .const import DOMAIN

URL: Final = f"/api/{DOMAIN}/picture/{{passage_id}}/{{kind}}"
LINKS_COUNT: Final = timedelta(days=1)
_CACHE: Final = "private, max-age=31536000, immutable"


class PictureView(HomeAssistantView):
    """Answer with a picture, or a small one with `?thumbnail=1`.

    A picture never changes, so browsers may keep it. What is not there, or may not be
    known, is answered with 404.
    """

    url = URL
    name = f"api:{DOMAIN}:picture"

    async def get(
        self, request: web.Request, passage_id: str, kind: str
    ) -> web.Response:
        """Return a JPEG."""
        archive = async_get_centre(request.app[KEY_HASS]).archive
        if archive is None or kind not in PICTURE_KINDS.values():
            return web.Response(status=HTTPStatus.NOT_FOUND)
        thumbnail = request.query.get("thumbnail") == "1"
        tag = f'"{passage_id}-{kind}-{int(thumbnail)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
        try:
            data = await archive.pictures.async_read(
                passage_id, kind, thumbnail=thumbnail
            )
        except ArchiveError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if data is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(
            body=data,
            content_type="image/jpeg",
            headers={"Cache-Control": _CACHE, "ETag": tag},
        )


def picture_url(passage_id: str, kind: str) -> str:
    """Return where a picture is, for those who are logged in."""
    return URL.format(passage_id=passage_id, kind=kind)


def picture_links(hass: HomeAssistant, passage_id: str) -> dict[str, str]:
    """Return signed links to the pictures of a passage, by kind, be they there or not.

    They count for a day, for whoever has them: phones show pictures of notifications.
    """
    return {
        kind: async_sign_path(
            hass, picture_url(passage_id, kind), LINKS_COUNT, use_content_user=True
        )
        for kind in PICTURE_KINDS.values()
    }


def with_pictures(
    passages: Iterable[Mapping[str, Any]], kinds: Mapping[str, Iterable[str]]
) -> list[dict[str, Any]]:
    """Return passages with the addresses of their pictures, by kind."""
    return [
        {
            **passage,
            "pictures": {
                kind: picture_url(passage["passage_id"], kind)
                for kind in kinds.get(passage["passage_id"], ())
            },
        }
        for passage in passages
    ]
