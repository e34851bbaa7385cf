"""Show the live picture of a channel."""

from typing import Final, override

from homeassistant.components.camera import (
    Camera,
    CameraEntityDescription,
    CameraEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .connection import rtsp_address
from .coordinator import AnprConfigEntry, AnprCoordinator
from .entity import AnprEntity, async_add_for_channels
from .exceptions import action_error
from .isapi.errors import IsapiError
from .isapi.snapshot import async_get_snapshot

PARALLEL_UPDATES = 1

LIVE: Final = CameraEntityDescription(key="live", translation_key="live")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AnprConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the camera of each channel."""
    coordinator = entry.runtime_data
    async_add_for_channels(
        entry,
        async_add_entities,
        lambda channel: [AnprCamera(coordinator, channel, LIVE)],
    )


class AnprCamera(AnprEntity, Camera):
    """Show what the channel sees now."""

    _attr_supported_features = CameraEntityFeature.STREAM

    def __init__(
        self,
        coordinator: AnprCoordinator,
        channel: int,
        description: CameraEntityDescription,
    ) -> None:
        """Belong to a channel; the two base classes are set up differently."""
        AnprEntity.__init__(self, coordinator, channel, description)
        Camera.__init__(self)

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Take a snapshot of the main stream; raises when the device refuses."""
        client = self.coordinator.client
        try:
            return await async_get_snapshot(client, self.channel)
        except IsapiError as err:
            raise action_error(err, client.address.host) from err

    @override
    async def stream_source(self) -> str:
        """Return the address of the main stream, with credentials (reference 8.4).

        Home Assistant's stream integrations need them in the address; they never
        reach a state, a log or a browser.
        """
        return rtsp_address(
            self.coordinator.config_entry.data,
            self.coordinator.capabilities.rtsp_port,
            f"/Streaming/Channels/{self.channel}01",
        )
