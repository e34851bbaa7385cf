"""Test that users and automations keep the known vehicles, and that these count."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.core import Context, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import voluptuous as vol

from custom_components.hikvision_anpr import centre_opening
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.errors import ArchiveUnavailableError
from custom_components.hikvision_anpr.centre import async_get_centre, is_centre
from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .registry import add, ask
from .waiting import PATIENCE, expect_events, wait_until

FULL = {
    "list": "block",
    "vehicle_name": "Van",
    "owner": "Anna",
    "group": "tenants",
    "card_id": "77",
    "color": "red",
    "note": "rings twice",
    "areas": ["yard", "garage", "yard"],
    "valid_from": "2026-01-01T00:00:00+01:00",
    "valid_to": "2099-12-31",
    "week": {"monday": [{"from": "08:00", "to": "24:00"}]},
    "uses": 3,
}


def centre_entry_id(hass: HomeAssistant) -> str:
    """Return the id of the centre's entry."""
    (entry,) = filter(is_centre, hass.config_entries.async_entries(DOMAIN))
    return entry.entry_id


async def passes(
    hass: HomeAssistant, camera: SimulatedCamera, plate: str, **facts: Any
) -> dict[str, Any]:
    """Let a vehicle pass, and return what was announced of it."""
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes(plate, **facts)
    return dict(events[0].data)


async def test_add_get_remove(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Keep everything that is said of a vehicle, and let it go again."""
    answer = await add(hass, "ab-123 cd", **FULL)
    assert answer["added"] is True
    expected = FULL | {
        "vehicle_id": answer["vehicle"]["vehicle_id"],
        "plate": "ab-123 cd",
        "plate_normalized": "AB123CD",
        "areas": ["yard", "garage"],
        "valid_from": "2025-12-31T23:00:00+00:00",
        "valid_to": "2100-01-01T08:00:00+00:00",
        "week": {"monday": [{"from": "08:00:00", "to": "24:00:00"}]},
    }
    told = answer["vehicle"]
    assert {name: told[name] for name in expected} == expected
    got = await ask(hass, "get_plates")
    assert got["count"] == 1
    assert got["plates"][0]["vehicle_id"] == told["vehicle_id"]
    removed = await ask(hass, "remove_plate", plate="AB 123-CD")
    assert removed["removed"]["vehicle_id"] == told["vehicle_id"]
    assert await ask(hass, "get_plates") == {"plates": [], "count": 0}


async def test_adding_again_changes_what_is_given(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Leave alone what is not said, and take away what is said to be nothing."""
    first = await add(hass, "AB123CD", **FULL)
    second = await add(
        hass, "AB 123 CD", name="Lorry", week=None, valid_to=None, uses=None, note=""
    )
    assert second["added"] is False
    before, after = first["vehicle"], second["vehicle"]
    assert after["vehicle_id"] == before["vehicle_id"]
    changed = {name for name in after if after[name] != before[name]}
    assert changed - {"valid_now", "reason"} == {
        *("plate", "vehicle_name", "week", "valid_to", "uses", "note")
    }
    assert after["valid_now"] is True


FILTERS: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({}, ["AB123CD", "CD456", "EF789"]),
    ({"plate": "d4"}, ["CD456"]),
    ({"list": ["block", "none"]}, ["CD456", "EF789"]),
    ({"group": "family"}, ["AB123CD"]),
    ({"plate": "1", "list": "none"}, []),
)


async def test_filters(
    hass: HomeAssistant, init_integration: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """Answer those who fit, by plate."""
    await add(hass, "EF-789", list="none")
    await add(hass, "AB-123-CD", group="family")
    await add(hass, "CD-456", list="block")
    for filters, expected in FILTERS:
        with subtests.test(filters=filters):
            answer = await ask(hass, "get_plates", **filters)
            assert [one["plate_normalized"] for one in answer["plates"]] == expected


NONSENSE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"plate": "--"}, "plate_without_characters"),
    ({"plate": "AB😀12"}, "plate_with_symbol"),
    ({"plate": "AB*"}, "plate_with_symbol"),
    ({"plate": "A" * 65}, "plate_too_long"),
    ({"plate": "A1", "name": "x" * 256}, "text_too_long"),
    ({"plate": "A1", "week": {"someday": []}}, "unknown_day"),
    (
        {"plate": "A1", "valid_from": "2026-02-01", "valid_to": "2026-01-01"},
        "ends_before_it_begins",
    ),
)


