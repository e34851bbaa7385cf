"""Test seeing and changing when cameras detect vehicles."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from simulator.camera import SimulatedCamera
from simulator.profiles import DEEPINVIEW, DS_2CD4A26

from .registry import ask

SCHEDULES = "/ISAPI/Event/schedules/vehicledetects"
ALL_DAY = [{"from": "00:00:00", "to": "24:00:00"}]
ODD = b"""<?xml version="1.0" encoding="UTF-8"?>
<Schedule xmlns="http://www.hikvision.com/ver20/XMLSchema" version="2.0">
<id>vehicledetection-1</id>
<TimeBlockList>
<TimeBlock><dayOfWeek>1</dayOfWeek><colour>red</colour><TimeRange><beginTime>20:00:00</beginTime><endTime>23:59:59</endTime></TimeRange></TimeBlock>
<TimeBlock><dayOfWeek>1</dayOfWeek><colour>red</colour><TimeRange><beginTime>06:00:00</beginTime><endTime>08:30:00</endTime></TimeRange></TimeBlock>
<TimeBlock><dayOfWeek>2</dayOfWeek><TimeRange><beginTime>late</beginTime><endTime>25:00</endTime></TimeRange></TimeBlock>
<TimeBlock><dayOfWeek>8</dayOfWeek><TimeRange><beginTime>00:00:00</beginTime><endTime>12:00:00</endTime></TimeRange></TimeBlock>
</TimeBlockList>
<unknown a="b">kept</unknown>
</Schedule>"""


async def change(hass: HomeAssistant, device_id: str, **week: Any) -> dict[str, Any]:
    """Change days, and return the answer."""
    return await ask(hass, "set_schedule", device_id=device_id, week=week)


@pytest.mark.parametrize("camera_profile", [DEEPINVIEW, DS_2CD4A26])
async def test_both_forms(hass: HomeAssistant, device_id: str) -> None:
    """Read and change the schedule wherever the camera keeps it."""
    found = await ask(hass, "get_schedule", device_id=device_id)
    assert len(found["week"]) == 7
    assert all(ranges == ALL_DAY for ranges in found["week"].values())
    after = await change(
        hass,
        device_id,
        monday=[
            {"from": "18:00", "to": "20:00"},
            {"from": "08:00:00", "to": "12:00:30", "data": {"a": 1}},
        ],
        sunday=[],
    )
    assert after["reboot_required"] is False
    assert after["week"]["monday"] == [
        {"from": "08:00:00", "to": "12:01:00"},
        {"from": "18:00:00", "to": "20:00:00"},
    ]
    assert after["week"]["sunday"] == []
    assert after["week"]["tuesday"] == ALL_DAY
    again = await ask(hass, "get_schedule", device_id=device_id)
    assert again["week"] == after["week"]
    back = await change(hass, device_id, sunday=[{"from": "00:00", "to": "23:59:59.9"}])
    assert back["week"]["sunday"] == ALL_DAY


@pytest.mark.parametrize(
    "camera_profile", [DEEPINVIEW, replace(DEEPINVIEW, short_schedule_ids=True)]
)
@pytest.mark.parametrize("trigger", ["allow_list", "block_list"])
async def test_lists(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str, trigger: str
) -> None:
    """Read and change when a camera acts on the plates of one list, and of no other."""
    data = {"device_id": device_id, "trigger": trigger}
    found = await ask(hass, "get_schedule", None, **data)
    assert found["trigger"] == trigger
    assert all(ranges == ALL_DAY for ranges in found["week"].values())
    week = {"friday": [{"from": "07:00", "to": "19:00"}], "sunday": []}
    after = await ask(hass, "set_schedule", None, **data, week=week)
    assert after["week"]["friday"] == [{"from": "07:00:00", "to": "19:00:00"}]
    assert after["week"]["sunday"] == []
    folder = "whiteList" if trigger == "allow_list" else "blackList"
    *_, put = [one for one in camera.requests if one.method == "PUT"]
    assert f"/schedules/{folder}/{camera.profile.schedule_id(folder)}" in put.path
    assert f"<eventType>{folder}</eventType>" in put.body.decode()
    others = await ask(hass, "get_schedule", device_id=device_id)
    assert all(ranges == ALL_DAY for ranges in others["week"].values())


@pytest.mark.parametrize("camera_profile", [DS_2CD4A26])
async def test_lists_without_one(hass: HomeAssistant, device_id: str) -> None:
    """Say that a camera has no schedule for a list."""
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "get_schedule", device_id=device_id, trigger="block_list")
    assert error.value.translation_key == "not_supported"


async def test_what_nobody_knows_stays(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Keep holidays, other days and unknown elements where they are."""
    path = f"{SCHEDULES}/vehicledetection-1"
    stored = camera.device.configuration._stored  # noqa: SLF001
    with patch.dict(stored, {path: ODD}):
        found = await ask(hass, "get_schedule", device_id=device_id)
        assert found["week"]["monday"] == [
            {"from": "06:00:00", "to": "08:30:00"},
            {"from": "20:00:00", "to": "24:00:00"},
        ]
        assert found["week"]["tuesday"] == []
        await change(hass, device_id, monday=[{"from": "07:00", "to": "09:00"}])
        written = stored[path].decode()
    lines = ODD.decode().splitlines()
    kept = [*lines[1:4], *lines[6:]]
    assert all(line in written for line in kept)
    assert written.count("<colour>red</colour>") == 1
    assert "<beginTime>07:00:00</beginTime><endTime>09:00:00</endTime>" in written
    assert written.index("07:00:00") < written.index("late")


@pytest.mark.parametrize(
    ("week", "key"),
    [
        ({"someday": []}, "unknown_day"),
        ({"monday": [{"from": "9", "to": "10:00"}]}, "no_time_of_day"),
        ({"monday": [{"from": "10:00", "to": "10:00"}]}, "range_without_length"),
    ],
)
async def test_impossible_weeks(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    device_id: str,
    week: dict[str, Any],
    key: str,
) -> None:
    """Refuse what is no week, and write nothing."""
    with pytest.raises(ServiceValidationError) as error:
        await change(hass, device_id, **week)
    assert error.value.translation_key == key
    assert not [one for one in camera.requests if one.method == "PUT"]


async def test_unknown_schedule(hass: HomeAssistant, device_id: str) -> None:
    """Say that there is no such schedule helper."""
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "set_schedule", device_id=device_id, schedule="schedule.none")
    assert error.value.translation_key == "schedule_not_found"
