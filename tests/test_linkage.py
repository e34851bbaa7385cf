"""Test seeing and changing what cameras do when they read a plate."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
import voluptuous as vol

from simulator.camera import SimulatedCamera
from simulator.device import VEHICLE_TRIGGER
from simulator.profiles import DS_2CD4A26

from .registry import ask

ODD = b"""<?xml version="1.0" encoding="UTF-8"?>
<EventTrigger xmlns="http://www.hikvision.com/ver20/XMLSchema" version="2.0">
<id>vehicledetection-1</id>
<EventTriggerNotificationList>
<EventTriggerNotification>
<id>record-1</id>
<notificationMethod>record</notificationMethod>
<videoInputID>1</videoInputID>
<notificationRecurrence>beginning</notificationRecurrence>
</EventTriggerNotification>
<EventTriggerNotification>
<id>IO-1</id>
<notificationMethod>IO</notificationMethod>
<outputIOPortID>1</outputIOPortID>
<colour>red</colour>
</EventTriggerNotification>
<EventTriggerNotification>
<id>cloud</id>
<notificationMethod>cloud</notificationMethod>
</EventTriggerNotification>
</EventTriggerNotificationList>
<direction>forward</direction>
<unknown a="b">kept</unknown>
</EventTrigger>"""


async def test_round(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Change what is named, see it, and take it back."""
    before = await ask(hass, "get_linkage", device_id=device_id)
    assert before["center"] is True
    assert not before["ftp"] and not before["record"] and before["outputs"] == []
    after = await ask(
        hass,
        "set_linkage",
        device_id=device_id,
        ftp=True,
        record=True,
        outputs=[2, 1],
        direction="reverse",
    )
    assert after["reboot_required"] is False
    assert after["center"] and after["ftp"] and after["record"]
    assert sorted(after["outputs"]) == [1, 2]
    assert after["direction"] == "reverse"
    assert camera.device.tells_centre
    back = await ask(
        hass, "set_linkage", device_id=device_id, ftp=False, record=False, outputs=[]
    )
    assert not back["ftp"] and not back["record"] and back["outputs"] == []
    assert back["center"] is True


async def test_what_nobody_knows_stays(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Keep other methods and elements, and write new ones as the camera does."""
    stored = camera.device.configuration._stored  # noqa: SLF001
    with patch.dict(stored, {VEHICLE_TRIGGER: ODD}):
        found = await ask(hass, "get_linkage", device_id=device_id)
        assert (found["record"], found["outputs"]) == (True, [1])
        assert (found["others"], found["direction"]) == (["cloud"], "forward")
        await ask(hass, "set_linkage", device_id=device_id, center=True, outputs=[1, 2])
        written = stored[VEHICLE_TRIGGER].decode()
    for line in ODD.decode().splitlines()[1:]:
        assert line in written
    assert written.count("<colour>red</colour>") == 2
    assert "<id>IO-2</id>" in written
    assert "<notificationMethod>center</notificationMethod>" in written


OF_RECORDER = """<EventTrigger version="1.0" \
xmlns="http://www.hikvision.com/ver20/XMLSchema">
<id>vehicledetection-1</id>
<eventType>vehicledetection</eventType>
<dynVideoInputChannelID>1</dynVideoInputChannelID>
<EventTriggerNotificationList version="1.0">
{}<EventTriggerNotification>
<id>center</id>
<notificationMethod>center</notificationMethod>
</EventTriggerNotification>
</EventTriggerNotificationList>
</EventTrigger>"""
RECORDED_BY_RECORDER = """<EventTriggerNotification>
<id>record-1</id>
<notificationMethod>record</notificationMethod>
<dynVideoInputID>1</dynVideoInputID>
</EventTriggerNotification>
"""


async def test_recorder_records(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Let a read be recorded in the words in which recorders tell of it themselves."""
    stored = camera.device.configuration._stored  # noqa: SLF001
    before = OF_RECORDER.format("").encode()
    with patch.dict(stored, {VEHICLE_TRIGGER: before}):
        after = await ask(hass, "set_linkage", device_id=device_id, record=True)
        assert (after["record"], after["center"]) == (True, True)
        written = "".join(stored[VEHICLE_TRIGGER].decode().split())
        assert "".join(RECORDED_BY_RECORDER.split()) in written
        after = await ask(hass, "set_linkage", device_id=device_id, record=False)
        assert not after["record"]
        there = OF_RECORDER.format(RECORDED_BY_RECORDER).encode()
        stored[VEHICLE_TRIGGER] = there
        found = await ask(hass, "set_linkage", device_id=device_id, record=True)
        assert found["record"] and stored[VEHICLE_TRIGGER] == there


async def test_nothing_to_do(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Write nothing where all is so already."""
    await ask(hass, "set_linkage", device_id=device_id, center=True, email=False)
    assert not [one for one in camera.requests if one.method == "PUT"]


async def test_what_the_camera_cannot(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Refuse what the camera says that it cannot do, and outputs that it has not."""
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "set_linkage", device_id=device_id, beep=True)
    assert error.value.translation_key == "linkage_not_offered"
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "set_linkage", device_id=device_id, outputs=[9])
    assert error.value.translation_key == "output_unknown"
    assert not [one for one in camera.requests if one.method == "PUT"]


@pytest.mark.parametrize("camera_profile", [DS_2CD4A26])
async def test_camera_that_tells_no_capabilities(
    hass: HomeAssistant, device_id: str
) -> None:
    """Try, where the camera does not say what it can."""
    after = await ask(hass, "set_linkage", device_id=device_id, beep=True)
    assert after["beep"] is True


async def test_lists(hass: HomeAssistant, device_id: str) -> None:
    """Change what the plates of a list do, where the camera has such a trigger."""
    after = await ask(
        hass, "set_linkage", device_id=device_id, trigger="block_list", email=True
    )
    assert (after["trigger"], after["email"]) == ("block_list", True)
    found = await ask(hass, "get_linkage", device_id=device_id, trigger="allow_list")
    assert found["email"] is False
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "get_linkage", device_id=device_id, trigger="other_list")
    assert error.value.translation_key == "not_supported"


async def test_what_is_none(hass: HomeAssistant, device_id: str) -> None:
    """Refuse an unknown trigger, and an action that changes nothing."""
    with pytest.raises(vol.Invalid):
        await ask(hass, "get_linkage", device_id=device_id, trigger="weather")
    with pytest.raises(vol.Invalid):
        await ask(hass, "set_linkage", device_id=device_id)