async def test_nonsense_is_refused(
    hass: HomeAssistant, init_integration: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """Say what is wrong, and keep nothing of it."""
    for data, problem in NONSENSE:
        with subtests.test(problem=problem):
            with pytest.raises(ServiceValidationError) as error:
                await ask(hass, "add_plate", **data)
            assert error.value.translation_key == problem
            assert (await ask(hass, "get_plates"))["count"] == 0


WRONG: tuple[dict[str, Any], ...] = (
    {"list": "white"},
    {"uses": -1},
    {"uses": "many"},
    {"valid_to": "tomorrow"},
    {"week": {"monday": "all day"}},
)


async def test_wrong_fields(
    hass: HomeAssistant, init_integration: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """Refuse what no field can be."""
    for data in WRONG:
        with subtests.test(data=data), pytest.raises(vol.Invalid):
            await add(hass, "AB123CD", **data)


async def test_unknown_plate_cannot_be_removed(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Say that nobody has the plate."""
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "remove_plate", plate="AB123CD")
    assert error.value.translation_key == "vehicle_not_found"
    assert error.value.translation_placeholders == {"plate": "AB123CD"}


async def test_changes_are_for_administrators(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    hass_read_only_user: MockUser,
) -> None:
    """Let nobody else say who may enter."""
    context = Context(user_id=hass_read_only_user.id)
    for action in ("add_plate", "remove_plate", "get_plate_changes"):
        with pytest.raises(Unauthorized):
            await ask(hass, action, context, plate="AB123CD")


async def test_without_a_centre(hass: HomeAssistant) -> None:
    """Say that nothing is open yet."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "get_plates")
    assert error.value.translation_key == "archive_closed"


async def test_verdict(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Let what the centre knows count, and the device's word where it knows nothing."""
    await add(hass, "AB-123-CD", vehicle_name="Van")
    await add(hass, "XY-987", list="allow", valid_to="2020-01-01")
    told = await passes(hass, camera, "A8123CD", list_name="block")
    assert (told["list"], told["vehicle_name"], told["match"]) == (
        *("allow", "Van", "folded"),
    )
    assert told["device_list"] == "block"
    told = await passes(hass, camera, "XY987", list_name="allow")
    assert told["list"] == "none"
    assert "no_longer_valid" in told["reasons"]
    told = await passes(hass, camera, "STRANGER", list_name="allow")
    assert (told["list"], told["vehicle_name"], told["match"]) == ("allow", None, None)


async def test_registry_outlives_a_reload(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Know the vehicles again, and what users corrected."""
    hass.config_entries.async_update_entry(
        init_integration, options={"merge_seconds": 0}
    )
    assert await hass.config_entries.async_reload(init_integration.entry_id)
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    await add(hass, "WX34567", vehicle_name="Van", uses=2, areas=["yard"])
    told = await passes(hass, camera, "HH34567")
    database = async_get_centre(hass).database
    assert database is not None
    await database.async_write(lambda _: None)
    await ask(hass, "correct_passage", passage_id=told["passage_id"], plate="WX 34567")
    before = (await ask(hass, "get_plates"))["plates"]
    assert (await passes(hass, camera, "HH34567"))["vehicle_name"] == "Van"
    assert await hass.config_entries.async_reload(centre_entry_id(hass))
    after = (await ask(hass, "get_plates"))["plates"]
    assert [one | {"uses": 2} for one in after] == before
    assert after[0]["uses"] == 1
    assert (await passes(hass, camera, "HH34567"))["match"] == "folded"


async def test_matching_options(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Allow wrong characters where the user wants that."""
    await add(hass, "WX34567")
    assert (await passes(hass, camera, "WY34567"))["list"] == "none"
    flow = await hass.config_entries.options.async_init(centre_entry_id(hass))
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"next_step_id": "matching"}
    )
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"match_edits_allow": 1, "match_confidence_allow": 80}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    told = await passes(hass, camera, "WZ34567", confidence=90)
    assert (told["list"], told["match"]) == ("allow", "fuzzy")
    told = await passes(hass, camera, "WX34567", confidence=79)
    assert told["list"] == "none"
    assert "confidence_too_low" in told["reasons"]
    flow = await hass.config_entries.options.async_init(centre_entry_id(hass))
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"next_step_id": "matching"}
    )
    await hass.config_entries.options.async_configure(
        flow["flow_id"], {"match_alike_allow": False}
    )
    await hass.async_block_till_done()
    for plate, like in (("PQ98765", "PQ9876S"), ("KL51111", "KLS1111")):
        await add(hass, plate)
        assert (await passes(hass, camera, like))["list"] == "none"
    await add(hass, "MN11111")
    assert (await passes(hass, camera, "MN11111", confidence=90))["list"] == "allow"


