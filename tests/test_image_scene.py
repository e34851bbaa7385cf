"""Test choosing the scene in which a camera takes its pictures."""

from typing import Any
from unittest.mock import patch

from homeassistant.components.select import (
    ATTR_OPTION,
    ATTR_OPTIONS,
    DOMAIN as SELECT,
    SERVICE_SELECT_OPTION,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import async_update_entity
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import RebootRequiredError
from simulator.answers import OK
from simulator.camera import SimulatedCamera
from simulator.configuration import Configuration
from simulator.faults import Fault
from simulator.profiles import ENTRANCE

from .entities import entity_id_of, state_of
from .registry import ask
from .repairing import shown

KEY = "image_scene"
SCENE = "/ISAPI/Image/channels/1/mountingScenario"


async def choose(hass: HomeAssistant, camera: SimulatedCamera, option: str) -> None:
    """Choose a scene."""
    data = {"entity_id": entity_id_of(hass, camera, SELECT, KEY), ATTR_OPTION: option}
    await hass.services.async_call(SELECT, SERVICE_SELECT_OPTION, data, blocking=True)


def put(camera: SimulatedCamera, inner: str) -> None:
    """Let somebody else change the scene."""
    body = f"<MountingScenario>{inner}</MountingScenario>".encode()
    assert camera.device.configuration.put(SCENE, body, "MountingScenario") is OK


async def test_choose(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Offer what the camera offers, in readable words, and keep the rest."""
    state = state_of(hass, camera, SELECT, KEY)
    assert state.state == "normal"
    assert state.attributes[ATTR_OPTIONS] == [
        "normal",
        "low_illumination",
        "road",
        "custom1",
        "custom2",
    ]
    entity = er.async_get(hass).async_get(state.entity_id)
    assert entity is not None
    assert entity.entity_category is EntityCategory.CONFIG
    put(camera, "<mode>normal</mode><unknown>kept</unknown>")
    await choose(hass, camera, "low_illumination")
    assert state_of(hass, camera, SELECT, KEY).state == "low_illumination"
    written = camera.device.configuration.get(SCENE, lambda: b"")
    assert b"<mode>lowIllumination</mode><unknown>kept</unknown>" in written
    found = await ask(hass, "get_image_settings", device_id=device_id)
    assert (found["scene"], found["scene_switching"]) == ("lowIllumination", "disable")
    assert "road" in found["scenes"]


async def test_followed(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Follow what a schedule of the camera switches, and say when it is not known."""
    entity_id = entity_id_of(hass, camera, SELECT, KEY)
    for inner, expected in (
        ("<mode>road</mode>", "road"),
        ("<mode>moonlight</mode>", "unknown"),
        ("<other/>", "unavailable"),
        ("<mode>custom1</mode>", "custom1"),
    ):
        put(camera, inner)
        await async_update_entity(hass, entity_id)
        assert state_of(hass, camera, SELECT, KEY).state == expected
    camera.faults.on(Fault.BUSY)
    await async_update_entity(hass, entity_id)
    assert state_of(hass, camera, SELECT, KEY).state == "unavailable"


async def test_refused(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Say what is in the way, and show what the camera has."""
    with (
        patch.object(Configuration, "put", return_value=OK),
        pytest.raises(HomeAssistantError) as error,
    ):
        await choose(hass, camera, "road")
    assert error.value.translation_key == "not_taken"
    camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    with pytest.raises(HomeAssistantError) as error:
        await choose(hass, camera, "road")
    assert error.value.translation_key == "reboot_required"
    assert shown(hass, init_integration) == {"restart_wanted"}
    put(camera, "<other/>")
    with pytest.raises(ServiceValidationError) as invalid:
        await choose(hass, camera, "road")
    assert invalid.value.translation_key == "setting_unknown"
    assert state_of(hass, camera, SELECT, KEY).state == "normal"


async def test_shown_although_it_waits(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show the scene that the camera shows, also where it acts after a restart."""
    put_ = IsapiClient.put

    async def write(client: IsapiClient, *data: Any) -> None:
        await put_(client, *data)
        raise RebootRequiredError("Restart")

    with (
        patch.object(IsapiClient, "put", write),
        pytest.raises(HomeAssistantError) as error,
    ):
        await choose(hass, camera, "road")
    assert error.value.translation_key == "reboot_required"
    assert state_of(hass, camera, SELECT, KEY).state == "road"
    assert shown(hass, init_integration) == {"restart_wanted"}


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_camera_without(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Offer nothing where the camera has no scenes."""
    unique_id = f"{camera.profile.serial_number}-1-{KEY}"
    assert not er.async_get(hass).async_get_entity_id(SELECT, DOMAIN, unique_id)
    found = await ask(hass, "get_image_settings", device_id=device_id)
    assert (found["scene"], found["scenes"]) == (None, [])
