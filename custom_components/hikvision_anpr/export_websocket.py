"""Provide a WebSocket command to export passages and follow the progress."""

from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from .archive.query_schema import query_of
from .archive.search import count
from .centre import open_archive
from .const import DOMAIN
from .exceptions import centre_errors_told
from .export_services import EXPORT, async_export
from .followed_work import async_let_follow

EXPORT_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/passages/export",
    **EXPORT,
}


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the command; it is for administrators."""
    websocket_api.async_register_command(hass, _async_export)


@websocket_api.require_admin
@websocket_api.websocket_command(EXPORT_COMMAND)
@websocket_api.async_response
async def _async_export(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Export, and send how far that is, then where the file is or what went wrong."""
    total = await _async_count(hass, msg)
    await async_let_follow(
        hass,
        connection,
        msg["id"],
        lambda tell: async_export(
            hass, msg, lambda done: tell(count=done), user_id=connection.user.id
        ),
        **total,
    )


async def _async_count(hass: HomeAssistant, msg: dict[str, Any]) -> dict[str, Any]:
    """Return how many passages are to be expected. Raises HomeAssistantError."""
    archive = open_archive(hass)
    with centre_errors_told():
        query = query_of({**msg, "limit": 1}, archive.plate_hash)
        total = await archive.database.async_read(lambda c: count(c, query))
    return {"count": total.count, "count_is_exact": total.exact}
