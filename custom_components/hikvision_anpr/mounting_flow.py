"""Check where a camera can be mounted, before it is added."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from .const import DOMAIN
from .mounting import WIDEST_ANGLE, Advice
from .mounting_request import (
    CAMERA_HEIGHT,
    DISTANCE,
    FOCAL_LENGTH,
    MEASURES,
    OFFSET,
    PICTURE_HEIGHT,
    PICTURE_WIDTH,
    PLATE_ABOVE_ROAD,
    PLATE_HEIGHT,
    PLATE_WIDTH,
    SENSOR,
    SENSOR_WIDTH,
    SENSOR_WIDTHS,
    USUAL_SENSOR,
    VIEW_ANGLE,
    advice_for,
    pixels_wanted,
)

DETAILS: Final = "details"
NO_PROBLEM: Final = ("place_is_good",)


def _measure(name: str) -> NumberSelector:
    """Return the field for a number, with its limits and its unit."""
    measure = MEASURES[name]
    return NumberSelector(
        NumberSelectorConfig(
            min=measure.least,
            max=measure.most,
            step="any",
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=measure.unit,
        )
    )


def _usual(name: str) -> float | None:
    """Return what a field shows at first."""
    return MEASURES[name].usual


PLACE: Final = vol.Schema(
    {
        vol.Required(CAMERA_HEIGHT): _measure(CAMERA_HEIGHT),
        vol.Required(DISTANCE): _measure(DISTANCE),
        vol.Required(OFFSET, default=_usual(OFFSET)): _measure(OFFSET),
        vol.Optional(VIEW_ANGLE): _measure(VIEW_ANGLE),
        vol.Optional(FOCAL_LENGTH): _measure(FOCAL_LENGTH),
        vol.Required(SENSOR, default=USUAL_SENSOR): SelectSelector(
            SelectSelectorConfig(
                options=list(SENSOR_WIDTHS), mode=SelectSelectorMode.DROPDOWN
            )
        ),
        vol.Required(DETAILS): section(
            vol.Schema(  # type: ignore[arg-type]  # one engine, by two names
                {
                    vol.Optional(SENSOR_WIDTH): _measure(SENSOR_WIDTH),
                    vol.Required(
                        PICTURE_WIDTH, default=_usual(PICTURE_WIDTH)
                    ): _measure(PICTURE_WIDTH),
                    vol.Required(
                        PICTURE_HEIGHT, default=_usual(PICTURE_HEIGHT)
                    ): _measure(PICTURE_HEIGHT),
                    vol.Required(PLATE_WIDTH, default=_usual(PLATE_WIDTH)): _measure(
                        PLATE_WIDTH
                    ),
                    vol.Required(PLATE_HEIGHT, default=_usual(PLATE_HEIGHT)): _measure(
                        PLATE_HEIGHT
                    ),
                    vol.Required(
                        PLATE_ABOVE_ROAD, default=_usual(PLATE_ABOVE_ROAD)
                    ): _measure(PLATE_ABOVE_ROAD),
                }
            ),
            {"collapsed": True},
        ),
    }
)


class MountingFlow(ConfigFlow):
    """Ask for a place and a lens, and say in words what comes of them."""

    _place: Mapping[str, Any] = {}
    _advice: Advice

    async def async_step_mounting(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the place and the lens of a camera."""
        errors = {}
        if user_input is not None:
            self._place = user_input
            said = {**user_input, **user_input[DETAILS]}
            if advice := advice_for(said):
                self._advice = advice
                return await self.async_step_mounting_advice()
            errors[VIEW_ANGLE] = "view_missing"
        return self.async_show_form(
            step_id="mounting",
            data_schema=self.add_suggested_values_to_schema(
                PLACE,  # type: ignore[arg-type]  # one engine, by two names
                self._place,
            ),
            errors=errors,
        )

    async def async_step_mounting_advice(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say whether a camera can read there; try another place, or go on."""
        return self.async_show_menu(
            step_id="mounting_advice",
            menu_options=["mounting", "user"],
            description_placeholders={
                "advice": await self._async_in_words(
                    *self._advice.problems or NO_PROBLEM
                ),
                "reach": await self._async_in_words(_reach(self._advice)),
                **_numbers(self._advice),
            },
        )

    async def _async_in_words(self, *keys: str) -> str:
        """Return what comes of a place, in the words for these keys."""
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "config", [DOMAIN]
        )
        numbers = _numbers(self._advice)
        return "\n\n".join(
            texts[f"component.{DOMAIN}.config.error.{key}"].format_map(numbers)
            for key in keys
        )


def _reach(advice: Advice) -> str:
    """Return the key of what is said of the distances at which plates can be read."""
    if advice.farthest is None or advice.farthest <= advice.nearest:
        return "reach_none"
    return "reach"


def _numbers(advice: Advice) -> dict[str, str]:
    """Return the numbers that the words of an advice are about."""
    least, most = pixels_wanted({})
    return {
        "vertical": f"{advice.vertical_angle:.0f}",
        "horizontal": f"{abs(advice.horizontal_angle):.0f}",
        "widest": f"{WIDEST_ANGLE:.0f}",
        "pixels": f"{advice.plate_pixels_high:.0f}",
        "least": f"{least:.0f}",
        "most": f"{most:.0f}",
        "nearest": f"{advice.nearest:.1f}",
        "farthest": "–" if advice.farthest is None else f"{advice.farthest:.1f}",
    }
