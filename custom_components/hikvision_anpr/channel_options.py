"""Read the options of a channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .const import (
    BARRIER_AUTO,
    BARRIER_OUTPUT,
    CONF_AREA,
    CONF_BARRIER,
    CONF_BARRIER_ENTITY,
    CONF_CHANNELS,
    CONF_CLEAR_SECONDS,
    CONF_COOL_DOWN_SECONDS,
    CONF_DIRECTION_ROLE,
    CONF_GATE_CONTROL,
    CONF_HOLD_SECONDS,
    CONF_MIN_CONFIDENCE,
    CONF_PULSE_SECONDS,
    CONF_REQUIRED_READS,
    CONTROL_CAMERA,
    DEFAULT_CLEAR_SECONDS,
    DEFAULT_COOL_DOWN_SECONDS,
    DEFAULT_HOLD_SECONDS,
    DEFAULT_MIN_CONFIDENCE,
    DEFAULT_PULSE_SECONDS,
    DEFAULT_REQUIRED_READS,
    ROLE_NONE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOptions:
    """Hold the options of a channel.

    `hold_seconds`: how long a listed vehicle stays shown; `clear_seconds`: when the
    last plate is forgotten, 0 for never; `barrier`: what is moved, "auto" for the
    device's own barrier, "none", "entity" for `barrier_entity`, or "output_" and the number of an alarm output,
    which is set for `pulse_seconds`; `area`: where its vehicles come in or go out, by
    `direction_role` ("entry", "exit", "by_direction", "none"); `gate_control`: who opens
    ("camera", "home_assistant", "mixed"), the device's choice unless the channel has its
    own; `min_confidence` (0 to 100) and `required_reads`: what opening takes;
    `cool_down_seconds`: how long it does not open again for the same vehicle.
    """

    hold_seconds: float
    clear_seconds: float
    barrier: str
    barrier_entity: str | None
    pulse_seconds: float
    area: str
    direction_role: str
    gate_control: str
    min_confidence: int
    required_reads: int
    cool_down_seconds: float


def channel_options(options: Mapping[str, Any], channel: int) -> ChannelOptions:
    """Return the options of a channel out of those of its entry."""
    chosen = options.get(CONF_CHANNELS, {}).get(str(channel), {})
    return ChannelOptions(
        hold_seconds=chosen.get(CONF_HOLD_SECONDS, DEFAULT_HOLD_SECONDS),
        clear_seconds=chosen.get(CONF_CLEAR_SECONDS, DEFAULT_CLEAR_SECONDS),
        barrier=chosen.get(CONF_BARRIER, BARRIER_AUTO),
        barrier_entity=chosen.get(CONF_BARRIER_ENTITY),
        pulse_seconds=chosen.get(CONF_PULSE_SECONDS, DEFAULT_PULSE_SECONDS),
        area=chosen.get(CONF_AREA, ""),
        direction_role=chosen.get(CONF_DIRECTION_ROLE, ROLE_NONE),
        gate_control=chosen.get(
            CONF_GATE_CONTROL, options.get(CONF_GATE_CONTROL, CONTROL_CAMERA)
        ),
        min_confidence=chosen.get(CONF_MIN_CONFIDENCE, DEFAULT_MIN_CONFIDENCE),
        required_reads=chosen.get(CONF_REQUIRED_READS, DEFAULT_REQUIRED_READS),
        cool_down_seconds=chosen.get(CONF_COOL_DOWN_SECONDS, DEFAULT_COOL_DOWN_SECONDS),
    )


def gate_outputs(options: Mapping[str, Any]) -> frozenset[int]:
    """Return the alarm outputs that move a gate, out of the options of an entry."""
    chosen = (
        one.get(CONF_BARRIER, "") for one in options.get(CONF_CHANNELS, {}).values()
    )
    return frozenset(
        int(barrier.removeprefix(BARRIER_OUTPUT))
        for barrier in chosen
        if barrier.startswith(BARRIER_OUTPUT)
    )
