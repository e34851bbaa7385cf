"""Test that all that is known of a plate is told to those who ask for it."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from simulator.camera import SimulatedCamera
from simulator.profiles import DEEPINVIEW, Profile

from .archived import written
from .registry import add, ask
from .waiting import expect_events


@pytest.fixture
def camera_profile() -> Profile:
    """Return a model with a list."""
    return DEEPINVIEW


async def get_data(hass: HomeAssistant, plate: str, **data: bool) -> dict[str, Any]:
    """Ask what is known of a plate, after all that passed is written."""
    await written(hass)
    return await ask(hass, "get_plate_data", None, plate=plate, **data)


async def test_all_that_is_known(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Tell passages, pictures, corrections, vehicle, changes and device entries."""
    device_id = init_integration.runtime_data.channels.followed[1].device_id
    await add(hass, "AB123CD", vehicle_name="Van")
    await add(hass, "AB123CD", device_id=device_id, list="block")
    async with expect_events(hass, EVENT_PASSAGE, 3) as events:
        for plate in ("AB123CD", "XY999ZZ", "KL555MN"):
            await camera.vehicle_passes(plate)
    read, misread, _ = (event.data["passage_id"] for event in events)
    await get_data(hass, "AB123CD")
    await ask(hass, "correct_passage", passage_id=misread, plate="AB123CD")

    known = await get_data(hass, "ab-123 cd")
    assert known["plate_normalized"] == "AB123CD"
    assert known["vehicle"]["vehicle_name"] == "Van"
    assert {one["passage_id"] for one in known["passages"]} == {read, misread}
    assert (known["count"], known["count_is_exact"]) == (2, True)
    pictures = [url for one in known["passages"] for url in one["pictures"].values()]
    assert known["pictures"] == len(pictures) > 0
    assert known["misreads"] == [
        {"read_plate": "XY999ZZ", "plate": "AB123CD", "times": 1}
    ]
    assert [change["change"] for change in known["changes"]] == ["added"]
    (device,) = known["device_lists"]
    assert (device["device_id"], device["error"]) == (device_id, None)
    assert [entry["list"] for entry in device["entries"]] == ["block"]
    assert (await get_data(hass, "AB123CD", ask_devices=False))["device_lists"] == []


@pytest.mark.usefixtures("init_integration")
async def test_nothing_is_known(hass: HomeAssistant) -> None:
    """Say so for a plate that never was there."""
    known = await get_data(hass, "ZZ1")
    assert known["vehicle"] is None
    assert known["count"] == known["pictures"] == 0
    assert not (known["passages"] or known["visits"] or known["changes"])
    assert known["device_lists"][0]["entries"] == []


@pytest.mark.usefixtures("init_integration")
@pytest.mark.parametrize("plate", ["🚗", "-", "x" * 10_000])
async def test_no_plate(hass: HomeAssistant, plate: str) -> None:
    """Refuse what cannot be a plate."""
    with pytest.raises(ServiceValidationError):
        await get_data(hass, plate)


async def test_device_is_away(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Tell what is known here when a device does not answer, and that it does not."""
    await add(hass, "AB123CD", vehicle_name="Van")
    await camera.stop()
    known = await get_data(hass, "AB123CD")
    assert known["vehicle"]["vehicle_name"] == "Van"
    assert known["device_lists"][0]["error"]
