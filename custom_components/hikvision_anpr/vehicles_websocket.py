"""Provide WebSocket commands for the known vehicles."""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util.ulid import ulid_now
import voluptuous as vol

from .centre import open_archive, open_registry
from .const import DOMAIN
from .exceptions import centre_errors_told
from .intake.passage import normalize_plate
from .vehicles.errors import VehicleError
from .vehicles.fields import VEHICLE_FIELDS, changed
from .vehicles.registry import Registry
from .vehicles.store import Author, VehicleChange, changes_of
from .vehicles.vehicle import Vehicle

API_VERSION: Final = 1

SUBSCRIBE_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/vehicles/subscribe"
}
PUT_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/vehicles/put",
    vol.Optional("vehicle_id"): cv.string,
    **VEHICLE_FIELDS,
}
REMOVE_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/vehicles/remove",
    vol.Required("vehicle_id"): vol.All(cv.ensure_list, vol.Length(1), [cv.string]),
}
CHANGES_COMMAND: Final[dict[Any, Any]] = {
    vol.Required("type"): f"{DOMAIN}/vehicles/changes",
    vol.Required("plate"): cv.string,
}


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the commands; all are for administrators."""
    for command in (_subscribe, _async_put, _async_remove, _async_changes):
        websocket_api.async_register_command(hass, command)


@websocket_api.require_admin
@websocket_api.websocket_command(SUBSCRIBE_COMMAND)
@callback
def _subscribe(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send all vehicles, then each change."""
    registry = open_registry(hass)

    @callback
    def tell(changes: Iterable[VehicleChange]) -> None:
        for change in changes:
            content = {"kind": change.name, "vehicle": change.vehicle.as_dict()}
            connection.send_message(websocket_api.event_message(msg["id"], content))

    connection.subscriptions[msg["id"]] = registry.async_subscribe(tell)
    connection.send_result(msg["id"])
    snapshot = {
        "kind": "snapshot",
        "api_version": API_VERSION,
        "vehicles": [vehicle.as_dict() for vehicle in registry.vehicles.values()],
    }
    connection.send_message(websocket_api.event_message(msg["id"], snapshot))


@websocket_api.require_admin
@websocket_api.websocket_command(PUT_COMMAND)
@websocket_api.async_response
async def _async_put(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Add a vehicle, or change what was sent of the one with this id."""
    registry = open_registry(hass)
    with centre_errors_told():
        after = changed(_before(registry, msg), msg)
        await registry.async_put([after], _author(connection))
    answer = {"api_version": API_VERSION, "vehicle": after.as_dict()}
    connection.send_result(msg["id"], answer)


@websocket_api.require_admin
@websocket_api.websocket_command(REMOVE_COMMAND)
@websocket_api.async_response
async def _async_remove(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Remove vehicles, all or none."""
    with centre_errors_told():
        await open_registry(hass).async_remove(msg["vehicle_id"], _author(connection))
    connection.send_result(msg["id"])


@websocket_api.require_admin
@websocket_api.websocket_command(CHANGES_COMMAND)
@websocket_api.async_response
async def _async_changes(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Answer who changed the vehicle with a plate, and when; the oldest first."""
    plate = normalize_plate(msg["plate"])
    with centre_errors_told():
        database = open_archive(hass).database
        changes = await database.async_read(lambda c: changes_of(c, plate))
    answer = {"api_version": API_VERSION, "changes": changes}
    connection.send_result(msg["id"], answer)


def _before(registry: Registry, msg: dict[str, Any]) -> Vehicle:
    """Return the vehicle that is changed, or a new one. Raises VehicleError."""
    if "vehicle_id" not in msg:
        return Vehicle(vehicle_id=ulid_now(), plate=msg["plate"])
    if msg["vehicle_id"] not in registry.vehicles:
        raise VehicleError("vehicle_not_found", plate=msg["plate"])
    return registry.vehicles[msg["vehicle_id"]]


def _author(connection: ActiveConnection) -> Author:
    """Return who sent a command."""
    return Author(origin="panel", user_id=connection.user.id)
