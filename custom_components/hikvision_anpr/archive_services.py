"""Provide actions to search, correct and delete what is in the archive."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from sqlalchemy import Connection
import voluptuous as vol

from .archive.correction import correct_passage
from .archive.database import Database
from .archive.deletion import delete_passages, forget_plate
from .archive.picture_rows import kinds_of
from .archive.query_schema import SEARCH, query_of
from .archive.search import count, search
from .centre import async_get_centre, open_archive
from .const import DOMAIN
from .exceptions import centre_errors_told
from .file_link import delete_clips, folder
from .given_plate import normalized_plate
from .intake.passage import normalize_plate
from .parking.car_park import Known
from .parking.visit_store import forget_visits
from .picture_view import with_pictures
from .vehicles.store import Author, forget_changes
from .vehicles.typed_plate import typed_plate

SERVICE_SEARCH_PASSAGES: Final = "search_passages"
SERVICE_CORRECT_PASSAGE: Final = "correct_passage"
SERVICE_DELETE_PASSAGES: Final = "delete_passages"
SERVICE_FORGET_PLATE: Final = "forget_plate"

FORGOTTEN: Final = Author(origin="forget_plate")

CORRECT_SCHEMA: Final[Any] = vol.Schema(
    {vol.Required("passage_id"): cv.string, vol.Required("plate"): typed_plate}
)
DELETE_SCHEMA: Final[Any] = vol.Schema(
    {
        vol.Required("passage_id"): vol.All(
            cv.ensure_list, vol.Length(1, 1000), [cv.string]
        )
    }
)
SEARCH_SCHEMA: Final[Any] = vol.Schema(SEARCH)
FORGET_SCHEMA: Final[Any] = vol.Schema({vol.Required("plate"): typed_plate})


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions of the archive; those that destroy are for administrators."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_SEARCH_PASSAGES,
        _async_search,
        SEARCH_SCHEMA,
        SupportsResponse.ONLY,
    )
    for name, action, schema in (
        (SERVICE_CORRECT_PASSAGE, _async_correct, CORRECT_SCHEMA),
        (SERVICE_DELETE_PASSAGES, _async_delete, DELETE_SCHEMA),
        (SERVICE_FORGET_PLATE, _async_forget, FORGET_SCHEMA),
    ):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            action,
            schema,
            supports_response=SupportsResponse.OPTIONAL,
        )


async def _async_search(call: ServiceCall) -> ServiceResponse:
    """Answer a page of passages, and how many there are in all."""
    archive = open_archive(call.hass)
    database = archive.database
    with centre_errors_told():
        query = query_of(call.data, archive.plate_hash)
        page = await archive.async_read(lambda connection: search(connection, query))
        total = await database.async_read(lambda connection: count(connection, query))
    ids = [str(passage["passage_id"]) for passage in page.passages]
    kinds = await _async_kinds(database, ids)
    answer: dict[str, Any] = {
        "passages": with_pictures(page.passages, kinds),
        "cursor": page.cursor,
        "count": total.count,
        "count_is_exact": total.exact,
    }
    return answer


async def _async_correct(call: ServiceCall) -> ServiceResponse:
    """Correct the plate of a passage; what the device read stays."""
    passage_id, plate = call.data["passage_id"], call.data["plate"]
    if not await _async_change(
        call.hass, lambda connection: correct_passage(connection, passage_id, plate)
    ):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="passage_not_found"
        )
    await _async_learn(call.hass)
    _correct_visit(call.hass, passage_id, normalize_plate(plate))
    return {"passage_id": passage_id, "plate_normalized": normalize_plate(plate)}


async def _async_learn(hass: HomeAssistant) -> None:
    """Let a correction count for what comes, if the vehicle is known."""
    with centre_errors_told():
        if vehicles := async_get_centre(hass).vehicles:
            await vehicles.async_learn()


def _correct_visit(hass: HomeAssistant, passage_id: str, plate: str) -> None:
    """Let the visit that the passage began have the plate, too."""
    centre = async_get_centre(hass)
    found = centre.vehicles.find(plate).vehicle if centre.vehicles else None
    known: Known = (found.name, found.list) if found else (None, "none")
    if centre.car_park:
        centre.car_park.async_rename(passage_id, plate, known)


async def _async_delete(call: ServiceCall) -> ServiceResponse:
    """Delete passages, and answer which ones were there."""
    _refuse_while_moving(call.hass)
    ids = call.data["passage_id"]
    deleted = await _async_change(
        call.hass, lambda connection: delete_passages(connection, ids)
    )
    await _async_delete_pictures(call.hass, deleted)
    return {"deleted": list(deleted)}


async def _async_kinds(
    database: Database, passage_ids: Sequence[str]
) -> dict[str, list[str]]:
    """Return which pictures passages have."""
    with centre_errors_told():
        return await database.async_read(lambda c: kinds_of(c, passage_ids))


async def _async_delete_pictures(hass: HomeAssistant, deleted: Iterable[str]) -> int:
    """Delete pictures and clips of passages that are gone; return how many pictures."""
    ids = list(deleted)
    await hass.async_add_executor_job(delete_clips, folder(hass), ids)
    with centre_errors_told():
        return await open_archive(hass).pictures.async_delete(ids)


async def _async_forget(call: ServiceCall) -> ServiceResponse:
    """Delete all that is kept of a plate, and answer what that was."""
    plate = normalized_plate(call)
    _refuse_while_moving(call.hass)
    names = open_archive(call.hass).names_of(plate)
    was_known = await _async_remove_vehicle(call.hass, plate)
    of_late = _forget_late_visits(call.hass, names)
    answer = await _async_change(call.hass, partial(_forget, plate=plate, names=names))
    pictures = await _async_delete_pictures(call.hass, answer["deleted"])
    return {
        "plate_normalized": plate,
        "vehicle": was_known,
        "pictures": pictures,
        **answer,
        "visits": of_late + answer["visits"],
    }


async def _async_remove_vehicle(hass: HomeAssistant, plate: str) -> bool:
    """Remove the known vehicle with a plate; tell whether there was one."""
    vehicles = async_get_centre(hass).vehicles
    vehicle = vehicles.get(plate) if vehicles else None
    if vehicles and vehicle:
        with centre_errors_told():
            await vehicles.async_remove([vehicle.vehicle_id], FORGOTTEN)
    return vehicle is not None


def _forget_late_visits(hass: HomeAssistant, names: Iterable[str]) -> int:
    """Take a plate, by all its names, from the visits in memory; return how many."""
    if (car_park := async_get_centre(hass).car_park) is None:
        return 0
    return sum(map(car_park.async_forget, names))


def _forget(connection: Connection, plate: str, names: Iterable[str]) -> dict[str, Any]:
    """Delete what all rooms keep of a plate, and return what that was."""
    return {
        "deleted": [one for name in names for one in forget_plate(connection, name)],
        "visits": sum(forget_visits(connection, name) for name in names),
        "changes": forget_changes(connection, plate),
    }


def _refuse_while_moving(hass: HomeAssistant) -> None:
    """Raise HomeAssistantError while what is deleted could come back from the file."""
    if not open_archive(hass).deletes:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="archive_moving"
        )


async def _async_change[T](hass: HomeAssistant, work: Callable[[Connection], T]) -> T:
    """Change something in the archive, with errors that users understand."""
    with centre_errors_told():
        return await open_archive(hass).database.async_write(work)
