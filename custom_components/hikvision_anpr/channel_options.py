"""Read what the user chose for one channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .const import (
    BARRIER_AUTO,
    CONF_BARRIER,
    CONF_CHANNELS,
    CONF_CLEAR_SECONDS,
    CONF_HOLD_SECONDS,
    CONF_PULSE_SECONDS,
    DEFAULT_CLEAR_SECONDS,
    DEFAULT_HOLD_SECONDS,
    DEFAULT_PULSE_SECONDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOptions:
    """Hold the options of a channel.

    `hold_seconds`: how long a listed vehicle stays shown; `clear_seconds`: when the
    last plate is forgotten, 0 for never; `barrier`: what is moved, "auto" for the
    device's own barrier, "none", or "output_" and the number of an alarm output,
    which is set for `pulse_seconds`.
    """

    hold_seconds: float
    clear_seconds: float
    barrier: str
    pulse_seconds: float


def channel_options(options: Mapping[str, Any], channel: int) -> ChannelOptions:
    """Return the options of a channel out of those of its entry."""
    chosen = options.get(CONF_CHANNELS, {}).get(str(channel), {})
    return ChannelOptions(
        hold_seconds=chosen.get(CONF_HOLD_SECONDS, DEFAULT_HOLD_SECONDS),
        clear_seconds=chosen.get(CONF_CLEAR_SECONDS, DEFAULT_CLEAR_SECONDS),
        barrier=chosen.get(CONF_BARRIER, BARRIER_AUTO),
        pulse_seconds=chosen.get(CONF_PULSE_SECONDS, DEFAULT_PULSE_SECONDS),
    )
