"""Let administrators see who changed a known vehicle, when, and what."""

from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .centre import open_archive
from .const import DOMAIN
from .exceptions import centre_errors_told
from .intake.passage import normalize_plate
from .vehicles.store import changes_of
from .vehicles.typed_plate import typed_plate

SERVICE_GET_PLATE_CHANGES: Final = "get_plate_changes"

CHANGES_SCHEMA: Final[Any] = vol.Schema({vol.Required("plate"): typed_plate})
_NOT_TOLD: Final = {"vehicle_id", "plate_normalized"}


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action; who let whom in is for administrators."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_GET_PLATE_CHANGES,
        _async_get,
        CHANGES_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Answer the changes of the vehicle with a plate, the newest first."""
    plate = normalize_plate(call.data["plate"])
    with centre_errors_told():
        database = open_archive(call.hass).database
        changes = await database.async_read(lambda c: changes_of(c, plate))
    told: list[Any] = [await _told(call.hass, change) for change in reversed(changes)]
    return {"changes": told, "count": len(told)}


async def _told(hass: HomeAssistant, change: dict[str, Any]) -> dict[str, Any]:
    """Return a change with the name of who made it, and only what it changed."""
    user_id = change["user_id"]
    user = await hass.auth.async_get_user(user_id) if user_id else None
    before, after = change["before"] or {}, change["after"] or {}
    changed_at = dt_util.parse_datetime(change["changed_at"] or "")
    return {
        "changed_at": dt_util.as_local(changed_at).isoformat() if changed_at else None,
        "change": change["change"],
        "user": user.name if user else None,
        "origin": change["origin"],
        "plate": (after or before)["plate"],
        "before": _differing(before, after),
        "after": _differing(after, before),
    }


def _differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return what one side says that the other does not, without what is empty."""
    return {
        name: value
        for name, value in one.items()
        if name not in _NOT_TOLD
        and value != other.get(name)
        and not (not other and value in (None, [], {}))
    }
