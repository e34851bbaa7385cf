"""Test that an installer is told whether a camera can read plates where it is."""

from math import sqrt
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.hikvision_anpr.const import EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .registry import ask
from .waiting import expect_events

pytestmark = pytest.mark.usefixtures("init_integration")


async def advice(hass: HomeAssistant, **data: Any) -> dict[str, Any]:
    """Ask for advice; the camera is 3 m high and sees 30 degrees."""
    asked = {"camera_height": 3, "distance": 6, "view_angle": 30, **data}
    return await ask(hass, "get_mounting_advice", None, **asked)


async def test_good_place(hass: HomeAssistant) -> None:
    """Answer angles, distances and pixels, as worked out by hand."""
    found = await advice(hass, view_angle=60)
    assert (found["is_good"], found["problems"]) == (True, [])
    assert found["vertical_angle"] == 22.62
    assert found["line_of_sight"] == 6.5
    assert found["nearest"] == round(3 * sqrt(3), 2)
    # 6.5 m away 60 degrees are 7.51 m: 1920 pixels, of which 0.52 m are 133 and 0.11 m
    # 28.1, seen from above 26.
    assert found["view_width"] == 7.51
    assert found["plate_pixels_wide"] == 133.02
    assert found["plate_pixels_high"] == 25.97
    assert found["plate_pixels_measured"] is None


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ({"distance": 5.1}, ["too_steep"]),
        ({"distance": 5.2}, []),
        ({"offset": 3.4}, []),
        ({"offset": -3.5}, ["too_far_aside"]),
        ({"view_angle": 100}, ["plate_too_small"]),
        ({"plate_mode": "small", "view_angle": 62}, ["plate_too_small"]),
        ({"plate_mode": "large", "view_angle": 50}, ["plate_too_large"]),
    ],
)
async def test_problems(
    hass: HomeAssistant, data: dict[str, Any], problems: list[str]
) -> None:
    """Name what is wrong."""
    found = await advice(hass, **({"view_angle": 60} | data))
    assert found["problems"] == problems


async def test_farthest(hass: HomeAssistant) -> None:
    """Say from how far away a plate is still high enough."""
    found = await advice(hass, view_angle=60)
    there = await advice(hass, view_angle=60, distance=found["farthest"])
    assert there["plate_pixels_high"] == pytest.approx(20, abs=0.05)
    assert (await advice(hass, view_angle=170))["farthest"] is None


async def test_by_focal_length(hass: HomeAssistant) -> None:
    """Work the angle out from the lens, with the sensor that most cameras have."""
    asked = {"camera_height": 3, "distance": 6, "focal_length": 12}
    for sensor, width in (
        ({"sensor_width": 7.2}, 3.9),
        ({"sensor": "1/1.9"}, 3.9),
        ({"sensor": '1/2.8"'}, 3.03),
        ({"sensor": "1/1.8"}, 4.17),
        ({}, 4.17),
    ):
        found = await ask(hass, "get_mounting_advice", None, **asked, **sensor)
        assert found["view_width"] == width
    for wrong in (
        {"sensor": "1/7"},
        {"sensor": "1/3", "sensor_width": 4.8},
        {"view_angle": 30},
    ):
        with pytest.raises(vol.Invalid):
            await ask(hass, "get_mounting_advice", None, **asked, **wrong)


async def test_nothing_known_of_the_lens(hass: HomeAssistant, device_id: str) -> None:
    """Ask for it, also where no plate was measured yet."""
    asked = {"camera_height": 3, "distance": 6, "device_id": device_id}
    with pytest.raises(ServiceValidationError) as raised:
        await ask(hass, "get_mounting_advice", None, **asked)
    assert raised.value.translation_key == "view_missing"


async def test_measured(
    hass: HomeAssistant, camera: SimulatedCamera, init_integration: MockConfigEntry
) -> None:
    """Answer beside it what was measured."""
    async with expect_events(hass, EVENT_PASSAGE):
        await camera.vehicle_passes("AB123CD")
    device_id = init_integration.runtime_data.channels.followed[1].device_id
    found = await advice(hass, device_id=device_id)
    height = camera.profile.scene_size[1] * 0.05
    assert found["plate_pixels_measured"] == round(height, 1)
    place = {"camera_height": 3, "distance": 6, "device_id": device_id}
    alone = await ask(hass, "get_mounting_advice", None, **place)
    assert alone["plate_pixels_high"] == pytest.approx(height, abs=0.01)
    farther = await ask(hass, "get_mounting_advice", None, **place | {"distance": 12})
    assert farther["plate_pixels_high"] == pytest.approx(height, abs=0.01)
