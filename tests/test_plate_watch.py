"""Test that a camera which sees plates badly is shown, with advice."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import count as count_from, islice

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.hikvision_anpr import plate_sizes
from custom_components.hikvision_anpr.archive.keeping import keep_rows
from custom_components.hikvision_anpr.archive.record import row_of
from custom_components.hikvision_anpr.centre import async_get_centre
from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from custom_components.hikvision_anpr.intake.passage import Passage
from custom_components.hikvision_anpr.isapi.plate_read import (
    PictureInfo,
    PlateRead,
    Rectangle,
)
from custom_components.hikvision_anpr.plate_sizes import PlateSizes
from custom_components.hikvision_anpr.plate_watch import FIRST_LOOK_BACK
from simulator.camera import SimulatedCamera

from .entities import state_of
from .waiting import expect_events, wait_until

GOOD = (441, 702, 62, 20)
SMALL = (441, 702, 30, 8)
NUMBERS = count_from(0)


def shown(hass: HomeAssistant) -> dict[str, dict[str, str]]:
    """Return the issues of plates, and what they tell."""
    return {
        str(issue.translation_key): dict(issue.translation_placeholders or {})
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN
        and str(issue.translation_key).startswith(("plates", "conf"))
    }


async def pass_by(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    box: tuple[int, int, int, int],
    count: int,
) -> None:
    """Let vehicles pass whose plates are at the same place."""
    async with expect_events(hass, EVENT_PASSAGE, count):
        for number in islice(NUMBERS, count):
            plate = f"{3 * chr(65 + number % 26)}{number * 7919 % 1000:03}"
            await camera.vehicle_passes(plate, plate_box=box)


async def test_small_plates(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Show how high plates are, advise when they are too small, and stop when they grow."""
    monkeypatch.setattr(plate_sizes, "ENOUGH", 4)
    await pass_by(hass, camera, SMALL, 3)
    height = camera.profile.scene_size[1] * 0.008
    state = state_of(hass, camera, "sensor", "plate_height")
    assert state.state == f"{height:.1f}"
    assert shown(hass) == {}
    await pass_by(hass, camera, SMALL, 4)
    assert shown(hass)["plates_small"]["height"] == f"{height:.0f}"
    await pass_by(hass, camera, GOOD, 9)
    assert shown(hass) == {}
    await pass_by(hass, camera, (980, 400, 20, 20), 12)
    assert set(shown(hass)) == {"plates_cut_off"}
    await hass.config_entries.async_unload(init_integration.entry_id)
    assert shown(hass) == {}


async def test_measured_once(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Measure a plate whose place comes with a second read, and none twice."""
    coordinator = init_integration.runtime_data
    heights = coordinator.plates.sizes.heights
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD", pictures=[], confidence=80)
    assert heights(1) == []
    await camera.vehicle_passes("AB123CD", confidence=90)
    await wait_until(coordinator, lambda: coordinator.data[1].passage.reads == 2)
    assert len(heights(1)) == 1
    await camera.vehicle_passes("AB123CD", confidence=99)
    await wait_until(coordinator, lambda: coordinator.data[1].passage.reads == 3)
    assert len(heights(1)) == 1


def read(box: Rectangle | None, country: str | None = "PL") -> PlateRead:
    """Return a read whose plate is at a place of a picture of 1000 by 1000."""
    info = PictureInfo(
        kind="detectionPicture", file_name="detectionPicture.jpg", plate_rectangle=box
    )
    return PlateRead(
        plate="AB123CD", country=country, pictures=(info,), scene_size=(1000, 1000)
    )


def box(width: float, height: float) -> Rectangle:
    """Return a place in the middle."""
    return Rectangle(left=0.4, top=0.4, width=width, height=height)


def problems(reads: Iterable[PlateRead]) -> set[str] | None:
    """Return what is wrong with plates."""
    sizes = PlateSizes()
    for one in reads:
        sizes.take(one)
    found = sizes.problems(1)
    return None if found is None else set(found)


def test_skewed() -> None:
    """Find plates that stand askew, and neither those of two lines nor roomy boxes."""
    level, askew, two_lines = box(0.12, 0.028), box(0.12, 0.052), box(0.06, 0.04)
    assert problems([read(level)] * 40) == set()
    assert problems([read(askew)] * 40) == {"plates_skewed"}
    assert problems([read(two_lines)] * 40) == set()
    assert problems([read(askew, "US")] * 40) == set()
    roomy = [read(box(0.12, 0.03 + 0.001 * number)) for number in range(40)]
    assert problems(roomy) == set()


def test_what_cannot_be_measured() -> None:
    """Measure nothing where the device does not say where the plate is."""
    assert problems([read(box(0.12, 0.028))] * 29) is None
    assert problems([read(None)] * 40) is None
    assert problems([read(box(0.12, 0.0))] * 40) is None


def weeks(device_id: str, confidence: int, days: range) -> list[Passage]:
    """Return ten passages a day of which a device was so sure."""
    now = dt_util.utcnow()
    return [
        Passage(
            passage_id=f"{day}-{number}",
            device_id=device_id,
            read=PlateRead(plate="AB123CD", confidence=confidence),
            captured_at=now - timedelta(days=day, minutes=number),
            received_at=now - timedelta(days=day, minutes=number),
            source="arming",
            live=True,
        )
        for day in days
        for number in range(10)
    ]


@pytest.mark.parametrize(("now", "is_shown"), [(80, True), (90, False)])
async def test_confidence_falls(
    hass: HomeAssistant, init_integration: MockConfigEntry, now: int, is_shown: bool
) -> None:
    """Show that a camera was surer in the weeks before."""
    archive = async_get_centre(hass).archive
    assert archive
    coordinator = init_integration.runtime_data
    device_id = coordinator.channels.followed[1].device_id
    passages = [
        *weeks(device_id, 95, range(8, 30)),
        *weeks(device_id, now, range(1, 7)),
    ]
    rows = [row_of(one) for one in passages]
    await archive.database.async_write(lambda connection: keep_rows(connection, rows))
    async_fire_time_changed(hass, dt_util.utcnow() + FIRST_LOOK_BACK)
    await hass.async_block_till_done()
    assert ("confidence_falls" in shown(hass)) is is_shown
    if is_shown:
        told = shown(hass)["confidence_falls"]
        assert (told["before"], told["now"]) == ("95", "80")
