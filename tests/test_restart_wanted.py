"""Test that a restart is offered wherever a device wants one."""

import json
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN
from simulator.camera import SimulatedCamera
from simulator.faults import Fault

from .registry import ask
from .repairing import go_on, mend, shown
from .test_repairs import FORMS, broken
from .test_restart import press
from .test_vehicle_detection import turn

ISSUE: Final = "restart_wanted"
CHANGES: Final[dict[str, dict[str, Any]]] = {
    "configure_vehicle_detection": {"region": "7"},
    "set_schedule": {"week": {"monday": []}},
    "set_linkage": {"ftp": True},
    "set_upload_target": {"kind": "ftp", "enabled": True},
    "set_image_settings": {"settings": {"gain": 7}, "snapshots": False},
    "set_text_overlay": {"time": False},
}


@pytest.mark.parametrize("action", CHANGES)
async def test_offered_after_a_change(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
    action: str,
) -> None:
    """Say that the camera wants a restart, and restart it from the repairs."""
    camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    answer = await ask(hass, action, None, device_id=device_id, **CHANGES[action])
    assert answer["reboot_required"] is True
    assert shown(hass, init_integration) == {ISSUE}
    issue = ir.async_get(hass).async_get_issue(
        DOMAIN, f"{ISSUE}_{init_integration.entry_id}"
    )
    assert issue is not None
    assert issue.is_persistent
    assert camera.host not in json.dumps(issue.to_json())
    flow = await mend(hass, init_integration, ISSUE)
    assert (flow["type"], flow["menu_options"]) == (
        FlowResultType.MENU,
        ["restart", "restarted"],
    )
    camera.faults.on(Fault.BUSY)
    busy = await go_on(hass, flow, {"next_step_id": "restart"})
    assert (busy["type"], busy["reason"]) == (FlowResultType.ABORT, "device_says")
    camera.faults.off(Fault.BUSY)
    flow = await mend(hass, init_integration, ISSUE)
    flow = await go_on(hass, flow, {"next_step_id": "restart"})
    assert (flow["step_id"], camera.device.reboots) == ("restart", 0)
    camera.faults.on(Fault.BUSY)
    flow = await go_on(hass, flow, {})
    assert flow["errors"] == {"base": "device_says"}
    camera.faults.off(Fault.BUSY)
    flow = await go_on(hass, flow, {})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert camera.device.reboots == 1
    assert not shown(hass, init_integration)


async def test_nothing_is_offered_without_need(
    hass: HomeAssistant, init_integration: MockConfigEntry, device_id: str
) -> None:
    """Offer nothing where a change acts at once."""
    answer = await ask(hass, "set_linkage", None, device_id=device_id, ftp=True)
    assert answer["reboot_required"] is False
    assert not shown(hass, init_integration)


async def test_switch_that_waits(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Say at the switch that nothing acts yet; it may have been restarted by hand."""
    camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    with pytest.raises(HomeAssistantError) as error:
        await turn(hass, "turn_off")
    assert error.value.translation_key == "reboot_required"
    assert shown(hass, init_integration) == {ISSUE}
    flow = await mend(hass, init_integration, ISSUE)
    flow = await go_on(hass, flow, {"next_step_id": "restarted"})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert not shown(hass, init_integration)
    assert camera.device.reboots == 0


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_button_ends_the_offer(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Offer it no longer when the camera is restarted in another way."""
    camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    await ask(hass, "set_linkage", None, device_id=device_id, ftp=True)
    await press(hass, camera)
    assert not shown(hass, init_integration)


@pytest.mark.parametrize("issue", ["linkage_missing", "schedule_empty", "vca_mode"])
async def test_offered_after_a_repair(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    issue: str,
) -> None:
    """Offer it where what a repair changed waits for it, too."""
    broken(camera, issue)
    await init_integration.runtime_data.watch.async_check()
    camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    flow = await mend(hass, init_integration, issue)
    flow = await go_on(hass, flow, dict.fromkeys(FORMS.get(issue, {}), False))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert ISSUE in shown(hass, init_integration)
    assert camera.device.reboots == 0


async def test_another_repair_that_restarts(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Offer it no longer when another repair has restarted the camera."""
    broken(camera, "vca_mode")
    await init_integration.runtime_data.watch.async_check()
    camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    await ask(hass, "set_linkage", None, device_id=device_id, ftp=True)
    flow = await mend(hass, init_integration, "vca_mode")
    await go_on(hass, flow, {"restart": True})
    assert camera.device.reboots == 1
    assert ISSUE not in shown(hass, init_integration)


async def test_gone_with_the_device(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Stay over a reload, and go with the device."""
    camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    await ask(hass, "set_linkage", None, device_id=device_id, ftp=True)
    await hass.config_entries.async_reload(init_integration.entry_id)
    assert shown(hass, init_integration) == {ISSUE}
    await hass.config_entries.async_remove(init_integration.entry_id)
    assert not shown(hass, init_integration)
