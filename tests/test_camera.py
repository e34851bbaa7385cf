"""Test the live picture."""

from http import HTTPStatus
from io import BytesIO
import logging
from unittest.mock import patch

from homeassistant.components.camera import (
    CameraEntityFeature,
    async_get_image,
    async_get_stream_source,
    async_request_stream,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.rtsp import RtspServer

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


@pytest.mark.parametrize("expected_lingering_timers", [True])  # Home Assistant's own
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_both_streams_play(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Play either stream in a browser, from the device's own port, without credentials."""
    caplog.set_level(logging.DEBUG)
    assert await async_setup_component(hass, "stream", {})
    rtsp = RtspServer(device=camera.device, speed=20)
    await rtsp.start(camera.host)
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    client = await hass_client_no_auth()
    for key, stream in (("live", "101"), ("live_sub", "102")):
        url = await async_request_stream(
            hass, entity_id_of(hass, camera, "camera", key), "hls"
        )
        response = await client.get(url)
        assert response.status == HTTPStatus.OK
        text = url + await response.text()
        assert camera.password not in text
        assert rtsp.played[-1].endswith(f"/Streaming/Channels/{stream}")
    await hass.config_entries.async_unload(config_entry.entry_id)
    await hass.async_stop()
    await rtsp.stop()
    assert camera.password not in caplog.text


async def test_no_sub_stream(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Offer no stream that the device does not have."""
    config_entry.add_to_hass(hass)
    with patch(
        "custom_components.hikvision_anpr.isapi.capabilities._STREAMS",
        "/ISAPI/Streaming/none",
    ):
        assert await hass.config_entries.async_setup(config_entry.entry_id)
    unique_ids = {
        one.unique_id
        for one in er.async_entries_for_config_entry(
            er.async_get(hass), config_entry.entry_id
        )
        if one.domain == "camera"
    }
    assert unique_ids == {f"{camera.profile.serial_number}-1-live"}


async def test_device_that_gives_no_picture_is_named(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Test the error of a device that is busy."""
    camera.faults.on(Fault.BUSY)
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, entity_id_of(hass, camera, "camera", "live"))
