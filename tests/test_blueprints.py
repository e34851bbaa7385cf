"""Test the blueprints that users import, each as an automation of its own."""

import asyncio
from datetime import datetime, time as Time, timedelta
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from homeassistant.components import automation
from homeassistant.components.blueprint import models
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.hikvision_anpr.const import DOMAIN, EVENT_PASSAGE

from .registry import add, ask

FOLDER: Final = Path(__file__).parents[1] / "blueprints" / "automation" / DOMAIN
NAMES: Final = sorted(path.stem for path in FOLDER.glob("*.yaml"))
PASSED: Final[dict[str, Any]] = {
    "passage_id": "01J",
    "device_id": "gate",
    "plate": "AB123CD",
    "list": "none",
    "direction": "forward",
    "lane": 1,
    "confidence": 90,
    "vehicle_color": "red",
    "vehicle_brand": None,
    "vehicle_type": "van",
}
DO: Final = [{"action": "test.opened"}]


@pytest.fixture
def opened(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what automations did."""
    return async_mock_service(hass, "test", "opened")


async def use(hass: HomeAssistant, name: str, **inputs: object) -> None:
    """Make an automation of a blueprint, in a home with a web server as all have."""
    assert await async_setup_component(hass, "http", {})
    blueprint = models.Blueprint(
        load_yaml_dict(str(FOLDER / f"{name}.yaml")),
        path=f"{DOMAIN}/{name}.yaml",
        expected_domain=automation.DOMAIN,
        schema=BLUEPRINT_SCHEMA,
    )
    content = {"use_blueprint": {"path": f"{DOMAIN}/{name}.yaml", "input": inputs}}
    with patch.object(
        models.DomainBlueprints, "async_get_blueprint", return_value=blueprint
    ):
        assert await async_setup_component(
            hass, automation.DOMAIN, {automation.DOMAIN: content}
        )
    await hass.async_block_till_done()
    (state,) = hass.states.async_all(automation.DOMAIN)
    assert state.state == "on"


async def passes(hass: HomeAssistant, **changes: object) -> None:
    """Let a vehicle pass."""
    hass.bus.async_fire(EVENT_PASSAGE, PASSED | changes)
    await settle()


async def settle() -> None:
    """Let automations go on until they wait for something.

    Home Assistant's own way of doing so waits with them.
    """
    for _ in range(50):
        await asyncio.sleep(0)


async def stop(hass: HomeAssistant) -> None:
    """End what the automation still waits for."""
    await hass.services.async_call(
        automation.DOMAIN, "turn_off", {"entity_id": "all"}, blocking=True
    )


@pytest.mark.parametrize("name", NAMES)
def test_texts(name: str) -> None:
    """Name and describe each one, and tell from where it comes."""
    blueprint = load_yaml_dict(str(FOLDER / f"{name}.yaml"))["blueprint"]
    assert isinstance(blueprint, dict)
    assert blueprint["source_url"].endswith(f"/{name}.yaml")
    assert blueprint["description"].endswith(".")
    for described in blueprint["input"].values():
        assert described["name"][0].isupper()


async def test_next_vehicle_does_not_wait(
    hass: HomeAssistant, opened: list[ServiceCall]
) -> None:
    """Open at once for the vehicle behind, and close after that one."""
    closed = async_mock_service(hass, "test", "closed")
    then_close = [*DO, {"delay": {"hours": 1}}, {"action": "test.closed"}]
    await use(hass, "open_for_listed", cameras=["gate"], open=then_close)
    for plate in ("AB123CD", "EF456GH"):
        await passes(hass, list="allow", plate=plate)
    assert (len(opened), len(closed)) == (2, 0)
    await stop(hass)


@pytest.mark.parametrize("time", ["00:00:00", "23:59:59.5"])
async def test_open_at_every_moment_of_the_day(
    hass: HomeAssistant, opened: list[ServiceCall], time: str
) -> None:
    """Leave out no second where no hours were chosen."""
    await use(hass, "open_for_listed", cameras=["gate"], open=DO)
    now = datetime.combine(
        dt_util.now().date(), Time.fromisoformat(time), dt_util.get_default_time_zone()
    )
    with patch.object(dt_util, "now", return_value=now):
        await passes(hass, list="allow")
    assert len(opened) == 1


async def test_open_for_listed(hass: HomeAssistant, opened: list[ServiceCall]) -> None:
    """Open for the allow list alone, and only where the camera is sure."""
    await use(hass, "open_for_listed", cameras=["gate"], open=DO)
    await passes(hass)
    await passes(hass, list="allow", confidence=80)
    await passes(hass, list="allow", device_id="street")
    assert opened == []
    await passes(hass, list="allow")
    assert len(opened) == 1


async def test_unknown_at_night(hass: HomeAssistant, opened: list[ServiceCall]) -> None:
    """Tell of strangers within the time alone."""
    inputs = {"cameras": ["gate"], "tell": DO}
    await use(hass, "unknown_at_night", **inputs, after="00:00:00", before="23:59:59")
    await passes(hass, list="allow")
    assert opened == []
    await passes(hass, plate=None)
    assert len(opened) == 1


async def test_block_list_alarm(hass: HomeAssistant, opened: list[ServiceCall]) -> None:
    """Sound the alarm, and end it."""
    ended = async_mock_service(hass, "test", "ended")
    await use(
        hass,
        "block_list_alarm",
        cameras=["gate"],
        alarm=DO,
        after_alarm=[{"action": "test.ended"}],
        duration={"seconds": 0},
    )
    await passes(hass)
    assert opened == []
    await passes(hass, list="block")
    assert (len(opened), len(ended)) == (1, 1)


async def test_welcome_home(hass: HomeAssistant, opened: list[ServiceCall]) -> None:
    """Welcome once, in the right direction."""
    await use(hass, "welcome_home", cameras=["gate"], plates=["AB*"], welcome=DO)
    await passes(hass, direction="reverse")
    await passes(hass, plate="XY1")
    assert opened == []
    await passes(hass)
    await passes(hass)
    assert len(opened) == 1
    await stop(hass)


@pytest.mark.parametrize("listed", ["allow", "block"])
async def test_guest_who_is_known(
    hass: HomeAssistant, init_integration: MockConfigEntry, listed: str
) -> None:
    """Make no guest of a vehicle that is known, and say so."""
    await add(hass, "GU 1234", list=listed)
    told = async_mock_service(hass, "persistent_notification", "create")
    assert await async_setup_component(
        hass, "input_text", {"input_text": {"guest": {"initial": ""}}}
    )
    await use(hass, "guest_for_tonight", plate="input_text.guest")
    await hass.services.async_call(
        "input_text",
        "set_value",
        {"entity_id": "input_text.guest", "value": "gu-1234"},
        blocking=True,
    )
    await hass.async_block_till_done()
    (vehicle,) = (await ask(hass, "get_plates"))["plates"]
    assert (vehicle["list"], vehicle["uses"]) == (listed, None)
    assert [call.data["message"] for call in told] == [
        "GU 1234 is a vehicle that is known already. It stays as it is."
    ]


async def type_guest(hass: HomeAssistant, plate: str) -> str:
    """Enter a plate for the blueprint of guests; return what the text is then."""
    helper = {"guest": {"initial": ""}}
    assert await async_setup_component(hass, "input_text", {"input_text": helper})
    await use(hass, "guest_for_tonight", plate="input_text.guest")
    await hass.services.async_call(
        "input_text",
        "set_value",
        {"entity_id": "input_text.guest", "value": plate},
        blocking=True,
    )
    await hass.async_block_till_done()
    text = hass.states.get("input_text.guest")
    assert text is not None
    return text.state


async def test_guest_who_is_refused(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Say that a plate cannot be one, and leave the text to be corrected."""
    told = async_mock_service(hass, "persistent_notification", "create")
    assert await type_guest(hass, "GU😀1") == "GU😀1"
    assert [call.data["title"] for call in told] == ["No guest"]


async def test_guest_for_tonight(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """Put the plate that was typed on the list, and clear the text."""
    assert await type_guest(hass, "GU 123") == ""
    (guest,) = (await ask(hass, "get_plates"))["plates"]
    assert (guest["plate"], guest["uses"], guest["valid_now"]) == ("GU 123", 1, True)


@pytest.mark.parametrize(
    ("answer", "opens", "adds"),
    [("OPEN", True, False), ("ADD", True, True), ("IGNORE", False, False)],
)
async def test_ask_on_phone(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    opened: list[ServiceCall],
    answer: str,
    opens: bool,
    adds: bool,
) -> None:
    """Ask with the picture, and do what was answered."""
    phone = dr.async_get(hass).async_get_or_create(
        config_entry_id=init_integration.entry_id,
        identifiers={("mobile_app", "1")},
        name="Anna's phone",
    )
    asked = async_mock_service(hass, "notify", "mobile_app_anna_s_phone")
    await use(
        hass,
        "ask_on_phone",
        cameras=["gate"],
        phone=phone.id,
        open=DO,
    )
    await passes(hass)
    assert asked == []
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=3))
    await settle()
    (question,) = asked
    assert question.data["title"] == "AB123CD"
    assert question.data["message"] == "Who is it? red van"
    told = question.data["data"]
    assert told["image"].startswith(f"/api/{DOMAIN}/picture/01J/scene?authSig=")
    (action,) = [
        one["action"] for one in told["actions"] if one["action"].startswith(answer)
    ]
    hass.bus.async_fire("mobile_app_notification_action", {"action": action})
    await settle()
    await hass.async_block_till_done()
    assert bool(opened) is opens
    assert bool((await ask(hass, "get_plates"))["count"]) is adds


