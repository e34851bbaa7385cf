"""Run the centre in a real Home Assistant: who may enter, who is in, what is kept."""

import asyncio
import contextlib
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from scripts.demo_home.home import HomeError
from simulator.passage import Picture

from .house import PATIENCE, House

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="module")]


async def call(house: House, action: str, **data: object) -> dict[str, Any]:
    """Call an action as its editor does, and return its answer."""
    answer = await house.api.post(
        f"services/hikvision_anpr/{action}?return_response", data
    )
    found: dict[str, Any] = answer["service_response"]
    return found


async def pictures_of(house: House, passage_id: str, count: int) -> dict[str, str]:
    """Return where the pictures of a passage are, once all are kept."""
    async with asyncio.timeout(PATIENCE):
        while True:
            # It is there a moment after it was announced.
            with contextlib.suppress(HomeError):
                got = await house.api.command(
                    "hikvision_anpr/passages/get", passage_id=passage_id
                )
                found: dict[str, str] = got["passage"]["pictures"]
                if len(found) == count:
                    return found
            await asyncio.sleep(0.1)


async def test_known_vehicle_is_decided_remembered_and_exported(house: House) -> None:
    """Know a vehicle, decide about it, keep it with its pictures, and take it out."""
    await call(house, "add_plate", plate="E2E 1 VAN", vehicle_name="Van")
    await house.api.post(
        "services/select/select_option",
        {"entity_id": house.entities["gate_control"], "option": "home_assistant"},
    )
    async with house.expect_passage() as passage:
        sent = await house.camera.vehicle_passes("E2E1VAN")
    assert (passage["vehicle_name"], passage["list"]) == ("Van", "allow")
    assert (passage["decision"], passage["reasons"]) == ("open", ["allowed"])
    pictures = await pictures_of(house, passage["passage_id"], len(sent.pictures))
    assert await house.api.download(pictures["scene"]) == sent.jpegs[Picture.SCENE]
    out = await call(house, "export_passages", format="zip", plate='"E2E1VAN"')
    assert out["count"] == 1
    with ZipFile(BytesIO(await house.api.download(out["url"]))) as archive:
        assert "manifest.json" in archive.namelist()
        assert len(archive.namelist()) == 2 + len(sent.pictures)


async def test_lists_of_the_camera(house: House) -> None:
    """Put the known vehicles onto the camera's own list."""
    await call(house, "add_plate", plate="E2E 2 CAR", list="block")
    await house.api.post(
        "services/button/press", {"entity_id": house.entities["sync_lists"]}
    )
    assert house.camera.device.plate_list.fact("E2E2CAR") == "block"
    await call(house, "remove_plate", plate="E2E2CAR")


async def test_restart_keeps_what_is_known(house: House) -> None:
    """Know vehicles and visits after a restart."""
    await call(house, "add_plate", plate="E2E 3", vehicle_name="Third")
    started = await call(house, "start_visit", area="Yard", plate="E2E3")
    await house.restart()
    (vehicle,) = (await call(house, "get_plates", plate="E2E3"))["plates"]
    assert vehicle["vehicle_name"] == "Third"
    state = await house.state("vehicles_inside")
    assert state["state"] == "1"
    await call(house, "end_visit", visit_id=started["visit"]["visit_id"])
    assert (await house.state("vehicles_inside"))["state"] == "0"
