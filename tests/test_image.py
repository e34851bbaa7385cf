"""Test the pictures of the last passage."""

from http import HTTPStatus

from homeassistant.components.image import DOMAIN as IMAGE_DOMAIN
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from custom_components.hikvision_anpr.picture_cache import PictureCache
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.passage import Passage, Picture
from simulator.profiles import DEEPINVIEW, ENTRANCE

from .entities import entity_id_of, state_of
from .waiting import expect_events, wait_until

KEYS = {
    Picture.PLATE: "plate_picture",
    Picture.SCENE: "scene_picture",
    Picture.VEHICLE: "vehicle_picture",
}


async def served(
    hass: HomeAssistant, camera: SimulatedCamera, client: ClientSessionGenerator
) -> dict[Picture, bytes]:
    """Return the pictures that Home Assistant serves."""
    session = await client()
    pictures = {}
    for picture, key in KEYS.items():
        entity_id = entity_id_of(hass, camera, IMAGE_DOMAIN, key)
        response = await session.get(f"/api/image_proxy/{entity_id}")
        if response.status == HTTPStatus.OK:
            assert response.content_type == "image/jpeg"
            pictures[picture] = await response.read()
    return pictures


async def pass_with_pictures(
    hass: HomeAssistant, camera: SimulatedCamera, entry: MockConfigEntry
) -> Passage:
    """Let a vehicle pass and wait for its pictures."""
    coordinator = entry.runtime_data
    async with expect_events(hass, EVENT_PASSAGE):
        passed = await camera.vehicle_passes()
    await wait_until(
        coordinator, lambda: len(coordinator.data[1].pictures) == len(passed.jpegs)
    )
    coordinator.async_update_listeners()
    return passed


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize("camera_profile", [DEEPINVIEW, ENTRANCE])
async def test_pictures_are_served_as_they_were_sent(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Test the bytes of each picture, in both dialects."""
    assert state_of(hass, camera, IMAGE_DOMAIN, "plate_picture").state == STATE_UNKNOWN
    assert await served(hass, camera, hass_client) == {}
    passed = await pass_with_pictures(hass, camera, init_integration)
    assert await served(hass, camera, hass_client) == passed.jpegs
    assert state_of(hass, camera, IMAGE_DOMAIN, "plate_picture").state != STATE_UNKNOWN


async def test_passage_without_pictures_keeps_the_last(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that pictures that never come are not waited for."""
    await pass_with_pictures(hass, camera, init_integration)
    before = state_of(hass, camera, IMAGE_DOMAIN, "scene_picture").state
    camera.faults.on(Fault.PICTURES_MISSING)
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("NOPIC1")
    assert state_of(hass, camera, IMAGE_DOMAIN, "scene_picture").state == before
    assert state_of(hass, camera, "sensor", "last_plate").state == "NOPIC1"


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_pictures_survive_a_restart(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Test that the last pictures are there again, with their time."""
    passed = await pass_with_pictures(hass, camera, init_integration)
    before = state_of(hass, camera, IMAGE_DOMAIN, "plate_picture").state
    assert await hass.config_entries.async_reload(init_integration.entry_id)
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    assert await served(hass, camera, hass_client) == passed.jpegs
    assert state_of(hass, camera, IMAGE_DOMAIN, "plate_picture").state == before


async def test_pictures_are_kept_when_home_assistant_stops(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that the last pictures do not wait for their turn at the end."""
    passed = await pass_with_pictures(hass, camera, init_integration)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    kept = await PictureCache(hass, init_integration.entry_id).async_load(1)
    assert {kind: picture.data for kind, picture in kept.items()} == {
        picture.kind: jpeg for picture, jpeg in passed.jpegs.items()
    }


async def test_a_picture_refreshes_pictures_alone(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Leave the states of all else, and other pictures, when a picture arrives."""
    coordinator = init_integration.runtime_data
    await pass_with_pictures(hass, camera, init_integration)
    await hass.async_block_till_done()
    plate = state_of(hass, camera, "sensor", "last_plate")
    other = state_of(hass, camera, IMAGE_DOMAIN, "plate_picture")
    scene = state_of(hass, camera, IMAGE_DOMAIN, "scene_picture")
    coordinator.states.show_picture(
        coordinator.data[1].passage, "detectionPicture", b"\xff\xd8another\xff\xd9"
    )
    await wait_until(
        coordinator,
        lambda: (
            state_of(hass, camera, IMAGE_DOMAIN, "scene_picture").state != scene.state
        ),
    )
    now = state_of(hass, camera, "sensor", "last_plate")
    assert now.last_reported == plate.last_reported
    now = state_of(hass, camera, IMAGE_DOMAIN, "plate_picture")
    assert now.last_reported == other.last_reported
