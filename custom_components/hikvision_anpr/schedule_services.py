"""Provide actions for the schedules of a camera."""

from typing import Any, Final

from homeassistant.components.schedule.const import DOMAIN as SCHEDULE_DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .channel_targets import Target
from .const import DOMAIN
from .exceptions import centre_errors_told
from .isapi.schedule import (
    DAY_MINUTES,
    SCHEDULED,
    Days,
    Minutes,
    async_get_schedule,
    async_set_schedule,
)
from .setting_services import REBOOT_REQUIRED, Setting, async_register_setting
from .vehicles.week import DAYS, TimeRange, WeekValue, week_as_dict, week_of

SERVICE_GET_SCHEDULE: Final = "get_schedule"
SERVICE_SET_SCHEDULE: Final = "set_schedule"


def _clock(value: object) -> str:
    """Return a time of the day without parts of seconds, as schedule helpers end."""
    return cv.string(value).partition(".")[0]


_RANGE: Final = {
    vol.Required("from"): _clock,
    vol.Required("to"): _clock,
    vol.Remove("data"): object,
}
WEEK_SCHEMA: Final[Any] = vol.All({cv.string: [_RANGE]}, vol.Length(min=1))
_TARGET: Final[dict[Any, Any]] = {
    vol.Required("device_id"): cv.string,
    vol.Optional("trigger", default="vehicle_detection"): vol.In(SCHEDULED),
}
GET_SCHEMA: Final[Any] = vol.Schema(_TARGET)
SET_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            **_TARGET,
            vol.Exclusive("week", "when"): WEEK_SCHEMA,
            vol.Exclusive("schedule", "when"): cv.entity_domain(SCHEDULE_DOMAIN),
        }
    ),
    cv.has_at_least_one_key("week", "schedule"),
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what changes a camera is for administrators."""
    async_register_setting(
        hass,
        Setting(
            get_name=SERVICE_GET_SCHEDULE,
            set_name=SERVICE_SET_SCHEDULE,
            ask=_async_ask,
            change=_async_change,
            get_schema=GET_SCHEMA,
            set_schema=SET_SCHEMA,
        ),
    )


async def _async_ask(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Answer when a channel detects vehicles, or acts on the plates of a list.

    Holidays are the camera's own and stay so.
    """
    trigger = call.data["trigger"]
    days = await async_get_schedule(target.coordinator.client, target.channel, trigger)
    week = {
        day: tuple(
            TimeRange(start=start * 60, end=end * 60)
            for start, end in days.get(number, ())
        )
        for number, day in enumerate(DAYS, 1)
    }
    return {"trigger": trigger, "week": week_as_dict(week)}


async def _async_change(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Change when a channel does so."""
    days = days_of(await _async_week(call))
    reboot_required = await async_set_schedule(
        target.coordinator.client, target.channel, days, call.data["trigger"]
    )
    return {REBOOT_REQUIRED: reboot_required}


async def _async_week(call: ServiceCall) -> WeekValue:
    """Return the week that is named, or that of a schedule helper.

    Raises ServiceValidationError where there is no such helper.
    """
    if "week" in call.data:
        named: WeekValue = call.data["week"]
        return named
    entity_id = call.data["schedule"]
    if call.hass.states.get(entity_id) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="schedule_not_found",
            translation_placeholders={"schedule": entity_id},
        )
    found = await call.hass.services.async_call(
        SCHEDULE_DOMAIN,
        "get_schedule",
        target={"entity_id": entity_id},
        blocking=True,
        context=call.context,
        return_response=True,
    )
    week: WeekValue = WEEK_SCHEMA((found or {})[entity_id])
    return week


def days_of(value: WeekValue) -> Days:
    """Return the ranges of a week by day. Raises ServiceValidationError."""
    with centre_errors_told():
        week = week_of(value)
    return {DAYS.index(day) + 1: _merged(week[day]) for day in week}


def _merged(ranges: tuple[TimeRange, ...]) -> tuple[Minutes, ...]:
    """Return ranges in whole minutes, those that touch as one.

    A camera knows no seconds, and refuses ranges that overlap.
    """
    merged: list[Minutes] = []
    for one in ranges:
        start, end = one.start // 60, min(-(-one.end // 60), DAY_MINUTES)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
