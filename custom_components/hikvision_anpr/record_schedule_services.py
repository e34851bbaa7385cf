"""Provide actions for the recording schedule of a channel."""

from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .channel_targets import Target
from .isapi.record_ranges import MODES
from .isapi.record_track import (
    RecordChange,
    async_change_record_track,
    async_get_record_track,
)
from .schedule_services import WEEK_SCHEMA, days_of
from .setting_services import REBOOT_REQUIRED, Setting, async_register_setting
from .vehicles.week import DAYS, TimeRange

SERVICE_GET_RECORDING_SCHEDULE: Final = "get_recording_schedule"
SERVICE_SET_RECORDING_SCHEDULE: Final = "set_recording_schedule"

_SECONDS: Final = vol.All(vol.Coerce(int), vol.Range(0, 3600))
SET_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            vol.Required("device_id"): cv.string,
            vol.Optional("enabled"): cv.boolean,
            vol.Optional("mode"): vol.In(tuple(MODES)),
            vol.Optional("week"): WEEK_SCHEMA,
            vol.Optional("before"): _SECONDS,
            vol.Optional("after"): _SECONDS,
        }
    ),
    cv.has_at_least_one_key("enabled", "mode", "week", "before", "after"),
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what changes a device is for administrators."""
    async_register_setting(
        hass,
        Setting(
            get_name=SERVICE_GET_RECORDING_SCHEDULE,
            set_name=SERVICE_SET_RECORDING_SCHEDULE,
            ask=_async_ask,
            change=_async_change,
            set_schema=SET_SCHEMA,
        ),
    )


async def _async_ask(target: Target, _call: ServiceCall) -> dict[str, Any]:
    """Answer when and why a channel is recorded."""
    track = await async_get_record_track(target.coordinator.client, target.channel)
    return {
        "enabled": track.enabled,
        "before": track.before,
        "after": track.after,
        "week": {
            day: [
                TimeRange(start=one.start * 60, end=one.end * 60).as_dict()
                | {"mode": one.mode}
                for one in track.days.get(number, ())
            ]
            for number, day in enumerate(DAYS, 1)
        },
    }


async def _async_change(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Change when and why a channel is recorded."""
    data = call.data
    change = RecordChange(
        enabled=data.get("enabled"),
        mode=data.get("mode"),
        days=days_of(data["week"]) if "week" in data else None,
        before=data.get("before"),
        after=data.get("after"),
    )
    _, reboot_required = await async_change_record_track(
        target.coordinator.client, target.channel, change
    )
    return {REBOOT_REQUIRED: reboot_required}
