"""Compare the lists of a device now."""

from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .archive.errors import ArchiveError
from .coordinator import AnprConfigEntry
from .entity import AnprEntity, async_add_for_channels
from .exceptions import action_error, archive_error
from .isapi.errors import IsapiError

PARALLEL_UPDATES = 1

SYNC_LISTS: Final = ButtonEntityDescription(
    key="sync_lists",
    translation_key="sync_lists",
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the button of each channel of a device that has a list of plates."""
    coordinator = entry.runtime_data
    if coordinator.capabilities.plate_list_capacity:
        async_add_for_channels(
            entry,
            async_add_entities,
            lambda channel: [AnprSyncListsButton(coordinator, channel, SYNC_LISTS)],
        )


class AnprSyncListsButton(AnprEntity, ButtonEntity):
    """Compare the lists of a channel with the centre, and make both agree."""

    @override
    async def async_press(self) -> None:
        """Compare now; conflicts stay as they are."""
        result = await self.coordinator.lists.async_sync(self.channel)
        if isinstance(result.error, IsapiError):
            host = self.coordinator.client.address.host
            raise action_error(result.error, host) from result.error
        if isinstance(result.error, ArchiveError):
            raise archive_error(result.error) from result.error
