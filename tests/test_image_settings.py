"""Test seeing and changing how cameras take their pictures."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import voluptuous as vol

from custom_components.hikvision_anpr import image_services
from custom_components.hikvision_anpr.isapi.errors import NotTakenError
from simulator.answers import OK
from simulator.camera import SimulatedCamera
from simulator.configuration import Configuration
from simulator.faults import Fault
from simulator.profiles import ENTRANCE

from .registry import ask

IMAGE = "/ISAPI/Image/channels/1"
TAKEN = NotTakenError("The device keeps its own")


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Take the second picture at once."""
    with patch.object(image_services, "SETTLE_SECONDS", 0):
        yield


async def change(hass: HomeAssistant, device_id: str, **data: Any) -> dict[str, Any]:
    """Change settings without pictures, and return the answer."""
    data = {"snapshots": False, **data}
    return await ask(hass, "set_image_settings", None, device_id=device_id, **data)


def puts(camera: SimulatedCamera) -> list[bytes]:
    """Return what was written."""
    return [one.body for one in camera.requests if one.method == "PUT"]


async def test_what_is_told(hass: HomeAssistant, device_id: str) -> None:
    """Answer current values beside those that are recommended and offered."""
    found = await ask(hass, "get_image_settings", device_id=device_id)
    settings = found["settings"]
    assert settings["gain"] == {"value": 40, "recommended": 20, "min": 0, "max": 100}
    assert settings["shutter"]["value"] == "1/25"
    assert "1/1000" in settings["shutter"]["choices"]
    assert settings["blc"] == {"value": False, "recommended": False}
    assert settings["contrast"] == {"value": 50}
    assert "iris" not in settings
    assert found["not_as_recommended"] == [
        "shutter",
        "gain",
        "wdr",
        "day_night_sensitivity",
    ]
    assert found["others"]["ImageFlip/enabled"] == "false"
    assert "Gain/GainLevel" not in found["others"]


