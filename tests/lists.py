"""Look at the lists of a device, and choose how they are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr import channel_lists, device_lists
from simulator.camera import SimulatedCamera

from .waiting import wait_until


@contextmanager
def at_once() -> Iterator[None]:
    """Compare lists, try again and keep what is known without waiting."""
    with (
        patch.object(device_lists, "SETTLE_SECONDS", 0.0),
        patch.object(device_lists, "RETRY_SECONDS", 0.05),
        patch.object(channel_lists, "SAVE_SECONDS", 0),
    ):
        yield


def kept(camera: SimulatedCamera) -> dict[str, str | None]:
    """Return what is on the camera's list."""
    plates = camera.device.plate_list
    return {plate: plates.fact(plate) for plate in plates.records}


async def keep_lists(
    hass: HomeAssistant, entry: MockConfigEntry, mode: str = "in_step"
) -> None:
    """Choose how far the lists are kept."""
    hass.config_entries.async_update_entry(
        entry, options={**entry.options, "keep_lists": mode}
    )
    assert await hass.config_entries.async_reload(entry.entry_id)
    coordinator = entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)


def state(hass: HomeAssistant) -> str:
    """Return how the lists stand."""
    (found,) = (
        one
        for one in hass.states.async_all("sensor")
        if one.entity_id.endswith("lists_on_the_device")
    )
    return found.state


def writes(camera: SimulatedCamera) -> list[str]:
    """Return what was asked of the camera's lists, beside reading them."""
    return [
        one.path
        for one in camera.requests
        if one.method == "PUT" and "Data" in one.path and one.status == 200
    ]


def shown(hass: HomeAssistant, ending: str) -> str:
    """Return what a sensor shows."""
    (found,) = (
        one for one in hass.states.async_all("sensor") if one.entity_id.endswith(ending)
    )
    return found.state


def sync_buttons(hass: HomeAssistant) -> list[str]:
    """Return the buttons that compare lists."""
    found = hass.states.async_entity_ids("button")
    return [one for one in found if one.endswith("sync_the_lists")]
