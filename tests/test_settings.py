"""Test what holds for each setting of a device that can be seen and changed."""

from typing import Any, Final
from unittest.mock import patch

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from simulator.answers import OK
from simulator.camera import SimulatedCamera
from simulator.configuration import Configuration
from simulator.faults import Fault
from simulator.profiles import PLAIN_CAMERA

from .registry import ask

CHANGES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("configure_vehicle_detection", {"enabled": False}),
    ("configure_vehicle_detection", {"mode": "mixed", "confirm": True}),
    ("configure_vehicle_detection", {"scenes": [{"id": "1", "enabled": False}]}),
    ("set_image_settings", {"settings": {"gain": 20}, "snapshots": False}),
    ("set_linkage", {"center": False}),
    ("set_linkage", {"direction": "forward"}),
    ("set_recording_schedule", {"mode": "motion"}),
    ("set_schedule", {"week": {"monday": []}}),
    ("set_schedule", {"trigger": "block_list", "week": {"monday": []}}),
    ("set_text_overlay", {"time": False}),
    ("set_text_overlay", {"pictures": {"overlay/place": "bottom"}}),
    ("set_upload_target", {"kind": "ftp", "enabled": True}),
)
"""What changes a document that the camera keeps."""

FOR_ADMINISTRATORS: Final = (
    *CHANGES,
    ("get_upload_targets", {}),
    ("set_display", {"seconds": 9}),
    ("set_time_settings", {"mode": "ntp"}),
)
NOT_OFFERED: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("get_linkage", {}),
    ("get_schedule", {}),
    ("get_vehicle_detection", {}),
    ("set_linkage", {"center": True}),
    ("set_schedule", {"week": {"monday": []}}),
    ("set_upload_target", {"kind": "ftp", "port": 1}),
)
"""What a camera that reads no plates has no place for."""

QUESTIONS: Final = (
    "get_image_settings",
    "get_linkage",
    "get_recording_schedule",
    "get_schedule",
    "get_text_overlay",
    "get_time_settings",
    "get_upload_targets",
    "get_vehicle_detection",
)


async def test_not_kept(
    hass: HomeAssistant, device_id: str, subtests: pytest.Subtests
) -> None:
    """Show no success where the camera says OK and stored something else."""
    for action, data in CHANGES:
        with (
            subtests.test(action=action, data=data),
            patch.object(Configuration, "put", return_value=OK),
        ):
            with pytest.raises(HomeAssistantError) as error:
                await ask(hass, action, None, device_id=device_id, **data)
            assert error.value.translation_key == "not_taken"


async def test_administrators_alone(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    hass_read_only_user: MockUser,
    subtests: pytest.Subtests,
) -> None:
    """Let nobody else change a device, or see its accounts."""
    context = Context(user_id=hass_read_only_user.id)
    for action, data in FOR_ADMINISTRATORS:
        with subtests.test(action=action, data=data):
            with pytest.raises(Unauthorized):
                await ask(hass, action, context, device_id=device_id, **data)
            assert not [one for one in camera.requests if one.method == "PUT"]


async def test_busy_device(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    subtests: pytest.Subtests,
) -> None:
    """Say why a device cannot be asked."""
    camera.faults.on(Fault.BUSY)
    for action in QUESTIONS:
        with subtests.test(action=action):
            with pytest.raises(HomeAssistantError) as error:
                await ask(hass, action, device_id=device_id)
            assert error.value.translation_key == "device_busy"


@pytest.mark.parametrize("camera_profile", [PLAIN_CAMERA])
async def test_device_without(
    hass: HomeAssistant, device_id: str, subtests: pytest.Subtests
) -> None:
    """Say that a device has no such setting."""
    for action, data in NOT_OFFERED:
        with subtests.test(action=action):
            with pytest.raises(HomeAssistantError) as error:
                await ask(hass, action, None, device_id=device_id, **data)
            assert error.value.translation_key == "not_supported"
