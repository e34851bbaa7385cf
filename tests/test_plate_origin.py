"""Test seeing and changing for which plates a camera reads."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.answers import OK
from simulator.camera import SimulatedCamera
from simulator.configuration import Configuration
from simulator.faults import Fault
from simulator.profiles import ENTRANCE, PLAIN_CAMERA

from .registry import ask
from .repairing import shown
from .test_vehicle_detection import configure, puts

BASIC = "/ISAPI/Traffic/channels/1/basic"


def origin(answer: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return region and country of an answer."""
    return answer["plate_region"], answer["country"]


def stored(camera: SimulatedCamera, path: str) -> str:
    """Return what was written last."""
    return camera.device.configuration.get(path, lambda: b"").decode()


async def test_change(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Show what is set and offered, change it by codes, and keep the rest."""
    found = await ask(hass, "get_vehicle_detection", device_id=device_id)
    assert origin(found) == ("default", "0")
    assert found["plate_regions"] == ["default", "EU", "CIS", "EU_CIS", "ME"]
    assert found["countries"] == ["0", "DE", "TR", "CO", "253", "254"]
    after = await configure(hass, device_id, plate_region="EU", country="de")
    assert (*origin(after), after["reboot_required"]) == ("EU", "DE", False)
    written = stored(camera, BASIC)
    assert "<CRIndex>3</CRIndex>" in written
    assert "<directionNo>Upward</directionNo>" in written
    assert set(puts(camera)) == {BASIC}
    assert origin(await configure(hass, device_id, country=210)) == ("EU", "CO")
    assert origin(await configure(hass, device_id, country="TR")) == ("EU", "TR")


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"plate_region": "MOON"}, "value_not_offered"),
        ({"country": "PL"}, "value_not_offered"),
        ({"country": "Germany"}, "country_unknown"),
    ],
)
async def test_refused(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    data: dict[str, str],
    key: str,
) -> None:
    """Write nothing, of no document, where a region or a country cannot be."""
    with pytest.raises(ServiceValidationError) as error:
        await configure(hass, device_id, enabled=False, **data)
    assert error.value.translation_key == key
    assert not puts(camera)


async def test_not_kept(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    device_id: str,
) -> None:
    """Say that the camera keeps its own, or acts after a restart."""
    with (
        patch.object(Configuration, "put", return_value=OK),
        pytest.raises(HomeAssistantError) as error,
    ):
        await configure(hass, device_id, country="DE")
    assert error.value.translation_key == "not_taken"
    camera.faults.on(Fault.SETTINGS_AT_REBOOT)
    after = await configure(hass, device_id, country="DE")
    assert after["reboot_required"] is True
    assert shown(hass, init_integration) == {"restart_wanted"}


@pytest.mark.parametrize("camera_profile", [ENTRANCE])
async def test_country_alone(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Change it where a camera keeps it in a document of its own, without a region."""
    after = await configure(hass, device_id, country="PL")
    assert (*origin(after), after["countries"]) == (None, "PL", [])
    written = stored(camera, "/ISAPI/ITC/plateRecognitionParam")
    assert "<countryIndex>7</countryIndex>" in written
    assert "<recognitionMode>normal</recognitionMode>" in written
    with pytest.raises(ServiceValidationError) as error:
        await configure(hass, device_id, country="DE", plate_region="EU")
    assert error.value.translation_key == "setting_unknown"
    assert stored(camera, "/ISAPI/ITC/plateRecognitionParam") == written


@pytest.mark.parametrize("camera_profile", [PLAIN_CAMERA])
async def test_camera_without(hass: HomeAssistant, device_id: str) -> None:
    """Refuse it where a camera has neither."""
    with pytest.raises(ServiceValidationError) as error:
        await configure(hass, device_id, country="DE")
    assert error.value.translation_key == "setting_unknown"
