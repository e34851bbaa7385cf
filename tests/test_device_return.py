"""Test that a device that was away is set up as soon as it answers."""

from homeassistant import config_entries
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import CONF_PORT
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr import device_return
from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from simulator.camera import SimulatedCamera
from simulator.faults import Fault

from .waiting import expect_events, until


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for devices much more often than at home, and Home Assistant itself not."""
    monkeypatch.setattr(device_return, "LOOK_AGAIN_SECONDS", 0.05)
    for limit in ("MIN", "MAX"):
        monkeypatch.setattr(config_entries, f"RANDOM_MICROSECOND_{limit}", 600_000_000)


@pytest.fixture
async def away(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> MockConfigEntry:
    """Return the entry of a camera that was away when it was set up."""
    await camera.stop()
    config_entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(config_entry.entry_id)
    assert config_entry.state is ConfigEntryState.SETUP_RETRY
    await hass.async_block_till_done()
    return config_entry


async def test_camera_comes_back(
    hass: HomeAssistant, camera: SimulatedCamera, away: MockConfigEntry
) -> None:
    """Follow a camera long before Home Assistant would try again."""
    await camera.start(port=camera.port)
    await until(lambda: away.state is ConfigEntryState.LOADED)
    await camera.wait_for_stream()
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes()
    assert camera.failed_logins == 0


async def test_comes_back_elsewhere(
    hass: HomeAssistant, camera: SimulatedCamera, away: MockConfigEntry
) -> None:
    """Look where the entry says that the device is by now."""
    await camera.start()
    data = {**away.data, CONF_PORT: camera.port}
    hass.config_entries.async_update_entry(away, data=data)
    await until(lambda: away.state is ConfigEntryState.LOADED)


async def test_comes_back_and_cannot_yet(
    hass: HomeAssistant, camera: SimulatedCamera, away: MockConfigEntry
) -> None:
    """Leave a device that answers with an error to Home Assistant's own attempts."""
    camera.faults.on(Fault.LOCKED)
    await camera.start(port=camera.port)
    await until(lambda: away.error_reason_translation_key == "account_locked")
    attempts = len(camera.requests)
    for _ in range(3):
        await hass.async_block_till_done()
    assert len(camera.requests) == attempts
    assert away.state is ConfigEntryState.SETUP_RETRY


async def test_entry_that_waits_no_longer(
    hass: HomeAssistant, camera: SimulatedCamera, away: MockConfigEntry
) -> None:
    """Look no longer for the device of an entry that was disabled."""
    await hass.config_entries.async_set_disabled_by(
        away.entry_id, ConfigEntryDisabler.USER
    )
    await until(lambda: not hass.data[device_return.AWAITED])
    await camera.start(port=camera.port)
    await hass.async_block_till_done()
    assert not camera.requests
    assert away.state is ConfigEntryState.NOT_LOADED
