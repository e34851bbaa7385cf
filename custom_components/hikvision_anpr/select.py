"""Selects for who opens the gate, and for the image scene."""

from collections.abc import Mapping
from datetime import timedelta
import re
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
from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprEntity, async_add_for_channels
from .exceptions import errors_told
from .isapi.errors import IsapiError
from .isapi.scene import Scenes, async_get_scene, async_get_scenes, async_set_scene
from .platform_question import async_ask_for_entities
from .restart_wanted import async_restart_error

PARALLEL_UPDATES = 1
SCAN_INTERVAL = timedelta(minutes=5)

_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

GATE_CONTROL: Final = SelectEntityDescription(
    key="gate_control",
    translation_key="gate_control",
    entity_category=EntityCategory.CONFIG,
    options=[CONTROL_CAMERA, CONTROL_HOME_ASSISTANT, CONTROL_MIXED],
)

SCENE: Final = SelectEntityDescription(
    key="image_scene",
    translation_key="image_scene",
    entity_category=EntityCategory.CONFIG,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the choices of each channel; those of a recorder have no scenes."""
    coordinator = entry.runtime_data
    if not coordinator.device.is_nvr:
        for channel in coordinator.data:
            question = async_get_scenes(coordinator.client, channel)
            scenes = await async_ask_for_entities(coordinator.client, question)
            if scenes and scenes.offered:
                async_add_entities([AnprScene(coordinator, channel, scenes)])
    async_add_for_channels(
        entry,
        async_add_entities,
        lambda channel: [AnprGateControl(coordinator, channel, GATE_CONTROL)],
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


class AnprScene(AnprEntity, SelectEntity):
    """Show and choose the scene; words are the camera's own, as Home Assistant writes."""

    entity_description: SelectEntityDescription
    _attr_should_poll = True

    def __init__(
        self, coordinator: AnprCoordinator, channel: int, scenes: Scenes
    ) -> None:
        """Belong to a channel that has these."""
        super().__init__(coordinator, channel, SCENE)
        self._words = {option_of(word): word for word in scenes.offered}
        self._is_known = True
        self._attr_options = list(self._words)
        self._take(scenes.current)

    @property
    @override
    def available(self) -> bool:
        """Tell whether the camera last told its scene."""
        return self._is_known

    @override
    async def async_update(self) -> None:
        """Ask for the scene, which a schedule of the camera may switch."""
        try:
            current = await async_get_scene(self.coordinator.client, self.channel)
        except IsapiError:
            self._is_known = False
        else:
            self._take(current)

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose a scene, and show what the camera shows then."""
        client, entry = self.coordinator.client, self.coordinator.config_entry
        with errors_told(client.address.host):
            scene = self._words[option]
            wants_restart = await async_set_scene(client, self.channel, scene)
            if wants_restart:
                scene = await async_get_scene(client, self.channel) or ""
        self._take(scene)
        self.async_write_ha_state()
        if wants_restart:
            raise async_restart_error(self.hass, entry)

    def _take(self, current: str | None) -> None:
        """Show a scene; one that is not offered is none."""
        self._is_known = current is not None
        option = option_of(current or "")
        self._attr_current_option = option if option in self._words else None


def option_of(word: str) -> str:
    """Return a word of the camera as an option: lowIllumination is low_illumination."""
    return _CAPITAL.sub("_", word).lower()


def _with_choice(
    options: Mapping[str, Any], channel: int, control: str
) -> dict[str, Any]:
    """Return the options with a choice for one channel."""
    channels = dict(options.get(CONF_CHANNELS, {}))
    of_channel = channels.get(str(channel), {})
    channels[str(channel)] = {**of_channel, CONF_GATE_CONTROL: control}
    return {**options, CONF_CHANNELS: channels}
