"""Choose what holds for the centre, a form for each room."""

from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol

from .const import CONF_KEEP_DAYS_ALLOW, CONF_KEEP_DAYS_BLOCK, CONF_KEEP_DAYS_NONE

_DAYS: Final = vol.All(
    NumberSelector(
        NumberSelectorConfig(
            min=0,
            max=36500,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement="d",
        )
    ),
    vol.Coerce(int),
)
RETENTION: Final = vol.Schema(
    {
        vol.Required(CONF_KEEP_DAYS_ALLOW, default=0): _DAYS,
        vol.Required(CONF_KEEP_DAYS_BLOCK, default=0): _DAYS,
        vol.Required(CONF_KEEP_DAYS_NONE, default=0): _DAYS,
    }
)

MENU: Final = ["retention"]


class CentreOptionsFlow(OptionsFlowWithReload):
    """Let the user choose what to change, and ask for it."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with the menu, under a name that no device's options have."""
        return await self.async_step_centre()

    async def async_step_centre(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what there is to change."""
        return self.async_show_menu(step_id="centre", menu_options=MENU)

    async def async_step_retention(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for how many days passages are kept, by the list of the vehicle."""
        if user_input is not None:
            return self.async_create_entry(
                data={**self.config_entry.options, **user_input}
            )
        return self.async_show_form(
            step_id="retention",
            data_schema=self.add_suggested_values_to_schema(
                RETENTION,  # type: ignore[arg-type]  # one engine, by two names
                self.config_entry.options,
            ),
        )
