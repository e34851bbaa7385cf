"""Set up a camera through a real Home Assistant, as an installer does."""

import asyncio
from typing import Any

import aiohttp
import pytest

from scripts.demo_home.home import HomeError
from simulator.faults import Fault

from .house import PATIENCE, House

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="module")]


async def call(house: House, action: str, **data: object) -> dict[str, Any]:
    """Call an action on the camera, and return its answer. Raises HomeError."""
    answer = await house.api.command(
        "call_service",
        domain="hikvision_anpr",
        service=action,
        service_data={"device_id": await device_of(house), **data},
        return_response=True,
    )
    found: dict[str, Any] = answer["response"]
    return found


async def device_of(house: House) -> str:
    """Return the device of the camera."""
    serial_number = house.camera.profile.serial_number
    (found,) = (
        device["id"]
        for device in await house.api.command("config/device_registry/list")
        if ["hikvision_anpr", serial_number] in device["identifiers"]
    )
    return str(found)


async def issues_of(house: House) -> dict[str, str]:
    """Return the issues that the repairs show, by what they are."""
    listed = await house.api.command("repairs/list_issues")
    return {
        issue["translation_key"]: issue["issue_id"]
        for issue in listed["issues"]
        if issue["domain"] == "hikvision_anpr"
    }


async def test_consequence_is_said_before(house: House) -> None:
    """Say in words what another mode ends, change nothing, and go on when told so."""
    with pytest.raises(HomeError, match="without reporting them") as error:
        await call(house, "configure_vehicle_detection", mode="mixed")
    assert "call the action again with Confirm" in str(error.value)
    assert (await call(house, "get_vehicle_detection"))["mode"] == "vehicles"
    mixed = await call(house, "configure_vehicle_detection", mode="mixed", confirm=True)
    assert mixed["mode"] == "mixed"
    async with asyncio.timeout(PATIENCE):
        while (
            not {"linkage_missing", "schedule_empty"} <= (await issues_of(house)).keys()
        ):
            await asyncio.sleep(0.1)
    await call(house, "configure_vehicle_detection", mode="vehicles", confirm=True)


async def test_restart_is_offered(house: House) -> None:
    """Offer the restart that a change waits for, and restart from the repairs."""
    house.camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    changed = await call(house, "set_linkage", ftp=True)
    assert changed["reboot_required"] is True
    house.camera.faults.clear()
    fix = "repairs/issues/fix"
    issue_id = (await issues_of(house))["restart_wanted"]
    start = {"handler": "hikvision_anpr", "issue_id": issue_id}
    flow = await house.api.post(fix, start)
    for form in ({"next_step_id": "restart"}, {}):
        flow = await house.api.post(f"{fix}/{flow['flow_id']}", form)
    assert flow["type"] == "create_entry"
    assert house.camera.device.reboots == 1
    assert "restart_wanted" not in await issues_of(house)
    assert (await call(house, "get_linkage"))["ftp"] is True


async def test_picture_is_set_seen_and_undone(house: House) -> None:
    """Set what is recommended, look at both pictures, choose a scene, and undo it."""
    before = await call(house, "get_image_settings")
    assert before["not_as_recommended"]
    after = await call(house, "set_image_settings", recommended="all")
    assert after["not_as_recommended"] == []
    async with aiohttp.ClientSession(house.home.url) as browser:
        for link in after["snapshots"].values():
            async with browser.get(link) as answer:
                assert (answer.status, answer.content_type) == (200, "image/jpeg")
    undone = await call(house, "set_image_settings", undo=True, snapshots=False)
    assert undone["settings"] == before["settings"]
    scene = {"entity_id": house.entities["image_scene"], "option": "road"}
    await house.api.post("services/select/select_option", scene)
    assert (await house.state("image_scene"))["state"] == "road"
    assert (await call(house, "get_image_settings"))["scene"] == "road"
