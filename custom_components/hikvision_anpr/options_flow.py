"""Choose what is done with the reads of a device."""

from dataclasses import asdict
from typing import Any, Final

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol

from .channel_options import channel_options
from .const import (
    CONF_CHANNELS,
    CONF_CLEAR_SECONDS,
    CONF_HOLD_SECONDS,
    CONF_MERGE_SECONDS,
    DEFAULT_CLEAR_SECONDS,
    DEFAULT_HOLD_SECONDS,
    DEFAULT_MERGE_SECONDS,
)


def _seconds(lowest: int, highest: int) -> vol.All:
    """Return a field for whole seconds."""
    config = NumberSelectorConfig(
        min=lowest,
        max=highest,
        step=1,
        mode=NumberSelectorMode.BOX,
        unit_of_measurement="s",
    )
    return vol.All(NumberSelector(config), vol.Coerce(int))


DEVICE_OPTIONS: Final = vol.Schema(
    {vol.Required(CONF_MERGE_SECONDS, default=DEFAULT_MERGE_SECONDS): _seconds(0, 60)}
)
CHANNEL_OPTIONS: Final = vol.Schema(
    {
        vol.Required(CONF_HOLD_SECONDS, default=DEFAULT_HOLD_SECONDS): _seconds(
            1, 3600
        ),
        vol.Required(CONF_CLEAR_SECONDS, default=DEFAULT_CLEAR_SECONDS): _seconds(
            0, 86400
        ),
    }
)


class AnprOptionsFlow(OptionsFlowWithReload):
    """Ask what is done with the reads of a device."""

    def __init__(self) -> None:
        """Begin before the first form."""
        self._options: dict[str, Any] = {}
        self._waiting: list[int] = []

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what holds for the device and, where there is but one, its channel."""
        channels = self._known_channels()
        if user_input is None:
            return self._show_init(channels)
        options = self.config_entry.options
        self._options = {
            **options,
            CONF_MERGE_SECONDS: user_input.pop(CONF_MERGE_SECONDS),
            CONF_CHANNELS: dict(options.get(CONF_CHANNELS, {})),
        }
        self._waiting = channels
        return await self.async_step_channel(user_input or None)

    async def async_step_channel(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for one channel after the other."""
        if user_input is not None:
            chosen, channel = self._options[CONF_CHANNELS], str(self._waiting.pop(0))
            chosen[channel] = {**chosen.get(channel, {}), **user_input}
        if not self._waiting:
            return self.async_create_entry(data=self._options)
        return self._show_channel(self._waiting[0])

    def _known_channels(self) -> list[int]:
        """Return the channels of the device, as far as they are known."""
        if self.config_entry.state is ConfigEntryState.LOADED:
            return sorted(self.config_entry.runtime_data.data)
        return sorted(map(int, self.config_entry.options.get(CONF_CHANNELS, ()))) or [1]

    def _show_init(self, channels: list[int]) -> ConfigFlowResult:
        """Show the first form, which of a single channel is the only one."""
        schema, shown = DEVICE_OPTIONS, dict(self.config_entry.options)
        if len(channels) == 1:
            schema = schema.extend(CHANNEL_OPTIONS.schema)
            shown |= self._chosen_before(channels[0])
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                schema,  # type: ignore[arg-type]  # one engine, by two names
                shown,
            ),
            last_step=len(channels) == 1,
        )

    def _show_channel(self, channel: int) -> ConfigFlowResult:
        """Show the form of one of several channels."""
        return self.async_show_form(
            step_id="channel",
            data_schema=self.add_suggested_values_to_schema(
                CHANNEL_OPTIONS,  # type: ignore[arg-type]  # one engine, by two names
                self._chosen_before(channel),
            ),
            description_placeholders={"channel": str(channel)},
            last_step=len(self._waiting) == 1,
        )

    def _chosen_before(self, channel: int) -> dict[str, Any]:
        """Return what holds for a channel now."""
        return asdict(channel_options(self.config_entry.options, channel))
