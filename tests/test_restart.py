"""Test restarting a camera from Home Assistant."""

from homeassistant.components.button import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera
from simulator.faults import Fault


def button(hass: HomeAssistant, camera: SimulatedCamera) -> er.RegistryEntry:
    """Return the button."""
    registry = er.async_get(hass)
    unique_id = f"{camera.profile.serial_number}-restart"
    entity_id = registry.async_get_entity_id(BUTTON, DOMAIN, unique_id)
    assert entity_id is not None
    return registry.entities[entity_id]


async def press(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Press the button."""
    entity_id = button(hass, camera).entity_id
    await hass.services.async_call(
        BUTTON, SERVICE_PRESS, {"entity_id": entity_id}, blocking=True
    )


@pytest.mark.usefixtures("init_integration")
async def test_disabled_at_first(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Let nobody restart a camera by a stray press."""
    assert button(hass, camera).disabled_by is er.RegistryEntryDisabler.INTEGRATION


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "init_integration")
async def test_restart(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Restart the camera once."""
    await press(hass, camera)
    assert camera.device.reboots == 1


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "init_integration")
async def test_refused(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Say that the camera did not restart."""
    camera.faults.on(Fault.BUSY)
    with pytest.raises(HomeAssistantError) as error:
        await press(hass, camera)
    assert error.value.translation_key == "device_busy"
    assert camera.device.reboots == 0
