"""Test keeping plates out of what Home Assistant records."""

from homeassistant.components import automation
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.util import session_scope
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from sqlalchemy import MetaData

from custom_components.hikvision_anpr.centre import is_centre
from custom_components.hikvision_anpr.const import (
    DOMAIN,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.hidden_plates import MASK
from simulator.camera import SimulatedCamera

from .registry import ask
from .waiting import expect_events

SENSOR = "sensor.gate_last_plate"


@pytest.fixture(autouse=True)
def load_custom_integrations(
    recorder_mock: Recorder, enable_custom_integrations: None, hass: HomeAssistant
) -> None:
    """Let Home Assistant have a recorder, and find the integration."""
    hass.config.media_dirs = {"local": hass.config.path("media")}


@pytest.fixture(autouse=True)
async def hidden(hass: HomeAssistant, init_integration: MockConfigEntry) -> ConfigEntry:
    """Keep plates out of the history, as a user chooses it."""
    (centre,) = filter(is_centre, hass.config_entries.async_entries(DOMAIN))
    flow = await hass.config_entries.options.async_init(centre.entry_id)
    step = {"next_step_id": "privacy"}
    await hass.config_entries.options.async_configure(flow["flow_id"], step)
    await hass.config_entries.options.async_configure(
        flow["flow_id"], {"hide_plates": True}
    )
    await hass.async_block_till_done()
    assert centre.options["hide_plates"] is True
    return centre


def recorded(hass: HomeAssistant) -> str:
    """Return all that the recorder has written, as one text."""
    with session_scope(hass=hass, read_only=True) as session:
        metadata = MetaData()
        metadata.reflect(session.connection())
        rows = [
            tuple(row)
            for table in metadata.sorted_tables
            for row in session.execute(table.select())
        ]
    return repr(rows)


async def test_nothing_is_recorded(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Write no plate into the recorder's database, live or recovered."""
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    async with expect_events(hass, EVENT_PASSAGE_RECOVERED):
        await camera.vehicle_passes("XY987ZZ", retransmitted=True)
    await async_wait_recording_done(hass)
    written = await get_instance(hass).async_add_executor_job(recorded, hass)
    assert MASK in written or repr(MASK)[1:-1] in written
    assert "AB123CD" not in written
    assert "XY987ZZ" not in written
    found = await ask(hass, "search_passages", None, sort="plate")
    assert [one["plate"] for one in found["passages"]] == ["AB123CD", "XY987ZZ"]


async def test_what_is_shown(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Carry a mask, and beside it what is not recorded."""
    async with expect_events(hass, EVENT_PASSAGE, 2) as events:
        await camera.vehicle_passes("AB-123-CD")
        await camera.vehicle_passes(None)
    first, second = (event.data for event in events)
    assert (first["plate"], first["plate_normalized"]) == (MASK, MASK)
    assert (second["plate"], second["plate_normalized"]) == (None, None)
    state = hass.states.get(SENSOR)
    assert state is not None
    assert (state.state, state.attributes["plate"]) == (MASK, "AB-123-CD")
    entity = hass.states.get("event.gate_passage")
    assert entity is not None
    assert entity.attributes["plate"] is None


async def test_trigger(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Trigger on the plate that is meant, and give it to the automation."""
    calls = async_mock_service(hass, "test", "automation")
    trigger = {"trigger": f"{DOMAIN}.passage", "options": {"plate": "AB12*"}}
    action = {"action": "test.automation", "data": {"plate": "{{ trigger.plate }}"}}
    config = {"triggers": [trigger], "actions": action}
    assert await async_setup_component(
        hass, automation.DOMAIN, {automation.DOMAIN: config}
    )
    async with expect_events(hass, EVENT_PASSAGE, 2):
        await camera.vehicle_passes("XY987ZZ")
        await camera.vehicle_passes("AB123CD")
    assert [call.data["plate"] for call in calls] == ["AB123CD"]


async def test_switched_off(
    hass: HomeAssistant, camera: SimulatedCamera, hidden: ConfigEntry
) -> None:
    """Record plates again from when that is wanted."""
    hass.config_entries.async_update_entry(hidden, options={})
    await hass.async_block_till_done()
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes("AB123CD")
    assert events[0].data["plate"] == "AB123CD"
    state = hass.states.get(SENSOR)
    assert state is not None
    assert (state.state, "plate" in state.attributes) == ("AB123CD", False)
