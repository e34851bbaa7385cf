"""Test seeing and changing where devices upload to."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
import voluptuous as vol

from simulator.camera import SimulatedCamera
from simulator.profiles import PLAIN_CAMERA

from .registry import ask

FTP = "/ISAPI/System/Network/ftp"


def stored(camera: SimulatedCamera) -> str:
    """Return what was last written."""
    return camera.device.configuration.get(FTP, lambda: b"").decode()


async def test_ftp(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Change a server, keep the rest, and never tell the password."""
    found = await ask(hass, "get_upload_targets", device_id=device_id)
    assert found["ftp"] == [
        {
            "id": "1",
            "enabled": False,
            "address": "0.0.0.0",
            "port": 21,
            "path": None,
            "username": None,
        }
    ]
    after = await ask(
        hass,
        "set_upload_target",
        device_id=device_id,
        kind="ftp",
        enabled=True,
        address="ftp.example.com",
        port=2121,
        username="plates",
        password="very secret",
    )
    assert after["reboot_required"] is False
    (server,) = after["ftp"]
    assert (server["enabled"], server["address"]) == (True, "ftp.example.com")
    assert (server["port"], server["username"]) == (2121, "plates")
    assert "secret" not in str(after)
    written = stored(camera)
    assert "<password>very secret</password>" in written
    assert "<addressingFormatType>hostname</addressingFormatType>" in written
    assert "ipAddress" not in written
    assert "<topDirNameRule>time_date</topDirNameRule>" in written


async def test_share(hass: HomeAssistant, device_id: str) -> None:
    """Change a share; its document knows addresses of one kind alone."""
    after = await ask(
        hass,
        "set_upload_target",
        device_id=device_id,
        kind="nas",
        id=9,
        address="192.0.2.31",
        path="/volume2/anpr",
    )
    (share,) = after["nas"]
    assert (share["address"], share["path"]) == ("192.0.2.31", "/volume2/anpr")
    for change in ({"address": "nas.example.com"}, {"username": "plates"}, {"id": "7"}):
        data = {
            "device_id": device_id,
            "kind": "nas",
            "id": "9",
            "path": "/x",
            **change,
        }
        with pytest.raises(ServiceValidationError) as error:
            await ask(hass, "set_upload_target", None, **data)
        assert error.value.translation_key == "setting_unknown"


@pytest.mark.parametrize("camera_profile", [PLAIN_CAMERA])
async def test_device_without(hass: HomeAssistant, device_id: str) -> None:
    """Tell of nothing where there is nothing, and refuse to change it."""
    found = await ask(hass, "get_upload_targets", device_id=device_id)
    assert (found["ftp"], found["nas"]) == ([], [])
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "set_upload_target", device_id=device_id, kind="ftp", port=1)
    assert error.value.translation_key == "not_supported"


async def test_nothing_to_change(hass: HomeAssistant, device_id: str) -> None:
    """Refuse an action that changes nothing."""
    with pytest.raises(vol.Invalid):
        await ask(hass, "set_upload_target", device_id=device_id, kind="ftp")
