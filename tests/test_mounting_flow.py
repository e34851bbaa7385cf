"""Test that an installer is told in the set-up where a camera can be mounted."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest

from simulator.camera import SimulatedCamera

from .flows import form_for, start, submit

DETAILS = {
    "picture_width": 1920,
    "picture_height": 1080,
    "plate_width": 0.52,
    "plate_height": 0.11,
    "plate_above_road": 0.5,
}
GOOD = {"camera_height": 3, "distance": 6, "offset": 0, "view_angle": 60}


async def place(hass: HomeAssistant, **said: Any) -> ConfigFlowResult:
    """Leave the first form for the question where a camera can be, and answer it."""
    form = await submit(hass, await start(hass), {"way": "mounting"})
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "mounting")
    return await submit(hass, form, {"details": DETAILS, **said})


def advice(result: ConfigFlowResult) -> str:
    """Return the words of an advice."""
    assert (result["type"], result["step_id"]) == (
        FlowResultType.MENU,
        "mounting_advice",
    )
    placeholders = result["description_placeholders"]
    assert placeholders
    return placeholders["advice"]


async def test_good_place(hass: HomeAssistant) -> None:
    """Say that all is well, with the numbers."""
    result = await place(hass, **GOOD)
    assert advice(result) == "The camera can read plates here."
    placeholders = result["description_placeholders"]
    assert placeholders
    assert (placeholders["vertical"], placeholders["pixels"]) == ("23", "26")
    assert placeholders["nearest"] == "5.2"


async def test_focal_length(hass: HomeAssistant) -> None:
    """Work the angle out from the lens: 6.7 mm before 7.7 mm see 60 degrees."""
    where = {"camera_height": 3, "distance": 6, "offset": 0}
    result = await place(hass, **where, focal_length=6.7)
    assert advice(result) == "The camera can read plates here."
    again = await submit(hass, result, {"next_step_id": "mounting"})
    zoomed = {"details": DETAILS, **where, "focal_length": 6.7, "sensor": "1/3"}
    assert "Zoom out" in advice(await submit(hass, again, zoomed))


async def test_sensor_that_is_not_listed(hass: HomeAssistant) -> None:
    """Take its width instead: 4.7 mm before 5.4 mm see 60 degrees."""
    form = await submit(hass, await start(hass), {"way": "mounting"})
    where = {"camera_height": 3, "distance": 6, "offset": 0, "focal_length": 4.7}
    details = DETAILS | {"sensor_width": 5.4}
    result = await submit(hass, form, {"details": details, **where})
    assert advice(result) == "The camera can read plates here."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Plates can be read from 5.2 m to 8.4 m along the road."),
        ({"view_angle": 100}, "cannot be read at any distance"),
        ({"view_angle": 170}, "cannot be read at any distance"),
    ],
)
async def test_reach(hass: HomeAssistant, change: dict[str, Any], words: str) -> None:
    """Say between which distances plates can be read, or that there are none."""
    result = await place(hass, **GOOD | change)
    placeholders = result["description_placeholders"]
    assert placeholders
    assert words in placeholders["reach"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"distance": 4}, ["at least 5.2 m away"]),
        ({"offset": -4, "view_angle": 50}, ["34°, more than 30°"]),
        ({"view_angle": 100}, ["13 pixels high", "Zoom in"]),
        ({"view_angle": 30}, ["56 pixels high", "Zoom out"]),
        ({"distance": 2, "offset": 2}, ["Mount it lower", "closer to the lane"]),
    ],
)
async def test_advice(
    hass: HomeAssistant, change: dict[str, Any], words: list[str]
) -> None:
    """Say what is wrong and what helps, for each thing that is."""
    told = advice(await place(hass, **GOOD | change))
    for one in words:
        assert one in told


async def test_nothing_said_of_the_lens(hass: HomeAssistant) -> None:
    """Ask again, and keep what was typed."""
    result = await place(hass, camera_height=3, distance=6, offset=0)
    assert result["step_id"] == "mounting"
    assert result["errors"] == {"view_angle": "view_missing"}
    assert advice(await submit(hass, result, {"details": DETAILS, **GOOD}))


async def test_impossible_place(hass: HomeAssistant) -> None:
    """Take no number outside its limits."""
    with pytest.raises(InvalidData):
        await place(hass, **GOOD | {"distance": 0})


async def test_other_place_then_camera(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Try another place, then go on and add the camera."""
    result = await place(hass, **GOOD | {"distance": 4})
    again = await submit(hass, result, {"next_step_id": "mounting"})
    assert again["step_id"] == "mounting"
    result = await submit(hass, again, {"details": DETAILS, **GOOD})
    form = await submit(hass, result, {"next_step_id": "user"})
    assert form["step_id"] == "user"
    added = await submit(hass, form, form_for(camera))
    assert added["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
