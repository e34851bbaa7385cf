"""Test that the archive keeps what passes, and answers those who ask."""

from collections.abc import Callable
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch

from homeassistant.core import Context, Event, HomeAssistant, ServiceResponse
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util.json import JsonValueType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from sqlalchemy import func, select

from custom_components.hikvision_anpr.archive.archive import ISSUE
from custom_components.hikvision_anpr.archive.database import Database
from custom_components.hikvision_anpr.archive.schema import PICTURES
from custom_components.hikvision_anpr.archive.writer import PassageWriter
from custom_components.hikvision_anpr.backup import async_post_backup, async_pre_backup
from custom_components.hikvision_anpr.centre import async_get_centre, is_centre
from custom_components.hikvision_anpr.const import (
    DOMAIN,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.intake.passage import Passage
from simulator.camera import SimulatedCamera

from .waiting import expect_events, seconds_later, wait_until


async def act(hass: HomeAssistant, name: str, **data: object) -> dict[str, Any]:
    """Call an action, after all that passed before is written, and return its answer."""
    if database := async_get_centre(hass).database:
        await database.async_write(lambda _: None)
    answer: ServiceResponse = await hass.services.async_call(
        DOMAIN, name, data, blocking=True, return_response=True
    )
    assert answer is not None
    return dict(answer)


async def plates(hass: HomeAssistant, **data: object) -> list[str]:
    """Return the plates that a search finds."""
    found = await act(hass, "search_passages", **data)
    return [passage["plate"] for passage in found["passages"]]


def centre_entry(hass: HomeAssistant) -> str:
    """Return the id of the centre's entry."""
    (entry,) = filter(is_centre, hass.config_entries.async_entries(DOMAIN))
    return entry.entry_id


@pytest.fixture
async def two_passages(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> list[dict[str, Any]]:
    """Let two vehicles pass, and return what was announced of them."""
    async with expect_events(hass, EVENT_PASSAGE, 2) as events:
        await camera.vehicle_passes("AB123CD", confidence=90)
        await camera.vehicle_passes("CD456EF", confidence=60)
    return [dict(event.data) for event in events]


async def test_search(hass: HomeAssistant, two_passages: list[dict[str, Any]]) -> None:
    """Find passages as they were announced."""
    answer = await act(hass, "search_passages", plate="b12", list="none")
    expected = two_passages[0] | {"corrected_plate": None}
    for passage in answer["passages"]:
        del passage["pictures"]
    assert answer == {
        "passages": [expected],
        "cursor": None,
        "count": 1,
        "count_is_exact": True,
    }
    assert await plates(hass, sort="plate") == ["AB123CD", "CD456EF"]
    page = await act(hass, "search_passages", sort="plate", limit=1)
    assert await plates(hass, sort="plate", cursor=page["cursor"]) == ["CD456EF"]


async def test_search_right_after_a_passage(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Find what was announced a moment ago, though the writer makes a pause."""
    found: list[JsonValueType] = []

    async def search(event: Event) -> None:
        answer = await hass.services.async_call(
            DOMAIN,
            "search_passages",
            {"plate": event.data["plate"]},
            blocking=True,
            return_response=True,
        )
        assert answer is not None
        found.append(answer["count"])

    def put_late(writer: PassageWriter, passage: Passage) -> None:
        threading.Event().wait(0.05)
        put(writer, passage)

    put = PassageWriter.put
    with (
        patch("custom_components.hikvision_anpr.archive.writer.PAUSE_SECONDS", 60),
        patch.object(PassageWriter, "put", put_late),
    ):
        hass.bus.async_listen(EVENT_PASSAGE, search)
        async with expect_events(hass, EVENT_PASSAGE, 3):
            for plate in ("AB123CD", "CD456EF", "EF789GH"):
                await camera.vehicle_passes(plate)
    assert found == [1, 1, 1]


async def test_recovered_passage(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Keep what came late, as what it is."""
    async with expect_events(hass, EVENT_PASSAGE_RECOVERED):
        await camera.vehicle_passes("AB123CD", retransmitted=True)
    assert await plates(hass, live=False) == ["AB123CD"]
    assert await plates(hass, live=True) == []


WITHOUT_SENSE: tuple[dict[str, object], ...] = (
    {"plate": "%"},
    {"plate": "x" * 10_000},
    {"plate": "A*", "max_distance": 1},
    {"start": "2026-02-02 00:00:00", "end": "2026-02-01 00:00:00"},
    {"cursor": "nonsense"},
)


async def test_search_without_sense(
    hass: HomeAssistant, init_integration: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """Say what is wrong with a search."""
    for data in WITHOUT_SENSE:
        with subtests.test(data=data), pytest.raises(ServiceValidationError):
            await plates(hass, **data)


async def test_passages_outlive_a_restart(
    hass: HomeAssistant, two_passages: list[dict[str, Any]]
) -> None:
    """Write what is left when the centre closes, and find it when it opens again."""
    entry_id = centre_entry(hass)
    assert await hass.config_entries.async_unload(entry_id)
    with pytest.raises(HomeAssistantError) as caught:
        await plates(hass)
    assert caught.value.translation_key == "archive_closed"
    assert await hass.config_entries.async_setup(entry_id)
    assert await plates(hass) == ["CD456EF", "AB123CD"]


async def test_home_assistant_stops(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Write all there is, pictures too, and leave no thread that is waited for."""
    archive = async_get_centre(hass).archive
    assert archive
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: len(coordinator.data[1].pictures) == 3)
    await hass.async_stop(force=True)
    assert not [one for one in threading.enumerate() if "anpr_archive" in one.name]
    again = Database(archive.database.url)
    pictures = await again.async_read(
        lambda connection: connection.scalar(select(func.count()).select_from(PICTURES))
    )
    await hass.async_add_executor_job(again.close)
    assert pictures == 3


async def test_correct_delete_forget(
    hass: HomeAssistant, two_passages: list[dict[str, Any]]
) -> None:
    """Correct a plate, delete passages, forget a plate."""
    first, second = (passage["passage_id"] for passage in two_passages)
    await act(hass, "correct_passage", passage_id=first, plate="a8-123-cd")
    assert await plates(hass, plate='"A8123CD"') == ["AB123CD"]
    answer = await act(hass, "forget_plate", plate="A8 123 CD")
    del answer["pictures"]
    assert answer == {
        "plate_normalized": "A8123CD",
        "deleted": [first],
        "vehicle": False,
        "visits": 0,
        "changes": 0,
    }
    answer = await act(hass, "delete_passages", passage_id=[first, second])
    assert answer == {"deleted": [second]}
    assert await plates(hass) == []
    for name, data in (
        ("correct_passage", {"passage_id": first, "plate": "A1"}),
        ("correct_passage", {"passage_id": first, "plate": "-"}),
        ("forget_plate", {"plate": "🚗"}),
    ):
        with pytest.raises(ServiceValidationError):
            await act(hass, name, **data)


CHANGES: tuple[tuple[str, dict[str, object]], ...] = (
    ("correct_passage", {"passage_id": "x", "plate": "A1"}),
    ("delete_passages", {"passage_id": "x"}),
    ("forget_plate", {"plate": "A1"}),
    ("get_plate_data", {"plate": "A1"}),
)


async def test_changes_are_for_administrators(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    hass_read_only_user: MockUser,
    subtests: pytest.Subtests,
) -> None:
    """Refuse those who may not."""
    context = Context(user_id=hass_read_only_user.id)
    for name, data in CHANGES:
        with subtests.test(name=name), pytest.raises(Unauthorized):
            await hass.services.async_call(
                DOMAIN, name, data, blocking=True, context=context, return_response=True
            )


@pytest.mark.usefixtures("two_passages")
async def test_search_over_the_web_socket(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    """Answer a page, counts per value, and one passage."""
    await plates(hass)
    client = await hass_ws_client(hass)
    search = {"type": "hikvision_anpr/passages/search"}
    await client.send_json_auto_id(search | {"min_confidence": 80, "counts": ["list"]})
    result = (await client.receive_json())["result"]
    (passage,) = result["passages"]
    assert passage["plate"] == "AB123CD"
    assert (result["api_version"], result["count"]) == (1, 1)
    assert result["counts"] == {"list": [{"value": "none", "count": 1}]}
    get = {"type": "hikvision_anpr/passages/get"}
    await client.send_json_auto_id(get | {"passage_id": passage["passage_id"]})
    assert (await client.receive_json())["result"]["passage"] == passage
    for bad in (get | {"passage_id": "x"}, search | {"plate": "%"}):
        await client.send_json_auto_id(bad)
        assert not (await client.receive_json())["success"]


@pytest.mark.usefixtures("two_passages")
async def test_subscription(
    hass: HomeAssistant, camera: SimulatedCamera, hass_ws_client: WebSocketGenerator
) -> None:
    """Send a snapshot first, then what comes and fits."""
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": "hikvision_anpr/passages/subscribe", "plate": "1"}
    )
    assert (await client.receive_json())["success"]
    snapshot = (await client.receive_json())["event"]
    assert (snapshot["kind"], snapshot["api_version"]) == ("snapshot", 1)
    assert [passage["plate"] for passage in snapshot["passages"]] == ["AB123CD"]
    await camera.vehicle_passes("XY999ZZ")
    await camera.vehicle_passes("XY111ZZ")
    event = (await client.receive_json())["event"]
    assert (event["kind"], event["passage"]["plate"]) == ("passage", "XY111ZZ")


def spoil(file: Path) -> None:
    """Put nonsense where the database is."""
    file.parent.mkdir(parents=True)
    file.write_bytes(b"nonsense " * 1000)


async def settle(hass: HomeAssistant, condition: Callable[[], bool]) -> None:
    """Let the writer's thread and the loop finish what they were given."""
    archive = async_get_centre(hass).archive
    assert archive is not None
    await archive.async_rest()
    await archive.async_go_on()
    await hass.async_block_till_done()
    assert condition()


async def test_damaged_database(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
) -> None:
    """Go on announcing, say what is wrong, and keep all once that is mended."""
    file = Path(hass.config.path(DOMAIN, "archive.db"))
    await hass.async_add_executor_job(spoil, file)
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    coordinator = config_entry.runtime_data
    await wait_until(coordinator, lambda: coordinator.connected)
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    issues = ir.async_get(hass)
    await settle(hass, lambda: issues.async_get_issue(DOMAIN, ISSUE) is not None)
    issue = issues.async_get_issue(DOMAIN, ISSUE)
    assert issue is not None
    assert issue.translation_key == "archive_damaged"
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            DOMAIN, "search_passages", {}, blocking=True, return_response=True
        )
    await hass.async_add_executor_job(file.unlink)
    await settle(hass, lambda: issues.async_get_issue(DOMAIN, ISSUE) is None)
    assert await plates(hass) == ["AB123CD"]


async def test_backup(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Leave the file of the database alone during a backup, and lose nothing."""
    file = Path(hass.config.path(DOMAIN, "archive.db"))
    await async_pre_backup(hass)
    before = await hass.async_add_executor_job(file.read_bytes)
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    assert await plates(hass) == []
    assert await hass.async_add_executor_job(file.read_bytes) == before
    await async_post_backup(hass)
    assert await plates(hass) == ["AB123CD"]


async def test_without_a_device(hass: HomeAssistant) -> None:
    """Have the actions also where no device is set up, and nothing to rest."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(HomeAssistantError):
        await plates(hass)
    await async_pre_backup(hass)
    await async_post_backup(hass)


async def test_retention(
    hass: HomeAssistant, two_passages: list[dict[str, Any]]
) -> None:
    """Delete what is older than the user wants to keep it, and nothing younger."""
    entry_id = centre_entry(hass)
    result = await hass.config_entries.options.async_init(entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": "retention"}
    )
    assert result["step_id"] == "retention"
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"keep_days_none": 30}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    archive = async_get_centre(hass).archive
    assert archive is not None
    await archive.async_clean()
    assert len(await plates(hass)) == 2
    with seconds_later(31 * 86400):
        await archive.async_clean()
    assert await plates(hass) == []
