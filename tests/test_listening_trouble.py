"""Test that the options say what stands in the way of listening."""

from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import network as network_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr import listening_flow
from custom_components.hikvision_anpr.intake.sender import Sender
from custom_components.hikvision_anpr.isapi.errors import RejectedError
from simulator.camera import SimulatedCamera
from simulator.faults import Fault

from .listening import OTHER, Dialog, documents, occupy


@pytest.mark.parametrize(
    ("fault", "error"), [(Fault.BUSY, "device_busy"), (Fault.LOCKED, "account_locked")]
)
async def test_device_that_does_not_answer_the_plan(
    camera: SimulatedCamera, dialog: Dialog, fault: Fault, error: str
) -> None:
    """Say what is wrong with the device, and let the user try again."""
    await dialog.choose("listening")
    await dialog.pick("on_device")
    camera.faults.on(fault)
    await dialog.submit(pictures="all")
    assert dialog.shown["step_id"] == "on_device"
    assert dialog.shown["errors"] == {"base": error}


async def test_device_that_does_not_take_the_plan(
    camera: SimulatedCamera, init_integration: MockConfigEntry, dialog: Dialog
) -> None:
    """Show the plan again with what is wrong."""
    await dialog.choose("listening")
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    camera.faults.on(Fault.BUSY)
    await dialog.submit()
    assert dialog.shown["step_id"] == "preview"
    assert dialog.shown["errors"] == {"base": "device_busy"}
    assert "listening" not in init_integration.data
    camera.faults.clear()
    await dialog.submit()
    assert dialog.shown["errors"] is None


async def test_test_that_cannot_be_delivered(
    hass: HomeAssistant, dialog: Dialog, unused_tcp_port: int
) -> None:
    """Show the device's own words."""
    hass.config.internal_url = f"http://127.0.0.1:{unused_tcp_port}"
    await dialog.choose("listening")
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    await dialog.submit()
    assert dialog.shown["errors"] == {"base": "test_failed"}
    assert dialog.placeholders["said"] not in {"", "ok", "–"}


async def test_test_from_another_address(dialog: Dialog) -> None:
    """Tell that something stands between the two."""
    await dialog.choose("listening")
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    with patch.object(Sender, "is_at", return_value=False):
        await dialog.submit()
    assert dialog.shown["errors"] == {"base": "test_from_elsewhere"}


async def test_test_that_does_not_arrive(
    camera: SimulatedCamera, dialog: Dialog
) -> None:
    """Doubt a success that nobody has seen."""
    await dialog.choose("listening")
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    with patch.object(camera.listening, "test", return_value="ok"):
        await dialog.submit()
    assert dialog.shown["errors"] == {"base": "test_not_received"}


async def test_device_outside_of_private_networks(dialog: Dialog) -> None:
    """Say that the web server takes nothing from there."""
    await dialog.choose("listening")
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    with (
        patch.object(listening_flow, "is_local", return_value=False),
        patch.object(network_util, "is_local", return_value=False),
    ):
        await dialog.submit()
    assert dialog.shown["errors"] == {"base": "test_not_private"}


async def test_device_that_fails_at_the_test(
    camera: SimulatedCamera, dialog: Dialog
) -> None:
    """Say what went wrong when the test could not even be asked for."""
    await dialog.choose("listening")
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    path = "custom_components.hikvision_anpr.listening_flow.async_test"
    with patch(path, side_effect=RejectedError("gone")):
        await dialog.submit()
    assert dialog.shown["step_id"] == "result"
    assert dialog.shown["errors"] == {"base": "rejected"}


async def test_test_while_home_is_not_ready(
    hass: HomeAssistant,
    home: str,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
) -> None:
    """Take no test for arrived while the entry is not loaded."""
    config_entry.add_to_hass(hass)
    dialog = Dialog(hass, config_entry)
    await dialog.choose("both")
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    with patch.object(hass.config_entries, "async_reload"):
        await dialog.submit()
    assert dialog.shown["errors"] == {"base": "test_not_received"}
    assert config_entry.data["listening"]["slot_id"] == "1"


async def test_change_while_the_device_is_away(
    hass: HomeAssistant,
    home: str,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
) -> None:
    """Let the user choose listening by hand for an entry that is not loaded."""
    config_entry.add_to_hass(hass)
    dialog = Dialog(hass, config_entry)
    await dialog.choose("listening")
    await dialog.pick("by_hand")
    result = await dialog.submit()
    await dialog.done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert config_entry.options["intake"] == "listening"
    assert config_entry.state is ConfigEntryState.LOADED


async def test_slot_that_is_taken_before_it_is_written(
    camera: SimulatedCamera, init_integration: MockConfigEntry, dialog: Dialog
) -> None:
    """Look again when the device is no longer as it was shown."""
    await dialog.choose("listening")
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    occupy(camera, 1)
    before = documents(camera)
    await dialog.submit()
    assert dialog.shown["step_id"] == "on_device"
    assert dialog.shown["errors"] == {"base": "slot_changed"}
    assert documents(camera) == before
    await dialog.submit(pictures="all")
    assert dialog.placeholders["slot"] == "2"
    await dialog.submit()
    assert dialog.shown["errors"] is None
    assert documents(camera)[0] == before[0]


async def test_no_free_slot(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Say who has the slots, write nothing, and leave the choice to the user."""
    occupy(camera, 1, 2, 3)
    before = documents(camera)
    await dialog.choose("listening")
    await dialog.pick("on_device")
    await dialog.submit(pictures="all")
    assert dialog.shown["step_id"] == "no_free_slot"
    assert dialog.shown["menu_options"] == ["on_device", "by_hand", "stay_with_arming"]
    assert dialog.placeholders["occupants"].splitlines() == [
        f"- {OTHER}{slot}" for slot in (1, 2, 3)
    ]
    result = await dialog.pick("stay_with_arming")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert init_integration.options["intake"] == "arming"
    assert documents(camera) == before