async def test_all_that_the_camera_has(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Set all that could be better, leave out what a camera lacks, and undo it."""
    before = await ask(hass, "get_image_settings", device_id=device_id)
    assert "iris" not in before["settings"]
    after = await change(hass, device_id, recommended="all", settings={"wdr": "open"})
    assert after["not_as_recommended"] == ["wdr"]
    again = await change(hass, device_id, recommended=["all"])
    assert again["not_as_recommended"] == []
    written = [one for one in camera.requests if one.method == "PUT"]
    nothing = await change(hass, device_id, recommended=["all"])
    assert (nothing["reboot_required"], nothing["snapshots"]["after"]) == (False, None)
    assert [one for one in camera.requests if one.method == "PUT"] == written


async def test_no_undo_is_none(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Take an undo that is switched off for none, and a change of nothing for a mistake."""
    after = await change(hass, device_id, undo=False, settings={"gain": 7})
    assert after["settings"]["gain"]["value"] == 7
    with pytest.raises(vol.Invalid):
        await change(hass, device_id, undo=False)


async def test_recommended_and_undone(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Set what is recommended and something else, then set all of it back."""
    after = await change(
        hass,
        device_id,
        recommended=["shutter", "gain", "wdr", "day_night_sensitivity"],
        settings={"sharpness": 60, "blc": True},
    )
    assert after["not_as_recommended"] == ["blc"]
    assert after["settings"]["sharpness"]["value"] == 60
    assert after["reboot_required"] is False
    written = puts(camera)[0].decode()
    assert "<ShutterLevel>1/1000</ShutterLevel>" in written
    assert "<WhiteBalanceRed>50</WhiteBalanceRed>" in written
    back = await change(hass, device_id, undo=True)
    assert back["settings"]["shutter"]["value"] == "1/25"
    assert back["settings"]["sharpness"]["value"] == 50
    assert back["settings"]["blc"]["value"] is False
    again = await change(hass, device_id, undo=True)
    assert again["settings"]["shutter"]["value"] == "1/1000"


async def test_undone_in_its_scene(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Go back to the scene that was changed, and forth to the one that was left."""

    async def choose(scene: str) -> None:
        body = f"<MountingScenario><mode>{scene}</mode></MountingScenario>".encode()
        path = f"{IMAGE}/mountingScenario"
        camera.device.configuration.put(path, body, "MountingScenario")

    async def found() -> tuple[str, str]:
        told = await ask(hass, "get_image_settings", device_id=device_id)
        return told["scene"], told["settings"]["shutter"]["value"]

    await choose("road")
    await change(hass, device_id, settings={"shutter": "1/500"})
    await choose("lowIllumination")
    assert await found() == ("lowIllumination", "1/25")
    await change(hass, device_id, undo=True)
    assert await found() == ("road", "1/25")
    await change(hass, device_id, undo=True)
    assert await found() == ("lowIllumination", "1/25")
    await choose("road")
    assert await found() == ("road", "1/500")


async def test_scene_that_changes_later(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Write nothing into another scene where the right one needs a restart."""
    await change(hass, device_id, settings={"shutter": "1/500"})
    body = b"<MountingScenario><mode>road</mode></MountingScenario>"
    path = f"{IMAGE}/mountingScenario"
    camera.device.configuration.put(path, body, "MountingScenario")
    camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    before = len(puts(camera))
    with pytest.raises(HomeAssistantError) as error:
        await change(hass, device_id, undo=True)
    assert error.value.translation_key == "reboot_required"
    assert not any(b"ImageChannel" in body for body in puts(camera)[before:])
    camera.faults.off(Fault.SETTINGS_AT_REBOOT)
    camera.device.configuration.reboot()
    back = await change(hass, device_id, undo=True)
    assert (back["scene"], back["settings"]["shutter"]["value"]) == ("normal", "1/25")


async def test_scene_without_its_settings(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Say that the scene was chosen where its settings cannot be set back."""
    await change(hass, device_id, settings={"shutter": "1/500"})
    body = b"<MountingScenario><mode>road</mode></MountingScenario>"
    path = f"{IMAGE}/mountingScenario"
    camera.device.configuration.put(path, body, "MountingScenario")
    with (
        patch.object(image_services, "async_set_image_settings", side_effect=TAKEN),
        pytest.raises(HomeAssistantError) as error,
    ):
        await change(hass, device_id, undo=True)
    assert error.value.translation_key == "partly_written"
    said = error.value.translation_placeholders
    assert said is not None
    assert (said["written"], said["failed"]) == ("scene", "settings")


async def test_day_and_night(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Show, set and undo what holds by night, and leave the day and the rest alone."""
    night = {"device_id": device_id, "period": "night"}
    found = await ask(hass, "get_image_settings", None, **night)
    assert (found["period"], found["switching"]) == ("night", "schedule")
    assert found["settings"]["gain"] == {
        "value": 40,
        "recommended": 20,
        "min": 0,
        "max": 100,
    }
    after = await change(hass, device_id, period="night", recommended=["shutter"])
    assert after["settings"]["shutter"]["value"] == "1/1000"
    (put,) = [one for one in camera.requests if one.method == "PUT" and one.body][-1:]
    assert put.path == f"{IMAGE}/night"
    await change(hass, device_id, period="day", settings={"shutter": "1/500"})
    for period, shutter in (("day", "1/500"), (None, "1/25")):
        data = {"device_id": device_id} | ({"period": period} if period else {})
        found = await ask(hass, "get_image_settings", None, **data)
        assert found["settings"]["shutter"]["value"] == shutter
    back = await change(hass, device_id, period="night", undo=True)
    assert back["settings"]["shutter"]["value"] == "1/25"
    with pytest.raises(ServiceValidationError) as error:
        await change(hass, device_id, undo=True)
    assert error.value.translation_key == "nothing_to_undo"


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_day_and_night_together(hass: HomeAssistant, device_id: str) -> None:
    """Say that a camera does not keep them apart."""
    found = await ask(hass, "get_image_settings", device_id=device_id)
    assert (found["period"], found["switching"]) == (None, None)
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "get_image_settings", device_id=device_id, period="day")
    assert error.value.translation_key == "not_supported"


async def test_setting_without_a_value(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Set what has a place and no value yet; that cannot be undone."""
    document = (
        b"<ImageChannel><Gain><GainLevel></GainLevel></Gain>"
        b"<Color><contrastLevel>50</contrastLevel></Color></ImageChannel>"
    )
    stored = camera.device.configuration._stored  # noqa: SLF001
    with patch.dict(stored, {IMAGE: document}):
        found = await ask(hass, "get_image_settings", device_id=device_id)
        assert set(found["settings"]) == {"contrast"}
        wanted = {"gain": 20, "contrast": 40}
        after = await change(hass, device_id, settings=wanted)
        assert after["settings"]["gain"]["value"] == 20
        back = await change(hass, device_id, undo=True)
        assert back["settings"]["contrast"]["value"] == 50
        assert back["settings"]["gain"]["value"] == 20


async def test_pictures_before_and_after(
    hass: HomeAssistant, device_id: str, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Lead to a picture of each, for who has the link."""
    assert await async_setup_component(hass, "http", {})
    after = await change(hass, device_id, settings={"contrast": 40}, snapshots=True)
    client = await hass_client_no_auth()
    for when in ("before", "after"):
        response = await client.get(after["snapshots"][when])
        assert (await response.read()).startswith(b"\xff\xd8")


async def test_no_picture(hass: HomeAssistant, device_id: str) -> None:
    """Change settings also where the camera sends no picture."""
    with patch("simulator.pictures.Painter.snapshot", return_value=b"<error/>"):
        after = await change(hass, device_id, settings={"contrast": 40}, snapshots=True)
    assert after["snapshots"] == {"before": None, "after": None}
    assert after["settings"]["contrast"]["value"] == 40


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"settings": {"shutter": "1/3"}}, "value_not_offered"),
        ({"settings": {"gain": 101}}, "value_not_offered"),
        ({"recommended": ["iris"]}, "setting_unknown"),
        ({"undo": True}, "nothing_to_undo"),
    ],
)
async def test_what_cannot_be(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    data: dict[str, Any],
    key: str,
) -> None:
    """Refuse it before anything is written."""
    with pytest.raises(ServiceValidationError) as error:
        await change(hass, device_id, **data)
    assert error.value.translation_key == key
    assert puts(camera) == []


async def test_camera_that_keeps_its_own(hass: HomeAssistant, device_id: str) -> None:
    """Do not show success where the camera stored something else."""
    with (
        patch.object(Configuration, "put", return_value=OK),
        pytest.raises(HomeAssistantError) as error,
    ):
        await change(hass, device_id, settings={"gain": 20})
    assert error.value.translation_key == "not_taken"
    with pytest.raises(ServiceValidationError):
        await change(hass, device_id, undo=True)


async def test_camera_that_cannot_be_asked(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Say why."""
    camera.faults.on(Fault.BUSY)
    for action, data in (
        ("get_image_settings", {}),
        ("set_image_settings", {"settings": {"gain": 20}}),
    ):
        with pytest.raises(HomeAssistantError) as error:
            await ask(hass, action, None, device_id=device_id, **data)
        assert error.value.translation_key == "device_busy"


async def test_what_is_none(hass: HomeAssistant, device_id: str) -> None:
    """Refuse unknown settings, and an action that changes nothing or two things."""
    wrong: list[dict[str, Any]] = [
        {},
        {"settings": {"magic": 1}},
        {"settings": {"gain": 20}, "undo": True},
    ]
    for data in wrong:
        with pytest.raises(vol.Invalid):
            await change(hass, device_id, **data)
