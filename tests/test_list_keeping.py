"""Test when the lists on a device are compared, and what outlives a restart."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr import channel_lists, device_lists, list_writing
from custom_components.hikvision_anpr.centre import is_centre
from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.vehicles.registry import Registry
from simulator.camera import SimulatedCamera
from simulator.faults import Fault

from .lists import at_once, keep_lists, kept, state, sync_buttons
from .registry import add, ask
from .waiting import until, wait_until


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """Wait for nothing."""
    with at_once():
        yield


async def test_lists_left_alone(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Write nothing on a device whose lists the user wants left alone."""
    await keep_lists(hass, init_integration, "off")
    answer = await add(hass, "AB123CD")
    assert answer["devices"] == []
    assert await ask(hass, "sync_plates") == {"devices": []}
    assert state(hass) == "off"
    assert kept(camera) == {}


async def test_vehicles_imported_as_soon_as_they_can_be(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Carry also what is imported while the lists were never compared before."""
    load = Registry.async_load

    async def load_late(registry: Registry) -> None:
        await until(lambda: config_entry.state is ConfigEntryState.LOADED)
        await until(lambda: config_entry.runtime_data.connected)
        await asyncio.sleep(0.05)
        await load(registry)

    config_entry.add_to_hass(hass)
    with (
        patch.object(device_lists, "RETRY_SECONDS", 3600),
        patch.object(Registry, "async_load", load_late),
    ):
        await hass.config_entries.async_setup(config_entry.entry_id)
        await wait_until(
            config_entry.runtime_data, lambda: config_entry.runtime_data.connected
        )
        await ask(hass, "import_plates", content="plate;list\nAB123CD;allow\n")
        await until(lambda: kept(camera) == {"AB123CD": "allow"})


async def test_centre_opened_anew(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Carry what changes after the options of the centre were changed."""
    await until(lambda: state(hass) == "in_sync")
    (centre,) = filter(is_centre, hass.config_entries.async_entries(DOMAIN))
    assert await hass.config_entries.async_reload(centre.entry_id)
    await hass.async_block_till_done()
    await until(lambda: state(hass) == "in_sync")
    await ask(hass, "import_plates", content="plate;list\nAB123CD;allow\n")
    await until(lambda: kept(camera) == {"AB123CD": "allow"})


async def test_time_alone_changes_the_list(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Put a vehicle on the list when its time begins."""
    begin = dt_util.utcnow() + timedelta(seconds=3)
    await add(hass, "SOON1", valid_from=begin.isoformat())
    assert kept(camera) == {}
    await until(lambda: kept(camera) == {"SOON1": "allow"})


async def test_restart_in_between(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Go on after a restart with what was not done, and with what was agreed on."""
    await add(hass, "AB123CD")
    await add(hass, "XY1")
    await keep_lists(hass, init_integration)
    await until(lambda: state(hass) == "in_sync")
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    await ask(hass, "remove_plate", plate="XY1")
    await add(hass, "NEW1")
    assert await hass.config_entries.async_setup(init_integration.entry_id)
    await until(lambda: kept(camera) == {"AB123CD": "allow", "NEW1": "allow"})


async def test_reload_right_after_a_change(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
) -> None:
    """Write what was agreed on before the entry is set up again."""
    await keep_lists(hass, init_integration)
    await until(lambda: state(hass) == "in_sync")
    with patch.object(channel_lists, "SAVE_SECONDS", 60):
        await add(hass, "AB123CD")
        await until(lambda: kept(camera) == {"AB123CD": "allow"})
        assert await hass.config_entries.async_unload(init_integration.entry_id)
    stored = hass_storage[f"{DOMAIN}.lists.{init_integration.entry_id}"]["data"]
    assert stored["agreed"]["1"].keys() == {"AB123CD"}
    assert stored["unfinished"]["1"] == {}


async def test_progress(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Show how many plates are still to be sent, and none in the end."""
    shown: list[tuple[str, int]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if (new := event.data["new_state"]) and "plates_left" in new.attributes:
            shown.append((new.state, new.attributes["plates_left"]))

    await keep_lists(hass, init_integration, "off")
    for number in range(12):
        await add(hass, f"AB{number:03}CD")
    with (
        patch.object(list_writing, "BATCH", 3),
        patch.object(device_lists, "PROGRESS_SECONDS", 0.02),
    ):
        hass.bus.async_listen(EVENT_STATE_CHANGED, note)
        await keep_lists(hass, init_integration)
        await until(lambda: state(hass) == "in_sync")
    counted = [left for name, left in shown if name == "pending" and left]
    assert counted[0] == 12
    assert counted == sorted(counted, reverse=True)
    assert len(set(counted)) > 1
    assert shown[-1] == ("in_sync", 0)


async def test_home_in_another_zone(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Count the days of a list as the home does from now on."""
    lists = init_integration.runtime_data.lists
    before = lists.of(1)
    assert lists.of(1) is before
    await hass.config.async_set_time_zone("Asia/Tokyo")
    assert lists.of(1) is not before


async def test_button(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Compare when the button is pressed, and say what went wrong."""
    await add(hass, "AB123CD")
    (entity_id,) = sync_buttons(hass)
    press = {"entity_id": entity_id}
    await hass.services.async_call("button", "press", press, blocking=True)
    assert kept(camera) == {"AB123CD": "allow"}
    camera.faults.on(Fault.BUSY, times=1)
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call("button", "press", press, blocking=True)
    assert error.value.translation_key == "device_busy"
