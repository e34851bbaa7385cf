"""Diagnostics, without personal data."""

from collections.abc import Iterator
from dataclasses import asdict
import re
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .centre import async_get_centre, is_centre
from .channel_state import ChannelState
from .connection import async_get_login_guard
from .const import CONF_DATABASE_URL, CONF_LISTENING_ADDRESS
from .coordinator import AnprConfigEntry, AnprCoordinator
from .exceptions import error_key
from .intake.clock import DeviceClock
from .intake.doors import own_port_of
from .intake.passage import Passage, normalize_plate
from .isapi.device import DeviceInfo
from .isapi.errors import IsapiError
from .isapi.login import Credentials
from .isapi.tables.lists import LIST_WORDS

PRIVATE_KEYS: Final = {
    CONF_HOST,
    CONF_PASSWORD,
    CONF_USERNAME,
    CONF_DATABASE_URL,
    CONF_LISTENING_ADDRESS,
    CONF_WEBHOOK_ID,
    "address",
    "device_id",
    "mac_address",
    "name",
    "plate",
    "plate_normalized",
    "saved",
    "serial_number",
    "title",
    "unique_id",
    "vehicle_name",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: AnprConfigEntry
) -> dict[str, Any]:
    """Return what is known of an entry; of one that is not loaded, its settings."""
    found: dict[str, Any] = {
        "entry": {
            "title": entry.title,
            "unique_id": entry.unique_id,
            "state": entry.state.value,
            "reason": entry.reason,
            "connection": dict(entry.data),
            "options": dict(entry.options),
        }
    }
    if is_centre(entry):
        return async_redact_data(found | _centre(hass), PRIVATE_KEYS)
    if entry.state is ConfigEntryState.LOADED:
        found |= _device(hass, entry)
    return _without(set(_private_values(entry)), async_redact_data(found, PRIVATE_KEYS))


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: AnprConfigEntry, device: dr.AnyDeviceEntry
) -> dict[str, Any]:
    """Return what is known of a device, which is all there is in its entry."""
    return await async_get_config_entry_diagnostics(hass, entry)


def _centre(hass: HomeAssistant) -> dict[str, Any]:
    """Describe the archive, while it is open."""
    if (archive := async_get_centre(hass).archive) is None:
        return {}
    backend = archive.database.url.get_backend_name()
    return {"archive": {"database": backend, "trouble": archive.trouble}}


def _device(hass: HomeAssistant, entry: AnprConfigEntry) -> dict[str, Any]:
    """Describe a device that is followed."""
    coordinator = entry.runtime_data
    return {
        "device": asdict(coordinator.device),
        "capabilities": asdict(coordinator.capabilities),
        "disks": [asdict(disk) for disk in coordinator.disks or ()],
        "connected": coordinator.connected,
        "login": _login(hass, coordinator),
        "stream": asdict(coordinator.arming.counts),
        "listening": _listening(coordinator),
        "catch_up": asdict(coordinator.catch_up.counts),
        "recorder": _recorder(coordinator),
        "pictures_by_address": {
            "fetched": coordinator.picture_fetch.fetched,
            "missed": coordinator.picture_fetch.missed,
            "waiting": coordinator.picture_fetch.waiting,
        },
        "clock": _clock(coordinator.clock),
        "channels": {
            str(channel): {
                **_channel(state),
                "plate_height": coordinator.plates.sizes.height(channel),
                "entities": _entities(hass, entry, channel),
            }
            for channel, state in coordinator.data.items()
        },
    }


def _listening(coordinator: AnprCoordinator) -> dict[str, Any]:
    """Describe what is posted to us, and what became of the device's slot."""
    return {
        **asdict(coordinator.listening.counts),
        "own_port": own_port_of(coordinator.config_entry.options),
        "open": coordinator.listening.is_open.is_set(),
        "slot": coordinator.slot_watch.state,
        "slot_rewritten": coordinator.slot_watch.rewritten,
    }


