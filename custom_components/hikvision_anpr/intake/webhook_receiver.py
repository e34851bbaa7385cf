"""Receive posts through Home Assistant's web server."""

from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Final, override

from aiohttp import hdrs, web
from homeassistant.components import webhook
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..const import DOMAIN
from .mailbox import Arrival, Mailbox, TornError

_PIECE: Final = 64 * 1024


class _WebArrival(Arrival):
    """Tell what the web server knows of a post; it has unpacked the body itself."""

    def __init__(self, request: web.Request) -> None:
        """Begin before the body."""
        self._request = request

    @property
    @override
    def content_type(self) -> str:
        return self._request.headers.get(hdrs.CONTENT_TYPE, "")

    @property
    @override
    def encoding(self) -> str:
        return ""

    @property
    @override
    def query(self) -> Mapping[str, str]:
        return dict(self._request.query)

    @override
    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            while piece := await self._request.content.read(_PIECE):
                yield piece
        except web.RequestPayloadError as error:
            raise TornError(str(error)) from error


@callback
def open_webhook(
    hass: HomeAssistant, webhook_id: str, name: str, mailbox: Mailbox
) -> CALLBACK_TYPE:
    """Receive for a mailbox at a webhook; return how to stop.

    Strangers hear what they hear at a path that is none.
    """

    async def receive(
        hass: HomeAssistant, webhook_id: str, request: web.Request
    ) -> web.Response:
        """Answer a post."""
        if not await mailbox.admits(request.remote):
            return web.Response()
        return web.Response(status=await mailbox.take(_WebArrival(request)))

    webhook.async_register(
        hass,
        DOMAIN,
        name,
        webhook_id,
        receive,
        local_only=True,
        allowed_methods=(hdrs.METH_POST, hdrs.METH_PUT),
    )
    return partial(webhook.async_unregister, hass, webhook_id)
