"""Let users see and change how devices keep their time."""

from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.network import is_host_valid
import voluptuous as vol

from .channel_targets import Target, targets
from .const import DOMAIN
from .isapi.clock_setting import (
    MANUAL,
    NTP,
    ClockChange,
    ClockSetting,
    async_get_clock_setting,
)
from .isapi.time_server import TimeServer
from .isapi.zone_rules import UnknownZoneError, UnwritableZoneError, device_time_zone
from .setting_services import async_register_setting

SERVICE_GET_TIME_SETTINGS: Final = "get_time_settings"
SERVICE_SET_TIME_SETTINGS: Final = "set_time_settings"

_MODES: Final = {"ntp": NTP, "manual": MANUAL}


def _host(value: object) -> str:
    """Return a host name or an address."""
    host = cv.string(value).strip()
    if not is_host_valid(host):
        raise vol.Invalid("This is neither a host name nor an address")
    return host


SET_SCHEMA: Final[Any] = vol.All(
    vol.Schema(
        {
            vol.Required("device_id"): cv.string,
            vol.Optional("mode"): vol.In(_MODES),
            vol.Optional("time_zone"): cv.string,
            vol.Optional("server"): _host,
            vol.Optional("port"): cv.port,
            vol.Optional("interval_minutes"): vol.All(
                vol.Coerce(int), vol.Range(min=1, max=10080)
            ),
        }
    ),
    cv.has_at_least_one_key("mode", "time_zone", "server", "port", "interval_minutes"),
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions; what changes a device is for administrators."""
    async_register_setting(
        hass,
        (SERVICE_GET_TIME_SETTINGS, _async_get),
        (SERVICE_SET_TIME_SETTINGS, _async_set, SET_SCHEMA),
    )


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """Answer how a device keeps its time."""
    (target,) = targets(call.hass, [call.data["device_id"]])
    return _told(target, await _async_ask(target))


async def _async_set(call: ServiceCall) -> ServiceResponse:
    """Change how a device keeps its time, and answer what it shows then."""
    (target,) = targets(call.hass, [call.data["device_id"]])
    change = await _async_change(call)
    with target.errors_told():
        await target.coordinator.timekeeper.async_change(change)
    target.coordinator.async_update_listeners()
    return _told(target, await _async_ask(target))


async def _async_ask(target: Target) -> ClockSetting:
    """Ask a device. Raises HomeAssistantError."""
    with target.errors_told():
        return await async_get_clock_setting(target.coordinator.client)


async def _async_change(call: ServiceCall) -> ClockChange:
    """Return what is to change. Raises ServiceValidationError."""
    server = TimeServer(
        address=call.data.get("server"),
        port=call.data.get("port"),
        interval_minutes=call.data.get("interval_minutes"),
    )
    zone: str | None = call.data.get("time_zone")
    return ClockChange(
        mode=_MODES[call.data["mode"]] if "mode" in call.data else None,
        time_zone=await _async_zone(call.hass, zone) if zone else None,
        server=server if server != TimeServer() else None,
    )


async def _async_zone(hass: HomeAssistant, name: str) -> str:
    """Return a zone in the words of devices. Raises ServiceValidationError."""
    try:
        return await hass.async_add_executor_job(device_time_zone, name)
    except (UnknownZoneError, UnwritableZoneError) as error:
        is_known = isinstance(error, UnwritableZoneError)
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="time_zone_not_writable"
            if is_known
            else "time_zone_unknown",
            translation_placeholders={"time_zone": name},
        ) from error


def _told(target: Target, setting: ClockSetting) -> dict[str, Any]:
    """Return how a device keeps its time, ready for JSON."""
    server = setting.server or TimeServer()
    ahead = (setting.time.local_time - dt_util.utcnow()).total_seconds()
    mode = setting.time.mode
    return {
        "device_id": target.device_id,
        "time": setting.time.local_time.isoformat(),
        "ahead_seconds": round(ahead, 1),
        "mode": mode.lower() if mode else None,
        "time_zone": setting.time.time_zone,
        "server": server.address,
        "port": server.port,
        "interval_minutes": server.interval_minutes,
    }
