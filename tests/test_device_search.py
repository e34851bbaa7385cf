"""Test searching what a device stored of vehicles itself."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from simulator.camera import SimulatedCamera
from simulator.faults import Fault

from .archived import written
from .registry import ask
from .waiting import expect_events


@pytest.fixture
def device_id(camera: SimulatedCamera, init_integration: MockConfigEntry) -> str:
    """Return the device of a camera with a card."""
    camera.device.gallery.is_used = True
    found: str = init_integration.runtime_data.channels.followed[1].device_id
    return found


async def passes(hass: HomeAssistant, camera: SimulatedCamera, *plates: str) -> None:
    """Let vehicles pass, until the archive has them."""
    async with expect_events(hass, EVENT_PASSAGE, len(plates)):
        for plate in plates:
            await camera.vehicle_passes(plate)
    await written(hass)


def plates(answer: dict[str, Any]) -> list[str | None]:
    """Return the plates of an answer."""
    return [vehicle["plate"] for vehicle in answer["vehicles"]]


def earlier(camera: SimulatedCamera, step: timedelta) -> None:
    """Let one vehicle after the other have passed a step earlier than the next."""
    pictures = list(camera.device.gallery.pictures)
    vehicles = list(dict.fromkeys(one.name[-7:] for one in pictures))
    camera.device.gallery.pictures.clear()
    for picture in pictures:
        number = len(vehicles) - 1 - vehicles.index(picture.name[-7:])
        camera.device.gallery.pictures.append(
            replace(picture, moment=picture.moment - number * step)
        )


async def test_latest_first(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Answer each vehicle once, whatever else and however little a page brings."""
    await passes(hass, camera, "AB123CD", "XY987ZZ", "EF456GH")
    earlier(camera, timedelta(hours=20))
    camera.device.footage.page = 2
    camera.faults.on(Fault.SEARCH_OTHER_PICTURES, Fault.SEARCH_ESCAPED_TWICE)
    answer = await ask(hass, "search_device", device_id=device_id)
    assert plates(answer) == ["EF456GH", "XY987ZZ"]
    assert answer["complete"]
    now = camera.clock.now()
    captured_at = datetime.fromisoformat(answer["vehicles"][0]["captured_at"])
    assert abs(now - captured_at) < timedelta(minutes=1)
    assert captured_at.utcoffset() == now.utcoffset()

    start = now - timedelta(days=30)
    answer = await ask(hass, "search_device", device_id=device_id, start=start)
    assert plates(answer) == ["EF456GH", "XY987ZZ", "AB123CD"]
    answer = await ask(hass, "search_device", device_id=device_id, start=start, limit=1)
    assert (plates(answer), answer["complete"]) == (["EF456GH"], False)
    answer = await ask(
        hass, "search_device", device_id=device_id, start=start, plate="3c-d"
    )
    assert plates(answer) == ["AB123CD"]


async def test_device_speaks_its_own_time(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Tell by the last passage that a recorder calls its own time UTC."""
    camera.device.footage.local_times = True
    await passes(hass, camera, "AB123CD")
    now = camera.clock.now()
    assert now.utcoffset()
    answer = await ask(hass, "search_device", device_id=device_id)
    captured_at = datetime.fromisoformat(answer["vehicles"][0]["captured_at"])
    assert abs(now - captured_at) < timedelta(minutes=1)


async def test_nothing_stored(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Answer that there is nothing."""
    answer = await ask(hass, "search_device", device_id=device_id)
    assert (answer["vehicles"], answer["complete"]) == ([], True)


async def test_no_search(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Say so where a device does not search."""
    camera.faults.on(Fault.SEARCH_REFUSED)
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, "search_device", device_id=device_id)
    assert raised.value.translation_key == "not_supported"


@pytest.mark.parametrize("days", [-1, 32])
async def test_bad_times(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str, days: int
) -> None:
    """Refuse what cannot be searched."""
    now = camera.clock.now()
    with pytest.raises(ServiceValidationError) as raised:
        await ask(
            hass,
            "search_device",
            device_id=device_id,
            start=now - timedelta(days=days),
            end=now,
        )
    assert raised.value.translation_key == "search_time_wrong"


async def test_is_for_administrators(
    hass: HomeAssistant, device_id: str, hass_read_only_user: MockUser
) -> None:
    """Let nobody else see what may be older than Home Assistant keeps."""
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await ask(hass, "search_device", context, device_id=device_id)
