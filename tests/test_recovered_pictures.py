"""Test that recovered passages get the pictures that their device still has."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import DOMAIN
from custom_components.hikvision_anpr.intake import arming, picture_fetch
from simulator.camera import SimulatedCamera
from simulator.passage import Passage, Picture
from simulator.profiles import ENTRANCE

from .entities import state_of
from .outages import catch_up_with, come_back, go_away, load, see
from .waiting import PATIENCE


@pytest.fixture(autouse=True)
def short_delays() -> Iterator[None]:
    """Reconnect quickly, and leave the device alone only for a moment."""
    with (
        patch.object(arming, "FIRST_DELAY", 0.05),
        patch.object(picture_fetch, "QUIET_SECONDS", 0.05),
    ):
        yield


def pictures(hass: HomeAssistant) -> set[bytes]:
    """Return all pictures that are kept."""
    folder = Path(hass.config.path("media")) / DOMAIN
    return {path.read_bytes() for path in folder.rglob("*.jpg")}


async def miss(
    hass: HomeAssistant, camera: SimulatedCamera, entry: MockConfigEntry
) -> Passage:
    """Let a vehicle pass while the camera is away, and catch up."""
    await load(hass, entry)
    await see(hass, camera, "SEEN111")
    await catch_up_with(hass, entry)
    port = await go_away(camera, entry)
    missed = await camera.vehicle_passes("MISSED1")
    await come_back(camera, entry, port)
    await catch_up_with(hass, entry)
    return missed


async def fetched(entry: MockConfigEntry, count: int) -> None:
    """Wait until so many pictures were fetched, or were gone."""
    fetch = entry.runtime_data.picture_fetch
    async with asyncio.timeout(PATIENCE):
        while fetch.fetched + fetch.missed < count:
            await asyncio.sleep(0.01)


async def kept(hass: HomeAssistant, count: int) -> set[bytes]:
    """Wait until so many pictures are kept."""
    async with asyncio.timeout(PATIENCE):
        while len(found := await hass.async_add_executor_job(pictures, hass)) < count:
            await asyncio.sleep(0.01)
    return found


async def test_plate_of_the_table(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Fetch the plate once, keep it, and show it nowhere as the last one."""
    config_entry.add_to_hass(hass)
    missed = await miss(hass, camera, config_entry)
    await fetched(config_entry, 1)
    live = 3
    found = await kept(hass, live + 1)
    assert missed.jpegs[Picture.PLATE] in found
    assert missed.jpegs[Picture.SCENE] not in found
    shown = config_entry.runtime_data.data[1].pictures
    assert missed.jpegs[Picture.PLATE] not in {one.data for one in shown.values()}
    assert state_of(hass, camera, "sensor", "last_plate").state == "SEEN111"


async def test_picture_that_is_gone(
    hass: HomeAssistant, camera: SimulatedCamera, config_entry: MockConfigEntry
) -> None:
    """Do without what rolled out of the table, and read on."""
    config_entry.add_to_hass(hass)
    with patch.object(picture_fetch, "QUIET_SECONDS", 3600):
        await miss(hass, camera, config_entry)
    camera.device.plates.rows.clear()
    await see(hass, camera, "SEEN222")
    await fetched(config_entry, 1)
    fetch = config_entry.runtime_data.picture_fetch
    assert (fetch.fetched, fetch.missed, fetch.waiting) == (0, 1, 0)


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
@pytest.mark.parametrize("by_address", [True, False])
async def test_pictures_of_the_search(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    by_address: bool,
) -> None:
    """Fetch plate and scene in the way that the device knows."""
    gallery = camera.device.gallery
    gallery.is_used, gallery.by_address = True, by_address
    gallery.by_download = not by_address
    config_entry.add_to_hass(hass)
    missed = await miss(hass, camera, config_entry)
    await fetched(config_entry, 2)
    live = 2
    assert set(missed.jpegs.values()) <= await kept(hass, live + 2)
    assert config_entry.runtime_data.picture_fetch.missed == 0
