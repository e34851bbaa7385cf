"""Choose what holds for the centre, a form for each room."""

from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol

from .const import (
    CONF_KEEP_DAYS_ALLOW,
    CONF_KEEP_DAYS_BLOCK,
    CONF_KEEP_DAYS_NONE,
    CONF_MATCH_CONFIDENCE_ALLOW,
    CONF_MATCH_CONFIDENCE_BLOCK,
    CONF_MATCH_EDITS_ALLOW,
    CONF_MATCH_EDITS_BLOCK,
)


def _whole(highest: int, unit: str | None = None) -> vol.All:
    """Return a field for a whole number from 0 on."""
    config = NumberSelectorConfig(
        min=0, max=highest, step=1, mode=NumberSelectorMode.BOX
    )
    if unit:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


_DAYS: Final = _whole(36500, "d")
RETENTION: Final = vol.Schema(
    {
        vol.Required(CONF_KEEP_DAYS_ALLOW, default=0): _DAYS,
        vol.Required(CONF_KEEP_DAYS_BLOCK, default=0): _DAYS,
        vol.Required(CONF_KEEP_DAYS_NONE, default=0): _DAYS,
    }
)

MATCHING: Final = vol.Schema(
    {
        vol.Required(CONF_MATCH_EDITS_ALLOW, default=0): _whole(2),
        vol.Required(CONF_MATCH_EDITS_BLOCK, default=0): _whole(2),
        vol.Required(CONF_MATCH_CONFIDENCE_ALLOW, default=0): _whole(100, "%"),
        vol.Required(CONF_MATCH_CONFIDENCE_BLOCK, default=0): _whole(100, "%"),
    }
)
FORMS: Final = {"retention": RETENTION, "matching": MATCHING}


class CentreOptionsFlow(OptionsFlow):
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
        return self.async_show_menu(step_id="centre", menu_options=list(FORMS))

    async def async_step_retention(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for how many days passages are kept, by the list of the vehicle."""
        return self._ask("retention", user_input)

    async def async_step_matching(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how far a plate may differ from a vehicle's, and how sure it must be."""
        return self._ask("matching", user_input)

    def _ask(self, form: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show a form, or keep what was filled in beside the other options."""
        if user_input is not None:
            return self.async_create_entry(
                data={**self.config_entry.options, **user_input}
            )
        return self.async_show_form(
            step_id=form,
            data_schema=self.add_suggested_values_to_schema(
                FORMS[form],  # type: ignore[arg-type]  # one engine, by two names
                self.config_entry.options,
            ),
        )
