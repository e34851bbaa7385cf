"""Provide actions for the time settings of a device."""

from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.network import is_host_valid
import voluptuous as vol

from .channel_targets import Target
from .const import DOMAIN
from .isapi.clock_setting import MANUAL, NTP, ClockChange, async_get_clock_setting
from .isapi.time_server import TimeServer
from .isapi.zone_rules import UnknownZoneError, UnwritableZoneError, device_time_zone
from .setting_services import Setting, async_register_setting

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
        Setting(
            get_name=SERVICE_GET_TIME_SETTINGS,
            set_name=SERVICE_SET_TIME_SETTINGS,
            ask=_async_ask,
            change=_async_set,
            set_schema=SET_SCHEMA,
            of_device=True,
        ),
    )


async def _async_ask(target: Target, _call: ServiceCall) -> dict[str, Any]:
    """Answer how a device keeps its time."""
    setting = await async_get_clock_setting(target.coordinator.client)
    server = setting.server or TimeServer()
    ahead = (setting.time.local_time - dt_util.utcnow()).total_seconds()
    mode = setting.time.mode
    return {
        "time": setting.time.local_time.isoformat(),
        "ahead_seconds": round(ahead, 1),
        "mode": mode.lower() if mode else None,
        "time_zone": setting.time.time_zone,
        "server": server.address,
        "port": server.port,
        "interval_minutes": server.interval_minutes,
    }


async def _async_set(target: Target, call: ServiceCall) -> dict[str, Any]:
    """Change how a device keeps its time."""
    await target.coordinator.timekeeper.async_change(await _async_change(call))
    target.coordinator.async_update_listeners()
    return {}


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
