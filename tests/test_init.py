"""Test that an entry is set up, taken down and removed cleanly."""

from pathlib import Path

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_PASSWORD, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from simulator.camera import SimulatedCamera
from simulator.digest import User
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, DS_2CD4A26, ENTRANCE, NOT_ACTIVATED

from .waiting import expect_events, wait_until


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW, ENTRANCE, DS_2CD4A26])
async def test_device_is_registered(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that the registry shows what the device says of itself."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, camera.profile.serial_number), init_integration.entry_id
    )
    assert device is not None
    assert device.manufacturer == "Hikvision"
    assert device.model == camera.profile.model
    assert device.serial_number == camera.profile.serial_number
    assert (dr.CONNECTION_NETWORK_MAC, camera.profile.mac_address) in device.connections
    assert device.configuration_url == camera.url


async def test_unload_closes_the_one_stream(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that a loaded entry uses one stream, and an unloaded one none."""
    assert init_integration.state is ConfigEntryState.LOADED
    assert camera.open_streams == 1
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    await camera.wait_for_no_stream()
    assert init_integration.state.name == "NOT_LOADED"


async def test_reload_opens_one_stream_again(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that a reload leaves no old stream behind, and reads on."""
    assert await hass.config_entries.async_reload(init_integration.entry_id)
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes()
    assert camera.stream_opens == 2
    assert camera.open_streams == 1


async def test_stopping_home_assistant_closes_the_stream(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that the device's slot is free when Home Assistant has stopped."""
    hass.set_state(CoreState.stopping)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_stop(force=True)
    await camera.wait_for_no_stream()


async def test_device_away_is_tried_again(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Test that setting up waits for a device that does not answer."""
    await camera.stop()
    config_entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(config_entry.entry_id)
    assert config_entry.state is ConfigEntryState.SETUP_RETRY
    assert config_entry.error_reason_translation_key == "cannot_connect"
    # The centre is set up beside it, and must not be broken off half-way.
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("fault", "key"), [(Fault.BUSY, "device_busy"), (Fault.LOCKED, "account_locked")]
)
async def test_device_that_cannot_now_is_tried_again(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    fault: Fault,
    key: str,
) -> None:
    """Test that setting up waits for a device that is busy or locked."""
    camera.faults.on(fault)
    config_entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(config_entry.entry_id)
    assert config_entry.state is ConfigEntryState.SETUP_RETRY
    assert config_entry.error_reason_translation_key == key
    await hass.async_block_till_done()


async def test_refused_login_asks_the_user_and_is_not_repeated(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Test that a wrong password is shown to the device once, ever."""
    config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        config_entry, data={**config_entry.data, CONF_PASSWORD: "wrong"}
    )
    for _ in range(3):
        await hass.config_entries.async_setup(config_entry.entry_id)
        await hass.config_entries.async_unload(config_entry.entry_id)
    await hass.async_block_till_done()
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    assert camera.failed_logins == 1


async def test_password_changed_while_running_asks_the_user(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that a login refused later on ends the attempts, too."""
    camera.guard.users[camera.username] = User(name=camera.username, password="another")
    camera.drop_streams()
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: not coordinator.connected)
    await wait_until(
        coordinator,
        lambda: bool(hass.config_entries.flow.async_progress_by_handler(DOMAIN)),
    )
    assert camera.failed_logins == 1


@pytest.mark.parametrize("camera_profile", [NOT_ACTIVATED])
async def test_factory_state_is_not_tried_again(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Test that a device that lost its password says so."""
    config_entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(config_entry.entry_id)
    assert config_entry.state is ConfigEntryState.SETUP_ERROR
    assert config_entry.error_reason_translation_key == "not_activated"


async def test_removal_leaves_no_pictures(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that the kept pictures go with the entry."""
    coordinator = init_integration.runtime_data
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes()
    await wait_until(coordinator, lambda: len(coordinator.data[1].pictures) >= 2)
    await coordinator.states.async_keep_pictures()
    folder = Path(hass.config.cache_path(DOMAIN, init_integration.entry_id))
    assert await hass.async_add_executor_job(lambda: len(list(folder.iterdir()))) >= 2
    assert await hass.config_entries.async_remove(init_integration.entry_id)
    assert not await hass.async_add_executor_job(folder.exists)
