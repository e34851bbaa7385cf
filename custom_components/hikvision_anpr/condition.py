"""Conditions on what is known of a vehicle."""

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
from .const import CONF_AREA
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


_IS_INSIDE: Final = vol.Schema(
    {
        vol.Required(CONF_OPTIONS, default=dict): {
            vol.Optional(CONF_PLATE, default=OF_THE_TRIGGER): cv.template,
            vol.Optional(CONF_AREA): cv.string,
        }
    }
)


class IsInsideCondition(Condition):
    """Tell whether the vehicle with a plate is in a parking area, or in any."""

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Return the options with their defaults. Raises vol.Invalid."""
        return cast(ConfigType, _IS_INSIDE(config))

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Prepare to look a vehicle up."""
        super().__init__(hass, config)
        options: Mapping[str, Any] = config.options or {}
        self._plate: Template = options[CONF_PLATE]
        self._area: str | None = options.get(CONF_AREA) or None

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        """Look the vehicle up. Raises ConditionErrorMessage."""
        if (car_park := async_get_centre(self._hass).known_inside) is None:
            raise ConditionErrorMessage("is_inside", "the ANPR centre is not open")
        plate = rendered(self._plate, **kwargs)
        return plate is not None and car_park.is_inside(plate, self._area)


def rendered(plate: Template, **kwargs: Unpack[ConditionCheckParams]) -> str | None:
    """Return what a plate is now; None where there is none.

    Raises ConditionErrorMessage.
    """
    try:
        value = plate.async_render(kwargs.get("variables"), parse_result=False)
    except TemplateError as error:
        raise ConditionErrorMessage(CONF_PLATE, str(error)) from error
    return None if value in {"", "None"} else value


CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_inside": IsInsideCondition,
    "is_listed": IsListedCondition,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of the integration."""
    return CONDITIONS
