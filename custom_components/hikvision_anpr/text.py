"""Write the lines of the LED display of an entrance."""

from datetime import timedelta
from typing import Final, override

from homeassistant.components.text import TextEntity, TextEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprEntity
from .exceptions import errors_told
from .isapi.display import SCENES, Display, Scene, async_get_display, async_set_display
from .isapi.errors import IsapiError
from .platform_question import async_ask_for_entities
from .restart_wanted import async_restart_error

PARALLEL_UPDATES = 1
SCAN_INTERVAL = timedelta(minutes=5)

LINE_OF: Final[dict[Scene, TextEntityDescription]] = {
    "passing_vehicle": TextEntityDescription(
        key="display_passing_vehicle",
        translation_key="display_passing_vehicle",
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
    ),
    "no_vehicle": TextEntityDescription(
        key="display_no_vehicle",
        translation_key="display_no_vehicle",
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
    ),
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up each line of each scene of a display; recorders have none."""
    coordinator = entry.runtime_data
    if coordinator.device.is_nvr:
        return
    for channel in coordinator.data:
        for scene in SCENES:
            question = async_get_display(coordinator.client, channel, scene)
            found = await async_ask_for_entities(coordinator.client, question)
            if found is None:
                break
            async_add_entities(
                AnprDisplayLine(coordinator, channel, scene, number, found)
                for number in range(1, len(found.lines) + 1)
            )


class AnprDisplayLine(AnprEntity, TextEntity):
    """Show and write a line of a scene."""

    entity_description: TextEntityDescription
    _attr_should_poll = True

    def __init__(
        self,
        coordinator: AnprCoordinator,
        channel: int,
        scene: Scene,
        number: int,
        display: Display,
    ) -> None:
        """Belong to a line of a channel's display, counted from the top."""
        super().__init__(coordinator, channel, LINE_OF[scene])
        self._attr_unique_id = f"{self._attr_unique_id}_{number}"
        self._attr_translation_placeholders = {"number": str(number)}
        self._scene: Scene = scene
        self._number = number
        self._is_known = True
        self._take(display)

    @property
    @override
    def available(self) -> bool:
        """Tell whether the display last told this line."""
        return self._is_known

    @override
    async def async_update(self) -> None:
        """Ask what is shown."""
        try:
            self._take(
                await async_get_display(
                    self.coordinator.client, self.channel, self._scene
                )
            )
        except IsapiError:
            self._is_known = False

    @override
    async def async_set_value(self, value: str) -> None:
        """Write the line, and leave the others as they are."""
        client, others = self.coordinator.client, [None] * (self._number - 1)
        with errors_told(client.address.host):
            wants_restart = await async_set_display(
                client, self.channel, self._scene, [*others, value]
            )
        if wants_restart:
            raise async_restart_error(self.hass, self.coordinator.config_entry)
        self._attr_native_value = value
        self.async_write_ha_state()

    def _take(self, display: Display) -> None:
        """Show what a display shows."""
        self._is_known = len(display.lines) >= self._number
        if self._is_known:
            self._attr_native_value = display.lines[self._number - 1].text or ""
