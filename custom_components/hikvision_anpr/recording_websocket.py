"""Provide a WebSocket command to save a recording and follow the progress."""

from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from .const import DOMAIN
from .followed_work import async_let_follow
from .recording_services import RECORDING, async_get_recording, async_wanted

RECORDING_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/recording/get",
    **RECORDING,
}


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the command; it is for administrators."""
    websocket_api.async_register_command(hass, _async_get)


@websocket_api.require_admin
@websocket_api.websocket_command(RECORDING_COMMAND)
@websocket_api.async_response
async def _async_get(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Write a recording to a file, and send how many of its seconds have come."""
    wanted = await async_wanted(hass, msg)
    await async_let_follow(
        hass,
        connection,
        msg["id"],
        lambda tell: async_get_recording(
            hass, wanted, msg.get("file"), lambda seconds: tell(seconds=seconds)
        ),
        seconds=(wanted.end - wanted.start).total_seconds(),
    )
