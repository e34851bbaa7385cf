"""Let automations ask what is known of a vehicle."""

from collections.abc import Mapping
from typing import Any, Final, Unpack, cast, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConditionErrorMessage, TemplateError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.template import Template
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .centre import async_get_centre
from .vehicles.fields import LISTS

CONF_LIST: Final = "list"
CONF_PLATE: Final = "plate"
OF_THE_TRIGGER: Final = "{{ trigger.plate }}"

_IS_LISTED: Final = vol.Schema(
    {
        vol.Required(CONF_OPTIONS, default=dict): {
            vol.Optional(CONF_PLATE, default=OF_THE_TRIGGER): cv.template,
            vol.Optional(CONF_LIST, default=["allow"]): vol.All(
                cv.ensure_list, [vol.In(LISTS)]
            ),
        }
    }
)


class IsListedCondition(Condition):
    """Tell whether the vehicle with a plate is on a list of the centre just now."""

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Return the options with their defaults. Raises vol.Invalid."""
        return cast(ConfigType, _IS_LISTED(config))

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Prepare to look a vehicle up."""
        super().__init__(hass, config)
        options: Mapping[str, Any] = config.options or {}
        self._plate: Template = options[CONF_PLATE]
        self._lists: list[str] = options[CONF_LIST]

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        """Look the vehicle up. Raises ConditionErrorMessage."""
        registry = async_get_centre(self._hass).vehicles
        if registry is None:
            raise ConditionErrorMessage("is_listed", "the ANPR centre is not open")
        plate = rendered(self._plate, **kwargs)
        vehicle = registry.find(plate).vehicle
        if vehicle is None or vehicle.why_not(dt_util.now()):
            return "none" in self._lists
        return vehicle.list in self._lists


def rendered(plate: Template, **kwargs: Unpack[ConditionCheckParams]) -> str | None:
    """Return what a plate is now; None where there is none.

    Raises ConditionErrorMessage.
    """
    try:
        value = plate.async_render(kwargs.get("variables"), parse_result=False)
    except TemplateError as error:
        raise ConditionErrorMessage(CONF_PLATE, str(error)) from error
    return None if value in {"", "None"} else value


CONDITIONS: Final[dict[str, type[Condition]]] = {"is_listed": IsListedCondition}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of the integration."""
    return CONDITIONS
