"""Test what is said where a device takes one document of a change and not the next."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hikvision_anpr.isapi.client import IsapiClient
from custom_components.hikvision_anpr.isapi.errors import (
    BusyError,
    RebootRequiredError,
    RejectedError,
)
from simulator.camera import SimulatedCamera

from .registry import ask
from .repairing import shown

CHANNEL = "/ISAPI/Traffic/channels/1"
RESOURCE = "/ISAPI/System/Video/inputs/channels/1/VCAResource"
DETECTION = {"enabled": False, "country": "46", "mode": "mixed", "confirm": True}


async def fail(
    hass: HomeAssistant,
    path: str,
    raised: Exception,
    action: str,
    data: dict[str, Any],
    first: Exception | None = None,
) -> dict[str, str]:
    """Call an action whose writing fails at a path, and return what is said.

    `first` is raised for the document before, once it is taken.
    """
    put = IsapiClient.put

    async def write(client: IsapiClient, to: str, *data: Any) -> Any:
        if to.partition("?")[0] == path:
            raise raised
        answer = await put(client, to, *data)
        if first:
            raise first
        return answer

    with (
        patch.object(IsapiClient, "put", write),
        pytest.raises(HomeAssistantError) as error,
    ):
        await ask(hass, action, None, **data)
    assert error.value.translation_key == "partly_written"
    assert error.value.translation_placeholders is not None
    assert "partly_written" not in str(error.value)
    assert ". What was changed stays." in str(error.value)
    return dict(error.value.translation_placeholders)


@pytest.mark.parametrize(
    ("path", "action", "data", "written", "failed"),
    [
        (
            f"{CHANNEL}/basic",
            "configure_vehicle_detection",
            DETECTION,
            "enabled",
            "country",
        ),
        (
            f"{CHANNEL}/CurVehicleDetectMode",
            "configure_vehicle_detection",
            DETECTION,
            "enabled, country",
            "mode",
        ),
        (
            RESOURCE,
            "configure_vehicle_detection",
            DETECTION | {"vca_resource": "smart"},
            "enabled, country, mode",
            "vca_resource",
        ),
        (
            "/ISAPI/System/time",
            "set_time_settings",
            {"server": "192.0.2.9"},
            "server",
            "time",
        ),
        (
            f"{CHANNEL}/picParam",
            "set_text_overlay",
            {"time": False, "pictures": {"overlay/enabled": "false"}},
            "time",
            "pictures",
        ),
    ],
)
async def test_second_document(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    path: str,
    action: str,
    data: dict[str, Any],
    written: str,
    failed: str,
) -> None:
    """Say what was written, what was not, and why."""
    said = await fail(
        hass, path, BusyError("Busy"), action, {"device_id": device_id, **data}
    )
    assert (said["written"], said["failed"]) == (written, failed)
    assert "busy" in said["reason"]


async def test_restart_of_what_was_written(
    hass: HomeAssistant, init_integration: MockConfigEntry, device_id: str
) -> None:
    """Offer the restart that the first document wants."""
    said = await fail(
        hass,
        f"{CHANNEL}/basic",
        RejectedError("No"),
        "configure_vehicle_detection",
        {"device_id": device_id, "enabled": False, "country": "46"},
        first=RebootRequiredError("Restart"),
    )
    assert said["written"] == "enabled"
    assert "restart_wanted" in shown(hass, init_integration)


async def test_only_document(hass: HomeAssistant, device_id: str) -> None:
    """Say what went wrong, and no more, where nothing was written before."""
    with (
        patch.object(IsapiClient, "put", side_effect=RejectedError("No")),
        pytest.raises(HomeAssistantError) as error,
    ):
        await ask(
            hass, "configure_vehicle_detection", device_id=device_id, country="46"
        )
    assert error.value.translation_key == "rejected"
