"""Event entity for passages."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import AnprConfigEntry
from .entity import AnprEntity, async_add_for_channels
from .hidden_plates import recordable
from .intake.passage import PASSAGE_TYPES, Passage

PARALLEL_UPDATES = 0

PASSAGE = EventEntityDescription(
    key="passage", translation_key="passage", event_types=list(PASSAGE_TYPES)
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entity of each channel."""
    coordinator = entry.runtime_data
    async_add_for_channels(
        entry,
        async_add_entities,
        lambda channel: [AnprEventEntity(coordinator, channel, PASSAGE)],
    )


class AnprEventEntity(AnprEntity, EventEntity):
    """Fire once for each live passage of a channel."""

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for passages."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_subscribe_passages(self.channel, self._fire)
        )

    @callback
    def _fire(self, passage: Passage) -> None:
        """Fire the event of a passage."""
        self._trigger_event(passage.type, recordable(self.hass, passage.as_dict()))
        self.async_write_ha_state()