def _recorder(coordinator: AnprCoordinator) -> dict[str, Any] | None:
    """Describe the channels of a recorder, and what came of others."""
    recorder = coordinator.channels.recorder
    if recorder is None:
        return None
    return {
        "channels": [asdict(channel) for channel in recorder.inputs.values()],
        "followed": list(recorder.followed),
        "unknown_channels": dict(recorder.unknown),
        "left_to_the_camera": recorder.yielded,
    }


def _login(hass: HomeAssistant, coordinator: AnprCoordinator) -> str:
    """Tell whether the login is still tried, without asking the device."""
    data = coordinator.config_entry.data
    credentials = Credentials(
        username=data[CONF_USERNAME], password=data[CONF_PASSWORD]
    )
    try:
        async_get_login_guard(hass, coordinator.client.address).admit(credentials)
    except IsapiError as err:
        return error_key(err)
    return "admitted"


def _clock(clock: DeviceClock) -> dict[str, Any]:
    """Describe the clock of a device; `drift` is in seconds, its time minus ours."""
    return {
        "drift": clock.drift.total_seconds() if clock.drift is not None else None,
        "measured_at": clock.measured_at.isoformat() if clock.measured_at else None,
        "zone": str(clock.zone),
    }


def _channel(state: ChannelState) -> dict[str, Any]:
    """Describe what a channel last saw."""
    return {
        "passage": _passage(state.passage) if state.passage else None,
        "passages_today": state.passages_today,
        "latency": state.latency,
        "pictures": {
            kind: {
                "bytes": len(picture.data),
                "arrived_at": picture.arrived_at.isoformat(),
            }
            for kind, picture in state.pictures.items()
        },
    }


def _passage(passage: Passage) -> dict[str, Any]:
    """Describe a passage; a list that users named themselves stays unnamed."""
    values = passage.as_dict()
    if values["device_list"] not in {None, *LIST_WORDS.values()}:
        values["device_list"] = REDACTED
    return dict(values)


def _entities(
    hass: HomeAssistant, entry: AnprConfigEntry, channel: int
) -> dict[str, str]:
    """Tell which entities of a channel are disabled, and by whom.

    They go by platform and translation key: users name entities after people.
    """
    prefix = f"{entry.runtime_data.device.serial_number}-{channel}-"
    return {
        f"{entity.domain}.{entity.translation_key}": (
            f"disabled by {entity.disabled_by}" if entity.disabled_by else "enabled"
        )
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if entity.unique_id.startswith(prefix)
    }


def _private_values(entry: AnprConfigEntry) -> Iterator[str | None]:
    """Yield all that tells whose entry it is, or who passed."""
    yield from (entry.title, entry.unique_id)
    yield from (entry.data[key] for key in (CONF_HOST, CONF_USERNAME, CONF_PASSWORD))
    yield entry.data.get(CONF_WEBHOOK_ID)
    if entry.state is ConfigEntryState.LOADED:
        yield from _identity(entry.runtime_data.device)
        for state in entry.runtime_data.data.values():
            yield from _who_passed(state)


def _identity(device: DeviceInfo) -> Iterator[str | None]:
    """Yield what tells a device from all others."""
    yield from (device.name, device.serial_number)
    yield from _mac_addresses(device.mac_address)


def _who_passed(state: ChannelState) -> Iterator[str | None]:
    """Yield what tells a vehicle, a read and its channel from all others."""
    plates = [state.last_plate]
    if state.passage:
        read = state.passage.read
        plates += read.plate, read.original_plate
        yield from (read.uuid, read.device_uuid, read.channel_name)
        yield from _mac_addresses(read.mac_address)
    for plate in plates:
        yield from (plate, normalize_plate(plate) if plate else None)


def _mac_addresses(mac_address: str | None) -> Iterator[str]:
    """Yield a network address in every way to write it."""
    for separator in (":", "-", ""):
        if mac_address:
            yield mac_address.replace(":", separator)


def _without(private: set[str | None], found: dict[str, Any]) -> dict[str, Any]:
    """Take private values out of every text, inside of longer ones and in any case."""
    texts = sorted(filter(None, private), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, texts)), re.IGNORECASE)

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: clean(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [clean(inner) for inner in value]
        return pattern.sub(REDACTED, value) if isinstance(value, str) else value

    return {key: clean(value) for key, value in found.items()}
