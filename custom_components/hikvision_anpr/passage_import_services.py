"""Provide an action to import passages."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .allowed_files import async_data
from .archive.export_table import COLUMNS
from .archive.file_words import plain
from .archive.importing import async_import_rows, new_among
from .archive.passage_columns import DATE, TIME
from .archive.passage_file import (
    BadRow,
    DeviceChannel,
    ReadingRules,
    ReadPassages,
    read_passages,
)
from .archive.record import moment_of
from .archive.sheet import LARGEST
from .archive.wording import Wording
from .centre import open_archive
from .channel_targets import all_targets, targets
from .const import DOMAIN
from .exceptions import centre_errors_told, file_error
from .passage_wording import async_language, async_wording

SERVICE_IMPORT_PASSAGES: Final = "import_passages"

MOST_PROBLEMS_TOLD: Final = 100

SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            vol.Exclusive("file", "source"): cv.string,
            vol.Exclusive("content", "source"): cv.string,
            vol.Optional("dry_run", default=False): cv.boolean,
            vol.Optional("device_id"): cv.string,
            vol.Optional("columns", default={}): {
                vol.In([*COLUMNS, DATE, TIME]): cv.string
            },
            vol.Optional("time_format"): cv.string,
        }
    ),
    cv.has_at_least_one_key("file", "content"),
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action; it is for administrators."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_IMPORT_PASSAGES,
        _async_import,
        SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_import(call: ServiceCall) -> ServiceResponse:
    """Take a file in, all of it or nothing; a dry run tells what would come in."""
    database = open_archive(call.hass).database
    rules = await _async_rules(call)
    data = await async_data(call, LARGEST)
    with centre_errors_told():
        read = await call.hass.async_add_executor_job(read_passages, data, rules)
    is_dry = call.data["dry_run"]
    if read.problems and not is_dry:
        raise _refusal(read)
    with centre_errors_told():
        if is_dry:
            new = await database.async_read(lambda c: new_among(c, read.passages))
            added = len(new)
        else:
            added = await async_import_rows(database, read.passages)
    return _told(read, added, imported=not is_dry)


async def _async_rules(call: ServiceCall) -> ReadingRules:
    """Return how the file is to be understood. Raises ServiceValidationError."""
    device: DeviceChannel | None = None
    if "device_id" in call.data:
        (target,) = targets(call.hass, [call.data["device_id"]])
        device = target.device_id, target.channel
    return ReadingRules(
        zone=dt_util.get_default_time_zone(),
        named=call.data["columns"],
        time_format=call.data.get("time_format"),
        wordings=await _async_wordings(call),
        devices=_devices(call.hass),
        device=device,
    )


async def _async_wordings(call: ServiceCall) -> list[Wording]:
    """Return the wordings in which our own files are likely to be."""
    language = await async_language(call.hass, call.context.user_id)
    languages = dict.fromkeys((language, call.hass.config.language, "en"))
    return [await async_wording(call.hass, one) for one in languages]


def _devices(hass: HomeAssistant) -> Mapping[str, DeviceChannel]:
    """Return the channels by the names and ids of their devices."""
    registry = dr.async_get(hass)
    found: dict[str, DeviceChannel] = {}
    for target in all_targets(hass):
        device = registry.async_get(target.device_id)
        names = (device.name, device.name_by_user) if device else ()
        for name in filter(None, (target.device_id, *names)):
            found.setdefault(plain(name), (target.device_id, target.channel))
    return found


def _refusal(read: ReadPassages) -> ServiceValidationError:
    """Return why nothing of a file was taken, with its first problem."""
    first = read.problems[0]
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="file_with_problems",
        translation_placeholders={
            "count": str(len(read.problems)),
            "row": str(first.row),
            "problem": str(file_error(first.error)),
        },
    )


def _told(read: ReadPassages, added: int, *, imported: bool) -> dict[str, Any]:
    """Return what a file brings, or would bring."""
    return {
        "imported": imported,
        "added": added,
        "duplicates": len(read.passages) - added,
        **_range(read),
        "columns": dict(read.headings),
        "problem_count": len(read.problems),
        "problems": [_problem(one) for one in read.problems[:MOST_PROBLEMS_TOLD]],
    }


def _range(read: ReadPassages) -> dict[str, str | None]:
    """Return from when to when the passages of a file are, in the zone of the home."""
    times = [int(row["captured_at"] or 0) for row in read.passages]
    ends = (moment_of(min(times)), moment_of(max(times))) if times else (None, None)
    first, last = (dt_util.as_local(end).isoformat() if end else None for end in ends)
    return {"first": first, "last": last}


def _problem(problem: BadRow) -> dict[str, Any]:
    """Return what is wrong with a row."""
    return {
        "row": problem.row,
        "plate": problem.plate,
        "problem": problem.error.problem,
        "text": str(file_error(problem.error)),
    }
