"""Fix a wrong clock: set it now, or use a time server."""

from datetime import timedelta
from typing import Any, Final

from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.util import dt as dt_util
from homeassistant.util.network import is_host_valid
import voluptuous as vol

from ..isapi.clock_setting import ClockSetting, async_get_clock_setting, async_set_clock
from ..isapi.errors import IsapiError
from .flow import ABSENT, NOTHING, DeviceRepairFlow

CONF_SERVER: Final = "server"


class RepairFlow(DeviceRepairFlow):
    """Ask how the clock is to be set, after showing what it shows."""

    _setting: ClockSetting

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show the clock, and ask whether to set it once or for good."""
        try:
            self._setting = await async_get_clock_setting(self._client())
        except IsapiError as error:
            return self._give_up(error)
        return self.async_show_menu(
            step_id="init",
            menu_options=[
                "set_time",
                *(["time_server"] if self._server else []),
            ],
            description_placeholders=self._shown(),
        )

    async def async_step_set_time(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Set the time once."""
        error = None
        if user_input is not None:
            if (error := await self._async_set(None)) is None:
                return self.async_create_entry(data={})
        return self._form("set_time", self._shown(), NOTHING, error)

    async def async_step_time_server(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Set the time, and let the device follow a server from now on."""
        server, error, errors = self._server or "", None, {}
        if user_input is not None:
            server = user_input[CONF_SERVER].strip()
            if not is_host_valid(server):
                errors = {CONF_SERVER: "invalid_host"}
            elif (error := await self._async_set(server)) is None:
                return self.async_create_entry(data={})
        schema = vol.Schema({vol.Required(CONF_SERVER, default=server): str})
        return self._form("time_server", self._shown(), schema, error, errors)

    @property
    def _server(self) -> str | None:
        """Return the time server that the device asks."""
        return self._setting.server.address if self._setting.server else None

    async def _async_set(self, server: str | None) -> IsapiError | None:
        """Set the clock; return what the device has against it."""
        try:
            await async_set_clock(self._client(), dt_util.utcnow, server)
        except IsapiError as error:
            return error
        self._look_again()
        return None

    def _shown(self) -> dict[str, str]:
        """Return what the device shows, and what it will."""
        time = self._setting.time
        now = dt_util.utcnow()
        seconds = round((time.local_time - now).total_seconds())
        return self._named | {
            "shown": time.local_time.isoformat(sep=" ", timespec="seconds"),
            "wanted": now.astimezone(time.local_time.tzinfo).isoformat(
                sep=" ", timespec="seconds"
            ),
            "off_by": f"{'+' if seconds > 0 else '−'}{timedelta(seconds=abs(seconds))}",
            "mode": time.mode or ABSENT,
            "server": self._server or ABSENT,
        }
