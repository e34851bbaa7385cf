"""Test seeing and changing what cameras write into video and pictures."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
import voluptuous as vol

from simulator.camera import SimulatedCamera
from simulator.configuration import Configuration
from simulator.profiles import ENTRANCE

from .registry import ask

OVERLAYS = "/ISAPI/System/Video/inputs/channels/1/overlays"
EMPTY = b"""<VideoOverlay xmlns="http://www.hikvision.com/ver20/XMLSchema" version="2.0">
<TextOverlayList size="2"></TextOverlayList>
<unknown a="b">kept</unknown>
</VideoOverlay>"""


async def change(hass: HomeAssistant, device_id: str, **data: Any) -> dict[str, Any]:
    """Change the overlay, and return the answer."""
    return await ask(hass, "set_text_overlay", None, device_id=device_id, **data)


def puts(camera: SimulatedCamera) -> list[str]:
    """Return which paths were written."""
    return [
        one.path for one in camera.requests if one.method == "PUT" and one.status == 200
    ]


async def test_video(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Change lines, add one, and show or hide time and name."""
    found = await ask(hass, "get_text_overlay", device_id=device_id)
    assert found["texts"] == [
        {"id": "1", "enabled": False, "text": "", "x": 0.0, "y": 0.944}
    ]
    assert (found["most_texts"], found["time"], found["name"]) == (4, True, False)
    after = await change(
        hass,
        device_id,
        time=False,
        name=True,
        texts=[
            {"id": 1, "text": "Gate & yard", "enabled": True},
            {"id": "3", "text": "Keep right", "x": 0.5, "y": 0},
        ],
    )
    assert (after["time"], after["name"]) == (False, True)
    first, second = after["texts"]
    assert (first["text"], first["enabled"], first["y"]) == ("Gate & yard", True, 0.944)
    assert second == {
        "id": "3",
        "enabled": True,
        "text": "Keep right",
        "x": 0.5,
        "y": 0,
    }
    written = camera.device.configuration.get(OVERLAYS, bytes).decode()
    assert "<positionX>352</positionX>" in written
    assert "<positionY>576</positionY>" in written
    assert "<dateStyle>YYYY-MM-DD</dateStyle>" in written
    assert puts(camera) == [OVERLAYS]


async def test_bare_document(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Add a first line, and refuse what there is no place or room for."""
    with patch.dict(camera.device.configuration._stored, {OVERLAYS: EMPTY}):  # noqa: SLF001
        after = await change(hass, device_id, texts=[{"id": "1", "text": "One"}])
        assert after["texts"][0]["text"] == "One"
        written = camera.device.configuration.get(OVERLAYS, bytes)
        assert b'<unknown a="b">kept</unknown>' in written
        wrong: list[dict[str, Any]] = [
            {"time": True},
            {"texts": [{"id": "2"}, {"id": "3"}]},
        ]
        for data in wrong:
            with pytest.raises(ServiceValidationError) as error:
                await change(hass, device_id, **data)
            assert error.value.translation_key == "setting_unknown"


async def test_coarser_grid(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Show where the camera puts a line, also where that is beside what was asked."""
    keep = Configuration.put

    def moved(
        self: Configuration, path: str, body: bytes, root: str, **rest: bool
    ) -> Any:
        """Keep another place."""
        body = body.replace(b"<positionX>352<", b"<positionX>336<")
        return keep(self, path, body, root, **rest)

    with patch.object(Configuration, "put", moved):
        after = await change(hass, device_id, texts=[{"id": "1", "x": 0.5}])
    assert after["texts"][0]["x"] == 0.477


async def test_pictures(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Set what the camera itself has a path for, to what it offers."""
    found = await ask(hass, "get_text_overlay", device_id=device_id)
    assert found["pictures"] == {
        "overlay/enabled": "true",
        "overlay/place": "top",
        "item[1]/name": "plate",
        "item[1]/on": "true",
        "item[2]/name": "lane",
        "item[2]/on": "false",
    }
    after = await change(
        hass, device_id, pictures={"overlay/place": "bottom", "item[2]/on": "true"}
    )
    assert after["pictures"]["overlay/place"] == "bottom"
    assert after["pictures"]["item[2]/on"] == "true"
    before = puts(camera)
    for pictures, key in (
        ({"overlay/place": "left"}, "value_not_offered"),
        ({"overlay/colour": "red"}, "setting_unknown"),
    ):
        with pytest.raises(ServiceValidationError) as error:
            await change(hass, device_id, time=False, pictures=pictures)
        assert error.value.translation_key == key
    assert puts(camera) == before


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_camera_without_picture_text(hass: HomeAssistant, device_id: str) -> None:
    """Tell of none, and refuse to change it."""
    found = await ask(hass, "get_text_overlay", device_id=device_id)
    assert found["pictures"] is None
    with pytest.raises(HomeAssistantError) as error:
        await change(hass, device_id, pictures={"overlay/place": "top"})
    assert error.value.translation_key == "not_supported"


async def test_what_is_none(hass: HomeAssistant, device_id: str) -> None:
    """Refuse a place outside of the picture, and an action that changes nothing."""
    for data in ({"texts": [{"id": "1", "x": 2}]}, {}):
        with pytest.raises(vol.Invalid):
            await change(hass, device_id, **data)
