"""Provide actions for the known vehicles."""

from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now
import voluptuous as vol

from . import list_services
from .centre import open_registry
from .const import DOMAIN
from .exceptions import centre_errors_told, vehicle_error
from .intake.passage import normalize_plate
from .vehicles.errors import VehicleError
from .vehicles.fields import LISTS, VEHICLE_FIELDS, changed
from .vehicles.store import Author
from .vehicles.typed_plate import typed_plate
from .vehicles.vehicle import Vehicle

SERVICE_ADD_PLATE: Final = "add_plate"
SERVICE_REMOVE_PLATE: Final = "remove_plate"
SERVICE_GET_PLATES: Final = "get_plates"

ON_DEVICES: Final[dict[Any, Any]] = {
    vol.Optional("device_id"): vol.All(cv.ensure_list, [cv.string])
}
ADD_SCHEMA: Final[Any] = vol.Schema({**VEHICLE_FIELDS, **ON_DEVICES})
REMOVE_SCHEMA: Final[Any] = vol.Schema(
    {vol.Required("plate"): typed_plate, **ON_DEVICES}
)
GET_SCHEMA: Final[Any] = vol.Schema(
    {
        **ON_DEVICES,
        vol.Optional("plate"): cv.string,
        vol.Optional("list"): vol.All(cv.ensure_list, [vol.In(LISTS)]),
        vol.Optional("group"): vol.All(cv.ensure_list, [cv.string]),
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; whoever changes who may enter is an administrator."""
    for name, action, schema in (
        (SERVICE_ADD_PLATE, _async_add, ADD_SCHEMA),
        (SERVICE_REMOVE_PLATE, _async_remove, REMOVE_SCHEMA),
    ):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            action,
            schema,
            supports_response=SupportsResponse.OPTIONAL,
        )
    hass.services.async_register(
        DOMAIN, SERVICE_GET_PLATES, _async_get, GET_SCHEMA, SupportsResponse.ONLY
    )


async def _async_add(call: ServiceCall) -> ServiceResponse:
    """Add a vehicle, or change what was sent of the one with this plate.

    Without a device, the centre and every device get it.
    """
    if "device_id" in call.data:
        return await list_services.async_add(call)
    registry = open_registry(call.hass)
    known = registry.get(call.data["plate"])
    before = known or Vehicle(vehicle_id=ulid_now(), plate=call.data["plate"])
    with centre_errors_told():
        after = changed(before, call.data)
        await registry.async_put([after], _author(call))
    devices = await list_services.async_carry(call.hass, after.plate)
    return {"added": known is None, "vehicle": _told(after), "devices": devices}


async def _async_remove(call: ServiceCall) -> ServiceResponse:
    """Remove the vehicle with a plate, from the centre and every device without one.

    A plate that only devices know is removed there.
    """
    if "device_id" in call.data:
        return await list_services.async_remove(call)
    registry, plate = open_registry(call.hass), call.data["plate"]
    vehicle = registry.get(plate)
    with centre_errors_told():
        if vehicle:
            await registry.async_remove([vehicle.vehicle_id], _author(call))
    devices = await list_services.async_carry(call.hass, plate)
    if not vehicle and not any(one.get("removed") for one in devices):
        raise vehicle_error(VehicleError("vehicle_not_found", plate=plate))
    return {"removed": _told(vehicle) if vehicle else None, "devices": devices}


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Answer the vehicles that fit, by plate."""
    if "device_id" in call.data:
        return await list_services.async_get(call)
    part = normalize_plate(call.data.get("plate", ""))
    found = [
        vehicle
        for vehicle in open_registry(call.hass).vehicles.values()
        if part in vehicle.normalized
        and vehicle.list in call.data.get("list", LISTS)
        and ("group" not in call.data or vehicle.group in call.data["group"])
    ]
    found.sort(key=lambda vehicle: vehicle.normalized)
    return {"plates": [_told(vehicle) for vehicle in found], "count": len(found)}


def _author(call: ServiceCall) -> Author:
    """Return who called an action."""
    return Author(origin="action", user_id=call.context.user_id)


def _told(vehicle: Vehicle) -> dict[str, Any]:
    """Return a vehicle, and whether it may come in now."""
    reason = vehicle.why_not(dt_util.now())
    return vehicle.as_dict() | {"valid_now": reason is None, "reason": reason}
