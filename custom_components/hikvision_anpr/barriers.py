"""Find what opens the gate of each channel of a device."""

import asyncio
from contextlib import suppress
import logging
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import PlatformNotReady
from homeassistant.helpers import entity_registry as er

from .channel_options import channel_options, gate_outputs
from .const import BARRIER_AUTO, BARRIER_ENTITY, BARRIER_NONE, BARRIER_OUTPUT, DOMAIN
from .coordinator import AnprConfigEntry
from .exceptions import platform_error
from .gate.barrier import Barrier, DeviceBarrier, RelayBarrier
from .gate.entity_barrier import EntityBarrier
from .gate.readiness import async_keep_ready
from .isapi.barrier import async_find_barrier
from .isapi.errors import IsapiError

_LOGGER = logging.getLogger(__name__)

LOOK_SECONDS: Final = 2.0
"""How soon a device that was busy is asked again: a vehicle may be waiting."""


async def async_find_barriers(
    hass: HomeAssistant, entry: AnprConfigEntry
) -> dict[int, Barrier]:
    """Return the barriers by channel, found once for all who move them.

    Raises PlatformNotReady where the device cannot be asked now.
    """
    gates = entry.runtime_data.gates
    async with gates.finding:
        if not gates.are_found:
            await _find_all(hass, entry)
            await _async_check(entry)
            _keep_ready(hass, entry)
            gates.are_found = True
    return gates.barriers


@callback
def async_look_again(hass: HomeAssistant, entry: AnprConfigEntry) -> None:
    """Find the barriers of a device that was busy as soon as it answers.

    Home Assistant waits for half a minute and longer before it sets up a platform again.
    """
    if not entry.runtime_data.gates.are_found:
        entry.async_create_background_task(
            hass, _async_look(hass, entry), f"{DOMAIN} find barriers {entry.title}"
        )


async def _async_look(hass: HomeAssistant, entry: AnprConfigEntry) -> None:
    """Ask until the device has answered."""
    try:
        while not entry.runtime_data.gates.are_found:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(PlatformNotReady):
                await async_find_barriers(hass, entry)
    except Exception:
        _LOGGER.exception("The barriers of %s are found later", entry.title)


async def async_free_outputs(
    hass: HomeAssistant, entry: AnprConfigEntry, platform: str, key: str
) -> dict[int, bool]:
    """Return the alarm outputs that move no gate, and whether each is shown at first.

    An output of a device with a barrier of its own may be what moves it. Entities of
    outputs that a gate uses by now are removed. Raises PlatformNotReady.
    """
    barriers = (await async_find_barriers(hass, entry)).values()
    is_shown = not any(isinstance(barrier, DeviceBarrier) for barrier in barriers)
    used = gate_outputs(entry.options)
    registry = er.async_get(hass)
    for output in used:
        unique_id = f"{entry.runtime_data.device.serial_number}-{key}_{output}"
        if found := registry.async_get_entity_id(platform, DOMAIN, unique_id):
            registry.async_remove(found)
    outputs = entry.runtime_data.capabilities.outputs
    return {output: is_shown for output in outputs if output not in used}


async def _async_check(entry: AnprConfigEntry) -> None:
    """Look whether the device opens, too; next time if it is busy now."""
    try:
        await entry.runtime_data.gates.async_check(entry.runtime_data.client)
    except IsapiError as error:
        _LOGGER.debug("Whether the device opens by itself is not known: %s", error)


@callback
def _keep_ready(hass: HomeAssistant, entry: AnprConfigEntry) -> None:
    """Keep the device ready for commands, for as long as the entry is loaded."""
    device, gates = entry.runtime_data, entry.runtime_data.gates
    entry.async_create_background_task(
        hass,
        async_keep_ready(
            device.client,
            lambda: device.connected and gates.command_device,
            entry.title,
        ),
        f"{DOMAIN} keep {entry.title} ready",
    )


async def _find_all(hass: HomeAssistant, entry: AnprConfigEntry) -> None:
    """Note the barriers by channel, those too that need no answer of the device.

    Raises PlatformNotReady.
    """
    gates, failed = entry.runtime_data.gates, None
    for channel in entry.runtime_data.data.keys() - gates.barriers.keys():
        try:
            barrier = await _find(hass, entry, channel)
        except IsapiError as error:
            gates.unknown.add(channel)
            failed = error
            continue
        gates.unknown.discard(channel)
        if barrier:
            gates.barriers[channel] = barrier
    if failed:
        host = entry.runtime_data.client.address.host
        raise platform_error(failed, host) from failed


async def _find(
    hass: HomeAssistant, entry: AnprConfigEntry, channel: int
) -> Barrier | None:
    """Return what the user chose, or the device's own barrier.

    A recorder passes no barrier on.
    """
    client = entry.runtime_data.client
    options = channel_options(entry.options, channel)
    if options.barrier == BARRIER_NONE:
        return None
    if options.barrier == BARRIER_ENTITY:
        entity_id = options.barrier_entity
        return _of_entity(hass, entity_id) if entity_id else None
    if entry.runtime_data.device.is_nvr:
        return None
    place = f"{entry.runtime_data.device.serial_number}-{channel}-barrier"
    if options.barrier == BARRIER_AUTO:
        info = await async_find_barrier(client, channel)
        return DeviceBarrier(client, channel, info, place) if info else None
    output = int(options.barrier.removeprefix(BARRIER_OUTPUT))
    relay = entry.runtime_data.ports.relay(output)
    return RelayBarrier(client, relay, options.pulse_seconds, place)


def _of_entity(hass: HomeAssistant, entity_id: str) -> EntityBarrier:
    """Return what an entity moves; one of ours moves what its own camera moves."""
    known = er.async_get(hass).async_get(entity_id)
    place = known.unique_id if known and known.platform == DOMAIN else entity_id
    return EntityBarrier(hass, entity_id, place)
