"""Choose who opens the gate of a channel."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .channel_options import channel_options
from .const import (
    CONF_CHANNELS,
    CONF_GATE_CONTROL,
    CONTROL_CAMERA,
    CONTROL_HOME_ASSISTANT,
    CONTROL_MIXED,
)
from .coordinator import AnprConfigEntry
from .entity import AnprEntity, async_add_for_channels

PARALLEL_UPDATES = 0

GATE_CONTROL: Final = SelectEntityDescription(
    key="gate_control",
    translation_key="gate_control",
    entity_category=EntityCategory.CONFIG,
    options=[CONTROL_CAMERA, CONTROL_HOME_ASSISTANT, CONTROL_MIXED],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the choice of each channel."""
    async_add_for_channels(
        entry,
        async_add_entities,
        lambda channel: [AnprGateControl(entry.runtime_data, channel, GATE_CONTROL)],
    )


class AnprGateControl(AnprEntity, SelectEntity):
    """Show and change who opens the gate; it counts from the next passage on."""

    @property
    @override
    def available(self) -> bool:
        """Stay available: nothing is asked of the device."""
        return True

    @property
    @override
    def current_option(self) -> str:
        """Return what holds for the channel."""
        options = self.coordinator.config_entry.options
        return channel_options(options, self.channel).gate_control

    @override
    async def async_select_option(self, option: str) -> None:
        """Keep the choice: for a camera, or for one of several channels."""
        entry = self.coordinator.config_entry
        is_one_of_several = len(self.coordinator.data) > 1
        options = (
            _with_choice(entry.options, self.channel, option)
            if is_one_of_several
            else {**entry.options, CONF_GATE_CONTROL: option}
        )
        self.hass.config_entries.async_update_entry(entry, options=options)
        self.coordinator.gates.async_show_rival()
        self.async_write_ha_state()


def _with_choice(
    options: Mapping[str, Any], channel: int, control: str
) -> dict[str, Any]:
    """Return the options with a choice for one channel."""
    channels = dict(options.get(CONF_CHANNELS, {}))
    of_channel = channels.get(str(channel), {})
    channels[str(channel)] = {**of_channel, CONF_GATE_CONTROL: control}
    return {**options, CONF_CHANNELS: channels}
