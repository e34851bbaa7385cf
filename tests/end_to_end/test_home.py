"""Check what a user of a real Home Assistant sees, from the flow to a restart."""

from datetime import timedelta
import json
from typing import Any

from homeassistant.util import dt as dt_util
import pytest

from simulator.passage import Picture

from .house import House

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="module")]

ENTITIES = {
    *("set_clock", "restart", "recognize"),
    *("alarm_output_1", "alarm_output_2", "pulse_output_1", "pulse_output_2"),
    *("alarm_input_1", "alarm_input_2"),
    *("passage", "connected", "allowed_vehicle", "blocked_vehicle", "live"),
    *("plate_picture", "scene_picture", "vehicle_picture"),
    *("last_plate", "last_passage", "passages_today", "direction", "lane", "country"),
    *("plate_color", "vehicle_type", "vehicle_color", "vehicle_brand"),
    *("confidence", "latency", "clock_drift", "gate_control", "vehicles_inside"),
    *("image_scene", "vca_resource"),
    *("live_sub", "plate_height", "storage", "storage_capacity", "storage_free"),
    *(
        "vehicle_detection",
        "list_sync",
        "sync_lists",
        "allow_list_size",
        "block_list_size",
        "list_capacity",
        "list_free",
    ),
}
HIDDEN = {
    *("restart", "recognize"),
    *("vehicle_picture", "lane", "plate_color", "confidence", "latency"),
    *("clock_drift", "allow_list_size", "block_list_size"),
    *("list_capacity", "list_free"),
    *("live_sub", "storage_capacity", "storage_free", "vca_resource"),
}
ATTRIBUTES = {
    *("passage_id", "device_id", "channel", "lane", "plate", "plate_normalized"),
    *("list", "device_list", "vehicle_name", "match", "confidence", "direction"),
    *("country", "region", "plate_color", "plate_type", "vehicle_type"),
    *("vehicle_color", "vehicle_brand", "captured_at", "received_at", "source"),
    *("live", "reads", "area", "decision", "reasons"),
}


async def test_flow_makes_the_entry(house: House) -> None:
    """Have one loaded entry after the user step alone."""
    (entry,) = await house.api.entries()
    assert entry["state"] == "loaded"
    assert entry["source"] == "user"
    assert entry["title"] == house.camera.profile.device_name


async def test_entities_exist(house: House) -> None:
    """Have every entity, the special ones switched off."""
    assert set(house.entities) == ENTITIES
    states = {state["entity_id"] for state in await house.api.get("states")}
    absent = {key for key, entity in house.entities.items() if entity not in states}
    assert absent == HIDDEN


@pytest.mark.parametrize(
    ("plate", "list_name", "event_type", "listed"),
    [
        ("E2ALLOW", "allow", "allowed", "allow"),
        ("E2BLOCK", "block", "blocked", "block"),
        ("E2OTHER", None, "unlisted", "none"),
        (None, None, "unreadable", "none"),
    ],
)
async def test_each_type_of_passage_fires(
    house: House, plate: str | None, list_name: str | None, event_type: str, listed: str
) -> None:
    """Say the same on the bus and at the event entity, under all public names."""
    before = await house.state("passage")
    async with house.expect_passage() as passage:
        await house.camera.vehicle_passes(plate, list_name=list_name, lane=2)
    state = await house.wait_for("passage", lambda now: now["state"] != before["state"])
    assert state["attributes"]["event_type"] == event_type
    assert set(passage) == ATTRIBUTES
    assert passage.items() <= state["attributes"].items()
    assert (passage["plate"], passage["list"]) == (plate, listed)
    assert (passage["lane"], passage["live"]) == (2, True)


async def test_lists_switch_their_sensors(house: House) -> None:
    """Show for a while that a vehicle of a list is there."""
    for list_name, key in (("allow", "allowed_vehicle"), ("block", "blocked_vehicle")):
        async with house.expect_passage():
            await house.camera.vehicle_passes(f"SW{list_name}", list_name=list_name)
        assert await house.wait_for(key, lambda now: now["state"] == "on")


