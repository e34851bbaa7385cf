"""Test who is inside, as users and automations see it."""

import asyncio
from datetime import timedelta
import threading
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.hikvision_anpr import centre_opening
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.errors import ArchiveUnavailableError
from custom_components.hikvision_anpr.centre import async_get_centre, is_centre
from custom_components.hikvision_anpr.const import (
    DOMAIN,
    EVENT_OVERSTAY,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.parking import car_park
from simulator.camera import SimulatedCamera

from .areas import add_area, watch_yard
from .registry import add, ask
from .waiting import PATIENCE, expect_events, seconds_later


@pytest.fixture
def centre(hass: HomeAssistant, init_integration: MockConfigEntry) -> ConfigEntry:
    """Return the centre's entry."""
    (entry,) = filter(is_centre, hass.config_entries.async_entries(DOMAIN))
    return entry


@pytest.fixture
async def yard(hass: HomeAssistant, init_integration: MockConfigEntry) -> ConfigEntry:
    """Let the camera see both ways of an area with two spaces."""
    return await watch_yard(hass, init_integration)


async def passes(
    hass: HomeAssistant, camera: SimulatedCamera, plate: str | None, **facts: Any
) -> None:
    """Let a vehicle pass."""
    late = facts.get("retransmitted")
    event = EVENT_PASSAGE_RECOVERED if late else EVENT_PASSAGE
    async with expect_events(hass, event):
        await camera.vehicle_passes(plate, **facts)


def shows(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity shows."""
    state = hass.states.get(entity_id)
    assert state is not None, hass.states.async_entity_ids()
    return state.state


async def test_who_is_inside(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Count who comes and goes, and what is left."""
    assert shows(hass, "sensor.yard_vehicles_inside") == "0"
    assert shows(hass, "sensor.yard_free_spaces") == "2"
    await passes(hass, camera, "AB123CD", direction="forward")
    await passes(hass, camera, "XY987ZZ", direction="forward")
    assert shows(hass, "sensor.yard_vehicles_inside") == "2"
    assert shows(hass, "sensor.anpr_centre_vehicles_inside") == "2"
    assert shows(hass, "sensor.yard_free_spaces") == "0"
    assert shows(hass, "binary_sensor.yard_full") == "on"
    await passes(hass, camera, "AB123CD", direction="reverse")
    assert shows(hass, "sensor.yard_free_spaces") == "1"
    assert shows(hass, "binary_sensor.yard_full") == "off"
    (inside, left) = (await ask(hass, "get_visits"))["visits"]
    assert (inside["plate"], inside["inside"]) == ("XY987ZZ", True)
    assert (left["plate"], left["paired"], left["inside"]) == (
        "AB123CD",
        "exact",
        False,
    )


async def test_restart(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Know after a restart who is inside."""
    await passes(hass, camera, "AB123CD", direction="forward")
    assert await hass.config_entries.async_reload(yard.entry_id)
    await hass.async_block_till_done()
    assert shows(hass, "sensor.yard_vehicles_inside") == "1"
    await passes(hass, camera, "AB123CD", direction="reverse")
    assert shows(hass, "sensor.yard_vehicles_inside") == "0"


async def test_recovered_exit(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Count also what came late."""
    await passes(hass, camera, "AB123CD", direction="forward", retransmitted=True)
    assert shows(hass, "sensor.yard_vehicles_inside") == "1"


async def test_denied_vehicle_stays_outside(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    yard: ConfigEntry,
) -> None:
    """Count nobody in whom the gate kept out."""
    hass.config_entries.async_update_entry(
        init_integration,
        options={**init_integration.options, "gate_control": "home_assistant"},
    )
    await passes(hass, camera, "STRANGER", direction="forward")
    assert shows(hass, "sensor.yard_vehicles_inside") == "0"


async def test_tracker_of_a_named_vehicle(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Show a vehicle at home while it is inside, and as long as it has a name."""
    await add(hass, "AB-123 CD", vehicle_name="Van")
    await hass.async_block_till_done()
    assert shows(hass, "device_tracker.anpr_centre_van") == "not_home"
    await passes(hass, camera, "AB123CD", direction="forward")
    assert shows(hass, "device_tracker.anpr_centre_van") == "home"
    await passes(hass, camera, "AB123CD", direction="reverse")
    assert shows(hass, "device_tracker.anpr_centre_van") == "not_home"
    await add(hass, "AB123CD", vehicle_name=None)
    await hass.async_block_till_done()
    assert er.async_get(hass).async_get("device_tracker.anpr_centre_van") is None


async def test_overstay(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Tell once of a vehicle that stays too long."""
    events = async_capture_events(hass, EVENT_OVERSTAY)
    await passes(hass, camera, "AB123CD", direction="forward")
    for hours in (7, 9, 10):
        with seconds_later(hours * 3600):
            async_fire_time_changed(hass, dt_util.utcnow())
            await hass.async_block_till_done()
    (event,) = events
    assert (event.data["plate"], event.data["area"]) == ("AB123CD", "Yard")
    assert event.data["overstayed"] is True


async def test_put_right_by_hand(hass: HomeAssistant, yard: ConfigEntry) -> None:
    """Let users put right what no camera saw."""
    await add(hass, "AB123CD", vehicle_name="Van")
    started = await ask(hass, "start_visit", area="Yard", plate="ab-123-cd")
    visit = started["visit"]
    assert (visit["vehicle_name"], visit["inside"]) == ("Van", True)
    assert shows(hass, "sensor.yard_vehicles_inside") == "1"
    answer = await ask(hass, "set_occupancy", area="Yard", count=3)
    assert answer == {"count": 3, "changed": 2}
    assert shows(hass, "sensor.yard_free_spaces") == "0"
    ended = await ask(hass, "end_visit", visit_id=visit["visit_id"])
    assert ended["visit"]["closed_by"] == "hand"
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "end_visit", visit_id=visit["visit_id"])
    assert error.value.translation_key == "visit_not_found"
    assert (await ask(hass, "get_visits", inside=True, limit=1))["visits"][0]["inside"]
    assert (await ask(hass, "get_visits", plate="AB123CD"))["visits"] == [
        ended["visit"]
    ]


async def test_visits_are_told_while_others_are_written(
    hass: HomeAssistant, yard: ConfigEntry
) -> None:
    """Know of a change that waits for the writer, which is still at the one before."""
    database = async_get_centre(hass).database
    assert database
    gate = threading.Event()
    busy = hass.async_create_task(database.async_write(lambda _: gate.wait(10)))
    started = await ask(hass, "start_visit", area="Yard", plate="AB123CD")
    await asyncio.sleep(0)
    ended = await ask(hass, "end_visit", visit_id=started["visit"]["visit_id"])
    asked = hass.async_create_task(ask(hass, "get_visits", plate="AB123CD"))
    await asyncio.sleep(0)
    gate.set()
    assert (await asked)["visits"] == [ended["visit"]]
    assert await busy


async def test_unmatched(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """List what was seen by half."""
    await passes(hass, camera, "AB123CD", direction="reverse")
    await passes(hass, camera, "XY987ZZ", direction="forward")
    (alone,) = (await ask(hass, "get_visits", unmatched=True))["visits"]
    assert (alone["plate"], alone["entered_at"]) == ("AB123CD", None)
    assert (await ask(hass, "get_visits", area="Garage"))["visits"] == []
    tomorrow = (dt_util.now() + timedelta(days=1)).isoformat()
    assert len((await ask(hass, "get_visits", start=tomorrow))["visits"]) == 1
    assert (await ask(hass, "get_visits", end="2020-01-01"))["visits"] == []


async def test_two_halves(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Make one visit of an entry and an exit whose plates were read too differently."""
    await add(hass, "AB123CD", vehicle_name="Van")
    await passes(hass, camera, "A8I78XO", direction="forward")
    await passes(hass, camera, "AB123CD", direction="reverse")
    assert shows(hass, "sensor.yard_vehicles_inside") == "1"
    (alone,) = (await ask(hass, "get_visits", unmatched=True))["visits"]
    (inside,) = (await ask(hass, "get_visits", inside=True))["visits"]
    with pytest.raises(ServiceValidationError) as error:
        await ask(
            hass,
            "correct_visit",
            visit_id=alone["visit_id"],
            exit_visit_id=inside["visit_id"],
        )
    assert error.value.translation_key == "visits_not_one"
    joined = await ask(
        hass,
        "correct_visit",
        visit_id=inside["visit_id"],
        exit_visit_id=alone["visit_id"],
        plate="ab-123-cd",
    )
    visit = joined["visit"]
    assert (visit["plate"], visit["vehicle_name"]) == ("AB123CD", "Van")
    assert visit["entry_passage_id"] == inside["entry_passage_id"]
    assert visit["exit_passage_id"] == alone["exit_passage_id"]
    assert not visit["unmatched"]
    assert (await ask(hass, "get_visits"))["visits"] == [visit]
    assert shows(hass, "sensor.yard_vehicles_inside") == "0"


async def test_correct_visit(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Put right who is inside, and when somebody came or left whom nobody saw."""
    await add(hass, "AB123CD", vehicle_name="Van")
    await passes(hass, camera, "A8I28CO", direction="forward")
    (inside,) = (await ask(hass, "get_visits", inside=True))["visits"]
    assert shows(hass, "device_tracker.anpr_centre_van") == "not_home"
    await ask(hass, "correct_visit", visit_id=inside["visit_id"], plate="AB123CD")
    assert shows(hass, "device_tracker.anpr_centre_van") == "home"
    await passes(hass, camera, "AB123CD", direction="reverse")
    assert shows(hass, "device_tracker.anpr_centre_van") == "not_home"

    await passes(hass, camera, "XY987ZZ", direction="reverse")
    (alone,) = (await ask(hass, "get_visits", unmatched=True))["visits"]
    at = dt_util.now() - timedelta(hours=1)
    with pytest.raises(ServiceValidationError) as error:
        await ask(
            hass,
            "correct_visit",
            visit_id=alone["visit_id"],
            left_at=(at - timedelta(days=2)).isoformat(),
            entered_at=at.isoformat(),
        )
    assert error.value.translation_key == "visit_times_reversed"
    fixed = await ask(
        hass, "correct_visit", visit_id=alone["visit_id"], entered_at=at.isoformat()
    )
    assert 3500 < fixed["visit"]["seconds"] < 3700
    assert (await ask(hass, "get_visits", unmatched=True))["visits"] == []
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "correct_visit", visit_id="gone", plate="A")
    assert error.value.translation_key == "visit_unknown"


async def test_what_cannot_be(hass: HomeAssistant, yard: ConfigEntry) -> None:
    """Refuse an area that is none, times that have not come, and reversed ones."""
    now = dt_util.now()
    soon = (now + timedelta(hours=1)).isoformat()
    before = (now - timedelta(hours=1)).isoformat()
    started = await ask(hass, "start_visit", area="Yard", plate="AB123CD")
    visit_id = started["visit"]["visit_id"]
    calls: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("area_unknown", "start_visit", {"area": "Yrad", "plate": "XY1"}),
        ("area_unknown", "set_occupancy", {"area": "yard", "count": 7}),
        ("visit_in_future", "start_visit", {"area": "Yard", "entered_at": soon}),
        ("visit_in_future", "end_visit", {"visit_id": visit_id, "left_at": soon}),
        ("visit_in_future", "correct_visit", {"visit_id": visit_id, "left_at": soon}),
        (
            "visit_times_reversed",
            "end_visit",
            {"visit_id": visit_id, "left_at": before},
        ),
        ("time_range_reversed", "get_visits", {"start": soon, "end": before}),
    )
    for key, action, data in calls:
        with pytest.raises(ServiceValidationError) as error:
            await ask(hass, action, **data)
        assert error.value.translation_key == key, action
    assert shows(hass, "sensor.anpr_centre_vehicles_inside") == "1"


async def test_correct_passage(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Know who is inside once the plate of the entry is corrected."""
    await add(hass, "AB123CD", vehicle_name="Van")
    await passes(hass, camera, "A8I78XO", direction="forward")
    (inside,) = (await ask(hass, "get_visits", inside=True))["visits"]
    await ask(
        hass,
        "correct_passage",
        passage_id=inside["entry_passage_id"],
        plate="AB-123-CD",
    )
    assert shows(hass, "device_tracker.anpr_centre_van") == "home"
    await passes(hass, camera, "AB123CD", direction="reverse")
    (visit,) = (await ask(hass, "get_visits"))["visits"]
    assert (visit["plate"], visit["paired"]) == ("AB123CD", "exact")


async def test_daily_report(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Sum a day up."""
    await add(hass, "AB123CD", vehicle_name="Van")
    await passes(hass, camera, "AB123CD", direction="forward")
    await passes(hass, camera, "AB123CD", direction="reverse")
    await passes(hass, camera, "STRANGER", direction="reverse")
    report = await ask(hass, "get_daily_report")
    assert report["date"] == dt_util.now().date().isoformat()
    assert report["areas"]["Yard"] == {
        "entries": 1,
        "exits": 2,
        "unmatched": 1,
        "entries_allow": 1,
        "entries_none": 0,
    }
    van, stranger = report["plates"]
    assert (van["plate"], van["vehicle_name"], van["entries"], van["exits"]) == (
        *("AB123CD", "Van", 1, 1),
    )
    assert van["first_entry"] <= van["last_exit"]
    assert (stranger["entries"], stranger["first_entry"]) == (0, None)
    (lane,) = report["lanes"]
    assert (lane["channel"], lane["passages"], lane["forward"], lane["reverse"]) == (
        *(1, 3, 1, 2),
    )
    nothing = await ask(hass, "get_daily_report", date="2020-01-01")
    assert (nothing["plates"], nothing["lanes"]) == ([], [])
    assert nothing["text"] == "**2020-01-01**\n\nNo vehicle passed on this day."


@pytest.mark.parametrize(
    ("name", "error"),
    [(" ", "name_missing"), ("Yard", "name_taken"), ("x" * 65, "name_too_long")],
)
async def test_names_of_areas(
    hass: HomeAssistant, yard: ConfigEntry, name: str, error: str
) -> None:
    """Say what is wrong with a name."""
    result = await add_area(hass, yard, name=name, capacity=1, longest_stay=0)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"name": error}


async def test_change_and_remove_an_area(
    hass: HomeAssistant, yard: ConfigEntry
) -> None:
    """Change what an area is like, and let it go with its entities."""
    (area_id,) = yard.subentries
    flow = await hass.config_entries.subentries.async_init(
        (yard.entry_id, "area"),
        context={"source": "reconfigure", "subentry_id": area_id},
    )
    result = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": "Yard", "capacity": 50, "longest_stay": 0}
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert shows(hass, "sensor.yard_free_spaces") == "50"
    hass.config_entries.async_remove_subentry(yard, area_id)
    await hass.async_block_till_done()
    assert hass.states.get("sensor.yard_free_spaces") is None
    assert shows(hass, "sensor.anpr_centre_vehicles_inside") == "0"


async def test_database_comes_later(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Show nobody and nothing until it is known who is inside; then, all there is."""
    await add(hass, "AB123CD", vehicle_name="Van")
    await passes(hass, camera, "AB123CD", direction="forward")
    await ask(hass, "get_visits")
    assert await hass.config_entries.async_unload(yard.entry_id)
    read = Database.async_read
    is_away = True

    async def fail_for_a_while(database: Database, work: Any) -> Any:
        if is_away:
            raise ArchiveUnavailableError("locked")
        return await read(database, work)

    shown = (
        "sensor.yard_vehicles_inside",
        "sensor.yard_free_spaces",
        "sensor.anpr_centre_vehicles_inside",
        "device_tracker.anpr_centre_van",
    )
    with (
        patch.object(centre_opening, "RETRY_SECONDS", 0.01),
        patch.object(Database, "async_read", fail_for_a_while),
    ):
        assert await hass.config_entries.async_setup(yard.entry_id)
        assert {shows(hass, entity) for entity in shown} == {"unavailable"}
        with pytest.raises(HomeAssistantError) as error:
            await ask(hass, "start_visit", None, area="Yard", plate="XY987ZZ")
        assert error.value.translation_key == "archive_unavailable"
        is_away = False
        async with asyncio.timeout(PATIENCE):
            while "unavailable" in {shows(hass, entity) for entity in shown}:
                await asyncio.sleep(0.01)
    assert [shows(hass, entity) for entity in shown] == ["1", "1", "1", "home"]


async def test_database_is_away_for_a_while(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    yard: ConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Count on, and write when the database is there again."""
    archive = async_get_centre(hass).archive
    assert archive is not None
    write, is_away = archive.database.async_write, True

    async def fail_for_a_while(work: Any) -> Any:
        if is_away:
            raise ArchiveUnavailableError("locked")
        return await write(work)

    monkeypatch.setattr(car_park, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(archive.database, "async_write", fail_for_a_while)
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD", direction="forward")
        await asyncio.sleep(0.05)
        assert shows(hass, "sensor.yard_vehicles_inside") == "1"
        is_away = False
    assert len((await ask(hass, "get_visits"))["visits"]) == 1


async def test_forgotten_plate(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Forget vehicle, changes and visits, and count on who is inside."""
    await add(hass, "AB123CD", vehicle_name="Van")
    await passes(hass, camera, "AB123CD", direction="forward")
    await passes(hass, camera, "AB123CD", direction="reverse")
    await passes(hass, camera, "AB123CD", direction="forward")
    answer = await ask(hass, "forget_plate", plate="ab 123 cd")
    assert answer["vehicle"] is True
    assert len(answer["deleted"]) == 3
    assert (answer["changes"], answer["visits"]) == (2, 2)
    assert (await ask(hass, "get_plates"))["count"] == 0
    assert shows(hass, "sensor.yard_vehicles_inside") == "1"
    visits = (await ask(hass, "get_visits"))["visits"]
    assert {(visit["plate"], visit["vehicle_name"]) for visit in visits} == {
        (None, None)
    }


async def test_occupancy(
    hass: HomeAssistant, camera: SimulatedCamera, yard: ConfigEntry
) -> None:
    """Tell how many were inside, those who just came included."""
    await passes(hass, camera, "AB123CD", direction="forward")
    await passes(hass, camera, "XY987ZZ", direction="forward")
    await passes(hass, camera, "AB123CD", direction="reverse")
    in_a_minute = (dt_util.now() + timedelta(minutes=1)).isoformat()
    yard_then = (await ask(hass, "get_occupancy", end=in_a_minute))["areas"]["Yard"]
    assert [step["count"] for step in yard_then["steps"]] == [0, 1, 2, 1]
    assert yard_then["most"] == 2
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "get_occupancy", start=in_a_minute)
    assert error.value.translation_key == "time_range_reversed"


async def test_panel(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    yard: ConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Show the panel who is inside, tell of each change, and let it put things right."""
    client = await hass_ws_client(hass)

    async def call(name: str, **data: Any) -> Any:
        """Send a command, and return its result."""
        await client.send_json_auto_id(
            {"type": f"hikvision_anpr/parking/{name}"} | data
        )
        answer = await client.receive_json()
        assert answer["success"], answer
        return answer["result"]

    await passes(hass, camera, "AB123CD", direction="forward")
    (visit,) = (await call("visits", inside=True))["visits"]
    assert (visit["plate"], visit["area"]) == ("AB123CD", "Yard")
    assert (await call("occupancy"))["areas"]["Yard"]["most"] == 1
    assert (await call("report"))["areas"]["Yard"]["entries"] == 1
    ended = await call("end_visit", visit_id=visit["visit_id"])
    assert (ended["api_version"], ended["visit"]["inside"]) == (1, False)
    assert (await call("set_occupancy", area="Yard", count=2))["changed"] == 2
    assert (await call("start_visit", area="Yard", plate="XY1"))["visit"]["inside"]
    await call("subscribe")
    before = (await client.receive_json())["event"]
    await passes(hass, camera, "ZZ1", direction="forward")
    after = (await client.receive_json())["event"]
    yards = [event["areas"][0] for event in (before, after)]
    assert [one["inside"] for one in yards] == [3, 4]
    assert yards[0] == {
        "area": "Yard",
        "capacity": 2,
        "longest_stay": 28800,
        "inside": 3,
        "free_spaces": 0,
    }
    assert (before["api_version"], after["inside"]) == (1, 4)


async def test_panel_refuses(
    hass: HomeAssistant,
    yard: ConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Say what is wrong, and let nobody but administrators change anything."""
    client = await hass_ws_client(hass)
    end = {"type": "hikvision_anpr/parking/end_visit", "visit_id": "nothing"}
    await client.send_json_auto_id(end)
    assert (await client.receive_json())["error"][
        "translation_key"
    ] == "visit_not_found"
    guest = await hass_ws_client(hass, hass_read_only_access_token)
    await guest.send_json_auto_id(end)
    assert (await guest.receive_json())["error"]["code"] == "unauthorized"
    await guest.send_json_auto_id({"type": "hikvision_anpr/parking/visits"})
    assert (await guest.receive_json())["success"]


async def test_area_of_a_channel_is_chosen(
    hass: HomeAssistant, yard: ConfigEntry, init_integration: MockConfigEntry
) -> None:
    """Offer the areas that there are in the options of a channel, and take a new one."""
    await add_area(hass, yard, name="Garage")
    flow = await hass.config_entries.options.async_init(init_integration.entry_id)
    schema = flow["data_schema"]
    assert schema
    field = schema.schema["area"]
    assert field.config["options"] == ["Garage", "Yard"]
    await hass.config_entries.options.async_configure(
        flow["flow_id"], {"area": "Cellar", "direction_role": "entry"}
    )
    channels = init_integration.options["channels"]
    assert channels["1"]["area"] == "Cellar"
