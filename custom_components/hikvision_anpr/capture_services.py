"""Provide an action to record what a device sends, masked, for a bug report."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
import json
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, __version__
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
from homeassistant.loader import async_get_integration
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from .allowed_files import written_or_told
from .centre import is_centre
from .const import CONF_INTAKE, DOMAIN, INTAKE_ARMING
from .coordinator import AnprConfigEntry, AnprCoordinator
from .file_link import folder, link_to
from .intake.capture import Capture
from .isapi.masking import mask

SERVICE_CAPTURE_MESSAGES: Final = "capture_messages"
LONGEST_MINUTES: Final = 15
CAPTURING: HassKey[bool] = HassKey(f"{DOMAIN}_capturing")

CAPTURE_SCHEMA: Final[Any] = vol.Schema(
    {
        vol.Required("device_id"): cv.string,
        vol.Optional("minutes", default=3): vol.All(
            vol.Coerce(float), vol.Range(0, LONGEST_MINUTES, min_included=False)
        ),
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action; it is for administrators."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_CAPTURE_MESSAGES,
        _async_capture,
        CAPTURE_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


async def _async_capture(call: ServiceCall) -> ServiceResponse:
    """Record a device for some minutes, and answer where it is; one at a time."""
    hass = call.hass
    coordinator = _coordinator(hass, call.data["device_id"])
    if CAPTURING in hass.data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="capture_going_on"
        )
    hass.data[CAPTURING] = True
    try:
        capture = await _async_record(coordinator, call.data["minutes"] * 60)
        return await _async_keep(hass, coordinator, capture)
    finally:
        del hass.data[CAPTURING]


def _coordinator(hass: HomeAssistant, device_id: str) -> AnprCoordinator:
    """Return who follows a device, or a channel of it.

    Raises ServiceValidationError.
    """
    registry = dr.async_get(hass)
    for entry in hass.config_entries.async_entries(DOMAIN):
        if is_centre(entry) or entry.state is not ConfigEntryState.LOADED:
            continue
        devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
        if device_id in {device.id for device in devices}:
            found: AnprConfigEntry = entry
            return found.runtime_data
    raise ServiceValidationError(
        translation_domain=DOMAIN, translation_key="device_not_found"
    )


async def _async_record(coordinator: AnprCoordinator, seconds: float) -> Capture:
    """Record what arrives, for some time or until there is no more room.

    An entry that is unloaded ends it as well.
    """
    capture = Capture()
    coordinator.config_entry.async_on_unload(capture.ended.set)
    coordinator.arming.record(capture)
    coordinator.listening.record(capture)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await capture.ended.wait()
    finally:
        coordinator.arming.record(None)
        coordinator.listening.record(None)
        capture.ended.set()
    return capture


async def _async_keep(
    hass: HomeAssistant, coordinator: AnprCoordinator, capture: Capture
) -> dict[str, Any]:
    """Write what was recorded, and return where it is."""
    path = folder(hass) / f"capture-{dt_util.now():%Y%m%d-%H%M%S-%f}.zip"
    about = await _async_about(hass, coordinator, capture)
    known = set(filter(None, _private(coordinator)))
    write = partial(_write, path, capture, known, about)
    with written_or_told(path):
        size = await hass.async_add_executor_job(write)
    return {
        "file": str(path),
        "url": link_to(hass, path),
        "size": size,
        "seconds": about["seconds"],
        "received_bytes": capture.received_bytes,
        "complete": about["complete"],
    }


async def _async_about(
    hass: HomeAssistant, coordinator: AnprCoordinator, capture: Capture
) -> dict[str, Any]:
    """Return what one has to know to read a capture."""
    return {
        "home_assistant": __version__,
        "integration": str((await async_get_integration(hass, DOMAIN)).version),
        "model": coordinator.device.model,
        "firmware": coordinator.device.firmware,
        "intake": coordinator.config_entry.options.get(CONF_INTAKE, INTAKE_ARMING),
        "seconds": round(capture.seconds, 1),
        "complete": not capture.is_full,
    }


def _private(coordinator: AnprCoordinator) -> Iterator[str | None]:
    """Yield what tells whose device it is, wherever it stands."""
    device = coordinator.device
    yield coordinator.config_entry.data[CONF_HOST]
    yield device.serial_number
    yield device.serial_number[-9:]
    yield device.name
    for separator in (":", "-", ""):
        yield device.mac_address and device.mac_address.replace(":", separator)


def _write(path: Path, capture: Capture, known: set[str], about: dict[str, Any]) -> int:
    """Write a capture, masked before it reaches the disk, and return its size."""
    files = {
        f"{one.name}.{kind}": content
        for one in capture.recorded
        for kind, content in (("txt", one.head.encode()), ("bin", bytes(one.body)))
    }
    masked = mask(list(files.values()), known)
    about["arrivals"] = {one.name: one.arrivals for one in capture.recorded}
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("about.json", json.dumps(about, indent=1))
        for name, content in zip(files, masked, strict=True):
            archive.writestr(name, content)
    return path.stat().st_size
