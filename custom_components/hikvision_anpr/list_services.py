"""Provide actions for the lists on devices."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
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
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .archive.errors import ArchiveError
from .channel_lists import SyncResult, told
from .channel_targets import Target, all_targets, targets
from .const import DOMAIN
from .exceptions import archive_error
from .given_plate import normalized_plate
from .intake.passage import normalize_plate
from .isapi.device_list import DeviceList
from .isapi.errors import IsapiError, NotSupportedError
from .isapi.plate_list_entry import ListEntry
from .vehicles.list_plan import KEPT_LISTS

SERVICE_SYNC_PLATES: Final = "sync_plates"
AT_ONCE: Final = 4
"""How many devices are written to side by side."""

SYNC_SCHEMA: Final[Any] = vol.Schema(
    {
        vol.Optional("device_id"): vol.All(cv.ensure_list, [cv.string]),
        vol.Optional("resolve"): vol.In(("ours", "theirs")),
        vol.Optional("dry_run", default=False): cv.boolean,
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register what compares the lists; it is for administrators."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_SYNC_PLATES,
        _async_sync,
        SYNC_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def async_add(call: ServiceCall) -> ServiceResponse:
    """Put a plate on the lists of devices, and answer how they keep it.

    Nothing is sent where a device that is named is not there.
    """
    entry = _entry(call)
    kept: list[Any] = []
    for target in _targets(call):
        with target.errors_told():
            kept.append(_told(target, await _list(target).async_put(entry)))
        target.coordinator.lists.wake()
    return {"plates": kept}


async def async_remove(call: ServiceCall) -> ServiceResponse:
    """Remove a plate from the lists of devices."""
    plate = normalized_plate(call)
    removed = 0
    for target in _targets(call):
        with target.errors_told():
            removed += await _list(target).async_remove(plate)
        target.coordinator.lists.wake()
    if not removed:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="vehicle_not_found",
            translation_placeholders={"plate": call.data["plate"]},
        )
    return {"removed": removed}


async def async_get(call: ServiceCall) -> ServiceResponse:
    """Answer what is on the lists of devices."""
    part = normalize_plate(call.data.get("plate", ""))
    lists = call.data.get("list")
    found: list[Any] = []
    for target in _targets(call):
        with target.errors_told():
            entries = await _list(target).async_entries()
        found += [
            _told(target, entry)
            for entry in entries
            if part in normalize_plate(entry.plate)
            and (lists is None or entry.list in lists)
        ]
    found.sort(key=lambda one: str(one["plate_normalized"]))
    return {"plates": found, "count": len(found)}


async def async_find(hass: HomeAssistant, plate: str | None) -> list[dict[str, Any]]:
    """Return what the lists of all devices have of a plate; None asks no device.

    A device that does not answer is told with its error and hides no other.
    """
    if plate is None:
        return []
    slots = asyncio.Semaphore(AT_ONCE)

    async def find(target: Target) -> dict[str, Any]:
        async with slots:
            error, entries = await _async_find_on(target, plate)
        return {
            "device_id": target.device_id,
            "channel": target.channel,
            "error": error,
            "entries": [_told(target, entry) for entry in entries],
        }

    return list(await asyncio.gather(*map(find, all_targets(hass))))


async def _async_find_on(
    target: Target, plate: str
) -> tuple[str | None, list[ListEntry]]:
    """Return what a channel has of a plate, or why that is not known."""
    try:
        return None, await _list(target).async_find(plate)
    except NotSupportedError:
        return None, []
    except IsapiError as error:
        return str(target.error(error)), []


async def _async_sync(call: ServiceCall) -> ServiceResponse:
    """Compare the lists of devices with the centre, and make both agree.

    Without a device all are compared, but for those whose lists the user wants left
    alone. A device that is away does not keep the others from it.
    """

    async def sync(target: Target) -> SyncResult:
        return await target.coordinator.lists.async_sync(
            target.channel, call.data.get("resolve"), dry_run=call.data["dry_run"]
        )

    changed = not call.data["dry_run"]
    if "device_id" in call.data:
        meant = targets(call.hass, call.data["device_id"])
        results = await _async_for_each(meant, sync)
    else:
        results = _of_lists(await _async_for_each(_written(call.hass), sync))
    return {"devices": [_result(*result, changed=changed) for result in results]}


async def async_carry(hass: HomeAssistant, plate: str) -> list[Any]:
    """Bring a plate, as the centre has it now, to every device; return what became of it.

    A device that is away gets it when it is there again.
    """
    if not (normalized := normalize_plate(plate)):
        return []

    async def carry(target: Target) -> SyncResult:
        return await target.coordinator.lists.async_carry(target.channel, {normalized})

    results = _of_lists(await _async_for_each(_written(hass), carry))
    return [_result(*result, changed=True) for result in results]


type _Results = list[tuple[Target, SyncResult]]


async def _async_for_each(
    meant: list[Target], act: Callable[[Target], Awaitable[SyncResult]]
) -> _Results:
    """Do something with several channels, a few of them side by side."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def in_turn(target: Target) -> SyncResult:
        async with slots:
            return await act(target)

    results = await asyncio.gather(*map(in_turn, meant))
    return list(zip(meant, results, strict=True))


def _written(hass: HomeAssistant) -> list[Target]:
    """Return the channels whose lists the user lets the centre write."""
    return [one for one in all_targets(hass) if one.coordinator.lists.are_written]


def _of_lists(results: _Results) -> _Results:
    """Leave out devices that have no list."""
    return [one for one in results if not isinstance(one[1].error, NotSupportedError)]


def _result(target: Target, result: SyncResult, *, changed: bool) -> dict[str, Any]:
    """Return what became of one channel."""
    head: dict[str, Any] = {"device_id": target.device_id, "channel": target.channel}
    if result.plan:
        return {**head, "error": None, **told(result.plan, changed=changed)}
    error = result.error
    if isinstance(error, IsapiError):
        return head | {"error": str(target.error(error))}
    if isinstance(error, ArchiveError):
        return head | {"error": str(archive_error(error))}
    return head | {"error": str(error)}


def _targets(call: ServiceCall) -> list[Target]:
    """Return the channels that are meant. Raises ServiceValidationError."""
    return targets(call.hass, call.data["device_id"])


def _list(target: Target) -> DeviceList:
    """Return the list of a channel."""
    return target.coordinator.lists.of(target.channel)


def _entry(call: ServiceCall) -> ListEntry:
    """Return what is put on a list. Raises ServiceValidationError."""
    name = call.data.get("list", "allow")
    if name not in KEPT_LISTS:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_list_of_a_device"
        )
    return ListEntry(
        plate=normalized_plate(call),
        list=name,
        valid_from=_day(call.data.get("valid_from")),
        valid_to=_day(call.data.get("valid_to"), is_end=True),
        card_id=call.data.get("card_id"),
    )


def _day(moment: datetime | None, *, is_end: bool = False) -> date | None:
    """Return a day in the zone of the home, that before the end of a time."""
    if moment is None:
        return None
    return dt_util.as_local(moment - timedelta(seconds=is_end)).date()


def _told(target: Target, entry: ListEntry) -> dict[str, Any]:
    """Return an entry of a device, ready for JSON."""
    return {
        "device_id": target.device_id,
        "channel": target.channel,
        "id": entry.entry_id,
        "plate": entry.plate,
        "plate_normalized": normalize_plate(entry.plate),
        "list": entry.list,
        "card_id": entry.card_id,
        "valid_from": entry.valid_from.isoformat() if entry.valid_from else None,
        "valid_to": entry.valid_to.isoformat() if entry.valid_to else None,
    }
