"""Test that a device is set up to post to us, and put back, as the user agrees."""

from unittest.mock import patch

from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from custom_components.hikvision_anpr.isapi.http_hosts import HostCapabilities
from simulator.camera import SimulatedCamera
from simulator.faults import Fault
from simulator.profiles import DEEPINVIEW, DS_2CD4A26, ENTRANCE

from .entities import state_of
from .listening import Dialog, documents, occupy, ours
from .waiting import expect_events, wait_until


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW, ENTRANCE])
async def test_device_is_set_up(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    home: str,
) -> None:
    """Show all before it is written, test it, and take reads without a stream."""
    before = documents(camera)
    await dialog.choose("listening")
    assert dialog.shown["step_id"] == "listening"
    assert dialog.shown["menu_options"] == ["on_device", "by_hand", "own_port"]
    path = f"/api/webhook/{init_integration.data[CONF_WEBHOOK_ID]}"
    assert dialog.placeholders["url"] == f"{home}{path}"
    assert len(path) <= camera.profile.listening.url_length

    await dialog.pick("on_device")
    assert dialog.placeholders["url"] == f"{home}{path}"
    await dialog.submit(pictures="all")
    assert dialog.shown["step_id"] == "preview"
    assert dialog.placeholders["slot"] == "1"
    assert dialog.placeholders["target"] == f"{home}{path}"
    assert f"- url: / → {path}" in dialog.placeholders["changes"]
    assert "- ipAddress: 0.0.0.0 → 127.0.0.1" in dialog.placeholders["changes"]
    assert documents(camera) == before
    assert CONF_WEBHOOK_ID in init_integration.data
    assert "listening" not in init_integration.data

    await dialog.submit()
    assert dialog.shown["step_id"] == "result"
    assert dialog.shown["errors"] is None
    assert dialog.shown["last_step"] is True
    assert dialog.placeholders["said"] == "ok"
    result = await dialog.submit()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert init_integration.options["intake"] == "listening"
    assert ours(camera, init_integration).whole_url == f"{home}{path}"
    assert documents(camera)[1:] == before[1:]

    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    async with expect_events(hass, EVENT_PASSAGE) as events:
        passed = await camera.vehicle_passes("AB123CD")
    assert events[0].data["plate"] == "AB123CD"
    assert events[0].data["source"] == "listening"
    count = len(passed.jpegs)
    await wait_until(coordinator, lambda: len(coordinator.data[1].pictures) == count)
    assert {picture.data for picture in coordinator.data[1].pictures.values()} == set(
        passed.jpegs.values()
    )
    assert state_of(hass, camera, "sensor", "last_plate").state == "AB123CD"
    assert camera.open_streams == 0


