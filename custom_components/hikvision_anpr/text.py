"""Text entities for the LED display of an entrance."""

from collections.abc import Sequence
from datetime import timedelta
import logging
from typing import Final, override

from homeassistant.components.text import TextEntity, TextEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprEntity
from .exceptions import errors_told, update_error
from .isapi.display import SCENES, Display, Scene, async_get_display, async_set_display
from .isapi.errors import IsapiError
from .platform_question import async_ask_for_entities
from .restart_wanted import async_restart_error

PARALLEL_UPDATES = 1

_LOGGER = logging.getLogger(__name__)

ASK_EVERY: Final = timedelta(minutes=5)

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
            display = SceneOfDisplay(hass, coordinator, channel, scene)
            display.async_set_updated_data(found)
            async_add_entities(
                AnprDisplayLine(coordinator, display, number)
                for number in range(1, len(found.lines) + 1)
            )


class SceneOfDisplay(DataUpdateCoordinator[Display]):
    """Ask what is shown in a scene, once for all of its lines that are enabled."""

    config_entry: AnprConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        coordinator: AnprCoordinator,
        channel: int,
        scene: Scene,
    ) -> None:
        """Belong to a channel's display."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=coordinator.config_entry,
            name=f"display of {coordinator.config_entry.title}",
            update_interval=ASK_EVERY,
            always_update=False,
        )
        self.channel = channel
        self.scene: Scene = scene
        self._client = coordinator.client

    @override
    async def _async_update_data(self) -> Display:
        """Ask what is shown."""
        try:
            return await async_get_display(self._client, self.channel, self.scene)
        except IsapiError as error:
            raise update_error(error, self._client.address.host) from error

    async def async_write(self, texts: Sequence[str | None]) -> None:
        """Write the first lines, and show what the device shows then.

        Raises HomeAssistantError, also where it wants a restart.
        """
        with errors_told(self._client.address.host):
            written = await async_set_display(
                self._client, self.channel, self.scene, texts
            )
        self.async_set_updated_data(written.display)
        if written.reboot_required:
            raise async_restart_error(self.hass, self.config_entry)


class AnprDisplayLine(AnprEntity, TextEntity):
    """Show and write a line of a scene."""

    entity_description: TextEntityDescription

    def __init__(
        self, coordinator: AnprCoordinator, display: SceneOfDisplay, number: int
    ) -> None:
        """Belong to a line of a channel's display, counted from the top."""
        super().__init__(coordinator, display.channel, LINE_OF[display.scene])
        self._attr_unique_id = f"{self._attr_unique_id}_{number}"
        self._attr_translation_placeholders = {"number": str(number)}
        self._display = display
        self._number = number

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what the display shows."""
        await super().async_added_to_hass()
        follow = self._display.async_add_listener(self.async_write_ha_state)
        self.async_on_remove(follow)

    @property
    @override
    def available(self) -> bool:
        """Tell whether the display last told this line."""
        is_there = len(self._display.data.lines) >= self._number
        return self._display.last_update_success and is_there

    @property
    @override
    def native_value(self) -> str | None:
        """Return what the line shows."""
        lines = self._display.data.lines[self._number - 1 : self._number]
        return next((line.text or "" for line in lines), None)

    @override
    async def async_update(self) -> None:
        """Ask what is shown, for all lines."""
        await self._display.async_refresh()

    @override
    async def async_set_value(self, value: str) -> None:
        """Write the line, and leave the others as they are."""
        await self._display.async_write([*[None] * (self._number - 1), value])
