"""Configure the parking areas of the centre."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import (
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from .const import CONF_CAPACITY, CONF_LONGEST_STAY
from .number_field import whole_number
from .parking.schema import AREA_LENGTH

AREA: Final = vol.Schema(
    {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Required(CONF_CAPACITY, default=0): whole_number(0, 100_000),
        vol.Required(CONF_LONGEST_STAY, default=0): whole_number(0, 8760, "h"),
    }
)


class AreaFlow(ConfigSubentryFlow):
    """Add an area, or change it."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new area."""
        errors = self._errors(user_input)
        if user_input is None or errors:
            return self._show("user", user_input or {}, errors)
        title = user_input.pop(CONF_NAME).strip()
        return self.async_create_entry(title=title, data=user_input, unique_id=title)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how an area is from now on."""
        area = self._get_reconfigure_subentry()
        errors = self._errors(user_input, area)
        if user_input is None or errors:
            shown = user_input or {CONF_NAME: area.title, **area.data}
            return self._show("reconfigure", shown, errors)
        title = user_input.pop(CONF_NAME).strip()
        return self.async_update_and_abort(
            self._get_entry(), area, title=title, data=user_input, unique_id=title
        )

    def _errors(
        self, user_input: Mapping[str, Any] | None, area: ConfigSubentry | None = None
    ) -> dict[str, str]:
        """Return what is wrong with a name, by field."""
        if user_input is None:
            return {}
        name = str(user_input[CONF_NAME]).strip()
        others = {
            other.title
            for other in self._get_entry().subentries.values()
            if area is None or other.subentry_id != area.subentry_id
        }
        if not name:
            return {CONF_NAME: "name_missing"}
        if len(name) > AREA_LENGTH:
            return {CONF_NAME: "name_too_long"}
        return {CONF_NAME: "name_taken"} if name in others else {}

    def _show(
        self, step_id: str, shown: Mapping[str, Any], errors: dict[str, str]
    ) -> SubentryFlowResult:
        """Show the form."""
        schema = self.add_suggested_values_to_schema(
            AREA,  # type: ignore[arg-type]  # one engine, by two names
            shown,
        )
        return self.async_show_form(step_id=step_id, data_schema=schema, errors=errors)
