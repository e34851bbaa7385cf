"""Test that files are in the language and the time zone of who reads them."""

from collections.abc import Iterator
import csv
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import voluptuous as vol

from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE
from simulator.camera import SimulatedCamera

from .archived import written
from .languages import spoken
from .registry import add, ask
from .waiting import expect_events

SWEDISH: dict[str, Any] = {
    "entity": {
        "event": {
            "passage": {
                "state_attributes": {
                    "plate": {"name": "Skylt"},
                    "captured_at": {"name": "=Tid"},
                    "list": {"name": "Lista", "state": {"block": "Spärrad"}},
                    "direction": {
                        "name": "Riktning",
                        "state": {"reverse": "Från kameran"},
                    },
                    "reasons": {"state": {"blocked": "Den är spärrad"}},
                }
            }
        }
    },
    "selector": {
        "daily_report": {"options": {"passages": "Passager"}},
        "passage_column": {"options": {"area": "Område"}},
        "answer": {"options": {"yes": "Ja", "no": "Nej"}},
    },
}


@pytest.fixture(autouse=True)
def swedish() -> Iterator[None]:
    """Know some Swedish."""
    with spoken("sv", SWEDISH):
        yield


@pytest.fixture(autouse=True)
async def passages(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    init_integration: MockConfigEntry,
    tmp_path: Path,
) -> None:
    """Let a vehicle pass that is on the block list, and allow a folder."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    await add(hass, "XY987ZZ", list="block")
    async with expect_events(hass, EVENT_PASSAGE, 1):
        await camera.vehicle_passes("XY987ZZ", direction="reverse")
    await written(hass)


async def exported(
    hass: HomeAssistant, path: Path, context: Context | None = None, **data: Any
) -> dict[str, str]:
    """Export into a file, and return its only row."""
    await ask(hass, "export_passages", context, file=str(path), **data)
    content = await hass.async_add_executor_job(path.read_bytes)
    (row,) = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""))
    return row


async def test_language(hass: HomeAssistant, tmp_path: Path) -> None:
    """Write headings, answers and codes in a language, and else in English."""
    row = await exported(hass, tmp_path / "a.csv", language="sv")
    assert (row["Skylt"], row["Lista"], row["Riktning"]) == (
        *("XY987ZZ", "Spärrad", "Från kameran"),
    )
    assert (row["Live"], row["Område"], row["Source"]) == ("Ja", "", "Arming")
    assert "'=Tid" in row
    assert "XY987ZZ" in (await exported(hass, tmp_path / "b.csv"))["Plate"]
    hass.config.language = "sv"
    assert (await exported(hass, tmp_path / "c.csv"))["Skylt"] == "XY987ZZ"
    with pytest.raises(vol.Invalid):
        await exported(hass, tmp_path / "d.csv", language="../en")


async def test_time_zone(hass: HomeAssistant, tmp_path: Path) -> None:
    """Write times in the zone that is asked for, else in that of the home."""
    there = await exported(hass, tmp_path / "a.csv", time_zone="Asia/Kathmandu")
    home = await exported(hass, tmp_path / "b.csv")
    assert there["Captured at"].endswith("+05:45")
    moment = datetime.fromisoformat(home["Captured at"])
    zone = ZoneInfo(str(hass.config.time_zone))
    assert moment.utcoffset() == moment.astimezone(zone).utcoffset()
    assert datetime.fromisoformat(there["Captured at"]) == moment
    with pytest.raises(ServiceValidationError, match="Nowhere/City"):
        await exported(hass, tmp_path / "c.csv", time_zone="Nowhere/City")


async def test_user(
    hass: HomeAssistant,
    hass_admin_user: MockUser,
    hass_ws_client: WebSocketGenerator,
    tmp_path: Path,
) -> None:
    """Write in the language that the user has chosen."""
    hass.config.components.add("frontend")
    context = Context(user_id=hass_admin_user.id)
    assert "Plate" in await exported(hass, tmp_path / "a.csv", context)
    store = await async_user_store(hass, hass_admin_user.id)
    store.data["language"] = {"language": "sv"}
    assert "Skylt" in await exported(hass, tmp_path / "b.csv", context)
    assert "Plate" in await exported(hass, tmp_path / "c.csv", context, language="en")

    client = await hass_ws_client(hass)
    path = tmp_path / "d.csv"
    await client.send_json_auto_id(
        {"type": f"{DOMAIN}/passages/export", "file": str(path)}
    )
    while (await client.receive_json()).get("event", {}).get("kind") != "done":
        pass
    assert "Skylt" in await hass.async_add_executor_job(path.read_text)


async def test_in_again(hass: HomeAssistant, tmp_path: Path) -> None:
    """Bring back from a file in another language what was exported into it."""
    hass.config.language = "sv"
    before = await ask(hass, "search_passages")
    await exported(hass, tmp_path / "a.csv")
    ids = [one["passage_id"] for one in before["passages"]]
    await ask(hass, "delete_passages", None, passage_id=ids)
    answer = await ask(
        hass, "import_passages", None, file=str(tmp_path / "a.csv"), columns={}
    )
    assert (answer["added"], answer["columns"]["plate"]) == (1, "Skylt")
    (again,) = (await ask(hass, "search_passages"))["passages"]
    (once,) = before["passages"]
    differs = {"live", "source", "pictures", "captured_at", "received_at"}
    assert {key: again[key] for key in again.keys() - differs} == {
        key: once[key] for key in once.keys() - differs
    }
    assert datetime.fromisoformat(again["captured_at"]) == datetime.fromisoformat(
        once["captured_at"]
    )


async def test_report(
    hass: HomeAssistant,
    hass_admin_user: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Tell a day in a language and a zone; names and codes of the data stay."""
    report = await ask(
        hass, "get_daily_report", language="sv", time_zone="Asia/Kathmandu"
    )
    assert report["date"] == f"{datetime.now(ZoneInfo('Asia/Kathmandu')):%Y-%m-%d}"
    assert (
        "| Device | Channel | Lane | Passager | Towards the camera | Från"
        in (report["text"])
    )
    assert "Passages" in (await ask(hass, "get_daily_report"))["text"]

    hass.config.components.add("frontend")
    store = await async_user_store(hass, hass_admin_user.id)
    store.data["language"] = {"language": "sv"}
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": f"{DOMAIN}/parking/report"})
    answer = await client.receive_json()
    assert "Passager" in answer["result"]["text"]
