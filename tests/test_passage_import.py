"""Test taking passages into the archive out of files."""

from datetime import datetime
from pathlib import Path
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)
import voluptuous as vol

from custom_components.hikvision_anpr.const import (
    EVENT_PASSAGE,
    EVENT_PASSAGE_RECOVERED,
)
from simulator.camera import SimulatedCamera

from .archived import written
from .registry import ask
from .waiting import expect_events

FOREIGN = (
    "Camera;Reg;Pass time\n{name};AB 1;25.11.2026 08:00\n{name};AB 2;25.11.2026 08:01\n"
)


@pytest.fixture(autouse=True)
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may use."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    return tmp_path


@pytest.fixture
def device(
    device_registry: dr.DeviceRegistry, init_integration: MockConfigEntry
) -> dr.DeviceEntry:
    """Return the camera."""
    return next(
        device
        for device in dr.async_entries_for_config_entry(
            device_registry, init_integration.entry_id
        )
        if device.via_device_id is None
    )


async def found(hass: HomeAssistant, **data: Any) -> list[dict[str, Any]]:
    """Return the passages of a search."""
    answer = await ask(hass, "search_passages", None, sort="oldest", **data)
    passages: list[dict[str, Any]] = answer["passages"]
    return passages


@pytest.mark.parametrize("written_as", ["csv", "xlsx"])
async def test_out_and_in(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device: dr.DeviceEntry,
    folder: Path,
    written_as: str,
) -> None:
    """Bring back what was exported and then deleted, as history that acts on nothing."""
    async with expect_events(hass, EVENT_PASSAGE, 2):
        await camera.vehicle_passes("AB-123-CD", confidence=90, direction="reverse")
        await camera.vehicle_passes(None)
    await written(hass)
    before = await found(hass)
    file = str(folder / "passages")
    await ask(hass, "export_passages", None, format=written_as, file=file)
    again = await ask(hass, "import_passages", None, file=file)
    assert (again["added"], again["duplicates"], again["problem_count"]) == (0, 2, 0)
    ids = [one["passage_id"] for one in before]
    await ask(hass, "delete_passages", None, passage_id=ids)
    live = async_capture_events(hass, EVENT_PASSAGE)
    recovered = async_capture_events(hass, EVENT_PASSAGE_RECOVERED)
    answer = await ask(hass, "import_passages", None, file=file)
    assert (answer["imported"], answer["added"]) == (True, 2)
    after = await found(hass)
    differs = {"live", "source", "pictures"}
    assert [strip(one, differs) for one in after] == [
        strip(one, differs) for one in before
    ]
    assert {(one["live"], one["source"]) for one in after} == {(False, "import")}
    assert await found(hass, live=True) == []
    assert (live, recovered) == ([], [])


def strip(passage: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return a passage without some of its fields, its times as moments."""
    return {name: value for name, value in passage.items() if name not in names} | {
        name: moment(passage[name]) for name in ("captured_at", "received_at")
    }


def moment(text: str) -> float:
    """Return a time, whatever its zone."""
    return datetime.fromisoformat(text).timestamp()


async def test_of_others(hass: HomeAssistant, device: dr.DeviceEntry) -> None:
    """Show how another program's file is understood, then take it in."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    content = FOREIGN.format(name=device.name)
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "import_passages", None, content=content)
    assert error.value.translation_key == "file_without_plates"
    data = {"content": content, "columns": {"plate": "Reg"}}
    look = await ask(hass, "import_passages", None, dry_run=True, **data)
    assert (look["imported"], look["added"], look["duplicates"]) == (False, 2, 0)
    assert look["columns"] == {
        "device_id": "Camera",
        "plate": "Reg",
        "captured_at": "Pass time",
    }
    assert look["first"] == "2026-11-25T08:00:00+01:00"
    assert look["last"] == "2026-11-25T08:01:00+01:00"
    assert await found(hass) == []
    await ask(hass, "import_passages", None, **data)
    first, _ = await found(hass)
    assert (first["plate"], first["plate_normalized"]) == ("AB 1", "AB1")
    assert (first["device_id"], first["list"]) == (device.id, "none")


async def test_all_or_nothing(hass: HomeAssistant, device: dr.DeviceEntry) -> None:
    """Show what is wrong, and import nothing as long as anything is."""
    content = "plate,time,camera\nAB1,2026-11-25 08:00,Nowhere\nAB2,soon,Nowhere\n"
    look = await ask(hass, "import_passages", None, content=content, dry_run=True)
    assert [(one["row"], one["problem"]) for one in look["problems"]] == [
        (2, "unknown_device"),
        (3, "unknown_time"),
    ]
    assert look["problems"][0]["text"].startswith("Nowhere is not a known device")
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "import_passages", None, content=content, device_id=device.id)
    assert error.value.translation_key == "file_with_problems"
    placeholders = error.value.translation_placeholders
    assert placeholders is not None
    assert (placeholders["count"], placeholders["row"]) == ("1", "3")
    assert await found(hass) == []


async def test_refused(
    hass: HomeAssistant, device: dr.DeviceEntry, hass_read_only_user: MockUser
) -> None:
    """Refuse what cannot be, and whoever is no administrator."""
    content = "plate,time\nAB1,2026-11-25 08:00\n"
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "import_passages", None, content=content, device_id="nothing")
    assert error.value.translation_key == "device_not_found"
    with pytest.raises(ServiceValidationError) as outside:
        await ask(hass, "import_passages", None, file="/etc/passwd")
    assert outside.value.translation_key == "path_not_allowed"
    with pytest.raises(vol.Invalid):
        await ask(
            hass, "import_passages", None, content=content, columns={"wheel": "x"}
        )
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await ask(hass, "import_passages", context, content=content)