async def test_database_comes_later(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Load the vehicles as soon as the database lets us."""
    await add(hass, "AB123CD", vehicle_name="Van")
    entry_id = centre_entry_id(hass)
    assert await hass.config_entries.async_unload(entry_id)
    read = Database.async_read
    is_locked = True

    async def fail_at_first(database: Database, work: Any) -> Any:
        if is_locked:
            raise ArchiveUnavailableError("locked")
        return await read(database, work)

    with (
        patch.object(centre_opening, "RETRY_SECONDS", 0.01),
        patch.object(Database, "async_read", fail_at_first),
    ):
        assert await hass.config_entries.async_setup(entry_id)
        assert async_get_centre(hass).vehicles is None
        assert (await passes(hass, camera, "AB123CD"))["vehicle_name"] is None
        is_locked = False
        async with asyncio.timeout(PATIENCE):
            while async_get_centre(hass).vehicles is None:
                await asyncio.sleep(0.01)
    assert (await ask(hass, "get_plates"))["count"] == 1
    await hass.async_block_till_done()
    tracker = hass.states.get("device_tracker.anpr_centre_van")
    assert tracker and tracker.state == "not_home"


async def test_panel(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    """Show all vehicles, then each change, and tell who made it."""
    await add(hass, "AB123CD")
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": f"{DOMAIN}/vehicles/subscribe"})
    assert (await client.receive_json())["success"]
    snapshot = (await client.receive_json())["event"]
    assert snapshot["kind"] == "snapshot"
    assert [one["plate"] for one in snapshot["vehicles"]] == ["AB123CD"]
    vehicle_id = snapshot["vehicles"][0]["vehicle_id"]

    put = {"type": f"{DOMAIN}/vehicles/put", "vehicle_id": vehicle_id}
    await client.send_json_auto_id(put | {"plate": "AB124CD", "list": "block"})
    told = (await client.receive_json())["event"]
    assert (told["kind"], told["vehicle"]["plate"]) == ("changed", "AB124CD")
    assert (await client.receive_json())["result"]["vehicle"]["list"] == "block"

    remove = {"type": f"{DOMAIN}/vehicles/remove", "vehicle_id": [vehicle_id]}
    await client.send_json_auto_id(remove)
    assert (await client.receive_json())["event"]["kind"] == "removed"
    assert (await client.receive_json())["success"]
    await client.send_json_auto_id(remove)
    error = (await client.receive_json())["error"]
    assert error["translation_key"] == "vehicle_not_found"

    changes = {"type": f"{DOMAIN}/vehicles/changes", "plate": "ab-124-cd"}
    await client.send_json_auto_id(changes)
    history = (await client.receive_json())["result"]["changes"]
    assert [(one["change"], one["origin"]) for one in history] == [
        ("added", "action"),
        ("changed", "panel"),
        ("removed", "panel"),
    ]
    assert history[1]["user_id"] is not None
    assert history[1]["before"]["plate"] == "AB123CD"
    assert history[2]["after"] is None


async def test_who_changed_what(
    hass: HomeAssistant, init_integration: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    """Tell each change by the name of who made it, and only what it changed."""
    context = Context(user_id=hass_admin_user.id)
    await ask(hass, "add_plate", context, plate="AB-123 CD", vehicle_name="Van")
    await add(hass, "AB-123 CD", list="block", note="lost")
    await ask(hass, "remove_plate", context, plate="AB123CD")
    answer = await ask(hass, "get_plate_changes", plate="ab123cd")
    removed, changed, added = answer["changes"]
    assert answer["count"] == 3
    assert dt_util.parse_datetime(added.pop("changed_at")) is not None
    assert added == {
        "change": "added",
        "user": hass_admin_user.name,
        "origin": "action",
        "plate": "AB-123 CD",
        "before": {},
        "after": {"plate": "AB-123 CD", "list": "allow", "vehicle_name": "Van"},
    }
    assert (changed["user"], changed["before"], changed["after"]) == (
        *(None, {"list": "allow", "note": None}),
        {"list": "block", "note": "lost"},
    )
    assert (removed["change"], removed["after"]) == ("removed", {})
    assert removed["before"]["vehicle_name"] == "Van"


async def test_forgotten_plate_is_in_no_change(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Leave nothing of the plate that a vehicle had before, and keep the vehicle."""
    await add(hass, "AB123CD")
    vehicle_id = (await ask(hass, "get_plates"))["plates"][0]["vehicle_id"]
    client = await hass_ws_client(hass)
    put = {"type": f"{DOMAIN}/vehicles/put", "vehicle_id": vehicle_id}
    await client.send_json_auto_id(put | {"plate": "XY987ZZ"})
    assert (await client.receive_json())["success"]
    answer = await ask(hass, "forget_plate", plate="AB123CD")
    assert (answer["vehicle"], answer["changes"]) == (False, 2)
    for plate in ("AB123CD", "XY987ZZ"):
        changes = await ask(hass, "get_plate_changes", plate=plate)
        assert changes["count"] == 0
    assert (await ask(hass, "get_plates"))["count"] == 1


async def test_panel_cannot_give_a_plate_twice(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Refuse the plate of another vehicle, also for a new one."""
    await add(hass, "AB123CD")
    client = await hass_ws_client(hass)
    put = {"type": f"{DOMAIN}/vehicles/put", "plate": "ab 123 cd"}
    await client.send_json_auto_id(put)
    error = (await client.receive_json())["error"]
    assert error["translation_key"] == "plate_taken"
    assert (await ask(hass, "get_plates"))["count"] == 1
