"""Notify entity for the voice of an entrance."""

from typing import Final, override

from homeassistant.components.notify import NotifyEntity, NotifyEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import AnprConfigEntry
from .entity import AnprEntity
from .exceptions import errors_told
from .isapi.display import USUAL_VOLUME, async_get_display, async_speak
from .platform_question import async_ask_for_entities

PARALLEL_UPDATES = 1

VOICE: Final = NotifyEntityDescription(
    key="voice", translation_key="voice", entity_registry_enabled_default=False
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the voice of entrances that have a display: no device says that it speaks."""
    coordinator = entry.runtime_data
    if coordinator.device.is_nvr:
        return
    for channel in coordinator.data:
        question = async_get_display(coordinator.client, channel, "passing_vehicle")
        if await async_ask_for_entities(coordinator.client, question):
            async_add_entities([AnprVoice(coordinator, channel, VOICE)])


class AnprVoice(AnprEntity, NotifyEntity):
    """Say what is sent."""

    entity_description: NotifyEntityDescription

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Say a message once, as loud as an entrance usually speaks."""
        client = self.coordinator.client
        with errors_told(client.address.host):
            await async_speak(client, self.channel, message, USUAL_VOLUME)