@pytest.mark.parametrize("camera_profile", [DS_2CD4A26])
async def test_device_without_a_test(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Set up a device that knows the whole list alone, and say that it has no test."""
    await dialog.choose("both")
    await dialog.pick("on_device")
    await dialog.submit(pictures="small")
    await dialog.submit()
    assert dialog.shown["errors"] == {"base": "test_not_supported"}
    await dialog.submit()
    assert ours(camera, init_integration).picture_type == "licensePlatePicture"
    assert init_integration.options["intake"] == "both"


async def test_other_slots_stay(
    camera: SimulatedCamera, init_integration: MockConfigEntry, dialog: Dialog
) -> None:
    """Take the slot that is free, and leave the others alone."""
    occupy(camera, 1, 3)
    before = documents(camera)
    await dialog.set_up_device()
    assert ours(camera, init_integration).number == 2
    assert documents(camera)[::2] == before[::2]


async def test_set_up_by_hand(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    often: None,
) -> None:
    """Show what to type, write nothing, and take what the device then posts."""
    before = documents(camera)
    await dialog.choose("listening")
    await dialog.pick("by_hand")
    assert dialog.placeholders["address"] == "127.0.0.1"
    url = dialog.placeholders["url"]
    assert url.endswith(f":{dialog.placeholders['port']}{dialog.placeholders['path']}")
    await dialog.submit()
    await hass.async_block_till_done()
    assert documents(camera) == before
    assert init_integration.data["listening"] is None
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    assert coordinator.slot_watch.state == "not_found"

    camera.listening.post_to(url, slot=2)
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes("AB123CD")
    assert events[0].data["source"] == "listening"
    await dialog.choose("arming")
    await dialog.done()
    assert camera.listening.hosts[1].whole_url == url


async def test_return_to_arming_puts_the_slot_back(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Leave the device as it was found, and receive no more."""
    before = [host.url for host in camera.listening.hosts]
    await dialog.set_up_device()
    webhook_id = init_integration.data[CONF_WEBHOOK_ID]
    result = await dialog.choose("arming")
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert [host.url for host in camera.listening.hosts] == before
    assert not camera.listening.slots.in_use
    assert "listening" not in init_integration.data
    assert init_integration.data[CONF_WEBHOOK_ID] == webhook_id
    await camera.wait_for_stream()
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes()
    assert events[0].data["source"] == "arming"


async def test_device_that_cannot_be_put_back_now(
    camera: SimulatedCamera, init_integration: MockConfigEntry, dialog: Dialog
) -> None:
    """Say why, and keep listening."""
    await dialog.set_up_device()
    camera.faults.on(Fault.BUSY)
    await dialog.choose("arming")
    assert dialog.shown["step_id"] == "init"
    assert dialog.shown["errors"] == {"base": "device_busy"}
    await dialog.choose("listening")
    await dialog.pick("by_hand")
    await dialog.submit()
    assert dialog.shown["step_id"] == "by_hand"
    assert dialog.shown["errors"] == {"base": "device_busy"}
    camera.faults.clear()
    assert ours(camera, init_integration).in_use
    assert init_integration.data["listening"]["slot_id"] == "1"
    assert init_integration.options["intake"] == "listening"


@pytest.mark.parametrize("is_away", [False, True])
async def test_removal_puts_the_slot_back(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
    caplog: pytest.LogCaptureFixture,
    is_away: bool,
) -> None:
    """Leave the device as it was found, or say that it could not be reached."""
    await dialog.set_up_device()
    if is_away:
        await camera.stop()
    assert await hass.config_entries.async_remove(init_integration.entry_id)
    assert bool(camera.listening.slots.in_use) is is_away
    assert ("still points to Home Assistant" in caplog.text) is is_away


async def test_slot_of_somebody_else_is_not_put_back(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Leave alone what is no longer ours."""
    await dialog.set_up_device()
    occupy(camera, 1)
    before = documents(camera)
    assert await hass.config_entries.async_remove(init_integration.entry_id)
    assert documents(camera) == before


async def test_device_stays_as_it_was_set_up(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Change other options without asking the device."""
    await dialog.set_up_device()
    before = documents(camera), dict(init_integration.data)
    await dialog.choose("both")
    assert dialog.shown["menu_options"] == ["keep", "on_device", "by_hand", "own_port"]
    await dialog.pick("keep")
    await hass.async_block_till_done()
    assert (documents(camera), dict(init_integration.data)) == before
    assert init_integration.options["intake"] == "both"


async def test_second_set_up_keeps_what_was_first(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    dialog: Dialog,
) -> None:
    """Change the pictures in our own slot, and still know how it was before us."""
    await dialog.set_up_device()
    saved = init_integration.data["listening"]["saved"]
    await dialog.choose("listening")
    await dialog.pick("on_device")
    await dialog.submit(pictures="big")
    assert dialog.placeholders["changes"] == (
        "- ANPR/detectionUpLoadPicturesType: all → detectionPicture"
    )
    await dialog.submit()
    await dialog.submit()
    assert init_integration.data["listening"]["saved"] == saved
    await dialog.choose("listening")
    await dialog.pick("on_device")
    assert dialog.shown["data_schema"] is not None
    assert dialog.shown["data_schema"]({}) == {"pictures": "big"}
    await dialog.choose("listening")
    await dialog.pick("by_hand")
    await dialog.submit()
    await hass.async_block_till_done()
    assert not camera.listening.slots.in_use
    assert init_integration.data["listening"] is None


@pytest.mark.parametrize("words", [("baseline", "custom"), ("custom",)])
async def test_old_firmware_is_told_to_post_in_the_standard_form(
    camera: SimulatedCamera, dialog: Dialog, words: tuple[str, ...]
) -> None:
    """Show that as well, and write it where the device can do it alone."""
    path = "custom_components.hikvision_anpr.intake.device_setup"
    with patch(
        f"{path}.async_get_host_capabilities",
        return_value=HostCapabilities(push_protocols=words),
    ):
        await dialog.choose("listening")
        await dialog.pick("on_device")
        await dialog.submit(pictures="all")
    is_told = "baseline" in words
    shown = "- alarmHttpPushProtocol: – → baseline" in dialog.placeholders["changes"]
    assert shown is is_told
    await dialog.submit()
    asked = {(request.method, request.path) for request in camera.requests}
    protocol = ("PUT", "/ISAPI/Traffic/ANPR/alarmHttpPushProtocol")
    assert (protocol in asked) is is_told
    assert dialog.shown["errors"] is None
