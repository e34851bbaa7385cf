"""Register the WebSocket commands of the integration."""

from homeassistant.core import HomeAssistant, callback

from . import (
    archive_websocket,
    export_websocket,
    parking_websocket,
    recording_websocket,
    vehicles_websocket,
)


@callback
def async_setup_commands(hass: HomeAssistant) -> None:
    """Register all commands, once for as long as Home Assistant runs."""
    archive_websocket.async_register(hass)
    export_websocket.async_register(hass)
    parking_websocket.async_register(hass)
    recording_websocket.async_register(hass)
    vehicles_websocket.async_register(hass)
