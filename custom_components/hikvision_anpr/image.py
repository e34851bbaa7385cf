"""Images of the last passage of a channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprEntity, async_add_for_channels
from .picture_cache import Picture

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class AnprImageDescription(ImageEntityDescription):
    """Describe an image and the kind of picture that it shows (reference 1.6)."""

    kind: str


IMAGES: Final = (
    AnprImageDescription(
        key="plate_picture",
        translation_key="plate_picture",
        kind="licensePlatePicture",
    ),
    AnprImageDescription(
        key="scene_picture",
        translation_key="scene_picture",
        kind="detectionPicture",
    ),
    AnprImageDescription(
        key="vehicle_picture",
        translation_key="vehicle_picture",
        kind="vehiclePicture",
        entity_registry_enabled_default=False,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the images of each channel."""
    coordinator = entry.runtime_data
    async_add_for_channels(
        entry,
        async_add_entities,
        lambda channel: [
            AnprImage(hass, coordinator, channel, description) for description in IMAGES
        ],
    )


class AnprImage(AnprEntity, ImageEntity):
    """Show one kind of picture of the last passage that has one."""

    entity_description: AnprImageDescription
    _shows = "pictures"
    _written: Picture | None = None

    def __init__(
        self,
        hass: HomeAssistant,
        coordinator: AnprCoordinator,
        channel: int,
        description: AnprImageDescription,
    ) -> None:
        """Belong to a channel; the two base classes are set up differently."""
        AnprEntity.__init__(self, coordinator, channel, description)
        ImageEntity.__init__(self, hass)

    @property
    def _picture(self) -> Picture | None:
        """Return the picture that is shown."""
        return self.channel_state.pictures.get(self.entity_description.kind)

    @callback
    @override
    def _show_news(self) -> None:
        """Show a new picture; one of another kind is no news."""
        picture = self._picture
        if picture is not self._written:
            self._written = picture
            super()._show_news()

    @property
    @override
    def image_last_updated(self) -> datetime | None:
        """Return when the picture arrived."""
        picture = self._picture
        return picture.arrived_at if picture else None

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture, a JPEG."""
        picture = self._picture
        return picture.data if picture else None
