"""Test seeing and changing when devices record."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from lxml import etree
import pytest
import voluptuous as vol

from custom_components.hikvision_anpr.vehicles.week import DAYS
from simulator.answers import OK
from simulator.camera import SimulatedCamera

from .registry import ask

TRACK = "/ISAPI/ContentMgmt/record/tracks/101"
ALL_DAY = [{"from": "00:00:00", "to": "24:00:00", "mode": "continuous"}]
ODD = b"""<?xml version="1.0" encoding="UTF-8"?>
<Track xmlns="http://www.hikvision.com/ver20/XMLSchema" version="2.0">
<id>101</id><Enable>true</Enable><DefaultRecordingMode>CMR</DefaultRecordingMode>
<TrackSchedule><ScheduleBlockList><ScheduleBlock>
<ScheduleAction><id>1</id><ScheduleActionStartTime><DayOfWeek>monday</DayOfWeek><TimeOfDay>20:00</TimeOfDay></ScheduleActionStartTime><ScheduleActionEndTime><DayOfWeek>Tuesday</DayOfWeek><TimeOfDay>00:00</TimeOfDay></ScheduleActionEndTime><colour>red</colour><Actions><ActionRecordingMode>faceSnap</ActionRecordingMode></Actions></ScheduleAction>
<ScheduleAction><id>1</id><ScheduleActionStartTime><DayOfWeek>Someday</DayOfWeek><TimeOfDay>late</TimeOfDay></ScheduleActionStartTime></ScheduleAction>
<after>kept</after>
</ScheduleBlock></ScheduleBlockList></TrackSchedule>
<unknown a="b">kept</unknown>
</Track>"""


async def change(hass: HomeAssistant, device_id: str, **data: Any) -> dict[str, Any]:
    """Change the schedule, and return the answer."""
    return await ask(hass, "set_recording_schedule", device_id=device_id, **data)


def stored(camera: SimulatedCamera) -> etree._Element:
    """Return what the device has stored."""
    return etree.fromstring(camera.device.configuration.get(TRACK, lambda: b"<none/>"))


async def test_read_and_change(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Change days, modes and times around events, each by itself."""
    found = await ask(hass, "get_recording_schedule", device_id=device_id)
    assert (found["enabled"], found["before"], found["after"]) == (True, 5, 5)
    assert all(ranges == ALL_DAY for ranges in found["week"].values())
    assert len(found["week"]) == 7

    after = await change(
        hass,
        device_id,
        mode="all_events",
        week={
            "monday": [
                {"from": "18:00", "to": "20:00"},
                {"from": "06:00", "to": "9:00"},
            ],
            "sunday": [],
        },
    )
    assert after["week"]["monday"] == [
        {"from": "06:00:00", "to": "09:00:00", "mode": "all_events"},
        {"from": "18:00:00", "to": "20:00:00", "mode": "all_events"},
    ]
    assert (after["week"]["sunday"], after["week"]["friday"]) == ([], ALL_DAY)
    assert after["reboot_required"] is False
    root = stored(camera)
    ids = [one.findtext("{*}id") for one in root.iter("{*}ScheduleAction")]
    assert ids == [str(number) for number in range(1, 8)]

    after = await change(hass, device_id, mode="motion", before=10, after=30)
    assert (after["before"], after["after"]) == (10, 30)
    assert after["week"]["friday"] == [{**ALL_DAY[0], "mode": "motion"}]

    after = await change(hass, device_id, enabled=False)
    assert after["enabled"] is False
    assert stored(camera).findtext("{*}Enable") == "true"
    assert (await change(hass, device_id, enabled=True))["enabled"] is True


async def test_odd_document(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Keep what nobody knows, at its place, and leave out what makes no sense."""
    assert camera.device.configuration.put(TRACK, ODD, "Track") is OK
    found = await ask(hass, "get_recording_schedule", device_id=device_id)
    assert found["week"]["monday"] == [
        {"from": "20:00:00", "to": "24:00:00", "mode": "facesnap"}
    ]
    assert found["before"] is None
    await change(
        hass,
        device_id,
        mode="motion",
        week={"sunday": [{"from": "08:00", "to": "9:00"}]},
    )
    root = stored(camera)
    block = root.find(".//{*}ScheduleBlock")
    assert block is not None
    assert [etree.QName(one).localname for one in block] == [
        *("ScheduleAction", "ScheduleAction", "ScheduleAction", "after")
    ]
    made = block[2]
    assert made.findtext("{*}colour") == "red"
    assert made.findtext("{*}ScheduleActionStartTime/{*}TimeOfDay") == "08:00"
    assert made.findtext("{*}Actions/{*}ActionRecordingMode") == "MOTION"
    assert root.findtext("{*}unknown") == "kept"
    after = await change(hass, device_id, enabled=False)
    assert after["enabled"] is False
    with pytest.raises(HomeAssistantError) as raised:
        await change(hass, device_id, before=10)
    assert raised.value.translation_key == "not_supported"


async def test_nothing_to_go_by(
    hass: HomeAssistant, camera: SimulatedCamera, device_id: str
) -> None:
    """Write ranges also where the device has none."""
    await change(hass, device_id, week={day: [] for day in DAYS})
    after = await change(
        hass, device_id, week={"tuesday": [{"from": "00:00", "to": "24:00"}]}
    )
    assert after["week"]["tuesday"] == ALL_DAY
    made = next(stored(camera).iter("{*}ScheduleAction"))
    assert [etree.QName(one).localname for one in made] == [
        *("id", "ScheduleActionStartTime", "ScheduleActionEndTime", "Actions")
    ]


async def test_bad_input(hass: HomeAssistant, device_id: str) -> None:
    """Say what is wrong with it."""
    with pytest.raises(ServiceValidationError):
        await change(hass, device_id, week={"someday": []})
    with pytest.raises(vol.Invalid):
        await change(hass, device_id)
    with pytest.raises(vol.Invalid):
        await change(hass, device_id, mode="sometimes")
    with pytest.raises(ServiceValidationError):
        await change(hass, "nobody", enabled=True)
