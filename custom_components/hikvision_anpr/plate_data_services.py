"""Provide an action for everything that is known about a plate."""

import asyncio
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
from sqlalchemy import Connection
import voluptuous as vol

from .archive.plate_data import MOST_TOLD, read_plate_data
from .archive.plate_hash import PlateHash
from .centre import async_get_centre, open_archive, open_car_park
from .const import DOMAIN
from .exceptions import centre_errors_told
from .given_plate import normalized_plate
from .list_services import async_find
from .parking.visit_store import VisitQuery, find_visits
from .picture_view import with_pictures
from .vehicles.store import changes_of
from .vehicles.typed_plate import typed_plate

SERVICE_GET_PLATE_DATA: Final = "get_plate_data"

SCHEMA: Final[Any] = vol.Schema(
    {
        vol.Required("plate"): typed_plate,
        vol.Optional("ask_devices", default=True): cv.boolean,
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action; it is for administrators."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_GET_PLATE_DATA,
        _async_get,
        SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Answer what is kept of a plate, here and on the devices."""
    plate = normalized_plate(call)
    archive = open_archive(call.hass)
    query = VisitQuery(plates=archive.names_of(plate), limit=MOST_TOLD)
    vehicles = async_get_centre(call.hass).vehicles
    vehicle = vehicles.get(plate) if vehicles else None
    with centre_errors_told():
        kept, visits, devices = await asyncio.gather(
            archive.async_read(lambda c: _kept(c, plate, archive.plate_hash)),
            open_car_park(call.hass).async_read(lambda c: find_visits(c, query)),
            async_find(call.hass, plate if call.data["ask_devices"] else None),
        )
    return {
        "plate_normalized": plate,
        "vehicle": vehicle.as_dict() if vehicle else None,
        **kept,
        "visits": [visit.as_dict(dt_util.utcnow()) for visit in visits],
        "device_lists": devices,
    }


def _kept(
    connection: Connection, plate: str, plate_hash: PlateHash | None
) -> dict[str, Any]:
    """Return what archive and vehicles keep of a plate."""
    archived = read_plate_data(connection, plate, plate_hash)
    return {
        "passages": with_pictures(archived.passages, archived.kinds),
        "count": archived.count,
        "count_is_exact": archived.exact,
        "pictures": sum(map(len, archived.kinds.values())),
        "misreads": archived.misreads,
        "changes": changes_of(connection, plate),
    }
