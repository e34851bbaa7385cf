"""Forms for the options of a device and of a channel."""

from typing import Final

from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from .const import (
    BARRIER_AUTO,
    BARRIER_ENTITY,
    BARRIER_NONE,
    BARRIER_OUTPUT,
    CONF_AREA,
    CONF_BARRIER,
    CONF_BARRIER_ENTITY,
    CONF_CLEAR_SECONDS,
    CONF_COOL_DOWN_SECONDS,
    CONF_DIRECTION_ROLE,
    CONF_GATE_CONTROL,
    CONF_HOLD_SECONDS,
    CONF_INTAKE,
    CONF_KEEP_LISTS,
    CONF_MERGE_SECONDS,
    CONF_MIN_CONFIDENCE,
    CONF_PULSE_SECONDS,
    CONF_REQUIRED_READS,
    CONTROL_CAMERA,
    CONTROL_HOME_ASSISTANT,
    CONTROL_MIXED,
    DEFAULT_CLEAR_SECONDS,
    DEFAULT_COOL_DOWN_SECONDS,
    DEFAULT_HOLD_SECONDS,
    DEFAULT_KEEP_LISTS,
    DEFAULT_MERGE_SECONDS,
    DEFAULT_MIN_CONFIDENCE,
    DEFAULT_PULSE_SECONDS,
    DEFAULT_REQUIRED_READS,
    INTAKE_ARMING,
    INTAKE_BOTH,
    INTAKE_LISTENING,
    KEEP_LISTS_CHANGES,
    KEEP_LISTS_IN_STEP,
    KEEP_LISTS_OFF,
    ROLE_BY_DIRECTION,
    ROLE_ENTRY,
    ROLE_EXIT,
    ROLE_NONE,
)
from .gate.entity_barrier import GATE_DOMAINS
from .number_field import whole_number

MOST_OUTPUTS: Final = 4
"""How many alarm outputs of a device can be chosen."""


def _choice(name: str, *values: str) -> SelectSelector:
    """Return a field for one of several values, with translations of its own."""
    return SelectSelector(
        SelectSelectorConfig(options=list(values), translation_key=name)
    )


DEVICE_OPTIONS: Final = vol.Schema(
    {
        vol.Required(CONF_INTAKE, default=INTAKE_ARMING): _choice(
            CONF_INTAKE, INTAKE_ARMING, INTAKE_LISTENING, INTAKE_BOTH
        ),
        vol.Required(CONF_MERGE_SECONDS, default=DEFAULT_MERGE_SECONDS): whole_number(
            0, 60, "s"
        ),
        vol.Required(CONF_KEEP_LISTS, default=DEFAULT_KEEP_LISTS): _choice(
            CONF_KEEP_LISTS, KEEP_LISTS_CHANGES, KEEP_LISTS_IN_STEP, KEEP_LISTS_OFF
        ),
        vol.Required(CONF_GATE_CONTROL, default=CONTROL_CAMERA): _choice(
            CONF_GATE_CONTROL, CONTROL_CAMERA, CONTROL_HOME_ASSISTANT, CONTROL_MIXED
        ),
    }
)
CHANNEL_OPTIONS: Final = vol.Schema(
    {
        vol.Required(CONF_HOLD_SECONDS, default=DEFAULT_HOLD_SECONDS): whole_number(
            1, 3600, "s"
        ),
        vol.Required(CONF_CLEAR_SECONDS, default=DEFAULT_CLEAR_SECONDS): whole_number(
            0, 86400, "s"
        ),
        vol.Optional(CONF_AREA, default=""): TextSelector(),
        vol.Required(CONF_DIRECTION_ROLE, default=ROLE_NONE): _choice(
            CONF_DIRECTION_ROLE, ROLE_ENTRY, ROLE_EXIT, ROLE_BY_DIRECTION, ROLE_NONE
        ),
        vol.Required(CONF_MIN_CONFIDENCE, default=DEFAULT_MIN_CONFIDENCE): whole_number(
            0, 100, "%"
        ),
        vol.Required(CONF_REQUIRED_READS, default=DEFAULT_REQUIRED_READS): whole_number(
            1, 5
        ),
        vol.Required(
            CONF_COOL_DOWN_SECONDS, default=DEFAULT_COOL_DOWN_SECONDS
        ): whole_number(0, 600, "s"),
        vol.Required(CONF_BARRIER, default=BARRIER_AUTO): _choice(
            CONF_BARRIER,
            BARRIER_AUTO,
            *(f"{BARRIER_OUTPUT}{number}" for number in range(1, MOST_OUTPUTS + 1)),
            BARRIER_ENTITY,
            BARRIER_NONE,
        ),
        vol.Optional(CONF_BARRIER_ENTITY): EntitySelector(
            EntitySelectorConfig(domain=list(GATE_DOMAINS))
        ),
        vol.Required(CONF_PULSE_SECONDS, default=DEFAULT_PULSE_SECONDS): whole_number(
            1, 60, "s"
        ),
    }
)


def channel_form(areas: list[str]) -> vol.Schema:
    """Return the form of a channel's options, where the known areas can be chosen."""
    choice = SelectSelector(
        SelectSelectorConfig(
            options=areas, custom_value=True, mode=SelectSelectorMode.DROPDOWN
        )
    )
    fields = CHANNEL_OPTIONS.schema
    return vol.Schema(
        {key: choice if key == CONF_AREA else field for key, field in fields.items()}
    )
