"""Test the actions that take vehicles out into files, and in from those of others."""

from pathlib import Path

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.hikvision_anpr.isapi import workbook

from .registry import add, ask

pytestmark = pytest.mark.usefixtures("init_integration")


@pytest.fixture(autouse=True)
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may use."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    return tmp_path


@pytest.mark.parametrize("written_as", ["csv", "xlsx"])
async def test_out_and_in(hass: HomeAssistant, folder: Path, written_as: str) -> None:
    """Bring back what was written, and find nothing new in it."""
    await add(hass, "AB-123 CD", vehicle_name="Van", areas=["Yard"], uses=2)
    await add(hass, "XY1", list="block", valid_to="2030-12-31")
    before = await ask(hass, "get_plates")
    file = str(folder / "vehicles")
    out = await ask(hass, "export_plates", format=written_as, file=file)
    assert out["count"] == 2
    assert out["size"] == (folder / "vehicles").stat().st_size
    again = await ask(hass, "import_plates", file=file)
    assert (again["unchanged"], again["problem_count"]) == (2, 0)
    for plate in ("AB123CD", "XY1"):
        await ask(hass, "remove_plate", plate=plate)
    assert (await ask(hass, "import_plates", file=file))["added"] == 2
    after = await ask(hass, "get_plates")
    for vehicle in (*before["plates"], *after["plates"]):
        del vehicle["vehicle_id"]
    assert after == before


async def test_text(hass: HomeAssistant) -> None:
    """Answer a file's text, of the lists that are wanted."""
    await add(hass, "AB1")
    await add(hass, "XY1", list="block")
    out = await ask(hass, "export_plates", format="device", list="block")
    assert "XY1" in out["content"]
    assert "AB1" not in out["content"]
    for written_as in ("xlsx", "device_xls"):
        with pytest.raises(ServiceValidationError) as error:
            await ask(hass, "export_plates", format=written_as)
        assert error.value.translation_key == "file_needed"


async def test_old_workbook(
    hass: HomeAssistant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Write the workbook that devices take, take it in again, and say what is too much."""
    await add(hass, "AB1", valid_to="2035-12-31")
    await add(hass, "XY1", list="block")
    await add(hass, "GU1", uses=1)
    file = str(folder / "list.xls")
    out = await ask(hass, "export_plates", format="device_xls", file=file)
    assert (out["count"], out["left_out"]) == (2, 1)
    await ask(hass, "remove_plate", plate="AB1")
    again = await ask(hass, "import_plates", file=file)
    assert (again["added"], again["problem_count"]) == (1, 0)
    monkeypatch.setattr(workbook, "MOST_XLS_ROWS", 2)
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "export_plates", format="device_xls", file=file)
    assert error.value.translation_key == "too_many_for_xls"


async def test_all_or_nothing(hass: HomeAssistant) -> None:
    """Show what is wrong, and import nothing as long as anything is."""
    content = "plate,list\nAB1,allow\nAB2,perhaps\nAB3,\n--,allow\n"
    look = await ask(hass, "import_plates", content=content, dry_run=True)
    assert (look["imported"], look["added"], look["problem_count"]) == (False, 2, 2)
    assert [(one["row"], one["problem"]) for one in look["problems"]] == [
        (3, "unknown_list"),
        (5, "plate_without_characters"),
    ]
    assert look["problems"][0]["text"].startswith("perhaps is not a list")
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "import_plates", content=content)
    assert error.value.translation_key == "file_with_problems"
    placeholders = error.value.translation_placeholders
    assert placeholders is not None
    assert (placeholders["count"], placeholders["row"]) == ("2", "3")
    assert (await ask(hass, "get_plates"))["count"] == 0


async def test_symbols(hass: HomeAssistant) -> None:
    """Leave out symbols that a file has in a plate, and say so."""
    answer = await ask(hass, "import_plates", content="plate\nAB 😀12\nAB-3\n")
    assert answer["symbols_left_out"] == [
        {"row": 2, "plate": "AB 😀12", "read_as": "AB 12"}
    ]
    plates = (await ask(hass, "get_plates"))["plates"]
    assert [one["plate"] for one in plates] == ["AB 12", "AB-3"]


async def test_replace(hass: HomeAssistant) -> None:
    """Remove what the file does not have, where that is wanted."""
    await add(hass, "AB1")
    await add(hass, "AB2")
    await ask(hass, "import_plates", content="plate\nAB2\nAB3\n")
    assert (await ask(hass, "get_plates"))["count"] == 3
    answer = await ask(hass, "import_plates", content="plate\nAB2\nAB3\n", replace=True)
    assert answer["removed"] == 1
    plates = (await ask(hass, "get_plates"))["plates"]
    assert [one["plate"] for one in plates] == ["AB2", "AB3"]


async def test_no_file(hass: HomeAssistant, folder: Path) -> None:
    """Say what is wrong with a path or a file."""
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, "import_plates", file="/etc/passwd")
    assert refused.value.translation_key == "path_not_allowed"
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, "export_plates", file=f"{folder}/../vehicles.csv")
    assert refused.value.translation_key == "path_not_allowed"
    with pytest.raises(HomeAssistantError) as missing:
        await ask(hass, "import_plates", file=str(folder / "nothing.csv"))
    assert missing.value.translation_key == "file_not_read"
    with pytest.raises(HomeAssistantError) as unwritten:
        await ask(hass, "export_plates", file=str(folder / "no" / "folder.csv"))
    assert unwritten.value.translation_key == "file_not_written"
    with pytest.raises(ServiceValidationError) as empty:
        await ask(hass, "import_plates", content=" ")
    assert empty.value.translation_key == "file_empty"
    with pytest.raises(vol.Invalid):
        await ask(hass, "import_plates")


async def test_files_are_for_administrators(
    hass: HomeAssistant, hass_read_only_user: MockUser, config_entry: MockConfigEntry
) -> None:
    """Show the vehicles to nobody else, and take them from nobody else."""
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await ask(hass, "export_plates", context)
    with pytest.raises(Unauthorized):
        await ask(hass, "import_plates", context, content="plate\nAB1\n")
