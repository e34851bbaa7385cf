"""Provide actions to import and export known vehicles."""

from itertools import islice
from pathlib import Path
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util.file import write_utf8_file_atomic
import voluptuous as vol

from .allowed_files import allowed_path, async_data, written_or_told
from .archive.file_error import FileError
from .archive.sheet import LARGEST
from .centre import open_registry
from .const import DOMAIN
from .exceptions import centre_errors_told, file_error, vehicle_error
from .vehicles.exchange.reading import ReadFile, RowProblem, read_vehicles
from .vehicles.exchange.taking import Taking, plan
from .vehicles.exchange.writing import FORMATS, TEXTS, held, write_vehicles
from .vehicles.fields import LISTS
from .vehicles.store import Author
from .vehicles.typed_plate import without_symbols

SERVICE_IMPORT_PLATES: Final = "import_plates"
SERVICE_EXPORT_PLATES: Final = "export_plates"

MOST_PROBLEMS_TOLD: Final = 100

IMPORT_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            vol.Exclusive("file", "source"): cv.string,
            vol.Exclusive("content", "source"): cv.string,
            vol.Optional("dry_run", default=False): cv.boolean,
            vol.Optional("replace", default=False): cv.boolean,
        }
    ),
    cv.has_at_least_one_key("file", "content"),
)
EXPORT_SCHEMA: Final[Any] = vol.Schema(
    {
        vol.Optional("format", default="csv"): vol.In(FORMATS),
        vol.Optional("file"): cv.string,
        vol.Optional("list"): vol.All(cv.ensure_list, [vol.In(LISTS)]),
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; both are for administrators."""
    for name, action, schema in (
        (SERVICE_IMPORT_PLATES, _async_import, IMPORT_SCHEMA),
        (SERVICE_EXPORT_PLATES, _async_export, EXPORT_SCHEMA),
    ):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            action,
            schema,
            supports_response=SupportsResponse.OPTIONAL,
        )


async def _async_import(call: ServiceCall) -> ServiceResponse:
    """Take a file in, all of it or nothing; a dry run tells what would change."""
    registry = open_registry(call.hass)
    data = await async_data(call, LARGEST)
    with centre_errors_told():
        read = await call.hass.async_add_executor_job(read_vehicles, data)
    taking = plan(read, registry.vehicles, replace=call.data["replace"])
    if not call.data["dry_run"]:
        if taking.problems:
            raise _refusal(taking)
        with centre_errors_told():
            await registry.async_put(
                (*taking.added, *taking.changed),
                Author(origin="import", user_id=call.context.user_id),
                remove=[vehicle.vehicle_id for vehicle in taking.removed],
            )
    return _told(taking, imported=not call.data["dry_run"]) | {
        "symbols_left_out": _symbols(read)
    }


async def _async_export(call: ServiceCall) -> ServiceResponse:
    """Write the vehicles into a file, or answer what would be in it."""
    written_as = call.data["format"]
    if "file" not in call.data and written_as not in TEXTS:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="file_needed"
        )
    lists = call.data.get("list", LISTS)
    known = open_registry(call.hass).vehicles.values()
    vehicles = [vehicle for vehicle in known if vehicle.list in lists]
    with centre_errors_told():
        data = await call.hass.async_add_executor_job(
            write_vehicles, vehicles, written_as
        )
    count = len(held(vehicles, written_as))
    left_out = len(vehicles) - count
    head = {"count": count, "left_out": left_out, "format": written_as}
    return head | await _async_handed_over(call, data)


async def _async_handed_over(call: ServiceCall, data: bytes) -> dict[str, Any]:
    """Write what was exported into the file that is asked for, or answer it."""
    if "file" not in call.data:
        return {"content": data.decode("utf-8-sig")}
    path = allowed_path(call.hass, call.data["file"])
    with written_or_told(path):
        await call.hass.async_add_executor_job(_write, path, data)
    return {"file": str(path), "size": len(data)}


def _write(path: Path, data: bytes) -> None:
    """Write a file at once or not at all."""
    write_utf8_file_atomic(str(path), data, mode="wb")


def _refusal(taking: Taking) -> ServiceValidationError:
    """Return why nothing of a file was taken, with its first problem."""
    first = taking.problems[0]
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="file_with_problems",
        translation_placeholders={
            "count": str(len(taking.problems)),
            "row": str(first.row),
            "problem": _text(first),
        },
    )


def _told(taking: Taking, *, imported: bool) -> dict[str, Any]:
    """Return what a file changes, or would change."""
    return {
        "imported": imported,
        "added": len(taking.added),
        "changed": len(taking.changed),
        "removed": len(taking.removed),
        "unchanged": taking.unchanged,
        "problem_count": len(taking.problems),
        "problems": list(map(_problem, taking.problems[:MOST_PROBLEMS_TOLD])),
    }


def _problem(problem: RowProblem) -> dict[str, Any]:
    """Return what is wrong with a row, ready for JSON."""
    return {
        "row": problem.row,
        "plate": problem.plate,
        "problem": problem.error.problem,
        "text": _text(problem),
    }


def _symbols(read: ReadFile) -> list[dict[str, Any]]:
    """Return plates of a file of which symbols, such as emojis, were left out."""
    plates = ((one.row, one.data["plate"]) for one in read.vehicles)
    found = (
        {"row": row, "plate": plate, "read_as": without_symbols(plate)}
        for row, plate in plates
        if without_symbols(plate) != plate
    )
    return list(islice(found, MOST_PROBLEMS_TOLD))


def _text(problem: RowProblem) -> str:
    """Return what is wrong with a row, in the language of Home Assistant."""
    error = problem.error
    told = file_error(error) if isinstance(error, FileError) else vehicle_error(error)
    return str(told)
