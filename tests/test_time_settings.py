"""Test seeing and changing how devices keep their time."""

from datetime import timedelta
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from simulator.answers import OK
from simulator.camera import SimulatedCamera
from simulator.configuration import Configuration

from .registry import ask

NEW_YORK = "CST+5:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00"


async def test_what_is_told(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Answer clock, mode, zone and server."""
    camera.device.clock.drift = timedelta(minutes=5)
    found = await ask(hass, "get_time_settings", device_id=device_id)
    assert found["mode"] == "ntp"
    assert found["time_zone"] == camera.device.clock.zone_text
    assert (found["server"], found["port"]) == ("time.example.org", 123)
    assert found["interval_minutes"] == 1440
    assert 295 < found["ahead_seconds"] < 305


async def test_change(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Change all, and set the clock, too."""
    camera.device.clock.drift = timedelta(minutes=5)
    after = await ask(
        hass,
        "set_time_settings",
        device_id=device_id,
        mode="manual",
        time_zone="America/New_York",
        server="192.0.2.9",
        port=1123,
        interval_minutes=60,
    )
    assert (after["mode"], after["time_zone"]) == ("manual", NEW_YORK)
    assert (after["server"], after["port"]) == ("192.0.2.9", 1123)
    assert after["interval_minutes"] == 60
    assert abs(after["ahead_seconds"]) < 5
    assert camera.device.clock.zone_text == NEW_YORK
    drift = init_integration.runtime_data.clock.own_drift
    assert abs(drift) < timedelta(seconds=5)
    again = await ask(hass, "set_time_settings", device_id=device_id, mode="ntp")
    assert (again["mode"], again["time_zone"]) == ("ntp", NEW_YORK)
    assert again["server"] == "192.0.2.9"


@pytest.mark.parametrize(
    ("zone", "key"),
    [
        ("Europe/Nowhere", "time_zone_unknown"),
        ("Asia/Jerusalem", "time_zone_not_writable"),
    ],
)
async def test_zone_that_cannot_be_set(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str, zone: str, key: str
) -> None:
    """Refuse a zone before anything is written."""
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "set_time_settings", device_id=device_id, time_zone=zone)
    assert error.value.translation_key == key
    assert not [one for one in camera.requests if one.method == "PUT"]


async def test_device_that_keeps_its_own(hass: HomeAssistant, device_id: str) -> None:
    """Show no success where the device stored something else."""
    with (
        patch.object(Configuration, "put", return_value=OK),
        pytest.raises(HomeAssistantError) as error,
    ):
        await ask(hass, "set_time_settings", device_id=device_id, port=99)
    assert error.value.translation_key == "not_taken"


async def test_zone_that_is_not_kept(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Believe what the device shows afterwards, not its OK."""
    with (
        patch("simulator.routes.system.text_of", return_value=None),
        pytest.raises(HomeAssistantError) as error,
    ):
        await ask(
            hass, "set_time_settings", device_id=device_id, time_zone="Asia/Kolkata"
        )
    assert error.value.translation_key == "not_taken"


async def test_what_is_none(hass: HomeAssistant, device_id: str) -> None:
    """Refuse what is no host, and an action that changes nothing."""
    with pytest.raises(vol.Invalid):
        await ask(hass, "set_time_settings", device_id=device_id, server="a b")
    with pytest.raises(vol.Invalid):
        await ask(hass, "set_time_settings", device_id=device_id)
