"""Ask for whole numbers in a form."""

from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol


def whole_number(lowest: int, highest: int, unit: str | None = None) -> vol.All:
    """Return a field for a whole number, with a unit that is shown beside it."""
    config = NumberSelectorConfig(
        min=lowest, max=highest, step=1, mode=NumberSelectorMode.BOX
    )
    if unit:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))