async def switch_off(hass: HomeAssistant) -> None:
    """Switch automations off, so that they do not wait for another day."""
    await hass.services.async_call(
        automation.DOMAIN, "turn_off", {"entity_id": "all"}, blocking=True
    )


@pytest.mark.parametrize(("weekdays", "count"), [(None, 1), ([], 0)])
async def test_export_on_schedule(
    hass: HomeAssistant, weekdays: list[str] | None, count: int
) -> None:
    """Export whole days into a file of the day, and tell what is in it."""
    answer: dict[str, JsonValueType] = {"file": "out", "count": 3}
    exports = async_mock_service(hass, DOMAIN, "export_passages", response=answer)
    told = async_mock_service(hass, "test", "told")
    days = {} if weekdays is None else {"weekdays": weekdays}
    await use(
        hass,
        "export_on_schedule",
        folder="/media/nas/",
        format="zip",
        days=7,
        afterwards=[{"action": "test.told", "data": {"count": "{{ export.count }}"}}],
        **days,
    )
    async_fire_time_changed(hass, dt_util.start_of_local_day() + timedelta(hours=26))
    await hass.async_block_till_done()
    await switch_off(hass)
    assert (len(exports), len(told)) == (count, count)
    if not count:
        return
    data = exports[0].data
    today = dt_util.start_of_local_day()
    assert data["format"] == "zip"
    assert data["file"] == f"/media/nas/passages-{dt_util.now():%Y-%m-%d}.zip"
    assert dt_util.parse_datetime(str(data["end"])) == today
    assert dt_util.as_local(
        dt_util.parse_datetime(str(data["start"]), raise_on_error=True)
    ) == (dt_util.start_of_local_day(today - timedelta(days=7)))
    assert told[0].data["count"] == 3


