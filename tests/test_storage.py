"""Test that a device's disks are shown, and trouble with them."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.isapi.errors import NotSupportedError
from custom_components.hikvision_anpr.isapi.storage import Disk, storage_state
from simulator.camera import SimulatedCamera

from .repairing import shown


def state_of(hass: HomeAssistant, camera: SimulatedCamera, key: str) -> str | None:
    """Return the state of a sensor of the device itself."""
    unique_id = f"{camera.profile.serial_number}-{key}"
    entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, unique_id)
    state = hass.states.get(entity_id) if entity_id else None
    return state.state if state else None


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_sensors(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show how the card is, and how large."""
    assert state_of(hass, camera, "storage") == "ok"
    assert state_of(hass, camera, "storage_capacity") == "119.09375"
    assert state_of(hass, camera, "storage_free") == "0.0"


async def test_trouble(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show a broken card, and when it is replaced by one to be formatted."""
    watch = init_integration.runtime_data.watch
    for status, state, issues in (
        ("error", "trouble", {"storage_trouble"}),
        ("unformatted", "unformatted", set()),
        ("ok", "ok", set()),
    ):
        camera.device.card_status = status
        await watch.async_check()
        await hass.async_block_till_done()
        assert state_of(hass, camera, "storage") == state
        assert shown(hass, init_integration) == issues


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_share_alone(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show a network share as what there is to record on, and trouble with it."""
    camera.device.card_status = None
    watch = init_integration.runtime_data.watch
    for status, state, issues in (
        ("online", "ok", set()),
        ("offline", "trouble", {"storage_trouble"}),
        (None, "none", set()),
    ):
        camera.device.share_status = status
        await watch.async_check()
        await hass.async_block_till_done()
        assert state_of(hass, camera, "storage") == state
        assert shown(hass, init_integration) == issues
        if status:
            capacity = state_of(hass, camera, "storage_capacity")
            assert capacity == str(1907729 / 1024)


async def test_says_nothing(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Have no such sensors where the device does not say what it records on."""
    config_entry.add_to_hass(hass)
    with patch(
        "custom_components.hikvision_anpr.coordinator.async_get_disks",
        side_effect=NotSupportedError("none"),
    ):
        assert await hass.config_entries.async_setup(config_entry.entry_id)
    assert state_of(hass, camera, "storage") is None
    await config_entry.runtime_data.watch.async_check()
    assert shown(hass, config_entry) == set()


def test_all_disks_together() -> None:
    """Tell the worst, and pass over what is only not formatted beside a good one."""
    good, new, bad = (
        Disk(name="1", status=status) for status in ("ok", "unformatted", "smartfailed")
    )
    assert storage_state(()) == "none"
    assert storage_state((good, new)) == "ok"
    assert storage_state((new,)) == "unformatted"
    assert storage_state((good, bad)) == "trouble"
