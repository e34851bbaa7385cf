"""Test telling a camera to read now."""

from homeassistant.components.button import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from simulator.camera import SimulatedCamera
from simulator.profiles import DEEPINVIEW, ENTRANCE

from .entities import entity_id_of, state_of
from .waiting import expect_events, wait_until

ENABLED = "entity_registry_enabled_by_default"


async def press(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Press the button."""
    entity_id = entity_id_of(hass, camera, BUTTON, "recognize")
    await hass.services.async_call(
        BUTTON, SERVICE_PRESS, {"entity_id": entity_id}, blocking=True
    )


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_disabled_at_first(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Let the user ask for what no camera promises."""
    entity_id = entity_id_of(hass, camera, BUTTON, "recognize")
    entry = er.async_get(hass).async_get(entity_id)
    assert entry is not None
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION


@pytest.mark.usefixtures(ENABLED)
@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_what_is_read_is_a_passage(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Take the answer as a live passage with its pictures."""
    camera.device.standing = "STAND1"
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await press(hass, camera)
    (event,) = events
    assert (event.data["plate"], event.data["source"]) == ("STAND1", "manual")
    assert event.data["live"] is True
    coordinator = init_integration.runtime_data
    await wait_until(
        coordinator,
        lambda: state_of(hass, camera, "image", "plate_picture").state != "unknown",
    )
    assert state_of(hass, camera, "sensor", "last_plate").state == "STAND1"


@pytest.mark.usefixtures(ENABLED)
@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_nobody_there(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Take what the camera says: a plate that cannot be read, or nothing at all."""
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await press(hass, camera)
    assert events[0].data["plate"] is None

    async def nothing() -> list[None]:
        return []

    camera.device.recognize = nothing  # type: ignore[assignment]
    with pytest.raises(HomeAssistantError) as error:
        await press(hass, camera)
    assert error.value.translation_key == "nothing_recognized"


@pytest.mark.usefixtures(ENABLED)
@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_camera_that_cannot(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Say that the camera cannot."""
    with pytest.raises(HomeAssistantError) as error:
        await press(hass, camera)
    assert error.value.translation_key == "not_supported"