async def test_export_is_real(
    hass: HomeAssistant, init_integration: MockConfigEntry, tmp_path: Path
) -> None:
    """Write a file that is there."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    await use(hass, "export_on_schedule", folder=str(tmp_path))
    await hass.services.async_call(
        automation.DOMAIN, "trigger", {"entity_id": "all"}, blocking=True
    )
    await switch_off(hass)
    (file,) = await hass.async_add_executor_job(lambda: list(tmp_path.glob("*.csv")))
    assert file.name == f"passages-{dt_util.now():%Y-%m-%d}.csv"


@pytest.mark.parametrize("trigger", ["vehicle_detection", "block_list"])
async def test_follow_schedule(
    hass: HomeAssistant, init_integration: MockConfigEntry, trigger: str
) -> None:
    """Give a camera the week of a schedule helper."""
    monday = [
        {"from": "07:00:00", "to": "18:30:00", "data": {"why": "open"}},
        {"from": "22:00:00", "to": "24:00:00"},
    ]
    assert await async_setup_component(
        hass, "schedule", {"schedule": {"gate": {"name": "Gate", "monday": monday}}}
    )
    camera = init_integration.runtime_data.channels.followed[1].device_id
    await use(
        hass,
        "follow_schedule",
        schedule="schedule.gate",
        device=camera,
        trigger=trigger,
    )
    await hass.services.async_call(
        automation.DOMAIN, "trigger", {"entity_id": "all"}, blocking=True
    )
    await switch_off(hass)
    er.async_get(hass).async_remove("schedule.gate")
    await hass.async_block_till_done()
    found = await ask(hass, "get_schedule", device_id=camera, trigger=trigger)
    assert found["week"]["monday"] == [
        {"from": "07:00:00", "to": "18:30:00"},
        {"from": "22:00:00", "to": "24:00:00"},
    ]
    assert not any(found["week"][day] for day in ("tuesday", "sunday"))
