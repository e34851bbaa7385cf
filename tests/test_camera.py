"""Test the live picture."""

from io import BytesIO

from homeassistant.components.camera import (
    CameraEntityFeature,
    async_get_image,
    async_get_stream_source,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.camera import SimulatedCamera
from simulator.faults import Fault

from .entities import entity_id_of, state_of


async def test_snapshot_is_taken_now(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test that the camera entity gives the device's picture."""
    entity_id = entity_id_of(hass, camera, "camera", "live")
    picture = await async_get_image(hass, entity_id)
    assert picture.content_type == "image/jpeg"
    assert Image.open(BytesIO(picture.content)).width > 100


async def test_stream_source_is_the_main_stream(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test address and feature of the live stream, and that no state shows it."""
    state = state_of(hass, camera, "camera", "live")
    assert state.attributes["supported_features"] == CameraEntityFeature.STREAM
    source = await async_get_stream_source(hass, state.entity_id)
    assert source == (
        f"rtsp://{camera.username}:{camera.password}@127.0.0.1:554"
        "/Streaming/Channels/101"
    )
    assert camera.password not in str(state.as_dict())


async def test_device_that_gives_no_picture_is_named(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test the error of a device that is busy."""
    camera.faults.on(Fault.BUSY)
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, entity_id_of(hass, camera, "camera", "live"))
