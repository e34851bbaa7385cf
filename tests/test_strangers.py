"""Test hiding the plates of strangers, as users see it."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.archive.archive import Archive
from custom_components.hikvision_anpr.centre import async_get_centre, is_centre
from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from custom_components.hikvision_anpr.strangers import Strangers
from simulator.camera import SimulatedCamera

from .registry import add, ask
from .waiting import expect_events, seconds_later

DAYS = timedelta(days=30)


@pytest.fixture
async def centre(hass: HomeAssistant, init_integration: MockConfigEntry) -> ConfigEntry:
    """Hide strangers after 30 days, as a user chooses it."""
    (centre,) = filter(is_centre, hass.config_entries.async_entries(DOMAIN))
    flow = await hass.config_entries.options.async_init(centre.entry_id)
    step = {"next_step_id": "privacy"}
    await hass.config_entries.options.async_configure(flow["flow_id"], step)
    await hass.config_entries.options.async_configure(
        flow["flow_id"], {"hide_strangers_days": 30}
    )
    await hass.async_block_till_done()
    return centre


@pytest.fixture
def strangers(hass: HomeAssistant, centre: ConfigEntry) -> Strangers:
    """Return what hides strangers, when the test wants it."""
    rooms = async_get_centre(hass)
    assert rooms.archive
    assert rooms.car_park
    return Strangers(hass, rooms.archive, rooms.car_park, lambda: rooms.vehicles, DAYS)


def archive_of(hass: HomeAssistant) -> Archive:
    """Return the archive."""
    archive = async_get_centre(hass).archive
    assert archive
    return archive


def ago(days: float) -> datetime:
    """Return a time some days ago."""
    return dt_util.utcnow() - timedelta(days=days)


async def found(hass: HomeAssistant, plate: str) -> list[dict[str, Any]]:
    """Return the passages that a search finds."""
    answer = await ask(hass, "search_passages", None, plate=plate)
    passages: list[dict[str, Any]] = answer["passages"]
    return passages


async def visit(hass: HomeAssistant, plate: str, days: float) -> None:
    """Write down a visit that was some days ago."""
    data = {"area": "Yard", "plate": plate, "entered_at": ago(days)}
    started = await ask(hass, "start_visit", None, **data)
    visit_id = started["visit"]["visit_id"]
    left_at = ago(days) + timedelta(hours=1)
    await ask(hass, "end_visit", None, visit_id=visit_id, left_at=left_at)


async def test_pictures_go(
    hass: HomeAssistant, camera: SimulatedCamera, strangers: Strangers
) -> None:
    """Hide a stranger when the time has come, with the pictures that show the plate."""
    await add(hass, "XY987ZZ", vehicle_name="Van")
    async with expect_events(hass, EVENT_PASSAGE, 2):
        await camera.vehicle_passes("AB123CD")
        await camera.vehicle_passes("XY987ZZ")
    archive = archive_of(hass)
    await archive.pictures.async_flush()
    await archive.database.async_write(lambda _: None)
    assert await strangers.async_hide() == 0
    with seconds_later(31 * 86400):
        assert await strangers.async_hide() == 1
    (hidden,) = await found(hass, "AB-123-CD")
    assert hidden["plate"] == hidden["plate_normalized"]
    assert hidden["plate"].startswith("#")
    assert hidden["pictures"] == {}
    assert await found(hass, "AB123") == []
    (known,) = await found(hass, "XY987")
    assert known["pictures"]
    with seconds_later(33 * 86400):
        assert await strangers.async_hide() == 0


async def test_visits(hass: HomeAssistant, strangers: Strangers) -> None:
    """Hide strangers among the visits, and find them by the whole plate."""
    await add(hass, "KNOWN1")
    for plate, days in (("AB123CD", 40), ("KNOWN1", 40), ("XY987ZZ", 1)):
        await visit(hass, plate, days)
    await ask(hass, "start_visit", None, area="Yard", plate="IN1", entered_at=ago(50))
    await strangers.async_hide()
    visits = (await ask(hass, "get_visits"))["visits"]
    assert sorted(one["plate"][0] for one in visits) == ["#", "I", "K", "X"]
    (hidden,) = (await ask(hass, "get_visits", None, plate="ab-123-cd"))["visits"]
    assert hidden["plate"].startswith("#")


async def test_forget_and_ask(hass: HomeAssistant, strangers: Strangers) -> None:
    """Tell of a hidden plate, and forget it, to who knows it."""
    device_id = "0" * 32
    content = f"plate,time,device\nAB123CD,{ago(60).isoformat()},{device_id}\n"
    await ask(hass, "import_passages", None, content=content)
    await visit(hass, "AB123CD", 60)
    assert await strangers.async_hide() == 1
    data = await ask(hass, "get_plate_data", None, plate="AB123CD", ask_devices=False)
    assert (data["count"], len(data["visits"])) == (1, 1)
    gone = await ask(hass, "forget_plate", None, plate="AB123CD")
    assert len(gone["deleted"]) == 1
    assert await found(hass, "AB123CD") == []
    assert (await ask(hass, "get_visits", None, plate="AB123CD"))["visits"] == []


async def test_the_key_stays(hass: HomeAssistant, centre: ConfigEntry) -> None:
    """Find what was hidden also after a restart, and with the option off."""
    before = archive_of(hass).names_of("AB123CD")
    assert len(before) == 2
    hass.config_entries.async_update_entry(centre, options={})
    assert await hass.config_entries.async_reload(centre.entry_id)
    assert archive_of(hass).names_of("AB123CD") == before


async def test_off_at_first(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Hide nobody, and make no key, unless that is wanted."""
    assert archive_of(hass).plate_hash is None
    assert archive_of(hass).names_of("AB123CD") == ("AB123CD",)
