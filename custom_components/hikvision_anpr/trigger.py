"""Trigger for vehicles that pass."""

from collections.abc import Mapping
import re
from typing import Any, Final, cast, override

from homeassistant.const import CONF_DEVICE_ID, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import (
    NotTriggeredInfo,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .const import EVENT_PASSAGE
from .hidden_plates import unmasked
from .intake.identity import folded_plate
from .picture_view import picture_links

CONF_DIRECTION: Final = "direction"
CONF_LANE: Final = "lane"
CONF_LIST: Final = "list"
CONF_MIN_CONFIDENCE: Final = "min_confidence"
CONF_PLATE: Final = "plate"

_WILDCARDS: Final = {"*": ".*", "?": "."}


def _plate(value: Any) -> str:
    """Return a plate that has something to compare. Raises vol.Invalid."""
    plate = cv.string(value).strip()
    if not folded_plate(plate) and not set(plate) & _WILDCARDS.keys():
        raise vol.Invalid("a plate needs a letter or a digit")
    return plate


_OPTIONS: Final = {
    vol.Optional(CONF_PLATE): vol.All(cv.ensure_list, [_plate]),
    vol.Optional(CONF_LIST): vol.All(
        cv.ensure_list, [vol.In(("allow", "block", "none"))]
    ),
    vol.Optional(CONF_DIRECTION): vol.All(
        cv.ensure_list, [vol.In(("forward", "reverse", "unknown"))]
    ),
    vol.Optional(CONF_LANE): vol.All(
        cv.ensure_list, [vol.All(vol.Coerce(int), vol.Range(min=0))]
    ),
    vol.Optional(CONF_MIN_CONFIDENCE): vol.All(
        vol.Coerce(float), vol.Range(min=0, max=100)
    ),
    vol.Optional(CONF_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
}
_SCHEMA: Final = vol.Schema({vol.Required(CONF_OPTIONS, default=dict): _OPTIONS})


class PassageTrigger(Trigger):
    """Fire once for each live passage that fits."""

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Return the options as they are compared. Raises vol.Invalid."""
        return cast(ConfigType, _SCHEMA(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Prepare to compare passages."""
        super().__init__(hass, config)
        self._options: Mapping[str, Any] = config.options or {}
        self._plates = [_pattern(plate) for plate in self._options.get(CONF_PLATE, ())]

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Listen for passages; a reload of a device changes nothing."""

        @callback
        def take(event: Event) -> None:
            passage = unmasked(self._hass, event.data)
            if option := self._unfit(passage):
                if did_not_trigger:
                    did_not_trigger(
                        NotTriggeredInfo(f"{option} does not fit", event.data),
                        event.context,
                    )
                return
            # Why it ran is recorded: there the plate may be masked.
            plate = event.data["plate"] or "a vehicle without a readable plate"
            run_action(self._told(passage), f"{plate} passed", event.context)

        return self._hass.bus.async_listen(EVENT_PASSAGE, take)

    def _told(self, passage: Mapping[str, Any]) -> dict[str, Any]:
        """Return what actions are told: the passage, and where its pictures will be.

        An event that a user fires to try an automation may be of no passage.
        """
        passage_id = passage.get("passage_id")
        links = picture_links(self._hass, passage_id) if passage_id else {}
        return {**passage, "pictures": links}

    def _unfit(self, passage: Mapping[str, Any]) -> str | None:
        """Return the option that a passage does not fit, None where all do."""
        if self._plates and not self._has_plate(passage["plate"]):
            return CONF_PLATE
        for option in (CONF_LIST, CONF_DIRECTION, CONF_LANE, CONF_DEVICE_ID):
            if option in self._options and passage[option] not in self._options[option]:
                return option
        least = self._options.get(CONF_MIN_CONFIDENCE)
        if least is not None and (passage["confidence"] or 0) < least:
            return CONF_MIN_CONFIDENCE
        return None

    def _has_plate(self, plate: str | None) -> bool:
        """Tell whether a plate is one of those that are waited for."""
        return plate is not None and any(
            pattern.fullmatch(folded_plate(plate)) for pattern in self._plates
        )


def _pattern(plate: str) -> re.Pattern[str]:
    """Return what a plate looks like, look-alikes made equal.

    A `*` stands for any characters, a `?` for one.
    """
    parts = re.split(r"([*?])", plate)
    return re.compile(
        "".join(_WILDCARDS.get(part) or re.escape(folded_plate(part)) for part in parts)
    )


TRIGGERS: Final[dict[str, type[Trigger]]] = {"passage": PassageTrigger}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of the integration."""
    return TRIGGERS
