"""Test what an entrance shows and says."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import async_update_entity
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.display import async_get_display
from custom_components.hikvision_anpr.isapi.errors import RebootRequiredError
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, ENTRANCE

from .entities import entity_id_of, state_of
from .registry import ask
from .repairing import shown

entrance = pytest.mark.parametrize("camera_profile", [ENTRANCE])


async def change(hass: HomeAssistant, device_id: str, **data: Any) -> dict[str, Any]:
    """Change what is shown, and return the answer."""
    return await ask(hass, "set_display", None, device_id=device_id, **data)


@entrance
async def test_display(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Answer and change the lines of a scene, and nothing else of the document."""
    found = await ask(hass, "get_display", device_id=device_id)
    assert found["lines"] == [
        {"text": "", "shows": "plate"},
        {"text": "Welcome", "shows": "custom"},
    ]
    assert (found["scene"], found["seconds"]) == ("passing_vehicle", 15)
    after = await change(hass, device_id, texts=["Grüß Gott", "Bay 7"], seconds=20)
    assert [line["text"] for line in after["lines"]] == ["Grüß Gott", "Bay 7"]
    assert (after["seconds"], after["reboot_required"]) == (20, False)
    (kept,) = camera.device.displays.values()
    assert kept["LedInfo"]["networkCtrlInfo"]["portNo"] == 10000
    (screen,) = kept["LEDConfigurationList"]
    assert screen["LEDConfiguration"]["brightness"] == 10
    other = await ask(hass, "get_display", device_id=device_id, scene="no_vehicle")
    assert other["lines"][1]["text"] == "Welcome"
    one = await change(hass, device_id, texts="Full", scene="no_vehicle")
    assert [line["text"] for line in one["lines"]] == ["Full", "Welcome"]


@entrance
async def test_more_lines_than_there_are(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Write nothing where the display has no room."""
    with pytest.raises(ServiceValidationError) as error:
        await change(hass, device_id, texts=["a", "b", "c"])
    assert error.value.translation_key == "setting_unknown"
    assert not camera.device.displays


@entrance
async def test_display_that_keeps_its_own(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Do not show success where the device stored something else."""
    forgetful = type("Forgetful", (dict,), {"__setitem__": lambda *_: None})()
    with (
        patch.object(camera.device, "displays", forgetful),
        pytest.raises(HomeAssistantError) as error,
    ):
        await change(hass, device_id, seconds=9)
    assert error.value.translation_key == "not_taken"


@entrance
@pytest.mark.parametrize("document", [b"<a/>", b"[]", b'{"other": {}}', b"{"])
async def test_another_document(
    hass: HomeAssistant, device_id: str, document: bytes
) -> None:
    """Say so where a device answers something else."""
    with (
        patch(
            "custom_components.hikvision_anpr.isapi.client.IsapiClient.get_bytes",
            return_value=document,
        ),
        pytest.raises(HomeAssistantError) as error,
    ):
        await ask(hass, "get_display", device_id=device_id)
    assert error.value.translation_key == "not_hikvision"


@entrance
async def test_speak(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Say something, once and as loud as wanted."""
    data = {"device_id": device_id, "message": "Lane 2 & <left>", "volume": 3}
    await hass.services.async_call(DOMAIN, "speak", data, blocking=True)
    assert camera.device.spoken == ["[v3]Lane 2 & <left>"]


@entrance
@pytest.mark.usefixtures("init_integration")
async def test_disabled_at_first(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Show nothing that no capture has confirmed before it is asked for."""
    for platform, key in (("text", "display_no_vehicle_1"), ("notify", "voice")):
        entity = er.async_get(hass).async_get(entity_id_of(hass, camera, platform, key))
        assert entity is not None
        assert entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION


@entrance
@pytest.mark.usefixtures("entity_registry_enabled_by_default", "init_integration")
async def test_line(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Write one line of a scene, and follow what others write."""
    entity_id = entity_id_of(hass, camera, "text", "display_no_vehicle_2")
    assert state_of(hass, camera, "text", "display_no_vehicle_2").state == "Welcome"
    data = {"entity_id": entity_id, "value": "Full"}
    await hass.services.async_call("text", "set_value", data, blocking=True)
    assert state_of(hass, camera, "text", "display_no_vehicle_2").state == "Full"
    (scene,) = camera.device.displays
    assert scene == 2
    assert state_of(hass, camera, "text", "display_no_vehicle_1").state == ""
    camera.device.displays.clear()
    await async_update_entity(hass, entity_id)
    assert state_of(hass, camera, "text", "display_no_vehicle_2").state == "Welcome"
    camera.faults.on(Fault.BUSY)
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call("text", "set_value", data, blocking=True)
    assert error.value.translation_key == "device_busy"
    await async_update_entity(hass, entity_id)
    state = state_of(hass, camera, "text", "display_no_vehicle_2").state
    assert state == "unavailable"


@entrance
@pytest.mark.usefixtures("entity_registry_enabled_by_default", "init_integration")
async def test_one_question_for_all_lines(hass: HomeAssistant) -> None:
    """Ask for a scene once, however many lines it has."""
    path = "custom_components.hikvision_anpr.text.async_get_display"
    with patch(path, wraps=async_get_display) as asked:
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=6))
        await hass.async_block_till_done()
    scenes = [call.args[2] for call in asked.await_args_list]
    assert sorted(scenes) == ["no_vehicle", "passing_vehicle"]


@entrance
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_line_that_wants_a_restart(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show what the device shows then, and offer the restart."""
    put = IsapiClient.put

    async def write(client: IsapiClient, *data: Any) -> None:
        await put(client, *data)
        raise RebootRequiredError("Restart")

    entity_id = entity_id_of(hass, camera, "text", "display_no_vehicle_2")
    data = {"entity_id": entity_id, "value": "Full"}
    with (
        patch.object(IsapiClient, "put", write),
        pytest.raises(HomeAssistantError) as error,
    ):
        await hass.services.async_call("text", "set_value", data, blocking=True)
    assert error.value.translation_key == "reboot_required"
    assert state_of(hass, camera, "text", "display_no_vehicle_2").state == "Full"
    assert shown(hass, init_integration) == {"restart_wanted"}


@entrance
@pytest.mark.usefixtures("entity_registry_enabled_by_default", "init_integration")
async def test_voice(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Say what is sent to the voice."""
    data = {
        "entity_id": entity_id_of(hass, camera, "notify", "voice"),
        "message": "Lane 2 & <left>",
    }
    await hass.services.async_call("notify", "send_message", data, blocking=True)
    assert camera.device.spoken == ["[v5]Lane 2 & <left>"]
    camera.faults.on(Fault.BUSY)
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call("notify", "send_message", data, blocking=True)
    assert error.value.translation_key == "device_busy"


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW])
async def test_camera_without(hass: HomeAssistant, device_id: str) -> None:
    """Say that a camera has neither, and offer neither."""
    assert not hass.states.async_entity_ids(("text", "notify"))
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "get_display", device_id=device_id)
    assert error.value.translation_key == "not_supported"
    data = {"device_id": device_id, "message": "Hello"}
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call(DOMAIN, "speak", data, blocking=True)
    assert error.value.translation_key == "not_supported"
