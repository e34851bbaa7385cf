"""Test that the centre makes itself, judges passages and hands them over."""

from dataclasses import dataclass, field

from homeassistant.config_entries import SOURCE_SYSTEM, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.centre import CENTRE_TITLE, async_get_centre
from custom_components.hikvision_anpr.const import (
    CENTRE_UNIQUE_ID,
    DOMAIN,
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from custom_components.hikvision_anpr.intake.passage import Passage, Verdict
from custom_components.hikvision_anpr.intake.passages import Change
from simulator.camera import SimulatedCamera

from .waiting import expect_events, wait_until


@dataclass(slots=True)
class Taker:
    """Keep what is handed over."""

    passages: list[tuple[Passage, Change]] = field(default_factory=list)
    pictures: list[tuple[str, str, bytes]] = field(default_factory=list)

    def take(self, passage: Passage, change: Change) -> None:
        """Keep a passage."""
        self.passages.append((passage, change))

    def take_picture(self, passage: Passage, kind: str, data: bytes) -> None:
        """Keep a picture."""
        self.pictures.append((passage.passage_id, kind, data))


@pytest.fixture
def taker(hass: HomeAssistant) -> Taker:
    """Take what is handed over from now on."""
    taker = Taker()
    async_get_centre(hass).subscribe(taker)
    return taker


def centres(hass: HomeAssistant) -> list[ConfigEntry]:
    """Return the entries that are the centre."""
    return [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.unique_id == CENTRE_UNIQUE_ID
    ]


async def test_first_device_makes_the_centre(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Make one entry by itself, and no second one with a reload."""
    await hass.config_entries.async_reload(init_integration.entry_id)
    await hass.async_block_till_done()
    (centre,) = centres(hass)
    assert centre.title == CENTRE_TITLE
    assert centre.source == SOURCE_SYSTEM
    assert centre.state is ConfigEntryState.LOADED
    assert await hass.config_entries.async_unload(centre.entry_id)
    assert centre.state.name == "NOT_LOADED"


async def test_centre_is_made_once(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Refuse a second centre, however it is asked for."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_SYSTEM}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_centre_outlives_the_devices(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Keep what is remembered when the last device is removed; go when told to."""
    assert await hass.config_entries.async_remove(init_integration.entry_id)
    (centre,) = centres(hass)
    assert await hass.config_entries.async_remove(centre.entry_id)
    assert centres(hass) == []


async def test_passage_is_handed_over_with_its_pictures(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    taker: Taker,
) -> None:
    """Hand over what was announced, and every picture that follows."""
    async with expect_events(hass, EVENT_PASSAGE) as events:
        sent = await camera.vehicle_passes("AB123CD")
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: len(taker.pictures) == len(sent.pictures))
    ((passage, change),) = taker.passages
    assert change == "new"
    assert passage.as_dict() == events[0].data
    assert {picture[0] for picture in taker.pictures} == {passage.passage_id}
    assert {picture[2] for picture in taker.pictures} == set(sent.jpegs.values())


async def test_verdict_of_the_centre_counts(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    taker: Taker,
) -> None:
    """Let the centre's word go before the device's, also for a better read."""
    async_get_centre(hass).judge_of = lambda passage, _now: Verdict(
        list="block", vehicle_name=f"Van {passage.read.confidence}", match="exact"
    )
    async with expect_events(hass, EVENT_PASSAGE) as events:
        await camera.vehicle_passes("AB123CD", list_name="allow", confidence=80)
    assert events[0].data["list"] == "block"
    assert events[0].data["device_list"] == "allow"
    assert events[0].data["vehicle_name"] == "Van 80"
    assert events[0].data["match"] == "exact"
    await camera.vehicle_passes("AB123CD", list_name="allow", confidence=95)
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: len(taker.passages) == 2)
    passage, change = taker.passages[1]
    assert change == "update"
    assert passage.reads == 2
    assert passage.type == "blocked"
    assert passage.verdict == Verdict(
        list="block", vehicle_name="Van 95", match="exact"
    )


async def test_recovered_passage_is_handed_over(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    taker: Taker,
) -> None:
    """Hand over what came late, as what it is."""
    async with expect_events(hass, EVENT_PASSAGE_RECOVERED):
        await camera.vehicle_passes("AB123CD", retransmitted=True)
    ((passage, change),) = taker.passages
    assert (passage.live, change) == (False, "new")


async def test_late_copy_is_not_handed_over(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    taker: Taker,
) -> None:
    """Know a passage again that the device sends once more under another name."""
    async with expect_events(hass, EVENT_PASSAGE):
        sent = await camera.vehicle_passes("AB123CD")
    coordinator = init_integration.runtime_data
    await wait_until(coordinator, lambda: len(taker.pictures) == len(sent.pictures))
    await camera.vehicle_passes(
        "AB123CD", captured_at=sent.captured_at, retransmitted=True
    )
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("CD456EF")
    assert [passage.read.plate for passage, _ in taker.passages] == [
        "AB123CD",
        "CD456EF",
    ]
    assert len({picture[0] for picture in taker.pictures}) <= 2
    assert taker.pictures[0][0] == taker.passages[0][0].passage_id


async def test_subscription_ends(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Hand nothing over to who does not want it any more."""
    taker = Taker()
    async_get_centre(hass).subscribe(taker)()
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    assert taker.passages == []