async def test_pictures_are_those_that_were_sent(house: House) -> None:
    """Serve the very bytes of the device."""
    before = await house.state("scene_picture")
    passage = await house.camera.vehicle_passes("P1CTURE")
    await house.wait_for("scene_picture", lambda now: now["state"] != before["state"])
    for key, picture in (
        ("plate_picture", Picture.PLATE),
        ("scene_picture", Picture.SCENE),
    ):
        served = await house.api.picture(house.entities[key])
        assert served.startswith(b"\xff\xd8\xff")
        assert served == passage.jpegs[picture]


async def test_live_picture_is_a_snapshot(house: House) -> None:
    """Serve a JPEG of now."""
    assert (await house.api.picture(house.entities["live"])).startswith(b"\xff\xd8\xff")


async def test_same_plate_fires_again_later(house: House) -> None:
    """Take a second read at once as the same passage, and a later one as a new one."""
    now = dt_util.utcnow()
    earlier = now - timedelta(seconds=10)
    async with house.expect_passage() as first:
        await house.camera.vehicle_passes("AGA1N", captured_at=earlier)
    async with house.expect_passage() as second:
        await house.camera.vehicle_passes("AGA1N", captured_at=earlier)
        await house.camera.vehicle_passes("AGA1N", captured_at=now)
    assert first["plate"] == second["plate"] == "AGA1N"
    assert first["passage_id"] != second["passage_id"]
    assert second["captured_at"] > first["captured_at"]


async def test_diagnostics_tell_no_secrets(house: House) -> None:
    """Give diagnostics without plate, serial number, address or login."""
    async with house.expect_passage():
        await house.camera.vehicle_passes("S3CRET", list_name="allow")
    (entry,) = await house.api.entries()
    found = await house.api.get(f"diagnostics/config_entry/{entry['entry_id']}")
    text = json.dumps(found["data"]).casefold()
    profile = house.camera.profile
    secrets = {
        *("s3cret", "127.0.0.1", profile.serial_number, profile.mac_address),
        *(house.camera.username, house.camera.password),
    }
    assert {secret for secret in secrets if secret.casefold() in text} == set()
    assert "firmware" in text


async def test_cut_stream_is_seen_and_mended(house: House) -> None:
    """Be unavailable while the camera is away; say so once, and once that it is back."""
    told = len(house.home.log)
    port = house.camera.port
    await house.camera.stop()
    await house.wait_for("last_plate", lambda now: now["state"] == "unavailable")
    assert (await house.state("connected"))["state"] == "off"
    await house.camera.start(port=port)
    await house.wait_for("last_plate", lambda now: now["state"] != "unavailable")
    assert (await house.state("connected"))["state"] == "on"
    async with house.expect_passage() as passage:
        await house.camera.vehicle_passes("B4CK")
    assert passage["plate"] == "B4CK"
    lines = await house.wait_for_log(told, "event stream of", 2)
    assert ["is down" in line for line in lines] == [True, False]


async def test_disabled_entry_leaves_the_device_alone(house: House) -> None:
    """End the stream with the entry, and open it again with it."""
    (entry,) = await house.api.entries()
    command: dict[str, Any] = {"entry_id": entry["entry_id"]}
    await house.api.command("config_entries/disable", **command, disabled_by="user")
    await house.camera.wait_for_no_stream()
    await house.api.command("config_entries/disable", **command, disabled_by=None)
    await house.wait_for("connected", lambda now: now["state"] == "on")
    assert house.camera.open_streams == 1


async def test_restart_keeps_what_was_last(house: House) -> None:
    """Know the last passage after a restart, and announce nothing again."""
    async with house.expect_passage() as passage:
        await house.camera.vehicle_passes("REST4RT", direction="reverse")
    keys = ("last_plate", "last_passage", "direction", "passages_today", "passage")
    await house.wait_for("direction", lambda now: now["state"] == "reverse")
    before = {key: (await house.state(key))["state"] for key in keys}
    assert before["last_plate"] == passage["plate"]
    await house.restart()
    await house.wait_for("connected", lambda now: now["state"] == "on")
    assert {key: (await house.state(key))["state"] for key in keys} == before


async def test_log_is_clean(house: House) -> None:
    """Log no error, no blocking call and no misuse through all of the above."""
    assert house.home.bad_lines == []
